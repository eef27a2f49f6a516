// What is wrong with a page on a phone, a tablet and a desktop, light and dark, and by the keyboard. With SCREENSHOTS, pictures
// of it go to the folder it names.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findContrastViolations, findSidewaysPixels, findViolations } from './axe.ts';

const shots = process.env['SCREENSHOTS'];
if (shots) mkdirSync(shots, { recursive: true });
export const widths = [360, 820, 1280] as const;

/** Each with the name of the page; empty if nothing is wrong. Leaves the page as wide as a desktop, and light. */
export async function lookAtPage(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 850 });
    const sideways = await findSidewaysPixels(page);
    if (sideways > 0) found.push(`${sideways} px too wide at ${width}`);
    for (const one of await page.evaluate<string[]>(findMisplaced)) found.push(`${one} at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
  }
  found.push(...(await findUnreached(page)));
  found.push(...(await findViolations(page)));
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await findContrastViolations(page)));
  if (shots) await takeDarkAndPrinted(page, join(shots, name));
  await page.emulateMedia({ colorScheme: 'light' });
  return found.map((one) => `${name}: ${one}`);
}

/** Targets that a finger misses, and content that runs out of its box into its neighbours. Links in a sentence may be smaller. */
const findMisplaced = `(() => {
  const nameOf = (one) => one.outerHTML.slice(0, 120);
  const seen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1;
  const targetOf = (one) => (/^(radio|checkbox)$/.test(one.type) ? one.closest('label') : one);
  const small = [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')]
    .filter((one) => one instanceof HTMLElement && seen(one) && getComputedStyle(one).display !== 'inline')
    .filter((one) => targetOf(one).getBoundingClientRect().height < 44)
    .map((one) => 'small target ' + nameOf(one));
  const outside = [...document.querySelectorAll('body *')]
    .filter((one) => one instanceof HTMLElement && seen(one) && !one.matches('input, select, textarea, .spoken, svg *'))
    .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
    .map((one) => 'content outside of ' + nameOf(one));
  return [...small, ...outside];
})()`;

const watchFocus = `(() => {
  const all = [...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')]
    .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !one.disabled);
  const reached = new Set();
  const unseen = [];
  document.addEventListener('focusin', ({ target }) => {
    reached.add(target);
    if (getComputedStyle(target).outlineStyle === 'none' && !target.matches('main')) unseen.push(target);
  });
  const groupOf = (one) => (one.type === 'radio' ? all.filter(({ name }) => name === one.name) : [one]);
  const texts = (some) => some.map((one) => one.outerHTML.slice(0, 120));
  window.focusFindings = () => [
    ...texts(all.filter((one) => !groupOf(one).some((each) => reached.has(each)))).map((text) => 'Tab does not reach ' + text),
    ...texts(unseen).map((text) => 'no visible focus on ' + text),
  ];
  document.activeElement?.blur();
  return all.length + 8 * document.querySelectorAll('input[type^=date]').length + 4;
})()`;

/** What Tab does not come to, from the beginning of the page to its end, and what does not show that it has the focus. */
async function findUnreached(page: Page): Promise<string[]> {
  const presses = await page.evaluate<number>(watchFocus);
  for (let press = 0; press < presses; press += 1) await page.keyboard.press('Tab');
  return page.evaluate<string[]>('window.focusFindings()');
}

async function takeDarkAndPrinted(page: Page, path: string): Promise<void> {
  await page.screenshot({ path: `${path}-dark.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await page.setViewportSize({ width: 760, height: 1050 });
  await page.screenshot({ path: `${path}-print.png`, fullPage: true });
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width: 1280, height: 850 });
}
