// Every page in a real browser: axe finds nothing, nothing scrolls sideways, nothing is fetched.
import type { Browser, Page } from 'playwright-core';
import { languages } from '../../../src/outcome/languages.ts';
import { findContrastViolations, findSidewaysPixels, findViolations } from '../../helpers/axe.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { audiences, codes, differences, openPageServer, type PageServer, plainPages, sources } from './page-server.ts';

/** The whole of axe where it is tightest; elsewhere what another width or scheme can change, the contrast. */
const looks = [
  { width: 360, colorScheme: 'light', find: findViolations },
  { width: 820, colorScheme: 'dark', find: findContrastViolations },
  { width: 1280, colorScheme: 'light', find: findContrastViolations },
] as const;
const locales = languages;

// Audience and language rotate over the codes: axe takes most of the time here, and the words have their own tests.
const refusalPaths = codes.map((code, at) => `/${code}/${audiences[at % audiences.length]}`);
const paths = [...plainPages, ...refusalPaths, '/email_mismatch/student', '/email_mismatch/employee'];
const pathsIn = (locale: string) => paths.filter((_path, at) => locales[at % locales.length] === locale);

let server: PageServer;
let browser: Browser;
let fetched: string[] = [];
let complaints: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([openPageServer(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(() => {
  fetched = [];
  complaints = [];
});

async function openPage(locale: string): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width: 320, height: 700 } });
  const page = await context.newPage();
  page.on('request', (request) => {
    if (request.resourceType() !== 'document' && !request.url().startsWith('data:')) fetched.push(request.url());
  });
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource: the server responded')) complaints.push(message.text());
  });
  return page;
}

const unfold = 'document.querySelectorAll("details").forEach((one) => { one.open = true; })';

describe.each(locales)('the pages in %s', (locale) => {
  it('have no axe violation at any width, light or dark', async () => {
    const page = await openPage(locale);
    const found: string[] = [];
    for (const path of pathsIn(locale)) {
      await page.goto(server.origin + path);
      await page.evaluate(unfold);
      for (const { width, colorScheme, find } of looks) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        for (const one of await find(page)) found.push(`${path} ${width} ${colorScheme} ${one}`);
      }
    }
    await page.context().close();
    expect(found).toEqual([]);
  }, 300_000);
});

it('pages do not scroll sideways at 320 px in Spanish, the longer language, have big targets, and fetch nothing', async () => {
  const page = await openPage('es');
  const found: string[] = [];
  const all = codes.flatMap((code) => audiences.map((audience) => `/${code}/${audience}`));
  const explained = differences.map((difference) => `/email_mismatch/employee/${difference}`);
  const asked = sources.map((source) => `/not_rostered/student/${source}`);
  const paths = [...plainPages, ...all, ...explained, ...asked];
  const inArabic = [...plainPages, ...codes.map((code) => `/${code}/unknown`), '/email_mismatch/employee'];
  for (const path of [...paths, ...inArabic.map((one) => `${one}?lang=ar`)]) {
    await page.goto(server.origin + path);
    await page.evaluate(unfold);
    const sideways = await findSidewaysPixels(page);
    if (sideways > 0) found.push(`${path} is ${sideways} px too wide`);
    const small = await page.evaluate<number>(
      '[...document.querySelectorAll("a, button, summary")].filter((one) => one.getBoundingClientRect().height < 44).length',
    );
    if (small > 0) found.push(`${path} has ${small} small targets`);
  }
  await page.context().close();
  expect(found).toEqual([]);
  expect(fetched).toEqual([]);
  expect(complaints).toEqual([]);
}, 300_000);

it('axe sees what is wrong with a page that has something wrong', async () => {
  const page = await openPage('en');
  await page.goto(`${server.origin}/home`);
  await page.evaluate('document.querySelector(".quiet").style.color = "#ddd"');
  const found = [await findViolations(page), await findContrastViolations(page)];
  await page.context().close();
  const contrast = [expect.stringMatching(/^color-contrast: /)];
  expect(found).toEqual([contrast, contrast]);
});

it('runs no script that finds its way into a page', async () => {
  const page = await openPage('en');
  await page.goto(`${server.origin}/home`);
  const ran = await page.evaluate<boolean>(
    '(() => { const s = document.createElement("script"); s.textContent = "window.ran = true"; document.body.append(s); return window.ran === true; })()',
  );
  await page.context().close();
  expect(ran).toBe(false);
});
