// The phone call, in a real browser: a pupil fails over a capital letter and reads out the reference; support finds it, sees
// the capital and copies the message; the district republishes; the pupil gets in; the attempt is resolved. What the desk
// does is done without a mouse.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type StaffProvider, startStaffProvider } from '../../sandbox/staff-provider/start-staff-provider.ts';
import { type Engine, engines, type House, startHouse } from '../support/bridge.ts';
import { launchBrowser } from '../support/browser.ts';
import { findFreePort } from '../support/redis-server.ts';

const client = { clientId: 'support-desk', clientSecret: 'a-secret-of-the-support-desk' };

interface Building {
  readonly house: House;
  readonly staff: StaffProvider;
}

const folder = mkdtempSync(join(tmpdir(), 'sso-desk-'));
const buildings = new Map<Engine, Building>();
const contexts: BrowserContext[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  for (const engine of engines) buildings.set(engine, await build(engine));
}, 60_000);
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  for (const { house, staff } of buildings.values()) {
    await staff.close();
    await house.stop();
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
  const house = await startHouse({ engine, env });
  const redirectUri = `${house.publicUrl}/support/callback`;
  return { house, staff: await startStaffProvider({ ...client, port, redirectUri }) };
}

function houseOn(engine: Engine): House {
  const building = buildings.get(engine);
  if (building === undefined) throw new TypeError('every engine has its house');
  return building.house;
}

async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 850 } });
  contexts.push(context);
  context.setDefaultTimeout(5_000);
  return context.newPage();
}

async function launch(house: House, person: string): Promise<Page> {
  const page = await openPage();
  await page.goto(house.launchAddress(person));
  return page;
}

async function failAs(house: House, person: string): Promise<string> {
  const page = await launch(house, person);
  const reference = (await page.locator('.sign').textContent())?.trim() ?? '';
  expect(reference).toMatch(/^\w{4}-\w{4}$/);
  return reference;
}

async function signInStaff(house: House, email: string): Promise<Page> {
  const page = await openPage();
  await page.goto(`${house.publicUrl}/support`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: email }).click();
  return page;
}

const focused = `(() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  return {
    name: (one.labels?.[0] ?? one).textContent.trim(),
    isSeen: getComputedStyle(one).outlineStyle !== 'none' && box.top >= 0 && box.bottom <= innerHeight,
  };
})()`;

/** Goes on by Tab until the focus is on what has this name; wherever it stops on the way, it is to be seen. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate<{ readonly name: string; readonly isSeen: boolean }>(focused);
    expect(found).toEqual({ name: found.name, isSeen: true });
    if (found.name === name) return;
  }
  throw new Error(`Tab does not reach ${name}`);
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
    const house = houseOn(engine);
    const reference = await failAs(house, 'capital');

    const desk = await signInStaff(house, 'casey@support.example');
    await desk.locator('input:focus').waitFor();
    await desk.keyboard.type(misheard(reference));
    await desk.keyboard.press('Enter');
    await desk.waitForURL(`**/support/attempts/${reference}`);
    expect(await desk.locator('mark').allTextContents()).toEqual(['TA', 'ta']);
    expect(await desk.locator('.said').textContent()).toContain('capital T, capital A');
    expect(await desk.locator('.todo').textContent()).toContain('Who must act: The district.');
    const message = await copyMessage(desk);
    expect(message).toContain('Clever sends: "TAbara@');
    expect(message).toContain(`Reference: ${reference}`);

    const roster = join(folder, engine);
    cpSync('sandbox/rosters/juniper-flats', roster, { recursive: true });
    const file = join(roster, 'students.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('tabara@', 'TAbara@'));
    const published = await house.command(
      'roster',
      'publish',
      roster,
      '--district',
      'juniper-flats',
      '--method',
      'sftp',
    );
    expect(published.exitCode).toBe(0);
    const back = await launch(house, 'capital');
    await back.waitForURL(`${house.productUrl}/**`);

    await desk.reload();
    expect(await desk.locator('h1').textContent()).toContain('Resolved');
    expect(await desk.locator('.note').textContent()).toContain('the person got in');
    await desk.getByRole('link', { name: /Everything about this person/ }).click();
    expect(await desk.locator('.timeline').textContent()).toMatch(
      /Got in[\s\S]*a publish added or changed[\s\S]*Failed: The email address does not match/,
    );
  },
  60_000,
);

it('releases a link with Tab and Enter alone, and skips to the page', async () => {
  const house = houseOn('embedded');
  await (await launch(house, 'recycled-first')).waitForURL(`${house.productUrl}/**`);
  const reference = await failAs(house, 'recycled-second');
  const desk = await signInStaff(house, 'casey@support.example');

  await desk.goto(`${house.publicUrl}/support/attempts`);
  await tabTo(desk, 'Skip to the page');
  await desk.keyboard.press('Enter');
  await tabTo(desk, 'District');
  await tabTo(desk, reference);
  await desk.keyboard.press('Enter');
  await desk.waitForURL(`**/support/attempts/${reference}`);
  expect(await desk.locator('.todo').textContent()).toContain('release the link below');
  await tabTo(desk, 'Release the link: why?');
  await desk.keyboard.type('one and the same person');
  await tabTo(desk, 'Release the link');
  await desk.keyboard.press('Enter');
  await desk.getByText('With today’s roster this person would get in').waitFor();

  await (await launch(house, 'recycled-second')).waitForURL(`${house.productUrl}/**`);
  await desk.reload();
  expect(await desk.locator('h1').textContent()).toContain('Resolved');
}, 60_000);

it('finds by an address that no URL tells, and says so when there is nothing', async () => {
  const house = houseOn('embedded');
  const desk = await signInStaff(house, 'casey@support.example');
  const box = desk.getByLabel(/Reference, email address/);
  await box.fill('nobody@nowhere.example');
  await box.press('Enter');
  await desk.getByRole('heading', { name: 'Nothing found' }).waitFor();
  expect(desk.url()).toBe(`${house.publicUrl}/support/search`);
});

it('keeps out who is on no list, whose address nobody verified, and from the trail who is no admin', async () => {
  const house = houseOn('embedded');
  for (const email of ['visitor@elsewhere.example', 'unverified@support.example']) {
    const page = await signInStaff(house, email);
    expect(await page.locator('h1').textContent()).toBe('You are not on the list');
  }
  const casey = await signInStaff(house, 'casey@support.example');
  expect((await casey.goto(`${house.publicUrl}/support/trail`))?.status()).toBe(403);
  const robin = await signInStaff(house, 'robin@support.example');
  expect((await robin.goto(`${house.publicUrl}/support/trail`))?.status()).toBe(200);
});
