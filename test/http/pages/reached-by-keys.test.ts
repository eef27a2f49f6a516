// Pages in a real browser, by keyboard alone, on a phone, a tablet and a desktop: the switch of languages, the teacher's part,
// the copied message.
import type { Browser, Page } from 'playwright-core';
import { languages, texts } from '../../../src/outcome/languages.ts';
import { findSidewaysPixels } from '../../helpers/axe.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { openPageServer, type PageServer } from './page-server.ts';

let server: PageServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([openPageServer(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

const focusedText = 'document.activeElement?.textContent?.trim() ?? ""';

/** Presses Tab until what has the focus says so. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate<string>(focusedText)).includes(text)) return;
  }
  throw new Error(`Tab does not reach ${text}`);
}

describe.each([
  ['a phone', 360, 740],
  ['a tablet', 820, 1180],
  ['a desktop', 1280, 800],
])('on %s', (_device, width, height) => {
  it('a child finds each language by keys, and it stays', async () => {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width, height } });
    const page = await context.newPage();
    await page.goto(`${server.origin}/email_mismatch/student`);
    let shown = texts.en.name;
    for (const language of languages.slice(1)) {
      const { name, tag, direction, codes } = texts[language];
      await tabTo(page, shown);
      await page.keyboard.press('Enter');
      await tabTo(page, name);
      await page.keyboard.press('Enter');
      await page.locator(`html[lang="${tag}"][dir="${direction}"]`).waitFor();
      shown = name;
      for (const path of ['/email_mismatch/student', '/email_mismatch/employee', '/signed-in', '/missing', '/start']) {
        await page.goto(server.origin + path);
        expect([path, await page.locator('html').getAttribute('lang')]).toEqual([path, tag]);
        expect([path, await findSidewaysPixels(page)]).toEqual([path, 0]);
      }
      await page.goto(`${server.origin}/email_mismatch/student`);
      expect(await page.locator('h1').textContent()).toBe(codes.email_mismatch.child.heading);
    }
    await context.close();
  }, 300_000);

  it('a teacher opens the fold and copies the message, in English as well, by keys', async () => {
    const context = await browser.newContext({ locale: 'es-MX', viewport: { width, height } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    await page.goto(`${server.origin}/email_mismatch/student`);
    await tabTo(page, 'For the teacher');
    await page.keyboard.press('Enter');
    await tabTo(page, texts.es.pages.refusal.copy);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(texts.es.pages.refusal.copied).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    for (const text of [texts.en, texts.es].map(({ codes }) => codes.email_mismatch.message?.what ?? ''))
      expect(copied).toContain(text);
    for (const fact of ['2026-08-17 14:02 UTC', 'Juniper Flats', '7K3Q-9ZDM-W']) expect(copied).toContain(fact);
    await context.close();
  }, 300_000);
});

it('without script the message is there to be selected, and no button that does nothing', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.origin}/email_mismatch/employee`);
  expect(await page.locator('.message').textContent()).toContain(texts.en.codes.email_mismatch.message?.ask);
  expect([await page.locator('button').count(), await page.locator('a[href^="mailto:?"]').count()]).toEqual([0, 1]);
  await context.close();
});
