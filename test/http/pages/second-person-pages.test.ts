// The pages of a second person in a real browser: asked, approved and done with the keyboard alone, without axe violations or
// sideways scrolling at a phone's, a tablet's and a desktop's width. With SCREENSHOTS, pictures of all of them.
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../helpers/browser.ts';
import { lookAtPage } from '../../helpers/look-at-page.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { tabTo } from '../../helpers/tab-to.ts';
import { juniper } from '../../sign-in/decider.ts';
import { type StaffPagesStory, startStaffPagesStory } from './staff-pages-story.ts';

let storeFixture: StoreFixture;
let story: StaffPagesStory;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
  storeFixture = await embedded.start();
  story = await startStaffPagesStory(storeFixture.place(), 'on');
});
afterAll(async () => {
  await browser?.close();
  await story?.pages.stop();
  await storeFixture?.stop();
});

async function openAs(subject: string): Promise<Page> {
  const cookie = (await story.pages.signIn({ subject, verifiedEmail: `${subject}@admin.example` })) ?? '';
  const context = await browser.newContext({ viewport: { width: 390, height: 850 } });
  context.setDefaultTimeout(60_000);
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([{ name, value, url: story.pages.url }]);
  return context.newPage();
}

it('asks, waits, approves and says what was done, by keyboard, and a reload does nothing again', async () => {
  const found: string[] = [];
  const { services, url } = story.pages;
  await story.administrator();
  const { events } = await services.readPersonHistory({ district: juniper.id, cleverId: 'clever-boss' });
  expect(events.length).toBeGreaterThan(0);
  const { linkedAccount = '' } = await services.readPersonHistory({ district: juniper.id, cleverId: 'clever-boss' });
  const caller = await openAs('one');
  await caller.goto(`${url}/support/districts/${juniper.id}/accounts/${linkedAccount}`);
  await caller.locator('summary').first().click();
  found.push(...(await lookAtPage(caller, 'second-ask')));
  await caller.getByLabel('Ask to release the link: why?').focus();
  await caller.keyboard.type('a new Clever login of the same person');
  await tabTo(caller, 'Ask to release the link');
  await caller.keyboard.press('Enter');
  await caller.getByText('You asked for it, so you cannot approve it.').waitFor();
  found.push(...(await lookAtPage(caller, 'second-waits-own')));

  const second = await openAs('two');
  await second.goto(`${url}/admin`);
  await tabTo(second, 'Waiting for a second person: 1');
  await second.keyboard.press('Enter');
  await second.getByRole('heading', { name: 'Waiting for a second person' }).waitFor();
  found.push(...(await lookAtPage(second, 'second-list')));
  await tabTo(second, 'Release the link of staff boss');
  await second.keyboard.press('Enter');
  await second.getByText('Nothing is done yet').waitFor();
  found.push(...(await lookAtPage(second, 'second-decides')));
  await tabTo(second, 'Approve, and do it now');
  await second.keyboard.press('Enter');
  await second.getByText('What to do next').waitFor();
  const entries = JSON.stringify((await services.staffAuditLog.page(50)).entries);
  await second.reload();
  await second.getByText('What to do next').waitFor();
  expect(JSON.stringify((await services.staffAuditLog.page(50)).entries)).toBe(entries);
  found.push(...(await lookAtPage(second, 'second-done')));

  await second.goto(`${url}/admin/districts/${juniper.id}/rosters/sftp/approve`);
  found.push(...(await lookAtPage(second, 'second-ask-roster')));
  await second.getByLabel(/why\?/).fill('the district left');
  await second.getByRole('button', { name: 'Ask to approve it' }).click();
  await caller.goto(second.url());
  await caller.getByText('Nothing is done yet').waitFor();
  found.push(...(await lookAtPage(caller, 'second-decides-roster')));
  await second.goto(`${url}/support/trail`);
  found.push(...(await lookAtPage(second, 'trail')));
  await second.getByLabel('What').selectOption('second_person_asked');
  await second.getByLabel('Who').fill('ONE@admin.example');
  await second.getByRole('button', { name: 'Show' }).click();
  await second.getByText('Shown: only one@admin.example').waitFor();
  expect(second.url()).not.toContain('admin.example');
  expect(await second.locator('.timeline li').count()).toBe(1);
  found.push(...(await lookAtPage(second, 'trail-filtered')));
  expect(found).toEqual([]);
}, 1_200_000);
