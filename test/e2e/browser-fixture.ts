// What the tests in a real browser share: a fixture, a browser, pages that are closed after each test, clicks and looks.
// With SCREENSHOTS, pictures of the pages go to the folder it names.
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { DemoPerson } from '../../sandbox/clever/people.ts';
import { copyScript } from '../../src/http/pages/copy-script.ts';
import { texts } from '../../src/outcome/languages.ts';
import type { Audience } from '../../src/outcome/outcome.ts';
import type { Code } from '../../src/outcome/outcome-codes.ts';
import { pageReaderOf } from '../../src/outcome/refusal-texts.ts';
import { findSidewaysPixels, findViolations } from '../helpers/axe.ts';
import { type Engine, type Fixture, startFixture } from '../helpers/bridge.ts';
import { launchBrowser } from '../helpers/browser.ts';

export interface BrowserFixture {
  /** Not before the tests begin. */
  readonly fixture: () => Fixture;
  openPage(options?: BrowserContextOptions): Promise<Page>;
  /** No page may ask for a script; it is closed after the test. */
  watch(page: Page): Page;
  /** Portal, person, app: three clicks and no address typed. */
  clickThrough(page: Page, person: DemoPerson): Promise<void>;
  /** Nothing sideways, nothing that axe finds; each name once. */
  look(page: Page, name: string): Promise<void>;
}

/** Starts with the file's tests and ends with them. */
export function useBrowserFixture(engine: Engine): BrowserFixture {
  const shots = process.env['SCREENSHOTS'];
  const seen = new Set<string>();
  const pages: Page[] = [];
  let started: Fixture | undefined;
  let browser: Browser;
  let scripts: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    // After it: if the fixture does not start, the browser is known and closed.
    started = await startFixture({ engine });
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

  function fixture(): Fixture {
    if (started === undefined) throw new TypeError('the fixture starts before the tests');
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
    fixture,
    watch,
    async openPage(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1100, height: 850 }, ...options });
      return watch(await context.newPage());
    },
    async clickThrough(page, person) {
      await page.goto(fixture().clever.url);
      await page.locator(`a[href$="person=${person.id}"]`).click();
      const app = person.start === 'login' ? /Go to Summit K12/ : /^S? ?Summit K12$/;
      await page.getByRole('link', { name: app }).click();
      await page.waitForLoadState();
    },
    async look(page, name) {
      if (page.url().startsWith(fixture().publicUrl)) {
        const others = (await page.locator('script').allTextContents()).filter((script) => script !== copyScript);
        expect(others).toEqual([]);
      }
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
  texts[language].codes[code][pageReaderOf(audience)].heading;
