// The pages of a district's administrators and of administration in a real browser: axe finds nothing at a phone's, a
// tablet's and a desktop's width, nothing scrolls sideways, no script runs, and the keyboard alone uploads and publishes. With
// SCREENSHOTS, pictures of all of them.
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser.ts';
import { lookAtPage } from '../../helpers/look-at-page.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { tabTo } from '../../helpers/tab-to.ts';
import { juniper } from '../../sign-in/decider.ts';
import { rosterFiles, type StaffPagesStory, startStaffPagesStory } from './staff-pages-story.ts';

let storeFixture: StoreFixture;
let story: StaffPagesStory;
let browser: Browser;
let administrator: BrowserContext;
let staff: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
  storeFixture = await embedded.start();
  story = await startStaffPagesStory(storeFixture.place());
  administrator = await openContext(await story.administrator());
  staff = await openContext((await story.pages.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '');
});
afterAll(async () => {
  await browser?.close();
  await story?.pages.stop();
  await storeFixture?.stop();
});

async function openContext(cookie: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  context.setDefaultTimeout(60_000);
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: story.pages.url }]);
  return context;
}

const files = (count: number, address: (at: number) => string, broken = false) =>
  rosterFiles(
    Array.from({ length: count }, (_, at) => address(at)),
    broken,
  ).map(({ name, text }) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) }));
const good = (at: number) => `student.s${at}@juniper.example`;

it('has no axe violation, no sideways scrolling and no script on any page of a district', async () => {
  const page = await administrator.newPage();
  const found: string[] = [];
  const visit = async (name: string, path: string) => {
    const answer = await page.goto(story.pages.url + path);
    expect([name, answer?.status()]).toEqual([name, 200]);
    found.push(...(await lookAtPage(page, `district-${name}`)));
  };
  await visit('home', '/district');
  await page.getByRole('link', { name: /14 people/ }).click();
  found.push(...(await lookAtPage(page, 'district-incident')));
  await visit('people', '/district/mismatches');
  await visit('held', '/district/rosters/sftp/report');
  await visit('refused', '/district/rosters/manual/report');
  await visit('upload', '/district/rosters');
  await page.getByLabel(/SFTP folder/).check();
  await page
    .getByLabel('Files', { exact: true })
    .setInputFiles(files(40, (at) => (at === 5 ? 'no address' : good(at)), true));
  await page.getByRole('button', { name: 'Check what would change' }).click();
  await page.getByText('Checked. Nothing was changed.').waitFor();
  found.push(...(await lookAtPage(page, 'district-check')));
  await visit('preflight', '/district/preflight');
  const list =
    'clever_id,sis_id,type,email,first_name,last_name\nc1,s1,student,student.s1@juniper.example,A,B\nc2,s2,student,STUDENT.s2@juniper.example,Givens2,Familys2\n';
  await page
    .getByLabel(/List of users/)
    .setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await page.getByRole('button', { name: 'Check the list' }).click();
  await page.getByText('1 of 2 people at Clever').waitFor();
  found.push(...(await lookAtPage(page, 'district-preflight-result')));
  await page.goto(`${story.pages.url}/district/preflight`);
  await page
    .getByLabel(/List of users/)
    .setInputFiles({ name: 'users.csv', mimeType: 'text/csv', buffer: Buffer.from('nonsense') });
  await page.getByRole('button', { name: 'Check the list' }).click();
  await page.getByText('This could not be done').first().waitFor();
  found.push(...(await lookAtPage(page, 'district-problem')));
  await visit('trail', '/district/trail');
  expect(found).toEqual([]);
}, 1_200_000);

