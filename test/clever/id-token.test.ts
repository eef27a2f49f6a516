// Tokens that must not pass, each made for one rule of OpenID Connect Core 3.1.3.7 or RFC 8725.
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { type FakeClever, metadataOf, sendJson, startFakeClever } from './support/fake-clever.ts';
import { APPS, type Bench, callbackOf, exchange, openBench, SECRET, STATE } from './support/sign-in.ts';

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

const rejected = (reason: string) => ({ kind: 'refused', code: 'clever_rejected', reason });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const pemOf = (jwk: JsonWebKey) => createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });

/** The token Clever signed for a student, with the claims of a superintendent. */
function forge(token: string, changes: Record<string, unknown>): string {
  const [header, payload, signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(`${payload}`, 'base64url').toString());
  return [header, base64url({ ...claims, ...changes }), signature].join('.');
}

describe('a forged signature', () => {
  it('passes oauth4webapi as it comes, which leaves it to validateApplicationLevelSignature', async () => {
    clever.giveIdToken(forge(await clever.expect('NONCE-1'), { user_type: 'district_admin' }));
    const server = { ...metadataOf(clever.issuer), issuer: clever.issuer };
    const client = { client_id: 'client-1' };
    const callback = oauth.validateAuthResponse(server, client, new URLSearchParams(callbackOf()), STATE);
    const { redirectUri } = APPS['summit-k12'];
    const secret = oauth.ClientSecretBasic(SECRET);
    const insecure = { [oauth.allowInsecureRequests]: true };
    const [request, read] = [oauth.authorizationCodeGrantRequest, oauth.processAuthorizationCodeResponse];
    const response = await request(server, client, secret, callback, redirectUri, oauth.nopkce, insecure);
    const tokens = await read(server, client, response, { expectedNonce: 'NONCE-1' });
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ user_type: 'district_admin' });
  });

  it('does not pass the provider', async () => {
    clever.giveIdToken(forge(await clever.expect('NONCE-1'), { user_type: 'district_admin' }));
    expect(await exchange(bench.provider)).toEqual(rejected('bad-signature'));
  });

  it.each([
    ['of another key with the same id', 'bad-signature', async () => signElsewhere('key-1')],
    ['that is empty', 'bad-signature', async () => (await clever.expect('NONCE-1')).replace(/[^.]+$/, '')],
    ['that is cut short', 'bad-signature', async () => (await clever.expect('NONCE-1')).slice(0, -8)],
    ['that is no base64url', 'malformed-token', async () => (await clever.expect('NONCE-1')).replace(/[^.]+$/, '%%%')],
  ])('is refused: a signature %s, as %s', async (_, reason, make) => {
    clever.giveIdToken(await make());
    expect(await exchange(bench.provider)).toEqual(rejected(reason));
  });

  async function signElsewhere(kid: string): Promise<string> {
    const { privateKey } = await generateKeyPair('RS256');
    return new SignJWT(clever.claims('NONCE-1')).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  }
});

describe('an algorithm that is not asymmetric', () => {
  it('is refused: none, though the provider lists it', async () => {
    clever.giveIdToken(`${base64url({ alg: 'none' })}.${base64url(clever.claims('NONCE-1'))}.`);
    expect(await exchange(bench.provider)).toEqual(rejected('unsupported-alg'));
  });

  it.each([
    ['the public key', async () => pemOf(clever.publicJwk())],
    ['the public key as JSON', async () => JSON.stringify(clever.publicJwk())],
    ['the secret of the client', async () => SECRET],
  ])('is refused: HS256 with %s as secret, though the provider lists it', async (_, secretOf) => {
    const head = `${base64url({ alg: 'HS256', kid: 'key-1' })}.${base64url(clever.claims('NONCE-1'))}`;
    clever.giveIdToken(
      `${head}.${createHmac('sha256', await secretOf())
        .update(head)
        .digest('base64url')}`,
    );
    expect(await exchange(bench.provider)).toEqual(rejected('unsupported-alg'));
  });

  it('is refused when the provider lists nothing else', async () => {
    const metadata = { ...metadataOf(clever.issuer), id_token_signing_alg_values_supported: ['none', 'HS256'] };
    clever.answer('discovery', (_, response) => sendJson(response, 200, metadata));
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toEqual(rejected('unsupported-alg'));
  });
});

