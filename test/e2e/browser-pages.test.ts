// What a real browser shows whatever the store: Clever’s failures, limits, blocked cookies, a phone, Spanish.
import { demoPerson } from '../../sandbox/clever/people.ts';
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import type { Code } from '../../src/outcome/outcome-codes.ts';
import { problemAccept } from '../helpers/bridge-client.ts';
import { launchBrowserThatBlocksCookies } from '../helpers/browser.ts';
import { heading, headingOf, useBrowserFixture } from './browser-fixture.ts';

describe('a real browser', () => {
  const { fixture, openPage, watch, clickThrough, look } = useBrowserFixture('embedded');

  it.each<[Code, SwitchSettings]>([
    ['clever_unavailable', { fail: { on: ['token'] } }],
    ['clever_rejected', { idToken: { forge: 'bad-signature' } }],
    ['clever_misconfigured', { invalidClient: {} }],
  ])('shows %s', async (code, switches) => {
    fixture().clever.switches.set(switches);
    const page = await openPage();
    await clickThrough(page, demoPerson('student'));
    expect(await heading(page)).toBe(headingOf(code, 'unknown'));
    await look(page, code);
  });

  it('shows malformed_request and rate_limited', async () => {
    const page = await openPage();
    await page.goto(`${fixture().publicUrl}/oauth/clever/callback?code=a&code=b&state=c`);
    expect(await heading(page)).toBe(headingOf('malformed_request', 'unknown'));
    await look(page, 'malformed_request');
    const bridge = await fixture().addBridge({ LIMITS: 'on' });
    const login = `${bridge.url}/login`;
    const named = await page.context().request.get(login, { maxRedirects: 0 });
    expect(named.status()).toBe(302);
    const cookie = (await page.context().cookies(bridge.url)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const visit = () =>
      fetch(`${login}?app=none`, { headers: { accept: problemAccept, cookie } }).then((one) => one.text());
    // A browser in a loop.
    for (let round = 0; round < 6; round += 1) await Promise.all(Array.from({ length: 50 }, visit));
    await page.goto(login);
    expect(await heading(page)).toBe(headingOf('rate_limited', 'unknown'));
    await look(page, 'rate_limited');
  });

  it('shows how to begin where a launch is not restarted', async () => {
    const bridge = await fixture().addBridge({ CLEVER_STATELESS: 'reject' });
    const page = await openPage();
    await page.goto(`${bridge.url}/oauth/clever/callback?code=abcdefghijklmnop`);
    await look(page, 'start');
    await page.goto(`${fixture().publicUrl}/nowhere`);
    await look(page, 'not-found');
  });

  it('says that it blocks cookies', async () => {
    const blocking = await launchBrowserThatBlocksCookies(fixture().publicUrl);
    try {
      const page = watch(await blocking.context.newPage());
      await clickThrough(page, demoPerson('student'));
      expect(await heading(page)).toBe(headingOf('cookies_blocked', 'unknown'));
      await look(page, 'cookies_blocked');
    } finally {
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
});
