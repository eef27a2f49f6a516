// Test vectors for a product's verifier: valid tokens and many forged ones, made with the bridge's own key, each wrong
// in one respect only. The valid ones belong to no session: the bridge itself reports them as not active.
import { createHash, type KeyObject, randomUUID } from 'node:crypto';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { maxSessionCookies, sessionCookieNames } from '../verifier/session-cookies.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface Vector {
  readonly name: string;
  readonly token: string;
  /** The result of a correct verifier. */
  readonly expect: 'accept' | 'refuse';
}

export interface CookieVector {
  readonly name: string;
  /** Of a request, named `Cookie`. */
  readonly header: string;
  readonly expect: 'accept' | 'refuse';
}

export interface VectorKit {
  readonly issuer: string;
  readonly audience: string;
  /** As published. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** When the good token expires. */
  readonly good_until: string;
  readonly vectors: readonly Vector[];
  /** Which cookie a verifier must use: the one whose token verifies, and none if two do (docs/adr/0024). */
  readonly cookies: readonly CookieVector[];
}

export interface VectorOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

type Key = CryptoKey | KeyObject | Uint8Array;

/** Long enough for a test run, short enough for a token left in a file. */
const lifeSeconds = 600;

export async function makeVectors(
  keys: Pick<SigningKeys, 'current' | 'jwks'>,
  { issuer, audience, clock = Date.now }: VectorOptions,
): Promise<VectorKit> {
  // A list: each forged token on its line, beside the valid one that it differs from in one respect.
  const { kid, key } = await keys.current();
  const jwks = await keys.jwks();
  const iat = Math.floor(clock() / 1000);
  const claims: JWTPayload = {
    iss: issuer,
    aud: audience,
    sub: randomUUID(),
    sid: randomUUID(),
    jti: randomUUID(),
    iat,
    exp: iat + lifeSeconds,
    district: 'verifier-kit',
    role: 'student',
    amr: ['clever'],
    matched: { by: 'email', roster: 'manual' },
  };
  const sign = (changes: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}, by: Key = key) =>
    new SignJWT({ ...claims, ...changes })
      .setProtectedHeader({ alg: 'ES256', typ: 'session+jwt', kid, ...header })
      .sign(by);
  const without = (name: string) => sign({ [name]: undefined });

  const good = await sign();
  const [head = '', , signature = ''] = good.split('.');
  const risen = encode({ ...claims, role: 'administrator' });
  const support = { role: 'teacher', position: 'support_teacher' };
  const positioned = await sign(support);
  const promoted = encode({ ...claims, ...support, position: 'lead_teacher' });
  const stranger = await generateKeyPair('ES256', { extractable: true });
  const strangerJwk = await exportJWK(stranger.publicKey);
  const strangerKid = createHash('sha256').update(JSON.stringify(strangerJwk)).digest('base64url');
  const provider = await generateKeyPair('RS256');
  const own = jwks.keys.find((each) => each.kid === kid) ?? {};
  const pem = await exportSPKI(await readPublic(own));
  const symmetric = (secret: string) => sign({}, { alg: 'HS256' }, new TextEncoder().encode(secret));

  const forged: Record<string, string> = {
    expired: await sign({ iat: iat - 7_200, exp: iat - 3_600 }),
    'without an end': await without('exp'),
    'wrong audience': await sign({ aud: 'https://another-product.invalid' }),
    'without an audience': await without('aud'),
    'wrong issuer': await sign({ iss: 'https://another-bridge.invalid' }),
    'other typ': await sign({}, { typ: 'at+jwt' }),
    'plain typ': await sign({}, { typ: 'JWT' }),
    'without typ': await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(key),
    'alg none': new UnsecuredJWT(claims).encode(),
    'alg none, with the typ and kid of a session': `${encode({ alg: 'none', typ: 'session+jwt', kid })}.${encode(claims)}.`,
    'HS256 with the public key': await symmetric(pem),
    'HS256 with the published JWK': await symmetric(JSON.stringify(own)),
    truncated: good.slice(0, -20),
    'without its signature': good.slice(0, good.lastIndexOf('.') + 1),
    'a signature of zeros': `${good.slice(0, good.lastIndexOf('.') + 1)}${Buffer.alloc(64).toString('base64url')}`,
    'a changed claim': `${head}.${risen}.${signature}`,
    'a changed position': `${head}.${promoted}.${positioned.slice(positioned.lastIndexOf('.') + 1)}`,
    'unknown kid': await sign({}, { kid: 'no-such-key' }),
    "another bridge's key": await sign({}, { kid: strangerKid }, stranger.privateKey),
    "another bridge's key under our kid": await sign({}, {}, stranger.privateKey),
    'its own key in the header': await sign({}, { jwk: strangerJwk, kid: strangerKid }, stranger.privateKey),
    'an id_token as session': await new SignJWT({ ...claims, iss: 'https://clever.com', nonce: randomUUID() })
      .setProtectedHeader({ alg: 'RS256', kid: 'clever' })
      .sign(provider.privateKey),
    'no token at all': 'nonsense',
  };
  const vectors: Vector[] = [
    { name: 'good', token: good, expect: 'accept' },
    { name: 'good, with a position', token: positioned, expect: 'accept' },
    ...Object.entries(forged).map(([name, token]): Vector => ({ name, token, expect: 'refuse' })),
  ];
  const other = await sign({ sub: randomUUID(), sid: randomUUID(), jti: randomUUID() });
  const cookies = makeCookies(good, other, forged['expired'] ?? '');
  return { issuer, audience, jwks, good_until: new Date((iat + lifeSeconds) * 1000).toISOString(), vectors, cookies };
}

