// Every support page in a real browser, with data on each: axe finds nothing, nothing scrolls sideways,
// nothing is fetched, little is sent. With SCREENSHOTS, pictures of all of them at three widths, dark and printed.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser.ts';
import { lookAtPage } from '../../helpers/look-at-page.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type FullSupport, startFullSupport } from './full-support.ts';

const failures = Number(process.env['FAILURES'] ?? 300);

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

it('has no axe violation, no sideways scrolling, no script, and little to send, on any page', async () => {
  const found: string[] = [];
  const page = await staff.newPage();
  const outsider = await (await openContext(undefined)).newPage();
  const colleague = await (await openContext('casey@support.example')).newPage();
  const visit = async (of: Page, name: string, path: string) => {
    const answer = await of.goto(full.supportPages.url + path);
    expect(await of.locator('script, [style], img').count()).toBe(0);
    expect([name, ((await answer?.body()) ?? '').length < 60_000]).toEqual([name, true]);
    found.push(...(await lookAtPage(of, name)));
  };
  for (const [name, path] of Object.entries(full.paths)) await visit(page, name, path);
  await visit(page, 'incidents', '/support/incidents');
  await page
    .getByRole('link', { name: /(people|person) of/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'The people' }).waitFor();
  found.push(...(await lookAtPage(page, 'incident')));
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
  found.push(...(await lookAtPage(page, 'refused')));
  await full.addFailures(failures);
  for (const name of ['home', 'list', 'district']) await visit(page, `${name}-many`, full.paths[name] ?? '');
  await page.goto(`${full.supportPages.url}/support/attempts`);
  await page.getByRole('link', { name: 'Older' }).click();
  found.push(...(await lookAtPage(page, 'list-second')));
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
    found.push(...(await lookAtPage(page, name)));
  }
  // With everything that was viewed meanwhile, incidents too.
  await visit(page, 'trail-after', '/support/trail');
  expect(found).toEqual([]);
}, 1_200_000);
