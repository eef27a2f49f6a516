// The phone call, in a real browser: a pupil fails over a capital letter and reads out the reference; support finds it, sees
// the capital and copies the message; the district republishes; the pupil gets in; the attempt is resolved.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { type StaffProvider, startStaffProvider } from '../../sandbox/staff-provider/start-staff-provider.ts';
import { type House, startHouse } from '../support/bridge.ts';
import { launchBrowser } from '../support/browser.ts';
import { findFreePort } from '../support/redis-server.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const client = { clientId: 'support-desk', clientSecret: 'a-secret-of-the-support-desk' };

describe('the support desk in a real browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sso-desk-'));
  const shots = process.env['SCREENSHOTS'] ?? join(folder, 'shots');
  let house: House;
  let staff: StaffProvider;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    const port = await findFreePort();
    const env = {
      STAFF_ISSUER: `http://localhost:${port}`,
      STAFF_CLIENT_ID: client.clientId,
      STAFF_CLIENT_SECRET: client.clientSecret,
      STAFF_SUPPORT: 'casey@support.example',
      STAFF_ADMIN: 'robin@support.example',
    };
    [house, browser] = await Promise.all([startHouse({ engine: 'embedded', env }), launchBrowser()]);
    staff = await startStaffProvider({ ...client, port, redirectUri: `${house.publicUrl}/support/callback` });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await staff?.close();
    await house?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function openPage(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 850 } });
    context.setDefaultTimeout(5_000);
    return context.newPage();
  }

  async function launch(person: string): Promise<Page> {
    const page = await openPage();
    await page.goto(house.launchAddress(person));
    return page;
  }

  async function signInStaff(email: string): Promise<Page> {
    const page = await openPage();
    await page.goto(`${house.publicUrl}/support`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: email }).click();
    return page;
  }

  /** Three widths, light and dark: nothing sideways, nothing axe finds. */
  async function look(page: Page, name: string): Promise<void> {
    expect(await page.locator('script').count()).toBe(0);
    for (const [width, colorScheme] of [
      [1100, 'light'],
      [760, 'dark'],
      [340, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 850 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(shots, `desk-${name}-${width}.png`), fullPage: true });
      const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect([name, width, await page.evaluate<number>(sideways)]).toEqual([name, width, 0]);
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
      expect(violations.flatMap((rule) => rule.nodes.map((node) => `${name} ${rule.id}: ${node.html}`))).toEqual([]);
    }
    await page.setViewportSize({ width: 1100, height: 850 });
  }

  it('from the capital letter to resolved', async () => {
    const refused = await launch('capital');
    const reference = (await refused.locator('.sign').textContent())?.trim() ?? '';
    expect(reference).toMatch(/^\w{4}-\w{4}$/);

    const desk = await signInStaff('casey@support.example');
    await look(desk, 'home');
    // As heard on the phone, without a mouse.
    await desk.keyboard.type(reference.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'));
    await desk.keyboard.press('Enter');
    await desk.waitForURL(`**/support/attempts/${reference}`);
    expect(await desk.locator('mark').allTextContents()).toEqual(['TA', 'ta']);
    expect(await desk.locator('.said').textContent()).toContain('capital T, capital A');
    const message = await desk.getByLabel('Select all and copy').inputValue();
    expect(message).toContain('Clever sends: "TAbara@');
    expect(message).toContain(`Reference: ${reference}`);
    await look(desk, 'attempt');

    const roster = join(folder, 'roster');
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
    const back = await launch('capital');
    await back.waitForURL(`${house.productUrl}/**`);

    await desk.reload();
    expect(await desk.locator('h1').textContent()).toContain('Resolved');
    expect(await desk.locator('.note').textContent()).toContain('the person got in');
    await look(desk, 'resolved');
    await desk.getByRole('link', { name: /Everything about this person/ }).click();
    expect(await desk.locator('.timeline').textContent()).toMatch(
      /Got in[\s\S]*A publish brought or changed[\s\S]*does not match/,
    );
    await look(desk, 'person');
  }, 60_000);

  it('finds by an address that no URL tells, and says so when there is nothing', async () => {
    await launch('other-domain');
    const desk = await signInStaff('casey@support.example');
    const box = desk.getByLabel(/Reference, email address/);
    await box.fill('nobody@nowhere.example');
    await box.press('Enter');
    expect(await desk.locator('h1').textContent()).toBe('Nothing found');
    expect(desk.url()).toBe(`${house.publicUrl}/support/search`);
    await look(desk, 'nothing');
    await desk.goto(`${house.publicUrl}/support/attempts?code=rate_limited`);
    await look(desk, 'none');
    await desk.goto(`${house.publicUrl}/support/attempts/${'0'.repeat(8)}`);
    await look(desk, 'not-found');
  });

  it('shows an admin the district, many attempts and the trail, and lets nobody else see the trail', async () => {
    for (const person of ['look-alike', 'space', 'no-email', 'ambiguous', 'left']) {
      for (let count = 0; count < 12; count += 1) await house.browser().open(house.launchAddress(person));
    }
    const desk = await signInStaff('robin@support.example');
    for (const [path, name] of [
      ['/support/attempts', 'many'],
      ['/support/districts', 'districts'],
      ['/support/districts/juniper-flats', 'district'],
      ['/support/trail', 'trail'],
    ] as const) {
      await desk.goto(`${house.publicUrl}${path}`);
      await look(desk, name);
    }
    await desk.goto(`${house.publicUrl}/support/attempts?code=ambiguous`);
    await desk.locator('.rows a').first().click();
    await look(desk, 'ambiguous');
    const casey = await signInStaff('casey@support.example');
    expect((await casey.goto(`${house.publicUrl}/support/trail`))?.status()).toBe(403);
  }, 90_000);

  it('keeps out who is on no list, and whose address nobody verified', async () => {
    for (const email of ['visitor@elsewhere.example', 'unverified@support.example']) {
      const page = await signInStaff(email);
      expect(await page.locator('h1').textContent()).toBe('You are not on the list');
    }
    const page = await openPage();
    await page.goto(`${house.publicUrl}/support`);
    await look(page, 'signed-out');
  });
});
