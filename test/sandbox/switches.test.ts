// Each switch does what it says, and `once` does it once.
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import { app, launchCode, readJson, redeem, startTestClever, tokensOf } from './start.ts';

let clever: Clever;

beforeAll(async () => {
  clever = await startTestClever();
});
afterEach(() => clever.switches.clear());
afterAll(() => clever.close());

const discovery = () => fetch(`${clever.url}/.well-known/openid-configuration`);
const certs = () => fetch(`${clever.url}/oauth/certs`);
const turn = (settings: unknown) =>
  fetch(`${clever.url}/sandbox/switches`, {
    method: 'PUT',
    body: JSON.stringify(settings),
    headers: { 'content-type': 'application/json' },
  });

async function verified(idToken: string) {
  const keys = createRemoteJWKSet(new URL(`${clever.url}/oauth/certs`));
  return jwtVerify(idToken, keys, { issuer: clever.issuer, audience: app.clientId, algorithms: ['RS256'] });
}

describe('switches over HTTP', () => {
  it('returns the active switches', async () => {
    await turn({ drop: { on: ['token'], once: true } });
    const answer = await readJson(await fetch(`${clever.url}/sandbox/switches`));
    expect(answer).toEqual({ drop: { on: ['token'], once: true } });
  });

  it('replaces everything that was on', async () => {
    await turn({ html: { on: ['jwks'] } });
    expect(await readJson(await turn({}))).toEqual({});
    expect((await certs()).headers.get('content-type')).toContain('json');
  });

  it.each([[{ nonsense: true }], [{ fail: { on: ['moon'] } }], [{ slow: { ms: -1 } }]])(
    'refuses %j and leaves things as they were',
    async (settings) => {
      await turn({ html: { on: ['jwks'] } });
      expect((await turn(settings)).status).toBe(400);
      expect(clever.switches.current()).toEqual({ html: { on: ['jwks'] } });
    },
  );

  it('changes the key', async () => {
    const before = await readJson(await certs());
    await turn({ rotateKey: true });
    expect(await readJson(await certs())).not.toEqual(before);
  });
});

describe('faults of whole answers', () => {
  it('fails at the chosen endpoint, with the chosen status', async () => {
    clever.switches.set({ fail: { on: ['jwks'], status: 502 } });
    expect([(await certs()).status, (await discovery()).status]).toEqual([502, 200]);
  });

  it.each(['discovery', 'jwks', 'token'] as const)('fails %s once, then answers again', async (endpoint) => {
    const code = await launchCode(clever, 'student');
    clever.switches.set({ fail: { on: [endpoint], once: true } });
    const ask = { discovery, jwks: certs, token: () => redeem(clever, code) }[endpoint];
    expect([(await ask()).status, (await ask()).status]).toEqual([503, 200]);
  });

  it('is slow', async () => {
    clever.switches.set({ slow: { ms: 300, on: ['discovery'], once: true } });
    const started = performance.now();
    expect((await discovery()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  it('answers 200 with a page', async () => {
    clever.switches.set({ html: { on: ['token'] } });
    const answer = await redeem(clever, 'any');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('closes the connection without an answer', async () => {
    clever.switches.set({ drop: { on: ['token'] } });
    await expect(redeem(clever, 'any')).rejects.toThrow('fetch failed');
  });

  it('answers with 30 MB', async () => {
    clever.switches.set({ huge: { on: ['jwks'] } });
    expect((await (await certs()).arrayBuffer()).byteLength).toBeGreaterThan(30_000_000);
  });

  it('stops the 30 MB when the reader goes away', async () => {
    clever.switches.set({ huge: { on: ['jwks'], once: true } });
    await (await certs()).body?.cancel();
    expect((await certs()).status).toBe(200);
  });

  it('refuses the client, and the code is still good afterwards', async () => {
    const code = await launchCode(clever, 'student');
    clever.switches.set({ invalidClient: { once: true } });
    const refused = await redeem(clever, code);
    expect([refused.status, await readJson(refused)]).toEqual([401, { error: 'invalid_client' }]);
    expect((await redeem(clever, code)).status).toBe(200);
  });
});

it.each([
  ['clever', 400, '{"error":"Invalid grant: invalid code"}'],
  ['message', 400, '{"message":"Invalid grant: invalid code"}'],
  ['html', 401, '<h1>401 Unauthorized</h1>'],
  ['ok', 200, '{"error":"invalid_grant"}'],
] as const)('a code is refused in the form %s, once', async (as, status, words) => {
  const code = await launchCode(clever, 'student');
  clever.switches.set({ tokenError: { as, once: true } });
  const refused = await redeem(clever, code);
  expect([refused.status, await refused.text()]).toEqual([status, expect.stringContaining(words)]);
  expect((await redeem(clever, code)).status).toBe(200);
});

async function forged(settings: SwitchSettings['idToken']): Promise<string> {
  clever.switches.set({ idToken: settings });
  return (await tokensOf(clever, 'student')).id_token ?? '';
}

describe('forged id_tokens', () => {
  it.each([
    ['wrong-audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['wrong-issuer', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['expired', 'ERR_JWT_EXPIRED'],
    ['bad-signature', 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED'],
    ['alg-none', 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['hs256-with-public-key', 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ] as const)('%s does not verify: %s', async (forge, code) => {
    await expect(verified(await forged({ forge }))).rejects.toMatchObject({ code });
  });

  it('alg-none says so and has no signature', async () => {
    const [header = '', , signature] = (await forged({ forge: 'alg-none' })).split('.');
    expect([JSON.parse(atob(header)).alg, signature]).toEqual(['none', '']);
  });

  it('hs256-with-public-key would pass a verifier that lets the token choose the algorithm', async () => {
    const token = await forged({ forge: 'hs256-with-public-key' });
    const { exportSPKI } = await import('jose');
    const { keys } = Object(await (await certs()).json());
    const key = await importJWK(keys[0], 'RS256', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('not a public key');
    await expect(jwtVerify(token, new TextEncoder().encode(await exportSPKI(key)))).resolves.toBeDefined();
  });

  it('wrong-nonce verifies, with a nonce that was never sent', async () => {
    const { payload } = await verified(await forged({ forge: 'wrong-nonce' }));
    expect(payload['nonce']).toMatch(/.{20}/);
  });

  it('bad-signature carries the kid of the true key', async () => {
    const { kid } = decodeProtectedHeader(await forged({ forge: 'bad-signature' }));
    const { keys } = Object(await (await certs()).json());
    expect(keys[0].kid).toBe(kid);
  });

  it('missing leaves the id_token out', async () => {
    expect(await forged({ forge: 'missing' })).toBe('');
  });

  it('lays claims over its own and takes away those that are null', async () => {
    const payload = decodeJwt(await forged({ claims: { email: ['a', 'b'], district: null } }));
    expect(payload['email']).toEqual(['a', 'b']);
    expect(payload).not.toHaveProperty('district');
  });

  it('forges once', async () => {
    await forged({ forge: 'wrong-issuer', once: true });
    await expect(verified((await tokensOf(clever, 'student')).id_token ?? '')).resolves.toBeDefined();
  });
});

describe('a rotated key', () => {
  it('has a new kid, and the old key is gone', async () => {
    const old = (await tokensOf(clever, 'student')).id_token ?? '';
    const oldKeys = createLocalJWKSet(Object(await (await certs()).json()));
    await clever.switches.rotateKey();
    await expect(verified(old)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    const fresh = (await tokensOf(clever, 'student')).id_token ?? '';
    await expect(verified(fresh)).resolves.toBeDefined();
    await expect(jwtVerify(fresh, oldKeys)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });
});
