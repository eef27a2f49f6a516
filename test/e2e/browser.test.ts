// A real browser, clicking: portal to product, every refusal a person can meet, and what browsers decide by themselves.
// Screenshots go to the folder that SCREENSHOTS names, else to one that is removed.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type DemoPerson, demoPeople, demoPerson } from '../../sandbox/clever/people.ts';
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import { problemTexts } from '../../src/http/problem-texts.ts';
import type { Audience, Code } from '../../src/sign-in/outcome.ts';
import { engines, type House, startHouse } from '../support/bridge.ts';
import { problemAccept } from '../support/bridge-client.ts';
import { until } from '../support/bridge-process.ts';
import { launchBrowser, launchBrowserThatBlocksCookies } from '../support/browser.ts';

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
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
  const isCode = (text: string): text is Code => text in problemTexts.en.codes;
  if (expectedOutcome.kind === 'refused' && isCode(expectedOutcome.code)) return expectedOutcome.code;
  throw new TypeError('the person meets no refusal of ours');
}

/** Where no id_token told who it is, nobody knows whom the page is for. */
function audienceOf({ userType }: DemoPerson, code: Code): Audience {
  if (['app_not_shared', 'clever_denied'].includes(code)) return 'unknown';
  if (userType === 'student') return 'student';
  return ['teacher', 'staff', 'district_admin'].includes(userType) ? 'employee' : 'unknown';
}

const seen = new Set<string>();