describe('an asymmetric algorithm', () => {
  it.each(['ES256', 'PS256', 'Ed25519'])('verifies %s when the provider lists no algorithms', async (alg) => {
    const other = await startFakeClever(alg);
    const { id_token_signing_alg_values_supported: _, ...metadata } = metadataOf(other.issuer);
    other.answer('discovery', (_, response) => sendJson(response, 200, metadata));
    await other.expect('NONCE-1');
    const { provider } = openBench(other);
    expect(await exchange(provider)).toMatchObject({ kind: 'verified' });
    await provider.close();
    await other.close();
  });

  it('is refused where the provider does not list it', async () => {
    const { privateKey } = await generateKeyPair('PS256');
    const token = new SignJWT(clever.claims('NONCE-1')).setProtectedHeader({ alg: 'PS256', kid: 'key-1' });
    clever.giveIdToken(await token.sign(privateKey));
    expect(await exchange(bench.provider)).toEqual(rejected('unsupported-alg'));
  });

  it('is refused where only the provider lists it, not we', async () => {
    const metadata = { ...metadataOf(clever.issuer), id_token_signing_alg_values_supported: ['RS256', 'ML-DSA-44'] };
    clever.answer('discovery', (_, response) => sendJson(response, 200, metadata));
    clever.giveIdToken(`${base64url({ alg: 'ML-DSA-44', kid: 'key-1' })}.${base64url(clever.claims('NONCE-1'))}.AAAA`);
    expect(await exchange(bench.provider)).toEqual(rejected('unsupported-alg'));
    expect(clever.count('keys')).toBe(0);
  });

  it('is refused with an RSA key of 1024 bits', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256' };
    clever.answer('keys', (_, response) => sendJson(response, 200, { keys: [weak] }));
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toMatchObject({ code: 'clever_rejected' });
  });
});

const now = () => Math.floor(Date.now() / 1000);

describe('a claim', () => {
  it.each<[string, () => Record<string, unknown>, string]>([
    ['another issuer', () => ({ iss: 'https://evil.example' }), 'wrong-issuer'],
    ['the issuer with a slash behind', () => ({ iss: `${clever.issuer}/` }), 'wrong-issuer'],
    ['another audience', () => ({ aud: 'somebody-else' }), 'wrong-audience'],
    ['the audience of our other app', () => ({ aud: 'client-2' }), 'wrong-audience'],
    ['further audiences and no azp', () => ({ aud: ['client-1', 'other'] }), 'wrong-audience'],
    ['further audiences and a foreign azp', () => ({ aud: ['client-1', 'other'], azp: 'other' }), 'wrong-audience'],
    ['a foreign azp beside our audience', () => ({ azp: 'other' }), 'wrong-audience'],
    ['another nonce', () => ({ nonce: 'NONCE-2' }), 'wrong-nonce'],
    ['no nonce', () => ({ nonce: undefined }), 'wrong-nonce'],
    ['an expiry a little more than a minute ago', () => ({ exp: now() - 62 }), 'expired'],
    ['a beginning in an hour', () => ({ nbf: now() + 3600 }), 'not-yet-valid'],
    ['no subject', () => ({ sub: undefined }), 'malformed-token'],
    ['a subject that is a number', () => ({ sub: 5 }), 'malformed-token'],
    ['an expiry that is text', () => ({ exp: 'tomorrow' }), 'malformed-token'],
    ['no expiry', () => ({ exp: undefined }), 'malformed-token'],
    ['no issuer', () => ({ iss: undefined }), 'malformed-token'],
  ])('is refused: %s', async (_, changes, reason) => {
    await clever.expect('NONCE-1', changes());
    expect(await exchange(bench.provider)).toEqual(rejected(reason));
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['an expiry half a minute ago: clocks differ', () => ({ exp: now() - 30 })],
    ['our audience in a list', () => ({ aud: ['client-1'] })],
    ['further audiences with us as azp', () => ({ aud: ['client-1', 'other'], azp: 'client-1' })],
  ])('passes: %s', async (_, changes) => {
    await clever.expect('NONCE-1', changes());
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
  });

  it('expires by the clock that was given', async () => {
    await clever.expect('NONCE-1');
    bench.forward(2 * 3_600_000);
    expect(await exchange(bench.provider)).toEqual(rejected('expired'));
  });
});

describe('what is no token', () => {
  const garbage: [string, unknown][] = [
    ['a word', 'nonsense'],
    ['two parts', 'e30.e30'],
    ['five parts (encrypted)', 'e30.e30.e30.e30.e30'],
    ['a header that is no JSON', '%%.e30.AAAA'],
    ['a header that is a list', `${base64url([])}.e30.AAAA`],
    ['a header that is null', `${base64url(null)}.e30.AAAA`],
    ['a payload that is text', `${base64url({ alg: 'RS256' })}.${base64url('x')}.AAAA`],
    ['a payload that is no base64url', `${base64url({ alg: 'RS256' })}.**.AAAA`],
    ['a critical extension', `${base64url({ alg: 'RS256', crit: ['b64'], b64: false })}.e30.AAAA`],
    ['a number', 7],
    ['an object', { a: 1 }],
    ['true', true],
    ['an empty object in base64url, with an invalid signature', `${base64url({ alg: 'RS256' })}.e30.AAAA`],
  ];
  it.each(garbage)('is refused: %s', async (_, idToken) => {
    clever.giveIdToken(idToken);
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'refused', code: 'clever_rejected' });
  });

  it.each([
    ['a number', 5],
    ['null', null],
    ['a list', ['key-1']],
    ['very long', 'k'.repeat(100_000)],
  ])('is refused: a key id that is %s', async (_, kid) => {
    const [, payload, signature] = (await clever.expect('NONCE-1')).split('.');
    clever.giveIdToken(`${base64url({ alg: 'RS256', kid })}.${payload}.${signature}`);
    expect(await exchange(bench.provider)).toEqual(rejected('unknown-key'));
  });
});

