// A product on another domain signs people in by OpenID Connect: the bridge's own session answers it.
import { createServer } from 'node:http';
import * as oidc from 'openid-client';
import { close, listen } from '../../sandbox/listen.ts';
import { engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { until } from '../helpers/bridge-process.ts';
import { createOidcClient, type OidcClient } from '../helpers/oidc-client.ts';

describe.each(engines)('the OpenID provider, on the %s store', (engine) => {
  let fixture: Fixture;
  let coach: OidcClient;

  beforeAll(async () => {
    fixture = await startFixture({ engine, bridges: 2 });
    coach = await createOidcClient(fixture, { scopes: 'openid,profile,email,offline_access' });
  });
  afterAll(() => fixture.stop());

  async function signedIn(person = 'student') {
    const browser = fixture.browser();
    await browser.open(fixture.launchAddress(person));
    return browser;
  }

  it('gives a code without a page to who is signed in, and the claims of the contract for it', async () => {
    const browser = await signedIn('administrator');
    const session = JSON.parse((await browser.once(`${fixture.publicUrl}/session`)).body);
    const tokens = await coach.signIn(browser);
    const authTime = Date.parse(session.session.issued_at) / 1000;
    const person = {
      sub: session.account.id,
      district: 'juniper-flats',
      role: 'administrator',
      position: 'school_admin',
      matched: { by: 'email', roster: 'sftp' },
      amr: ['clever'],
      auth_time: authTime,
    };
    expect(tokens.claims()).toEqual({
      ...person,
      iss: fixture.publicUrl,
      aud: 'coach',
      sid: session.session.id,
      nonce: expect.any(String),
      at_hash: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    const userinfo = await oidc.fetchUserInfo(coach.configuration, tokens.access_token, session.account.id);
    const { given_name, family_name } = session.account;
    expect(userinfo).toEqual({ ...person, given_name, family_name, email: expect.any(String), email_verified: false });
    expect(userinfo.email).toContain('@');
  });

  it('sends who is not signed in to Clever, and back to the same request', async () => {
    const browser = fixture.browser();
    // A person whom Clever knows, without a session here.
    await browser.open(fixture.launchAddress('student'), { stopBefore: (url) => url.pathname.endsWith('/callback') });
    const { address, checks } = await coach.begin();
    const started = await browser.once(address);
    expect([started.status, started.location?.origin]).toEqual([302, new URL(fixture.clever.url).origin]);
    const back = await coach.follow(browser, address);
    expect((await coach.redeem(back, checks)).claims()).toMatchObject({ role: 'student' });
    expect(JSON.parse((await browser.once(`${fixture.publicUrl}/session`)).body)).toMatchObject({ active: true });
  });

  it('sends a launch from the portal to the login address of the client, which begins its own request: no code comes unrequested', async () => {
    const login = 'http://127.0.0.1:9/login';
    const words = ['--initiate-login-uri', login, '--launch-app', 'secure-sync'];
    const tutor = await createOidcClient(fixture, { id: 'tutor', redirectUri: 'http://127.0.0.1:9/tutor', words });
    const browser = fixture.browser();
    let location: URL | undefined;
    // A server knows of a new client within a second.
    await until(async () => {
      const toProduct = (url: URL) => url.href.startsWith('http://127.0.0.1:9/');
      const opened = await browser.open(fixture.launchAddress('student', 'secure-sync'), { stopBefore: toProduct });
      location = opened.location;
      return location !== undefined;
    }, 'a launch that leads to the client');
    expect(`${location?.origin}${location?.pathname}`).toBe(login);
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      iss: fixture.publicUrl,
      target_link_uri: 'http://127.0.0.1:9/',
    });
    // The product begins, and the session answers at once.
    const { address, checks } = await tutor.begin();
    const answer = await browser.once(address);
    expect(answer.location?.href.startsWith(tutor.redirectUri)).toBe(true);
    expect((await tutor.redeem(answer.location as URL, checks)).claims()).toMatchObject({ role: 'student' });
    // The other app still lands at the main product.
    const main = await fixture.browser().open(fixture.launchAddress('student'));
    expect(main.url.origin).toBe(fixture.productUrl);
    await fixture.command('client', 'remove', 'tutor');
  });

  it('ends at both sides: the sign-out of the bridge ends the tokens and notifies the product', async () => {
    const posted: string[] = [];
    const product = createServer((request, response) => {
      posted.push(`${request.method} ${request.url}`);
      request.resume().once('end', () => response.end());
    });
    const port = await listen(product, 0);
    const words = ['--backchannel-logout-uri', `http://localhost:${port}/ended`];
    const hearing = await createOidcClient(fixture, { id: 'hearing', words });
    const browser = await signedIn('teacher');
    const tokens = await hearing.signIn(browser);
    const left = await browser.once(`${fixture.publicUrl}/logout`, {
      method: 'POST',
      headers: { origin: fixture.publicUrl, 'sec-fetch-site': 'same-origin' },
    });
    expect(left.status).toBe(303);
    const { sub } = tokens.claims() ?? {};
    await expect(oidc.fetchUserInfo(hearing.configuration, tokens.access_token, String(sub))).rejects.toThrow();
    await until(() => posted.length > 0, 'a logout token');
    expect(posted).toEqual(['POST /ended']);
    await close(product);
    await fixture.command('client', 'remove', 'hearing');
  });
});
