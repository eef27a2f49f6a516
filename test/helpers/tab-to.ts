// The keyboard of a person without a mouse, in a real browser.
import type { Page } from 'playwright-core';

const focused = `(() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  return {
    name: (one.labels?.[0] ?? one).textContent.trim(),
    isSeen: getComputedStyle(one).outlineStyle !== 'none' && box.top >= 0 && box.bottom <= innerHeight,
  };
})()`;

/** Presses Tab until the focus is on the element with this name. Each element on the way has a visible focus and is seen whole. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate<{ readonly name: string; readonly isSeen: boolean }>(focused);
    expect(found).toEqual({ name: found.name, isSeen: true });
    if (found.name === name) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}
