// Session tokens: what ours look like, and that nothing else passes for one.
import { createHmac, createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createSessionTokens, type SessionClaims, type SessionTokens } from '../../src/session/session-token.ts';
import { createSigningKeys, type SigningKeys } from '../../src/session/signing-keys.ts';
import { createVault } from '../../src/store/vault.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { audience, issuer, sessionTtlSeconds } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';
import { claimsFor } from './claims.ts';

let storeFixture: StoreFixture;
let clock: MovableClock;
let keys: SigningKeys;
let tokens: SessionTokens;
let claims: SessionClaims;

beforeAll(async () => {
  storeFixture = await embedded.start();
});
beforeEach(async () => {
  clock = createClock();
  keys = createSigningKeys(await storeFixture.place().open(), createVault(Buffer.alloc(32, 1), clock), {
    sessionTtlSeconds,
    clock,
  });
  tokens = createSessionTokens(keys, { issuer, audience, clock });
  claims = claimsFor(clock);
});
afterAll(() => storeFixture.stop());

const base64url = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const bodyOf = (change: object = {}) => ({ ...claims, iss: issuer, aud: audience, amr: ['clever'], ...change });

/** A token signed by our own current key, but made differently. */
async function signed(header: object = {}, body: object = {}): Promise<string> {
  const { kid, key } = await keys.current();
  return new SignJWT(bodyOf(body)).setProtectedHeader({ alg: 'ES256', typ: 'session+jwt', kid, ...header }).sign(key);
}

describe('a session token', () => {
  it('has exactly the claims of the contract and no name or email', async () => {
    const token = await tokens.issue(claims);
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'ES256',
      typ: 'session+jwt',
      kid: (await keys.current()).kid,
    });
    expect(decodeJwt(token)).toEqual(bodyOf());
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(
      ['amr', 'aud', 'district', 'exp', 'iat', 'iss', 'jti', 'matched', 'role', 'sid', 'sub'].sort(),
    );
  });

  it('verifies until it expires and not a second longer', async () => {
    const token = await tokens.issue(claims);
    expect(await tokens.verify(token)).toMatchObject(claims);
    clock.advance(sessionTtlSeconds - 1);
    expect(await tokens.verify(token)).toBeDefined();
    clock.advance(1);
    expect(await tokens.verify(token)).toBeUndefined();
  });
});

describe('a token that was verified before', () => {
  it('is refused with one letter changed, and from the moment its key is thrown away', async () => {
    const token = await tokens.issue(claims);
    expect(await tokens.verify(token)).toMatchObject(claims);
    for (const part of [0, 1, 2]) {
      const parts = token.split('.');
      const text = parts[part] ?? '';
      parts[part] = `${text.slice(0, 5)}${text[5] === 'A' ? 'B' : 'A'}${text.slice(6)}`;
      expect(await tokens.verify(parts.join('.'))).toBeUndefined();
    }
    await keys.dangerouslyReplaceAll();
    expect(await tokens.verify(token)).toBeUndefined();
  });
});

describe('verification refuses', () => {
  it('alg none', async () => {
    const token = `${base64url({ alg: 'none', typ: 'session+jwt' })}.${base64url(bodyOf())}.`;
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('HS256 with any spelling of the public key as the secret', async () => {
    const [jwk] = (await keys.jwks()).keys;
    const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
      String(jwk?.x),
      String(jwk?.kid),
    ];
    for (const secret of secrets) {
      const signedPart = `${base64url({ alg: 'HS256', typ: 'session+jwt', kid: jwk?.kid })}.${base64url(bodyOf())}`;
      const mac = createHmac('sha256', secret).update(signedPart).digest('base64url');
      expect(await tokens.verify(`${signedPart}.${mac}`)).toBeUndefined();
    }
  });

  it.each([
    ['the type of an id_token', { typ: 'JWT' }, {}],
    ['the type of an access token', { typ: 'at+jwt' }, {}],
    ['no type', { typ: undefined }, {}],
    ['an unknown kid', { kid: 'unknown' }, {}],
    ['a critical header it does not know', { crit: ['x'], x: 1 }, {}],
    ['another issuer', {}, { iss: 'https://clever.com' }],
    ['no issuer', {}, { iss: undefined }],
    ['another audience', {}, { aud: 'https://other.example' }],
    ['no audience', {}, { aud: undefined }],
    ['no expiry', {}, { exp: undefined }],
    ['no subject', {}, { sub: undefined }],
    ['no session id', {}, { sid: undefined }],
    ['no district', {}, { district: undefined }],
    ['a start in the future', {}, { nbf: 99_999_999_999 }],
  ])('%s, although the signature is ours', async (_name, header, body) => {
    const token = await signed(header, body).catch(() => undefined);
    if (token !== undefined) expect(await tokens.verify(token)).toBeUndefined();
    expect(await tokens.verify(await signed())).toBeDefined();
  });

  it('a key brought along in the header', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk: JWK = await exportJWK(publicKey);
    const { kid } = await keys.current();
    for (const header of [{ jwk }, { jwk, kid }, { kid }, { jku: 'https://evil.example/jwks.json', kid }]) {
      const token = await new SignJWT(bodyOf())
        .setProtectedHeader({ alg: 'ES256', typ: 'session+jwt', ...header })
        .sign(privateKey);
      expect(await tokens.verify(token)).toBeUndefined();
    }
  });

  it('a changed claim under the old signature', async () => {
    const [header, , signature] = (await tokens.issue(claims)).split('.');
    expect(await tokens.verify(`${header}.${base64url(bodyOf({ sub: 'other' }))}.${signature}`)).toBeUndefined();
  });

  it('the token cut short anywhere', async () => {
    const token = await tokens.issue(claims);
    for (let length = 0; length < token.length; length += 7) {
      expect(await tokens.verify(token.slice(0, length))).toBeUndefined();
    }
    expect(await tokens.verify(token.slice(0, -1))).toBeUndefined();
  });

  it.each(['', '.', '..', 'a.b.c', '{}', '\0', 'ü.ü.ü', 'x'.repeat(100_000)])(
    '%.20j without throwing',
    async (text) => {
      await expect(tokens.verify(text)).resolves.toBeUndefined();
    },
  );

  it('nothing where a key of our own cannot be used: that is a failure', async () => {
    const broken = async () => {
      const { keys: published } = await keys.jwks();
      return { keys: published.map((key) => ({ ...key, x: 'AAAA' })) };
    };
    const failing = createSessionTokens({ ...keys, jwks: broken }, { issuer, audience, clock });
    await expect(failing.verify(await tokens.issue(claims))).rejects.toThrow();
  });

  it('a token of another bridge with the same names and another key', async () => {
    const place = storeFixture.place();
    const others = createSigningKeys(await place.open(), createVault(Buffer.alloc(32, 2)), { sessionTtlSeconds });
    const theirs = createSessionTokens(others, { issuer, audience });
    expect(await tokens.verify(await theirs.issue(claims))).toBeUndefined();
  });
});
