// What the tests in a real browser share: a house, a browser, pages that are closed after each test, clicks and looks.
// With SCREENSHOTS, pictures of the pages go to the folder it names.
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DemoPerson } from '../../sandbox/clever/people.ts';
import { problemTexts } from '../../src/http/problem-texts.ts';
import type { Audience, Code } from '../../src/sign-in/outcome.ts';
import { findSidewaysPixels, findViolations } from '../support/axe.ts';
import { type Engine, type House, startHouse } from '../support/bridge.ts';
import { launchBrowser } from '../support/browser.ts';

export interface BrowserHouse {
  /** Not before the tests begin. */
  readonly house: () => House;
  openPage(options?: BrowserContextOptions): Promise<Page>;
  /** No page may ask for a script; it is closed after the test. */
  watch(page: Page): Page;
  /** Portal, person, app: three clicks and no address typed. */
  clickThrough(page: Page, person: DemoPerson): Promise<void>;
  /** Nothing sideways, nothing that axe finds; each name once. */
  look(page: Page, name: string): Promise<void>;
}

/** Starts with the file's tests and ends with them. */
export function useBrowserHouse(engine: Engine): BrowserHouse {
  const shots = process.env['SCREENSHOTS'];
  const seen = new Set<string>();
  const pages: Page[] = [];
  let started: House | undefined;
  let browser: Browser;
  let scripts: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    // After it: if the house does not start, the browser is known and closed.
    started = await startHouse({ engine });
  });
  beforeEach(() => {
    scripts = [];
  });
  afterEach(async () => {
    started?.clever.switches.clear();
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    expect(scripts).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await started?.stop();
  });

  function house(): House {
    if (started === undefined) throw new TypeError('the house starts before the tests');
    return started;
  }

  function watch(page: Page): Page {
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.url());
    });
    pages.push(page);
    return page;
  }

  return {
    house,
    watch,
    async openPage(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1100, height: 850 }, ...options });
      return watch(await context.newPage());
    },
    async clickThrough(page, person) {
      await page.goto(house().clever.url);
      await page.locator(`a[href$="person=${person.id}"]`).click();
      const app = person.start === 'login' ? /Go to Summit K12/ : /^S? ?Summit K12$/;
      await page.getByRole('link', { name: app }).click();
      await page.waitForLoadState();
    },
    async look(page, name) {
      if (page.url().startsWith(house().publicUrl)) expect(await page.locator('script').count()).toBe(0);
      if (seen.has(name)) return;
      seen.add(name);
      if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
      expect(await findSidewaysPixels(page)).toBeLessThanOrEqual(0);
      expect(await findViolations(page)).toEqual([]);
    },
  };
}

export const heading = (page: Page) => textOf(page, 'h1');
export const textOf = async (page: Page, selector: string) => (await page.locator(selector).textContent()) ?? '';
export const headingOf = (code: Code, audience: Audience, language: 'en' | 'es' = 'en') =>
  problemTexts[language].codes[code][audience].heading;