function makeCookies(good: string, other: string, expired: string): CookieVector[] {
  const [prefixed, plain] = sessionCookieNames;
  const many = (count: number) => Array.from({ length: count }, () => `; ${plain}=${expired}`).join('');
  const accepted: Record<string, string> = {
    'the prefixed name': `${prefixed}=${good}`,
    'the plain name': `a=b; ${plain}=${good}; c=d`,
    'behind an expired one of the same name': `${plain}=${expired}; ${plain}=${good}`,
    'before an expired one of the same name': `${plain}=${good}; ${plain}=${expired}`,
    'beside an expired one of the prefixed name': `${prefixed}=${expired}; ${plain}=${good}`,
    'beside nonsense': `${plain}=nonsense; ${prefixed}=${good}; ${plain}="; ${plain}=`,
    'beside one with white space before the equals sign': `${plain} =${other}; ${plain}=${good}`,
    'as the eighth': `${plain}=${good}${many(maxSessionCookies - 1)}`,
  };
  const refused: Record<string, string> = {
    'none of the names': `a=${good}; x${plain}=${good}; ${plain}x=${good}; ${plain.toUpperCase()}=${good}`,
    'two of one name that verify': `${plain}=${good}; ${plain}=${other}`,
    'the same two the other way round': `${plain}=${other}; ${plain}=${good}`,
    'two of both names that verify': `${prefixed}=${good}; ${plain}=${other}`,
    'one token twice': `${plain}=${good}; ${plain}=${good}`,
    'two that verify behind an expired one': `${plain}=${expired}; ${plain}=${good}; ${plain}=${other}`,
    'a space before the equals sign': `${plain} =${good}`,
    'a tab before the equals sign': `${plain}\t=${good}`,
    'other white space before the prefixed name': `\u00a0${prefixed}=${good}`,
    'other white space behind the prefixed name': `${prefixed}\u00a0=${good}`,
    'nine, of which one verifies': `${plain}=${good}${many(maxSessionCookies)}`,
  };
  const toVectors = (headers: Record<string, string>, expect: CookieVector['expect']) =>
    Object.entries(headers).map(([name, header]): CookieVector => ({ name, header, expect }));
  return [...toVectors(accepted, 'accept'), ...toVectors(refused, 'refuse')];
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function readPublic(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256', { extractable: true });
  if (key instanceof Uint8Array) throw new TypeError('a signing key is not symmetric');
  return key;
}
