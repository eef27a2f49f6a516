// Every support page in a real browser, with data on each: axe finds nothing, nothing scrolls sideways,
// nothing is fetched, little is sent. With SCREENSHOTS, pictures of all of them at three widths, dark and printed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findContrastViolations, findSidewaysPixels, findViolations } from '../../helpers/axe.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type FullSupport, startFullSupport } from './full-support.ts';

const shots = process.env['SCREENSHOTS'];
const failures = Number(process.env['FAILURES'] ?? 300);
const widths = [360, 820, 1280];

let storeFixture: StoreFixture;
let full: FullSupport;
let browser: Browser;
let staff: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
  storeFixture = await embedded.start();
  full = await startFullSupport(storeFixture.place());
  staff = await openContext('boss@admin.example');
});
afterAll(async () => {
  await browser?.close();
  await full?.supportPages.stop();
  await storeFixture?.stop();
});

async function openContext(verifiedEmail: string | undefined): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  if (verifiedEmail !== undefined) await keep(context, (await full.supportPages.signIn({ verifiedEmail })) ?? '');
  return context;
}

async function keep(context: BrowserContext, cookie: string): Promise<void> {
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: full.supportPages.url }]);
}

/** Comes back from the provider with `answer`; who is vouched for is on no list. */
async function comeBack(page: Page, answer: string): Promise<string> {
  const { cookie, callback } = await full.supportPages.begin({ verifiedEmail: 'nobody@elsewhere.example' });
  await keep(page.context(), cookie);
  return `${callback}&${answer}`;
}

/** What is wrong with the page, at every width, light and dark. */
async function look(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of widths) {
    await page.setViewportSize({ width, height: 850 });
    const sideways = await findSidewaysPixels(page);
    if (sideways > 0) found.push(`${sideways} px too wide at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
  }
  found.push(...(await findViolations(page)));
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await findContrastViolations(page)));
  if (shots) await takeDarkAndPrinted(page, join(shots, name));
  return found.map((one) => `${name}: ${one}`);
}

async function takeDarkAndPrinted(page: Page, path: string): Promise<void> {
  for (const width of widths.slice(0, 2)) {
    await page.setViewportSize({ width, height: 850 });
    await page.screenshot({ path: `${path}-${width}-dark.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await page.setViewportSize({ width: 760, height: 1050 });
  await page.screenshot({ path: `${path}-print.png`, fullPage: true });
  await page.emulateMedia({ media: null });
}

it('has no axe violation, no sideways scrolling, no script, and little to send, on any page', async () => {
  if (shots) mkdirSync(shots, { recursive: true });
  const found: string[] = [];
  const page = await staff.newPage();
  const outsider = await (await openContext(undefined)).newPage();
  const colleague = await (await openContext('casey@support.example')).newPage();
  const visit = async (of: Page, name: string, path: string) => {
    const answer = await of.goto(full.supportPages.url + path);
    expect(await of.locator('script, [style], img').count()).toBe(0);
    expect([name, ((await answer?.body()) ?? '').length < 60_000]).toEqual([name, true]);
    found.push(...(await look(of, name)));
  };
  for (const [name, path] of Object.entries(full.paths)) await visit(page, name, path);
  await visit(page, 'incidents', '/support/incidents');
  await page
    .getByRole('link', { name: /(people|person) of/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'The people' }).waitFor();
  found.push(...(await look(page, 'incident')));
  await visit(page, 'incidents-closed', '/support/incidents?state=closed');
  await visit(outsider, 'signed-out', '/support');
  await visit(outsider, 'expired', '/support/callback?code=c&state=s');
  await visit(outsider, 'denied', await comeBack(outsider, 'error=access_denied'));
  await visit(outsider, 'not-listed', await comeBack(outsider, 'code=c'));
  expect(await outsider.locator('main').textContent()).toContain('You signed in there as nobody@elsewhere.example.');
  await visit(colleague, 'not-admin', '/support/trail');
  await visit(page, 'malformed', '/support/attempts?code=none_of_ours');
  await page.goto(full.supportPages.url + (full.paths['case-ambiguous'] ?? ''));
  await page.locator('summary').first().click();
  await page.getByLabel('Release the link: why?').first().fill('there is no link to release');
  await page.getByRole('button', { name: 'Release the link' }).first().click();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This could not be done');
  found.push(...(await look(page, 'refused')));
  await full.addFailures(failures);
  for (const name of ['home', 'list', 'district']) await visit(page, `${name}-many`, full.paths[name] ?? '');
  await page.goto(`${full.supportPages.url}/support/attempts`);
  await page.getByRole('link', { name: 'Older' }).click();
  found.push(...(await look(page, 'list-second')));
  for (const [name, q] of Object.entries({
    'found-many': 'Many.3@juniper.example',
    'nothing-found': 'nobody@x.example',
  })) {
    await page.goto(`${full.supportPages.url}/support`);
    await page.getByLabel(/Reference, email address/).fill(q);
    await page.getByRole('button', { name: 'Find' }).click();
    expect(await page.getByLabel(/Reference, email address/).inputValue()).toBe(q);
    // A search result is visible, and not the end of the page.
    expect(await page.evaluate('window.scrollY')).toBe(0);
    found.push(...(await look(page, name)));
  }
  // With everything that was viewed meanwhile, incidents too.
  await visit(page, 'trail-after', '/support/trail');
  expect(found).toEqual([]);
}, 300_000);
