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

const setFolds = (open: boolean) => `document.querySelectorAll("details").forEach((one) => { one.open = ${open}; })`;
const [unfold, fold] = [setFolds(true), setFolds(false)];

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

/** A narrow phone, a phone, a tablet, a desk: width and height. */
const screens = [
  [320, 640],
  [360, 740],
  [820, 1180],
  [1280, 900],
] as const;
const smallTargets =
  '[...document.querySelectorAll("a, button, summary")].filter((one) => one.getBoundingClientRect().height < 44).length';
/** Where the part for the teacher ends on a page that a child is to show, and has no button for another try. */
const teachersPart =
  'document.querySelector("main > .button") ? 0 : document.querySelector("main summary")?.getBoundingClientRect().bottom ?? 0';

it.each(locales)(
  'pages in %s do not scroll sideways on any screen, have big targets, and fetch nothing',
  async (language) => {
    const page = await openPage('en');
    const found: string[] = [];
    const explained = differences.map((difference) => `/email_mismatch/employee/${difference}`);
    const asked = sources.map((source) => `/not_rostered/student/${source}`);
    const refusals = codes.flatMap((code) => audiences.map((audience) => `/${code}/${audience}`));
    for (const path of [...plainPages, ...refusals, ...explained, ...asked]) {
      await page.goto(`${server.origin}${path}?lang=${language}`);
      for (const [width, height] of screens) {
        await page.setViewportSize({ width, height });
        const end = await page.evaluate<number>(teachersPart);
        if (width >= 360 && end > height && !path.endsWith('/unknown'))
          found.push(`${path} has the part for the teacher at ${end} of ${height} px`);
        await page.evaluate(unfold);
        const sideways = await findSidewaysPixels(page);
        if (sideways > 0) found.push(`${path} is ${sideways} px too wide at ${width}`);
        const small = await page.evaluate<number>(smallTargets);
        if (small > 0) found.push(`${path} has ${small} small targets at ${width}`);
        await page.evaluate(fold);
      }
    }
    await page.context().close();
    expect(found).toEqual([]);
    expect(fetched).toEqual([]);
    expect(complaints).toEqual([]);
  },
  300_000,
);

it('axe sees what is wrong with a page that has something wrong', async () => {
  const page = await openPage('en');
  await page.goto(`${server.origin}/home`);
  const look = async (color: string) => {
    await page.evaluate(`document.querySelector(".quiet").style.color = "${color}"`);
    return [await findViolations(page), await findContrastViolations(page)];
  };
  const [pale, soft] = [await look('#ddd'), await look('#666')];
  await page.context().close();
  const [contrast, enhanced] = [/^color-contrast: /, /^color-contrast-enhanced: /].map((rule) => [
    expect.stringMatching(rule),
  ]);
  expect([pale, soft]).toEqual([
    [contrast, contrast],
    [enhanced, enhanced],
  ]);
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
