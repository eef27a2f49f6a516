// A kit to try a product's verifier with: one good token and many forged ones, made with the bridge's own key, so that each
// is wrong in one thing only. The good one is of nobody's session: who asks the bridge is told that it is not live.
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
import type { SigningKeys } from './signing-keys.ts';

export interface Vector {
  readonly name: string;
  readonly token: string;
  /** A verifier is right when it does this. */
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
}

export interface VectorOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

type Key = CryptoKey | KeyObject | Uint8Array;

/** Long enough for a run of tests, short enough for a token that lies about in a file. */
const lifeSeconds = 600;

export async function makeVectors(
  keys: Pick<SigningKeys, 'current' | 'jwks'>,
  { issuer, audience, clock = Date.now }: VectorOptions,
): Promise<VectorKit> {
  const { kid, key } = await keys.current();
  const jwks = await keys.jwks();
  const iat = Math.floor(clock() / 1000);
  const claims: JWTPayload = {
    ...{ iss: issuer, aud: audience, sub: randomUUID(), sid: randomUUID(), jti: randomUUID(), iat },
    ...{ exp: iat + lifeSeconds, district: 'verifier-kit', role: 'student', amr: ['clever'] },
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
    ...Object.entries(forged).map(([name, token]): Vector => ({ name, token, expect: 'refuse' })),
  ];
  return { issuer, audience, jwks, good_until: new Date((iat + lifeSeconds) * 1000).toISOString(), vectors };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function readPublic(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'ES256', { extractable: true });
  if (key instanceof Uint8Array) throw new TypeError('a signing key is not symmetric');
  return key;
}
