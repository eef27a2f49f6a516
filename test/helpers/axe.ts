// What axe finds on a page, and what else can be measured there. The whole of axe once; what another colour scheme or
// width can change is the contrast, and takes a fraction of the time.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Contrast also as WCAG 2.2 wants it at level AAA: tired eyes and cheap screens are what schools have.
const aaa = { 'color-contrast-enhanced': { enabled: true } };
const everything: RunOptions = { resultTypes: ['violations'], preload: false, rules: aaa };
const contrast: RunOptions = { ...everything, runOnly: ['color-contrast', 'color-contrast-enhanced'] };

export const findViolations = (page: Page) => run(page, everything);
export const findContrastViolations = (page: Page) => run(page, contrast);

async function run(page: Page, options: RunOptions): Promise<string[]> {
  if (!(await page.evaluate<boolean>('typeof axe === "object"'))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`));
}

/** More than 0 where the page scrolls sideways. */
export const findSidewaysPixels = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
