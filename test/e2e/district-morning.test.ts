// A morning without a command line: staff link a district and publish its roster; the district renames its domain in the roster,
// three hundred children fail, one incident is at the top; the district's administrator sees the same, uploads the corrected file;
// the children sign in and the incident closes. Staff and administrator in a real browser.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { cleverIdOf, type District, type Person } from '../../sandbox/clever/person.ts';
import { type StaffProvider, startStaffProvider } from '../../sandbox/staff-provider/start-staff-provider.ts';
import { type Engine, engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { until } from '../helpers/bridge-process.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { findFreePort } from '../helpers/redis-server.ts';

const mesa: District = {
  id: cleverIdOf('district/mesa'),
  slug: 'mesa',
  name: 'Mesa Vista Schools',
  apps: ['summit-k12'],
};
const children = 300;
/** On one page; the file has all of them. */
const maxListed = 200;
const domain = 'mesavista.example';
const person = (key: string, userType: string): Person => {
  const id = cleverIdOf(`mesa/${key}`);
  const names = { givenName: 'Given', familyName: key.toUpperCase() };
  return { id, legacyId: id, district: mesa.id, userType, email: `${key}@${domain}`, sisId: key, ...names };
};
const childKeys = Array.from({ length: children }, (_, at) => `c${at}`);
const people = [...childKeys.map((key) => person(key, 'student')), person('boss', 'district_admin')];

const client = { clientId: 'support-pages', clientSecret: 'a-secret-of-the-support-pages' };
interface StartedFixture {
  readonly fixture: Fixture;
  readonly provider: StaffProvider;
}
const fixtures = new Map<Engine, StartedFixture>();
const contexts: BrowserContext[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  for (const engine of engines) {
    const port = await findFreePort();
    const env = {
      STAFF_ISSUER: `http://localhost:${port}`,
      STAFF_CLIENT_ID: client.clientId,
      STAFF_CLIENT_SECRET: client.clientSecret,
      STAFF_ADMIN: 'robin@support.example',
    };
    const fixture = await startFixture({ engine, env, people, rosters: 'none', clever: { districts: [mesa] } });
    const redirectUri = `${fixture.publicUrl}/support/callback`;
    fixtures.set(engine, { fixture, provider: await startStaffProvider({ ...client, port, redirectUri }) });
  }
}, 300_000);
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser?.close();
  for (const { fixture, provider } of fixtures.values()) {
    await provider.close();
    await fixture.stop();
  }
});

async function openPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 850 } });
  contexts.push(context);
  context.setDefaultTimeout(120_000);
  return context.newPage();
}

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const rosterWith = (ending: string) => [
  csv('schools.csv', 'School_id,School_name,School_number\nschool-1,One,1\n'),
  csv(
    'students.csv',
    `School_id,Student_id,Last_name,First_name,Grade,Student_email\n${childKeys
      .map((key) => `school-1,${key},${key.toUpperCase()},Given,3,${key}@${ending}`)
      .join('\n')}\n`,
  ),
  csv('teachers.csv', 'School_id,Teacher_id,Teacher_email,First_name,Last_name\n'),
];
const administrators = csv(
  'staff.csv',
  `School Name,District-Assigned Email,First Name,Last Name,Grade,Summit K12 Role,Subject\nMesa,boss@${domain},Given,BOSS,,District Admin,\n`,
);

async function upload(page: Page, kind: RegExp, files: readonly ReturnType<typeof csv>[]): Promise<void> {
  await page.getByRole('radio', { name: kind }).check();
  await page.getByLabel('Files', { exact: true }).setInputFiles([...files]);
  await page.getByRole('button', { name: 'Check what would change' }).click();
  await page.getByText('Checked. Nothing was changed.').waitFor();
  await page.getByRole('button', { name: 'Publish these files' }).click();
  await page.waitForURL('**/report');
}

/** What the guard holds staff approve, who see first whom it touches. */
async function approveIfHeld(staff: Page, publicUrl: string): Promise<void> {
  await staff.goto(`${publicUrl}/admin/districts/mesa`);
  const held = staff.getByRole('link', { name: 'Approve the held roster' });
  if ((await held.count()) === 0) return;
  await held.click();
  await staff.getByText(`${children} of the district's ${children} students`).waitFor();
  await staff.getByLabel(/why\?/).fill('the district renamed its domain');
  await staff.getByRole('button', { name: 'Approve it' }).click();
  await staff.getByText('The held roster is published.').waitFor();
}