describe('a well-signed token with odd claims', () => {
  it.each([
    ['a district that is an object', { district: { id: 'x' } }],
    ['a district that is a number', { district: 7 }],
    ['a lone surrogate in the district', { district: '4f00\ud800' }],
    ['a lone surrogate in the subject', { sub: '5f00\udc00' }],
    ['a subject that is an object', { sub: {} }],
  ])('is refused: %s', async (_, changes) => {
    await clever.expect('NONCE-1', changes);
    expect(await exchange(bench.provider)).toEqual(rejected('malformed-token'));
  });

  it.each([
    ['no district', { district: undefined }],
    ['a district of null', { district: null }],
    ['an email that is an object', { email: { address: 'a@b.example' } }],
    ['a lone surrogate in a name', { given_name: 'A\ud800' }],
  ])('is passed on: %s', async (_, changes) => {
    await clever.expect('NONCE-1', changes);
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
  });
});

describe('after a genuine token with the same header, letter by letter', () => {
  beforeEach(async () => {
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
  });

  const signElsewhere = async (header: Record<string, string>) => {
    const { privateKey } = await generateKeyPair('RS256');
    return new SignJWT(clever.claims('NONCE-1')).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey);
  };
  const genuine = () => clever.expect('NONCE-1');
  const headerOf = (token: string) => token.slice(0, token.indexOf('.'));

  it.each([
    ['other claims', 'bad-signature', async () => forge(await genuine(), { user_type: 'district_admin' })],
    ['the signature of another key', 'bad-signature', () => signElsewhere({ kid: 'key-1' })],
    ['the signature of another token', 'bad-signature', async () => swapSignature()],
    ['an empty signature', 'bad-signature', async () => (await genuine()).replace(/[^.]+$/, '')],
    ['a signature cut short', 'bad-signature', async () => (await genuine()).slice(0, -8)],
    ['a signature that is no base64url', 'malformed-token', async () => (await genuine()).replace(/[^.]+$/, '%%%')],
    ['a fourth part', 'malformed-token', async () => `${await genuine()}.AAAA`],
    ['no signature at all', 'malformed-token', async () => (await genuine()).replace(/\.[^.]+$/, '')],
    ['nothing but the header', 'malformed-token', async () => headerOf(await genuine())],
    ['the expired claims of long ago, signed', 'expired', () => clever.expect('NONCE-1', { exp: 1, iat: 0 })],
  ])('refuses %s, as %s', async (_, reason, make) => {
    clever.giveIdToken(await make());
    expect(await exchange(bench.provider)).toEqual(rejected(reason));
  });

  async function swapSignature(): Promise<string> {
    const [one, other] = [await genuine(), await clever.sign(clever.claims('NONCE-2'))];
    return `${one.slice(0, one.lastIndexOf('.'))}${other.slice(other.lastIndexOf('.'))}`;
  }

  it.each([
    ['alg none', 'unsupported-alg', { alg: 'none', kid: 'key-1' }],
    ['HS256', 'unsupported-alg', { alg: 'HS256', kid: 'key-1' }],
    ['a critical member', 'malformed-token', { alg: 'RS256', kid: 'key-1', crit: ['x'], x: 1 }],
    ['another key', 'unknown-key', { alg: 'RS256', kid: 'key-2' }],
  ])('lets jose judge a header with %s, under the genuine signature: %s', async (_, reason, header) => {
    const [, payload, signature] = (await genuine()).split('.');
    clever.giveIdToken([base64url(header), payload, signature].join('.'));
    expect(await exchange(bench.provider)).toEqual(rejected(reason));
  });

  it("takes the next genuine ones, and those of a key that takes the first one's place and name", async () => {
    for (const change of [() => undefined, () => clever.replaceKey()]) {
      await change();
      await genuine();
      expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
    }
  });

  it('refuses tokens of a key that was withdrawn five minutes ago', async () => {
    const before = await genuine();
    await clever.rotate();
    bench.forward(300_001);
    clever.giveIdToken(before);
    expect(await exchange(bench.provider)).toEqual(rejected('unknown-key'));
  });

  it('refuses RS256 once the provider lists it no more', async () => {
    const metadata = { ...metadataOf(clever.issuer), id_token_signing_alg_values_supported: ['ES256'] };
    clever.answer('discovery', (_, response) => sendJson(response, 200, metadata));
    bench.forward(3_600_001);
    await clever.expect('NONCE-1', { exp: 9_999_999_999 });
    expect(await exchange(bench.provider)).toEqual(rejected('unsupported-alg'));
  });
});
