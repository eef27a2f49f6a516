// The successful path through the port, and the contents of the requests to Clever.
import { createHash } from 'node:crypto';
import { createCleverIdentityProvider } from '../../src/clever/clever-identity-provider.ts';
import { type FakeClever, startFakeClever } from './support/fake-clever.ts';
import { APPS, type Bench, callbackOf, exchange, openBench, STATE } from './support/sign-in.ts';

let clever: FakeClever;
let bench: Bench;

beforeEach(async () => {
  clever = await startFakeClever();
  bench = openBench(clever);
});
afterEach(async () => {
  await bench.provider.close();
  await clever.close();
});

async function authorizeUrl(provider = bench.provider, districtId?: string): Promise<URL> {
  const checks = provider.createChecks(STATE);
  const url = await provider.authorizationUrl('summit-k12', checks, districtId);
  if (!(url instanceof URL)) throw new Error(url.reason);
  return url;
}

describe('createChecks', () => {
  it('makes another nonce and code verifier each time', () => {
    const [one, two] = [bench.provider.createChecks('a'), bench.provider.createChecks('a')];
    expect(one.state).toBe('a');
    expect(one.nonce).not.toBe(two.nonce);
    expect(one.codeVerifier).toMatch(/^[\w-]{43}$/);
    expect(one.codeVerifier).not.toBe(two.codeVerifier);
  });

  it('makes no code verifier when PKCE is off', () => {
    const { provider } = openBench(clever, { pkce: false });
    expect(provider.createChecks('a')).not.toHaveProperty('codeVerifier');
  });
});

