// Every demo person in a real browser, and what browsers do by themselves with a session: on whichever store.
import type { Page } from 'playwright-core';
import { type DemoPerson, demoPeople, demoPerson } from '../../sandbox/clever/people.ts';
import type { Audience } from '../../src/outcome/outcome.ts';
import { type Code, isCode } from '../../src/outcome/outcome-codes.ts';
import { until } from '../helpers/bridge-process.ts';
import { type BrowserFixture, heading, headingOf, textOf } from './browser-fixture.ts';

const refused = demoPeople.flatMap((person) =>
  person.expectedOutcome.kind === 'refused'
    ? [
        {
          person,
          key: person.key,
          meets: Object.values(person.expectedOutcome).slice(1).join(' '),
          code: codeOf(person),
        },
      ]
    : [],
);

function codeOf({ expectedOutcome }: DemoPerson): Code {
  if (expectedOutcome.kind === 'refused' && isCode(expectedOutcome.code)) return expectedOutcome.code;
  throw new TypeError('the person meets no refusal of ours');
}

/** Without an id_token the reader of the page is unknown. */
function audienceOf({ userType }: DemoPerson, code: Code): Audience {
  if (['app_not_shared', 'clever_denied'].includes(code)) return 'unknown';
  if (userType === 'student') return 'student';
  return ['teacher', 'staff', 'district_admin'].includes(userType) ? 'employee' : 'unknown';
}

/** @param looks whether the pages are checked too, and reached by clicks alone: once is enough, whatever the stores */
export function describePeople({ fixture, openPage, watch, clickThrough, look }: BrowserFixture, looks: boolean): void {
  const runOnce = async (page: Page, name: string) => (looks ? look(page, name) : undefined);

  async function arrive(page: Page, person: DemoPerson): Promise<void> {
    if (looks || person.start === 'login') return clickThrough(page, person);
    await page.goto(fixture().launchAddress(person.key));
    await page.waitForLoadState();
  }

  it.each(['student', 'teacher', 'administrator'])('leads the %s from the portal to the product', async (key) => {
    const person = demoPerson(key);
    const page = await openPage();
    await clickThrough(page, person);
    expect([new URL(page.url()).origin, await heading(page)]).toEqual([
      fixture().productUrl,
      `Hello, ${person.givenName} ${person.familyName}`,
    ]);
    await runOnce(page, `product-${key}`);
    await page.getByRole('link', { name: 'Sign out' }).click();
    expect(await textOf(page, 'main')).toContain(`${person.givenName} ${person.familyName}`);
    await runOnce(page, `signed-in-${key}`);
  });

  it.each(refused)('shows $key what is wrong: $meets', async ({ person, code }) => {
    const page = await openPage();
    if (person.after !== undefined) await arrive(page, demoPerson(person.after));
    await arrive(page, person);
    expect(await heading(page)).toBe(headingOf(code, audienceOf(person, code)));
    expect(await textOf(page, '.sign')).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/);
    await runOnce(page, `${code}-${audienceOf(person, code)}`);
  });

  it('goes back and forward, and reloads, without signing in again', async () => {
    const page = await openPage();
    await clickThrough(page, demoPerson('student'));
    const before = fixture().tokenRequests();
    await page.goBack();
    expect(new URL(page.url()).origin).toBe(fixture().clever.url);
    await page.goForward();
    expect(await heading(page)).toContain('Marisol');
    await page.reload();
    expect([await heading(page), fixture().tokenRequests()]).toEqual(['Hello, Marisol Okafor', before]);
  });

  it('opens a callback whose exchange still runs in another tab, and arrives in both', async () => {
    fixture().clever.switches.set({ slow: { ms: 1_500, on: ['token'] } });
    const before = fixture().tokenRequests();
    const first = await openPage();
    const second = watch(await first.context().newPage());
    const callback = first.waitForRequest((request) => /\/callback\?.*state=/.test(request.url()));
    const arriving = first.goto(fixture().launchAddress('student'));
    await callback;
    await until(() => fixture().tokenRequests() > before, 'the code to be on its way');
    await second.goto((await callback).url());
    await arriving;
    for (const page of [first, second]) expect(await heading(page)).toBe('Hello, Marisol Okafor');
    expect(fixture().tokenRequests()).toBe(before + 1);
  });

  it('opens the callback again after success, and after a sign-out', async () => {
    const page = await openPage();
    const callback = page.waitForRequest((request) => /\/callback\?.*state=/.test(request.url()));
    await clickThrough(page, demoPerson('student'));
    const bookmark = (await callback).url();
    await page.goto(bookmark);
    expect(await heading(page)).toBe('Hello, Marisol Okafor');
    await page.context().clearCookies();
    await page.goto(bookmark);
    expect(await heading(page)).toBe(headingOf('sign_in_expired', 'unknown'));
    await runOnce(page, 'sign_in_expired');
  });

  it('signs in from two tabs that were open at once', async () => {
    const first = await openPage();
    const second = watch(await first.context().newPage());
    const student = demoPerson('student');
    for (const page of [first, second]) {
      await page.goto(`${fixture().publicUrl}/login`);
      await page.getByRole('link', { name: /Juniper Flats/ }).click();
    }
    for (const page of [second, first]) {
      await page.locator(`a[href*="person=${student.id}"]`).click();
      await page.waitForLoadState();
      expect(await heading(page)).toBe('Hello, Marisol Okafor');
    }
  });

  it('belongs to the second person after them, and to no one after a sign-out', async () => {
    const page = await openPage();
    await clickThrough(page, demoPerson('student'));
    await clickThrough(page, demoPerson('teacher'));
    expect(await heading(page)).toBe('Hello, Desmond Achterberg');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).last().click();
    expect(new URL(page.url()).pathname).toBe('/signed-out');
    await runOnce(page, 'signed-out');
    await page.goBack();
    expect(await textOf(page, 'body')).not.toContain('Desmond');
    await runOnce(page, 'home');
    await page.goto(fixture().productUrl);
    expect(await heading(page)).toBe('You are not signed in');
    await page.goto(`${fixture().clever.url}/portal/logout`);
    await clickThrough(page, demoPerson('administrator'));
    expect(await heading(page)).toBe('Hello, Priya Castellanos');
  });
}
