// A product on another site, in a real browser that blocks third-party cookies: from the portal into it, and out of it by whatever
// ends the session.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import type { Page } from 'playwright-core';
import { demoPerson } from '../../sandbox/clever/people.ts';
import { close, listen } from '../../sandbox/listen.ts';
import type { ReadingCoach } from '../../sandbox/reading-coach/start-reading-coach.ts';
import { findSidewaysPixels, findViolations } from '../helpers/axe.ts';
import { engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { root } from '../helpers/bridge-build.ts';
import { until } from '../helpers/bridge-process.ts';
import { type BlockingBrowser, launchBrowserWithThirdPartyCookies } from '../helpers/browser.ts';
import { createOidcClient, type OidcClient } from '../helpers/oidc-client.ts';
import { startCoach } from '../helpers/reading-coach.ts';
import { heading } from './browser-fixture.ts';

describe.each(engines)('a product on another site, on the %s store', (engine) => {
  let fixture: Fixture;
  let coach: ReadingCoach;
  let quiet: OidcClient;
  let browser: BlockingBrowser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowserWithThirdPartyCookies('blocked');
    fixture = await startFixture({ engine });
    coach = await startCoach(fixture, ['--launch-district', 'juniper-flats']);
    // Another product without a registered address, which is never notified.
    quiet = await createOidcClient(fixture, { id: 'quiet', scopes: 'openid,offline_access' });
  });
  beforeEach(async () => {
    await browser.context.clearCookies();
    page = await browser.context.newPage();
  });
  afterEach(() => page.close());
  afterAll(async () => {
    await browser?.close();
    await coach?.close();
    await fixture?.stop();
  });

  /** Portal, person, app: three clicks and no address typed. */
  async function clickThrough(key = 'student'): Promise<void> {
    await page.goto(fixture.clever.url);
    await page.locator(`a[href$="person=${demoPerson(key).id}"]`).click();
    await page.getByRole('link', { name: /^S? ?Summit K12$/ }).click();
    await page.waitForLoadState();
  }

  const isSignedIn = async () => {
    await page.goto(coach.url);
    return (await heading(page)) !== 'You are not signed in';
  };
  const bridgeSession = async () => (await page.goto(`${fixture.publicUrl}/session`))?.status();

  /** Tokens that depend on the browser's session. */
  async function getTokens() {
    const [session] = (await browser.context.cookies(fixture.publicUrl)).filter(
      ({ name }) => name === 'summit_session',
    );
    const other = fixture.browser();
    other.setCookie('summit_session', session?.value ?? '');
    return quiet.signIn(other);
  }
  type Tokens = Awaited<ReturnType<typeof getTokens>>;

  async function expectDead(tokens: Tokens): Promise<void> {
    const { configuration } = quiet;
    const asked = oidc.fetchUserInfo(configuration, tokens.access_token, oidc.skipSubjectCheck);
    await expect(asked).rejects.toMatchObject({ status: 401 });
    const refreshed = oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    await expect(refreshed).rejects.toMatchObject({ error: 'invalid_grant' });
  }

  it('works in a browser that blocks third-party cookies', async () => {
    const cookies: string[] = [];
    const tracker = createServer((request, response) => {
      cookies.push(request.headers.cookie ?? '');
      response
        .setHeader('Access-Control-Allow-Origin', coach.url)
        .setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Set-Cookie', 'third=1; SameSite=None; Secure; Path=/').end();
    });
    const address = `http://localhost:${await listen(tracker, 0)}/`;
    const other = await launchBrowserWithThirdPartyCookies('allowed');
    try {
      for (const looking of [page, await other.context.newPage()]) {
        await looking.goto(address);
        await looking.goto(coach.url);
        cookies.length = 0;
        await looking.evaluate((url) => fetch(url, { credentials: 'include' }).then(({ status }) => status), address);
        expect(cookies).toEqual([looking === page ? '' : expect.stringContaining('third=1')]);
      }
    } finally {
      await other.close();
      await close(tracker);
    }
  });

  it('leads from a click in the portal into the product, signed in, with the claims of its scopes', async () => {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest()) asked.push(request.url());
    });
    await clickThrough('student');
    expect([page.url(), await heading(page)]).toEqual([`${coach.url}/`, 'Hello, Marisol Okafor']);
    expect([await findSidewaysPixels(page), await findViolations(page)]).toEqual([0, []]);
    // The product began the request: no code came unasked.
    const paths = asked.map((url) => new URL(url)).map(({ origin, pathname }) => origin + pathname);
    const ours = [
      `${coach.url}/login`,
      `${fixture.publicUrl}/oidc/authorize`,
      `${coach.url}/callback`,
      `${coach.url}/`,
    ];
    expect(paths.slice(-4)).toEqual(ours);
    expect((await browser.context.cookies(coach.url)).map(({ name }) => name)).toEqual(['coach_session']);
    await page.goto(`${coach.url}/me`);
    expect(JSON.parse((await page.locator('body').textContent()) ?? '')).toEqual({
      sub: expect.any(String),
      name: 'Marisol Okafor',
      role: 'student',
      district: 'juniper-flats',
    });
  });

  it('signs a user who comes to the product first in through Clever', async () => {
    await page.goto(`${fixture.clever.url}/portal/launch?person=teacher&app=summit-k12`);
    await browser.context.clearCookies({ domain: '127.0.0.1' });
    await browser.context.clearCookies({ name: 'summit_session' });
    expect(await isSignedIn()).toBe(false);
    expect([await findSidewaysPixels(page), await findViolations(page)]).toEqual([0, []]);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.waitForLoadState();
    expect([page.url(), await heading(page)]).toEqual([`${coach.url}/`, 'Hello, Desmond Achterberg']);
  });

  it('takes no answer that another browser asked for', async () => {
    await clickThrough('student');
    const sent = page.waitForRequest((request) => request.url().startsWith(`${coach.url}/callback?`));
    await page.route(`${coach.url}/callback?**`, (route) => route.abort());
    await page.goto(`${coach.url}/login`).catch(() => undefined);
    const answer = (await sent).url();
    await page.unroute(`${coach.url}/callback?**`);
    await browser.context.clearCookies();
    await page.goto(answer);
    expect([page.url(), await heading(page)]).toEqual([`${coach.url}/`, 'You are not signed in']);
  });

  it('ends at both sides by the sign-out of the product', async () => {
    await clickThrough('teacher');
    const tokens = await getTokens();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForLoadState();
    expect([page.url(), await heading(page)]).toEqual([`${coach.url}/`, 'You are not signed in']);
    expect(await bridgeSession()).toBe(401);
    await expectDead(tokens);
  });

  it('ends at both sides by the sign-out of the bridge', async () => {
    await clickThrough('teacher');
    const tokens = await getTokens();
    await page.goto(fixture.publicUrl);
    await page.getByRole('button', { name: 'Sign out' }).last().click();
    await page.waitForLoadState();
    await expectDead(tokens);
    await until(async () => !(await isSignedIn()), 'the product to be notified');
    expect(await bridgeSession()).toBe(401);
  });

  /** A folder with the roster in which the administrator is one no longer. */
  async function publishWithoutAdministrator(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'sso-roster-'));
    try {
      cpSync(join(root, 'sandbox', 'rosters', 'juniper-flats'), folder, { recursive: true });
      const staff = join(folder, 'staff.csv');
      const rows = readFileSync(staff, 'utf8');
      expect(rows).toContain('District Admin,pcastellanos');
      writeFileSync(staff, rows.replace('District Admin,pcastellanos', ',pcastellanos'));
      const published = await fixture.command(
        'roster',
        'publish',
        folder,
        '--district',
        'juniper-flats',
        '--method',
        'sftp',
      );
      expect(published.exitCode).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  const endings: readonly [string, string, (accountId: string) => Promise<unknown>][] = [
    [
      'a released link',
      'student',
      (account) =>
        fixture.command('link', 'release', '--district', 'juniper-flats', '--account', account, '--reason', 'a test'),
    ],
    ['a role that falls', 'administrator', publishWithoutAdministrator],
    ['a compromised key', 'student', () => fixture.command('keys', 'rotate', '--compromised')],
    ['the end of the district', 'teacher', () => fixture.command('district', 'remove', 'juniper-flats')],
  ];

  it.each(endings)('is ended by %s, and is notified', async (_what, person, end) => {
    await clickThrough(person);
    expect(await isSignedIn()).toBe(true);
    const tokens = await getTokens();
    await end(String(tokens.claims()?.sub));
    await until(async () => !(await isSignedIn()), 'the product to be notified');
    await expectDead(tokens);
    expect(await bridgeSession()).toBe(401);
  });
});