describe('authorizationUrl', () => {
  it('carries state, nonce, an S256 challenge and the registered redirect address', async () => {
    const checks = bench.provider.createChecks(STATE);
    const url = await bench.provider.authorizationUrl('secure-sync', checks);
    if (!(url instanceof URL)) throw new Error(url.reason);
    expect(url.origin + url.pathname).toBe(`${clever.issuer}/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-2',
      response_type: 'code',
      redirect_uri: 'https://sso.example.org/oauth/clever/secure-sync/callback',
      scope: 'openid profile email',
      state: STATE,
      nonce: checks.nonce,
      return_unshared: 'true',
      code_challenge: createHash('sha256').update(`${checks.codeVerifier}`).digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  it('passes the district on', async () => {
    expect((await authorizeUrl(bench.provider, '4f01')).searchParams.get('district_id')).toBe('4f01');
  });

  it('sends no challenge when PKCE is off', async () => {
    const { provider } = openBench(clever, { pkce: false });
    expect([...(await authorizeUrl(provider)).searchParams.keys()]).not.toContain('code_challenge');
    await provider.close();
  });

  it('loads the metadata once for a hundred who come first', async () => {
    await Promise.all(Array.from({ length: 100 }, () => authorizeUrl()));
    expect(clever.count('discovery')).toBe(1);
  });
});

describe('exchange', () => {
  it('returns the claims of a verified id_token', async () => {
    await clever.expect('NONCE-1', { email: 'ada@district.example' });
    const answer = await exchange(bench.provider);
    expect(answer).toMatchObject({ kind: 'verified', claims: { email: 'ada@district.example', user_type: 'student' } });
  });

  it('repeats the redirect address without the query of the callback, and sends code and verifier', async () => {
    await clever.expect('NONCE-1');
    await exchange(bench.provider);
    expect(Object.fromEntries(clever.tokenRequests[0]?.form ?? [])).toEqual({
      grant_type: 'authorization_code',
      redirect_uri: APPS['summit-k12'].redirectUri,
      code: 'CODE-1',
      code_verifier: 'v'.repeat(43),
    });
  });

  it('redeems the code once, whatever comes of it', async () => {
    clever.giveIdToken('nonsense');
    await exchange(bench.provider);
    expect(clever.count('token')).toBe(1);
  });

  it('says which program asks', async () => {
    await clever.expect('NONCE-1');
    await exchange(bench.provider);
    expect(clever.tokenRequests[0]?.userAgent).toBe('summit-k12-sso-bridge');
  });

  it('encodes a secret of special characters before it goes into the Basic header (RFC 6749 section 2.3.1)', async () => {
    const odd = { ...APPS['summit-k12'], clientId: 'client-1', clientSecret: 'p:a+s s/é%&-_.~*' };
    const { provider } = openBench(clever, { apps: { ...APPS, 'summit-k12': odd } });
    await clever.expect('NONCE-1');
    expect(await exchange(provider)).toMatchObject({ kind: 'verified' });
    const [scheme, value] = clever.tokenRequests[0]?.authorization?.split(' ') ?? [];
    const [id, secret] = Buffer.from(`${value}`, 'base64').toString('latin1').split(':');
    // What a form leaves alone stays: a server that does not decode the header takes a plain id and secret all the same.
    expect([scheme, id]).toEqual(['Basic', 'client-1']);
    expect(secret).toBe('p%3Aa%2Bs+s%2F%C3%A9%25%26-_.%7E*');
    expect(new URLSearchParams(`s=${secret}`).get('s')).toBe(odd.clientSecret);
    expect(clever.tokenRequests[0]?.form.has('client_secret')).toBe(false);
    await provider.close();
  });

  it('asks for metadata and keys once for many sign-ins', async () => {
    await clever.expect('NONCE-1');
    await Promise.all(Array.from({ length: 20 }, () => exchange(bench.provider)));
    expect([clever.count('discovery'), clever.count('keys'), clever.count('token')]).toEqual([1, 1, 20]);
  });

  it('needs nothing of the token answer but the id_token', async () => {
    const idToken = await clever.expect('NONCE-1');
    clever.answer('token', (_, response) => response.end(JSON.stringify({ id_token: idToken })));
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
  });

  it.each([
    ['another state', callbackOf('STATE-2')],
    ['no state', new URLSearchParams({ code: 'CODE-1' })],
    ['no code', new URLSearchParams({ state: STATE })],
    ['two codes', new URLSearchParams(`code=a&code=b&state=${STATE}`)],
    ['an error', new URLSearchParams({ error: 'access_denied', state: STATE })],
    ['another issuer', new URLSearchParams({ code: 'CODE-1', state: STATE, iss: 'https://evil.example' })],
    ['a signed response', new URLSearchParams({ code: 'CODE-1', state: STATE, response: 'e30.e30.x' })],
    ['an id_token in front', new URLSearchParams({ code: 'CODE-1', state: STATE, id_token: 'e30.e30.x' })],
  ])('refuses a callback with %s before the code is used', async (_, callback) => {
    const answer = await bench.provider.exchange('summit-k12', { state: STATE, nonce: 'n' }, callback);
    expect(answer).toEqual({ kind: 'refused', code: 'clever_rejected', reason: 'bad-callback' });
    expect(clever.count('token')).toBe(0);
  });
});

describe('health', () => {
  it('is unknown, then that of the latest call', async () => {
    expect(bench.provider.health()).toBe('unknown');
    await clever.expect('NONCE-1');
    await exchange(bench.provider);
    expect(bench.provider.health()).toBe('up');
    clever.answer('token', (_, response) => response.writeHead(503).end());
    await exchange(bench.provider);
    expect(bench.provider.health()).toBe('down');
  });
});

describe('options', () => {
  const good = { issuer: 'https://clever.com', apps: APPS, pkce: true };
  const withRedirect = (redirectUri: string) => ({
    ...good,
    apps: { ...APPS, 'summit-k12': { ...APPS['summit-k12'], redirectUri } },
  });

  it.each([
    ['plain http to another host', { ...good, issuer: 'http://clever.com' }],
    ['a host that only begins like loopback', { ...good, issuer: 'http://127.0.0.1.evil.example' }],
    ['an issuer that is no address', { ...good, issuer: 'clever' }],
    ['a redirect address with a query', withRedirect('https://sso.example.org/callback?a=1')],
    ['a redirect address with an empty query', withRedirect('https://sso.example.org/callback?')],
    ['a redirect address that would be sent in another form', withRedirect('https://SSO.example.org/callback')],
    ['an empty secret', { ...good, apps: { ...APPS, 'summit-k12': { ...APPS['summit-k12'], clientSecret: '' } } }],
  ])('are refused at once with %s', (_, options) => {
    expect(() => createCleverIdentityProvider(options)).toThrow(TypeError);
  });

  it('allow plain http on every loopback host', () => {
    for (const issuer of ['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1']) {
      expect(() => createCleverIdentityProvider({ ...good, issuer })).not.toThrow();
    }
  });
});