it('has none on any page of administration', async () => {
  const page = await staff.newPage();
  const found: string[] = [];
  const at = `/admin/districts/${juniper.id}`;
  const paths = {
    home: '/admin',
    link: '/admin/link',
    district: at,
    settings: `${at}/settings`,
    remove: `${at}/remove`,
    upload: `${at}/rosters`,
    report: `${at}/rosters/sftp/report`,
    approve: `${at}/rosters/sftp/approve`,
    rollback: `${at}/rosters/sftp/rollback`,
    preflight: `${at}/preflight`,
    credentials: '/admin/credentials',
    keys: '/admin/keys',
    'clients-none': '/admin/clients',
  };
  for (const [name, path] of Object.entries(paths)) {
    const answer = await page.goto(story.pages.url + path);
    expect([name, answer?.status()]).toEqual([name, 200]);
    found.push(...(await lookAtPage(page, `admin-${name}`)));
  }
  await page.goto(`${story.pages.url}/admin/link`);
  await page.getByLabel('Id', { exact: true }).fill('Mesa Vista');
  await page.getByLabel('Name', { exact: true }).fill('Mesa Vista');
  await page.getByLabel('Clever id').fill('nothex');
  await page.getByRole('button', { name: 'Link the district' }).click();
  await page.getByText('Please correct').waitFor();
  found.push(...(await lookAtPage(page, 'admin-link-wrong')));
  await page.goto(`${story.pages.url}/admin/credentials`);
  await page.getByLabel('Who will use it').fill('Main product');
  await page.getByRole('button', { name: 'Make the credential' }).click();
  await page.getByText('shown here once').waitFor();
  found.push(...(await lookAtPage(page, 'admin-credential-made')));
  expect(found).toEqual([]);
}, 1_200_000);

it('has none on any page of a client, which the keyboard alone registers', async () => {
  const page = await staff.newPage();
  const found: string[] = [];
  await page.setViewportSize({ width: 1280, height: 850 });
  await page.goto(`${story.pages.url}/admin/clients`);
  await tabTo(page, 'Register a client');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/register-client');
  found.push(...(await lookAtPage(page, 'admin-register-client')));
  await page.setViewportSize({ width: 1280, height: 850 });
  await page.getByLabel('Id (client_id)').focus();
  await page.keyboard.type('reading-coach');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type('http://coach.example/callback');
  await page.keyboard.press('Tab');
  await page.keyboard.type('https://coach.example/login');
  await tabTo(page, 'Register the client');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing was changed. Please correct').waitFor();
  found.push(...(await lookAtPage(page, 'admin-client-wrong')));
  await page
    .getByLabel(/Redirect URIs/)
    .fill('https://reading-coach.a-rather-long-name.example/callback/of/summit-k12');
  await page.getByRole('button', { name: 'Register the client' }).click();
  await page.getByText('shown here once').waitFor();
  found.push(...(await lookAtPage(page, 'admin-client-made')));
  const at = '/admin/clients/reading-coach';
  for (const [name, path] of Object.entries({
    clients: '/admin/clients',
    client: at,
    'client-settings': `${at}/settings`,
    'client-remove': `${at}/remove`,
  })) {
    expect([name, (await page.goto(story.pages.url + path))?.status()]).toEqual([name, 200]);
    found.push(...(await lookAtPage(page, `admin-${name}`)));
  }
  expect(found).toEqual([]);
}, 1_200_000);

it('lets the keyboard alone check, publish, and see what became of it', async () => {
  const page = await administrator.newPage();
  await page.setViewportSize({ width: 1280, height: 850 });
  await page.goto(`${story.pages.url}/district`);
  await tabTo(page, 'Skip to the page');
  await tabTo(page, 'Upload a roster');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/district/rosters');
  // What a file dialog hands over; the dialog itself is the system's.
  await page.getByLabel('Files', { exact: true }).setInputFiles(files(40, good));
  await tabTo(page, 'Check what would change');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/rosters/sftp/check?upload=*');
  await tabTo(page, 'Publish these files');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/rosters/sftp/report');
  expect(await page.getByRole('status').textContent()).toContain('Published.');
  await page.reload();
  expect(await page.getByRole('status').textContent()).toContain('Published.');
}, 1_200_000);