describe.each(engines)('a real browser, on the %s store', (engine) => {
  let house: House;
  let browser: Browser;
  let scripts: string[] = [];
  const folder = process.env['SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'sso-screenshots-'));
  const pages: Page[] = [];

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    [house, browser] = await Promise.all([startHouse({ engine }), launchBrowser()]);
  });
  beforeEach(() => {
    scripts = [];
  });
  afterEach(async () => {
    house.clever.switches.clear();
    await Promise.all(pages.splice(0).map((page) => page.context().close()));
    expect(scripts).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.stop();
    if (process.env['SCREENSHOTS'] === undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 850 }, ...options });
    return watch(await context.newPage());
  }

  function watch(page: Page): Page {
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(request.url());
    });
    pages.push(page);
    return page;
  }

  /** Portal, person, app: three clicks and no address typed. */
  async function clickThrough(page: Page, person: DemoPerson): Promise<void> {
    await page.goto(house.clever.url);
    await page.locator(`a[href$="person=${person.id}"]`).click();
    const app = person.start === 'login' ? /Go to Summit K12/ : /^S? ?Summit K12$/;
    await page.getByRole('link', { name: app }).click();
    await page.waitForLoadState();
  }

  async function look(page: Page, name: string): Promise<void> {
    if (page.url().startsWith(house.publicUrl)) expect(await page.locator('script').count()).toBe(0);
    // What a page looks like does not depend on the store.
    if (seen.has(name)) return;
    seen.add(name);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(sideways)).toBeLessThanOrEqual(0);
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
    expect(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`))).toEqual([]);
  }

  const heading = (page: Page) => textOf(page, 'h1');
  const textOf = async (page: Page, selector: string) => (await page.locator(selector).textContent()) ?? '';
  const headingOf = (code: Code, audience: Audience, language: 'en' | 'es' = 'en') =>
    problemTexts[language].codes[code][audience].heading;

  it.each(['student', 'teacher', 'administrator'])('leads the %s from the portal to the product', async (key) => {
    const person = demoPerson(key);
    const page = await openPage();
    await clickThrough(page, person);
    expect([new URL(page.url()).origin, await heading(page)]).toEqual([
      house.productUrl,
      `Hello, ${person.givenName} ${person.familyName}`,
    ]);
    await look(page, `product-${key}`);
    await page.getByRole('link', { name: 'Sign out' }).click();
    expect(await textOf(page, 'main')).toContain(`${person.givenName} ${person.familyName}`);
    await look(page, `signed-in-${key}`);
  });

  it.each(refused)('shows $key what is wrong: $meets', async ({ person, key, code }) => {
    const page = await openPage();
    if (person.after !== undefined) await clickThrough(page, demoPerson(person.after));
    await clickThrough(page, person);
    expect(await heading(page)).toBe(headingOf(code, audienceOf(person, code)));
    expect(await textOf(page, '.sign')).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    await look(page, `${code}-${key}`);
  });

  it.each<[Code, SwitchSettings]>([
    ['clever_unavailable', { fail: { on: ['token'] } }],
    ['clever_rejected', { idToken: { forge: 'bad-signature' } }],
    ['clever_misconfigured', { invalidClient: {} }],
  ])('shows %s', async (code, switches) => {
    house.clever.switches.set(switches);
    const page = await openPage();
    await clickThrough(page, demoPerson('student'));
    expect(await heading(page)).toBe(headingOf(code, 'unknown'));
    await look(page, code);
  });

  it('shows malformed_request and rate_limited', async () => {
    const page = await openPage();
    await page.goto(`${house.publicUrl}/oauth/clever/callback?code=a&code=b&state=c`);
    expect(await heading(page)).toBe(headingOf('malformed_request', 'unknown'));
    await look(page, 'malformed_request');
    const bridge = await house.addBridge({ LIMITS: 'on' });
    // By number, so that both come from the same address.
    const login = `${bridge.url.replace('localhost', '127.0.0.1')}/login`;
    const visit = () => fetch(`${login}?app=none`, { headers: { accept: problemAccept } }).then((one) => one.text());
    for (let round = 0; round < 42; round += 1) await Promise.all(Array.from({ length: 50 }, visit));
    await page.goto(login);
    expect(await heading(page)).toBe(headingOf('rate_limited', 'unknown'));
    await look(page, 'rate_limited');
  });

  it('shows how to begin where a launch is not restarted', async () => {
    const bridge = await house.addBridge({ CLEVER_STATELESS: 'reject' });
    const page = await openPage();
    await page.goto(`${bridge.url}/oauth/clever/callback?code=abcdefghijklmnop`);
    await look(page, 'start');
    await page.goto(`${house.publicUrl}/nowhere`);
    await look(page, 'not-found');
  });

  it('goes back and forward, and reloads, without signing in again', async () => {
    const page = await openPage();
    await clickThrough(page, demoPerson('student'));
    const before = house.tokenRequests();
    await page.goBack();
    expect(new URL(page.url()).origin).toBe(house.clever.url);
    await page.goForward();
    expect(await heading(page)).toContain('Marisol');
    await page.reload();
    expect([await heading(page), house.tokenRequests()]).toEqual(['Hello, Marisol Okafor', before]);
  });

  it('opens a callback whose exchange still runs in another tab, and arrives in both', async () => {
    house.clever.switches.set({ slow: { ms: 1_500, on: ['token'] } });
    const before = house.tokenRequests();
    const first = await openPage();
    const second = watch(await first.context().newPage());
    const callback = first.waitForRequest((request) => /\/callback\?.*state=/.test(request.url()));
    const arriving = first.goto(house.launchAddress('student'));
    await callback;
    await until(() => house.tokenRequests() > before, 'the code to be on its way');
    await second.goto((await callback).url());
    await arriving;
    for (const page of [first, second]) expect(await heading(page)).toBe('Hello, Marisol Okafor');
    expect(house.tokenRequests()).toBe(before + 1);
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
    await look(page, 'sign_in_expired');
  });

  it('signs in from two tabs that were open at once', async () => {
    const first = await openPage();
    const second = watch(await first.context().newPage());
    const student = demoPerson('student');
    for (const page of [first, second]) {
      await page.goto(`${house.publicUrl}/login`);
      await page.getByRole('link', { name: /Juniper Flats/ }).click();
    }
    for (const page of [second, first]) {
      await page.locator(`a[href*="person=${student.id}"]`).click();
      await page.waitForLoadState();
      expect(await heading(page)).toBe('Hello, Marisol Okafor');
    }
  });

  it('belongs to the second person after them, and to nobody after a sign-out', async () => {
    const page = await openPage();
    await clickThrough(page, demoPerson('student'));
    await clickThrough(page, demoPerson('teacher'));
    expect(await heading(page)).toBe('Hello, Desmond Achterberg');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).last().click();
    expect(new URL(page.url()).pathname).toBe('/signed-out');
    await look(page, 'signed-out');
    await page.goBack();
    expect(await textOf(page, 'body')).not.toContain('Desmond');
    await look(page, 'home');
    await page.goto(house.productUrl);
    expect(await heading(page)).toBe('You are not signed in');
    await page.goto(`${house.clever.url}/portal/logout`);
    await clickThrough(page, demoPerson('administrator'));
    expect(await heading(page)).toBe('Hello, Priya Castellanos');
  });

  it('says that it blocks cookies', async () => {
    const blocking = await launchBrowserThatBlocksCookies(house.publicUrl);
    try {
      const page = watch(await blocking.context.newPage());
      await clickThrough(page, demoPerson('student'));
      expect(await heading(page)).toBe(headingOf('cookies_blocked', 'unknown'));
      await look(page, 'cookies_blocked');
    } finally {
      pages.splice(0);
      await blocking.close();
    }
  });

  it('is a phone in a child’s hand', async () => {
    const page = await openPage({
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
      deviceScaleFactor: 2,
    });
    for (const key of ['no-email', 'capital']) {
      await clickThrough(page, demoPerson(key));
      await look(page, `phone-${key}`);
    }
  });

  it('is set to Spanish', async () => {
    const page = await openPage({ locale: 'es-MX' });
    await clickThrough(page, demoPerson('capital'));
    expect(await heading(page)).toBe(headingOf('email_mismatch', 'student', 'es'));
    expect(await page.locator('html').getAttribute('lang')).toBe('es');
    await look(page, 'es-capital');
    await clickThrough(page, demoPerson('other-address'));
    expect(await heading(page)).toBe(headingOf('email_mismatch', 'employee', 'es'));
    await look(page, 'es-other-address');
  });

  it('meets a store that is silent', async () => {
    if (house.redis === undefined) return;
    const page = await openPage();
    await page.goto(`${house.publicUrl}/`);
    await house.redis.kill9();
    await clickThrough(page, demoPerson('student'));
    expect(await heading(page)).toBe(headingOf('service_unavailable', 'unknown'));
    await look(page, 'service_unavailable');
    await house.redis.restart();
  });
});
