// How a sign-in begins: launches without state, the product's own button, requests that are no sign-in at all. And what
// the cookies look like.
import { juniperFlats } from '../../sandbox/clever/districts.ts';
import { demoPerson } from '../../sandbox/clever/people.ts';
import { cleverApp, engines, type Fixture, isAtProduct, startFixture, syncApp } from '../helpers/bridge.ts';
import { bodyOf, problemAccept, readSetCookie } from '../helpers/bridge-client.ts';

const student = demoPerson('student');

describe.each(engines)('a sign-in begins, on the %s store', (engine) => {
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await startFixture({ engine });
  });
  afterAll(() => fixture.stop());

  const callback = (query: string, path = '/oauth/clever/callback') => `${fixture.publicUrl}${path}?${query}`;
  const isStateless = (url: URL) => url.pathname.endsWith('/callback') && !url.searchParams.has('state');

  async function redeem(code: string, app = cleverApp, path = '/oauth/clever/callback'): Promise<number> {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: fixture.publicUrl + path,
    });
    const authorization = `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`;
    return (await fetch(`${fixture.clever.url}/oauth/tokens`, { method: 'POST', body, headers: { authorization } }))
      .status;
  }

  it.each([
    ['summit-k12', 'student', '/oauth/clever/callback', cleverApp],
    ['secure-sync', 'student-2', '/oauth/clever/secure-sync/callback', syncApp],
  ] as const)(
    'restarts a portal launch of %s once and leaves its code unused',
    async (app, person, path, credentials) => {
      const client = fixture.browser();
      const launch = await client.open(fixture.launchAddress(person, app), { stopBefore: isStateless });
      const arrival = await client.once(launch.location ?? '');
      expect(arrival.status).toBe(302);
      const authorize = arrival.location;
      expect(authorize?.origin).toBe(fixture.clever.url);
      expect(Object.fromEntries(authorize?.searchParams ?? [])).toMatchObject({
        response_type: 'code',
        client_id: credentials.clientId,
        redirect_uri: fixture.publicUrl + path,
        state: expect.stringMatching(/^.{43,}$/),
        nonce: expect.stringMatching(/^.{43}$/),
        code_challenge: expect.stringMatching(/^.{43}$/),
        code_challenge_method: 'S256',
      });
      expect(isAtProduct(fixture, await client.open(authorize ?? ''))).toBe(true);
      expect(await redeem(launch.location?.searchParams.get('code') ?? '', credentials, path)).toBe(200);
    },
  );

  it('takes an Instant Login link, from a browser without a session at Clever', async () => {
    const client = fixture.browser();
    const link = `${fixture.clever.url}/oauth/instant-login?client_id=${cleverApp.clientId}&district_id=${juniperFlats.id}`;
    const asked = await client.open(link);
    expect(asked.body).toContain('Log in to Clever');
    const choice = new RegExp(`/oauth/sign-in\\?[^"]*person=${student.id}[^"]*`).exec(asked.body)?.[0] ?? '';
    const answer = await client.open(new URL(choice.replaceAll('&amp;', '&'), fixture.clever.url));
    expect(isAtProduct(fixture, answer)).toBe(true);
    expect(answer.body).toContain('Marisol');
  });

  it('sends the district along from the product, so that Clever asks for no school', async () => {
    const { location } = await fixture.browser().once(`${fixture.publicUrl}/login?district_id=${juniperFlats.id}`);
    expect(location?.searchParams.get('district_id')).toBe(juniperFlats.id);
  });

  it('takes an empty parameter of /login for one that is not given', async () => {
    const { location } = await fixture.browser().once(`${fixture.publicUrl}/login?return_to=&district_id=&app=`);
    expect(location?.searchParams.has('district_id')).toBe(false);
    expect(location?.searchParams.get('redirect_uri')).toBe(`${fixture.publicUrl}/oauth/clever/callback`);
  });

  it('never restarts with a state it does not know, and asks Clever nothing', async () => {
    const before = fixture.tokenRequests();
    for (const state of ['made-up', 'p0mabcdefgh012345678901234567890123.forged', '']) {
      const answer = await fixture
        .browser()
        .once(callback(`code=abcdefghijklmnop&state=${state}`), { accept: problemAccept });
      expect([answer.status, answer.location, bodyOf(answer)['code']]).toEqual([400, undefined, 'sign_in_expired']);
    }
    expect(fixture.tokenRequests()).toBe(before);
  });

  it.each([
    ['access_denied', 'clever_denied'],
    ['server_error', 'clever_denied'],
    ['unauthorized-user', 'app_not_shared'],
    ['unauthorized_user', 'app_not_shared'],
  ])('ends an arrival with error=%s as %s, with a reference if the state is this browser’s', async (error, code) => {
    const client = fixture.browser();
    const began = await client.once(`${fixture.publicUrl}/login`);
    const state = began.location?.searchParams.get('state');
    const answer = await client.once(callback(`error=${error}&state=${state}`), { accept: problemAccept });
    expect(answer.status).toBe(403);
    expect(bodyOf(answer)).toMatchObject({ code, reference: expect.stringMatching(/^\S{4}-\S{4}-\S$/) });

    const stateless = await fixture.browser().once(callback(`error=${error}`), { accept: problemAccept });
    expect([stateless.status, bodyOf(stateless)['code'], bodyOf(stateless)['reference']]).toEqual([
      403,
      code,
      undefined,
    ]);
  });

  it.each([
    ['a code twice', 'code=a&code=b&state=s'],
    ['a state twice', 'code=a&state=s&state=t'],
    ['an error twice', 'error=a&error=b'],
    ['an issuer twice', 'code=a&state=s&iss=a&iss=b'],
    ['a code of 5,000 signs', `code=${'a'.repeat(5_000)}&state=s`],
    ['a state of 5,000 signs', `code=a&state=${'s'.repeat(5_000)}`],
    ['a query of 18,000 signs', Array.from({ length: 9 }, (_, i) => `p${i}=${'x'.repeat(2_000)}`).join('&')],
  ])('refuses %s as malformed_request', async (_what, query) => {
    for (const path of ['/oauth/clever/callback', '/oauth/clever/secure-sync/callback', '/login']) {
      const answer = await fixture.browser().once(callback(query, path), { accept: problemAccept });
      expect([path, answer.status, bodyOf(answer)['code']]).toEqual([path, 400, 'malformed_request']);
    }
  });

  it('ignores parameters of others, also repeated (RFC 6749 section 3.1)', async () => {
    const began = await fixture.browser().once(`${fixture.publicUrl}/login?utm_source=a&utm_source=b&fbclid=1`);
    expect(began.status).toBe(302);
    const client = fixture.browser();
    const address = await fixture.toCallback(client, fixture.launchAddress('student'));
    const added = ['utm_source', 'session_state', 'error_description', 'error_uri', 'id_token', 'response', 'scope'];
    const twice = added.map((name) => `${name}=a&${name}=b`).join('&');
    expect(isAtProduct(fixture, await client.open(new URL(`${address}&${twice}`)))).toBe(true);
  });

  it.each(['app=other', 'district_id=../etc', 'district_id=%00', `district_id=${'a'.repeat(65)}`])(
    'refuses /login?%s as malformed_request',
    async (query) => {
      const answer = await fixture.browser().once(`${fixture.publicUrl}/login?${query}`, { accept: problemAccept });
      expect([answer.status, bodyOf(answer)['code']]).toEqual([400, 'malformed_request']);
    },
  );

  it('refuses a callback with our state and neither code nor error', async () => {
    const client = fixture.browser();
    const began = await client.once(`${fixture.publicUrl}/login`);
    const address = callback(`state=${began.location?.searchParams.get('state')}`);
    expect(bodyOf(await client.once(address, { accept: problemAccept }))['code']).toBe('malformed_request');
  });

  it('spends nothing on a HEAD request', async () => {
    const client = fixture.browser();
    const address = await fixture.toCallback(client, fixture.launchAddress('student'));
    expect((await client.once(address, { method: 'HEAD' })).status).toBe(405);
    expect(isAtProduct(fixture, await client.open(address))).toBe(true);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example/',
    'https:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://localhost@evil.example/',
    '%2f%2fevil.example',
  ])('leads to the product and not to return_to=%s', async (wanted) => {
    const client = fixture.browser();
    await client.open(`${fixture.clever.url}/portal/sign-in?person=student`);
    const answer = await client.open(`${fixture.publicUrl}/login?return_to=${encodeURIComponent(wanted)}`, {
      stopBefore: ({ origin }) => ![fixture.publicUrl, fixture.clever.url].includes(origin),
    });
    expect(answer.status).toBe(303);
    expect(answer.location?.origin).toBe(fixture.productUrl);
  });

  it('leads to a page of the product that was asked for', async () => {
    const client = fixture.browser();
    await client.open(`${fixture.clever.url}/portal/sign-in?person=student`);
    const wanted = `${fixture.productUrl}/lessons/7?tab=2`;
    for (const returnTo of [wanted, '/lessons/7?tab=2']) {
      const answer = await client.open(`${fixture.publicUrl}/login?return_to=${encodeURIComponent(returnTo)}`);
      expect(answer.hops.at(-1)?.href).toBe(wanted);
    }
  });

  it('answers what it does not know with 404, also to a program', async () => {
    const answer = await fixture.browser().once(`${fixture.publicUrl}/nowhere`, { accept: problemAccept });
    expect([answer.status, bodyOf(answer)['status']]).toEqual([404, 404]);
  });

  describe('the cookies', () => {
    it('are HttpOnly, SameSite=Lax and Path=/ on http, without Secure', async () => {
      const client = fixture.browser();
      const began = await client.once(`${fixture.publicUrl}/login`);
      const [attempt] = began.headers.getSetCookie().map(readSetCookie);
      expect(attempt).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/', maxAge: 600 });
      expect([attempt?.name.startsWith('summit_sign_in_'), attempt?.secure ?? false, attempt?.domain]).toEqual([
        true,
        false,
        undefined,
      ]);
      const address = await fixture.toCallback(client, fixture.launchAddress('student'));
      const ended = await client.once(address);
      const session = ended.headers
        .getSetCookie()
        .map(readSetCookie)
        .find(({ name }) => name === 'summit_session');
      expect(session).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/', maxAge: 8 * 3600 });
      expect([session?.secure ?? false, session?.domain]).toEqual([false, undefined]);
    });

    it('are Secure with the __Host- prefix on https', async () => {
      const https = 'https://sign-in.bridge.example';
      const other = await startFixture({ engine, publicUrl: https, env: { PRODUCT_URL: `${https}/home` } });
      try {
        const client = other.browser();
        const began = await client.once(`${other.bridge.url}/login`);
        const [attempt] = began.headers.getSetCookie().map(readSetCookie);
        expect(attempt).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
        expect([attempt?.name.startsWith('__Host-summit_sign_in_'), attempt?.domain]).toEqual([true, undefined]);
        expect(began.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');

        await client.open(`${other.clever.url}/portal/sign-in?person=student`);
        const { search, pathname } = await other.toCallback(client, began.location ?? '');
        const ended = await client.once(other.bridge.url + pathname + search);
        const cookies = ended.headers.getSetCookie().map(readSetCookie);
        const session = cookies.find(({ name }) => name === '__Host-summit_session');
        expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
        expect([session?.domain, ended.location?.href]).toEqual([undefined, `${https}/home`]);
      } finally {
        await other.stop();
      }
    });

    it('let a page of a sign-in be kept by no cache', async () => {
      for (const path of ['/', '/login', '/signed-out', '/oauth/clever/callback?code=a&state=b']) {
        const { headers } = await fixture.browser().once(fixture.publicUrl + path);
        expect([path, headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
          path,
          'no-store',
          'no-referrer',
        ]);
        expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      }
    });
  });

  it('with CLEVER_STATELESS=reject, answers a launch with a page that starts the sign-in', async () => {
    const bridge = await fixture.addBridge({ CLEVER_STATELESS: 'reject' });
    const page = await fixture.browser().once(`${bridge.url}/oauth/clever/callback?code=abcdefghijklmnop`);
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect(page.body).toContain('href="/login?app=summit-k12"');
    const sync = await fixture.browser().once(`${bridge.url}/oauth/clever/secure-sync/callback?code=abcdefghijklmnop`);
    expect(sync.body).toContain('href="/login?app=secure-sync"');
  });

  it('limits a browser in a loop and says when to come back, while others behind its address go on', async () => {
    const bridge = await fixture.addBridge({ LIMITS: 'on' });
    const visit = (cookie: string) =>
      fetch(`${bridge.url}/login?app=none`, { headers: { accept: problemAccept, cookie } });
    const named = await fetch(`${bridge.url}/login`, { redirect: 'manual' });
    const cookie = named.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const statuses: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (const response of await Promise.all(Array.from({ length: 50 }, () => visit(cookie)))) {
        statuses.push(response.status);
        await response.arrayBuffer();
      }
    }
    const limited = await visit(cookie);
    // 60 sign-ins a minute are promised to one browser: a launch asks twice.
    expect(statuses.slice(0, 120).every((status) => status === 400)).toBe(true);
    expect([limited.status, Object(await limited.json()).code]).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await visit('')).status).toBe(400);
    expect((await fetch(`${bridge.url}/.well-known/jwks.json`)).status).toBe(200);
  });
});
