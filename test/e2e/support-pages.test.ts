// The phone call, in a real browser: a student fails over a capital letter and reads out the reference; support finds it, sees
// the capital and copies the message; the district republishes; the student gets in; the attempt is resolved. What the support pages
// does is done without a mouse.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type StaffProvider, startStaffProvider } from '../../sandbox/staff-provider/start-staff-provider.ts';
import { type Engine, engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { findFreePort } from '../helpers/redis-server.ts';
import { tabTo } from '../helpers/tab-to.ts';

const client = { clientId: 'support-pages', clientSecret: 'a-secret-of-the-support-pages' };

interface Building {
  readonly fixture: Fixture;
  readonly staff: StaffProvider;
}

const folder = mkdtempSync(join(tmpdir(), 'sso-support-'));
const buildings = new Map<Engine, Building>();
const contexts: BrowserContext[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  for (const engine of engines) buildings.set(engine, await build(engine));
}, 300_000);
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  for (const { fixture, staff } of buildings.values()) {
    await staff.close();
    await fixture.stop();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function build(engine: Engine): Promise<Building> {
  const port = await findFreePort();
  const env = {
    STAFF_ISSUER: `http://localhost:${port}`,
    STAFF_CLIENT_ID: client.clientId,
    STAFF_CLIENT_SECRET: client.clientSecret,
    STAFF_SUPPORT: 'casey@support.example',
    STAFF_ADMIN: 'robin@support.example',
  };
  const fixture = await startFixture({ engine, env });
  const redirectUri = `${fixture.publicUrl}/support/callback`;
  return { fixture, staff: await startStaffProvider({ ...client, port, redirectUri }) };
}

function fixtureOn(engine: Engine): Fixture {
  const building = buildings.get(engine);
  if (building === undefined) throw new TypeError('every engine has its fixture');
  return building.fixture;
}

async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 850 } });
  contexts.push(context);
  return context.newPage();
}

async function launch(fixture: Fixture, person: string): Promise<Page> {
  const page = await openPage();
  await page.goto(fixture.launchAddress(person));
  return page;
}

async function failAs(fixture: Fixture, person: string): Promise<string> {
  const page = await launch(fixture, person);
  const reference = (await page.locator('.sign').textContent())?.trim() ?? '';
  expect(reference).toMatch(/^\w{4}-\w{4}-\w$/);
  return reference;
}

async function signInStaff(fixture: Fixture, email: string): Promise<Page> {
  const page = await openPage();
  await page.goto(`${fixture.publicUrl}/support`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: email }).click();
  return page;
}

/** As heard on the phone: small letters, no dash, O for 0 and L for 1. */
const misheard = (reference: string) =>
  reference.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');

/** Answers what is in the clipboard then. */
async function copyMessage(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await tabTo(page, 'Message to the district');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  return page.evaluate<string>('navigator.clipboard.readText()');
}

it.each(engines)(
  'goes from the capital letter to resolved, on the %s store',
  async (engine) => {
    const fixture = fixtureOn(engine);
    const reference = await failAs(fixture, 'capital');

    const supportPages = await signInStaff(fixture, 'casey@support.example');
    await supportPages.locator('input:focus').waitFor();
    await supportPages.keyboard.type(misheard(reference));
    await supportPages.keyboard.press('Enter');
    await supportPages.waitForURL(`**/support/attempts/${reference}`);
    expect(await supportPages.locator('mark').allTextContents()).toEqual(['TA', 'ta']);
    expect(await supportPages.locator('.said').textContent()).toContain('capital T, capital A');
    expect(await supportPages.locator('.todo').textContent()).toContain('Who must act: The district.');
    const message = await copyMessage(supportPages);
    expect(message).toContain('Clever sends: "TAbara@');
    expect(message).toContain(`Reference: ${reference}`);

    const roster = join(folder, engine);
    cpSync('sandbox/rosters/juniper-flats', roster, { recursive: true });
    const file = join(roster, 'students.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('tabara@', 'TAbara@'));
    const published = await fixture.command(
      'roster',
      'publish',
      roster,
      '--district',
      'juniper-flats',
      '--method',
      'sftp',
    );
    expect(published.exitCode).toBe(0);
    const back = await launch(fixture, 'capital');
    await back.waitForURL(`${fixture.productUrl}/**`);

    await supportPages.reload();
    expect(await supportPages.locator('h1').textContent()).toContain('Resolved');
    expect(await supportPages.locator('.note').textContent()).toContain('the person got in');
    await supportPages.getByRole('link', { name: /Everything about this person/ }).click();
    expect(await supportPages.locator('.timeline').textContent()).toMatch(
      /Got in[\s\S]*a publish added or changed[\s\S]*Failed: The email address does not match/,
    );
  },
  60_000,
);

it('releases a link with Tab and Enter alone, and skips to the page', async () => {
  const fixture = fixtureOn('embedded');
  await (await launch(fixture, 'recycled-first')).waitForURL(`${fixture.productUrl}/**`);
  const reference = await failAs(fixture, 'recycled-second');
  const supportPages = await signInStaff(fixture, 'casey@support.example');

  await supportPages.goto(`${fixture.publicUrl}/support/attempts`);
  await tabTo(supportPages, 'Skip to the page');
  await supportPages.keyboard.press('Enter');
  await tabTo(supportPages, 'District');
  await tabTo(supportPages, reference);
  await supportPages.keyboard.press('Enter');
  await supportPages.waitForURL(`**/support/attempts/${reference}`);
  expect(await supportPages.locator('.todo').first().textContent()).toContain('release the link below');
  await tabTo(supportPages, 'Release the link: why?');
  await supportPages.keyboard.type('one and the same person');
  await tabTo(supportPages, 'Release the link');
  await supportPages.keyboard.press('Enter');
  await supportPages.getByText('What to do next').waitFor();
  await supportPages.reload();
  expect(await supportPages.getByRole('status').textContent()).toContain('is linked to no Clever id any more');
  await tabTo(supportPages, `Back to the attempt ${reference}`);
  await supportPages.keyboard.press('Enter');
  await supportPages.getByText('With today’s roster this person would get in').waitFor();

  await (await launch(fixture, 'recycled-second')).waitForURL(`${fixture.productUrl}/**`);
  await supportPages.reload();
  expect(await supportPages.locator('h1').textContent()).toContain('Resolved');
}, 300_000);

it('finds by an address that is in no URL, and says so when nothing is found', async () => {
  const fixture = fixtureOn('embedded');
  const supportPages = await signInStaff(fixture, 'casey@support.example');
  const box = supportPages.getByLabel(/Reference, email address/);
  await box.fill('nobody@nowhere.example');
  await box.press('Enter');
  await supportPages.getByRole('heading', { name: 'Nothing found' }).waitFor();
  expect(supportPages.url()).toBe(`${fixture.publicUrl}/support/search`);
});

it('refuses a person on no list, an unverified address, and the audit log without scope admin', async () => {
  const fixture = fixtureOn('embedded');
  for (const [email, heading] of [
    ['visitor@elsewhere.example', 'You are not on the list'],
    ['unverified@support.example', 'Your address is not verified'],
  ] as const) {
    const page = await signInStaff(fixture, email);
    expect(await page.locator('h1').textContent()).toBe(heading);
  }
  const casey = await signInStaff(fixture, 'casey@support.example');
  expect((await casey.goto(`${fixture.publicUrl}/support/trail`))?.status()).toBe(403);
  const robin = await signInStaff(fixture, 'robin@support.example');
  expect((await robin.goto(`${fixture.publicUrl}/support/trail`))?.status()).toBe(200);
});