async function signInChildren(fixture: Fixture): Promise<number> {
  let isIn = 0;
  for (const key of childKeys) {
    const answer = await fixture.browser().open(fixture.launchAddress(cleverIdOf(`mesa/${key}`)));
    if (isAtProduct(fixture, answer)) isIn += 1;
  }
  return isIn;
}

it.each(engines)(
  'goes from a renamed domain to all users signed in, with pages alone, on the %s store',
  async (engine) => {
    const started = fixtures.get(engine);
    if (started === undefined) throw new TypeError('every engine has its fixture');
    const { fixture } = started;
    const { publicUrl } = fixture;
    const staff = await openPage();
    await staff.goto(`${publicUrl}/admin`);
    await staff.getByRole('link', { name: 'Sign in' }).click();
    await staff.getByRole('link', { name: 'robin@support.example' }).click();
    await staff.waitForURL('**/admin');
    await staff.getByRole('link', { name: 'Link a district' }).click();
    await staff.getByLabel('Id', { exact: true }).fill('mesa');
    await staff.getByLabel('Name', { exact: true }).fill(mesa.name);
    await staff.getByLabel('Clever id').fill(mesa.id);
    await staff.getByRole('checkbox', { name: /by SFTP/ }).check();
    await staff.getByRole('checkbox', { name: 'Spreadsheet' }).check();
    await staff.getByRole('button', { name: 'Link the district' }).click();
    await staff.getByText('The district is linked.').waitFor();
    for (const [kind, files] of [
      [/Spreadsheet/, [administrators]],
      [/SFTP folder/, rosterWith(domain)],
    ] as const) {
      await staff.goto(`${publicUrl}/admin/districts/mesa/rosters`);
      await upload(staff, kind, files);
      expect(await staff.getByRole('status').textContent()).toContain('Published.');
    }

    const boss = await openPage();
    await boss.goto(fixture.launchAddress(cleverIdOf('mesa/boss')));
    await boss.waitForURL(`${fixture.productUrl}/**`);
    await boss.goto(publicUrl);
    await boss.getByRole('link', { name: 'Your district’s sign-ins' }).click();
    await boss.getByText('No one: all who failed').waitFor();
    await boss.getByRole('link', { name: 'Upload a roster' }).first().click();
    await upload(boss, /SFTP folder/, rosterWith(`students.${domain}`));
    await approveIfHeld(staff, publicUrl);

    expect(await signInChildren(fixture)).toBe(0);
    await staff.goto(`${publicUrl}/support/incidents`);
    const top = staff.locator('.incidents li').first();
    await until(async () => {
      await staff.reload();
      return (await top.textContent())?.includes(`${children} people`) === true;
    }, 'one incident at the top');
    expect(await staff.locator('.incidents li').count()).toBe(1);
    await top.getByRole('link').click();
    const message = await staff.getByLabel(/One message to the district/).inputValue();
    expect(message).toContain(`${children} people of ${mesa.name} cannot sign in`);
    expect(message).toContain(`@students.${domain}`);

    await boss.goto(`${publicUrl}/district`);
    await boss.getByRole('link', { name: `${children} people` }).click();
    await boss.getByText('These are the newest. The file has all').waitFor();
    expect(await boss.locator('.persons li').count()).toBe(maxListed);
    expect(await boss.locator('main').textContent()).toContain(`Given C${children - 1}`);
    expect(await boss.getByLabel('What to do').inputValue()).toContain(`@students.${domain}`);
    await boss.getByRole('link', { name: 'Upload a corrected roster' }).click();
    await upload(boss, /SFTP folder/, rosterWith(domain));
    await approveIfHeld(staff, publicUrl);

    expect(await signInChildren(fixture)).toBe(children);
    await staff.goto(`${publicUrl}/support/incidents`);
    await until(async () => {
      await staff.reload();
      return (await staff.getByText('No open incident.').count()) > 0;
    }, 'the incident to close itself');
    await boss.goto(`${publicUrl}/district`);
    await boss.getByText('No one: all who failed').waitFor();
  },
  600_000,
);
