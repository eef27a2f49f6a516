// The signing key of the stand-in Clever, its JWKS, and every id_token: right ones and forged ones.
import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import type { Forgery } from './switches.ts';

const lifeSeconds = 3600;

export interface Signing {
  readonly jwks: () => { readonly keys: readonly JWK[] };
  readonly rotateKey: () => Promise<void>;
  /** A private ES256 key for internal signatures, which never leave the process. */
  readonly scratchKey: JWK;
  /**
   * RS256, one hour of life (OpenID Connect Core 2; Clever's OIDC page).
   * @returns undefined when the forgery is that there is none
   */
  readonly signIdToken: (token: IdToken, forge?: Forgery) => Promise<string | undefined>;
}

export interface IdToken {
  readonly issuer: string;
  readonly audience: string;
  readonly nonce: string | undefined;
  readonly nowSeconds: number;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Replaces any claim; null takes it away. */
  readonly laidOver?: Readonly<Record<string, unknown>> | undefined;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function createSigning(): Promise<Signing> {
  let key = await makeKey();
  const scratch = await generateKeyPair('ES256', { extractable: true });
  return {
    scratchKey: { ...(await exportJWK(scratch.privateKey)), use: 'sig', alg: 'ES256', kid: 'scratch' },
    jwks: () => ({ keys: [key.publicJwk] }),
    rotateKey: async () => {
      key = await makeKey();
    },
    signIdToken: (token, forge) => (forge === undefined ? sign(key, payloadOf(token)) : forged(key, token, forge)),
  };
}

async function makeKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return { kid, privateKey, publicKey, publicJwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

function payloadOf(token: IdToken): Record<string, unknown> {
  const payload = {
    iss: token.issuer,
    aud: token.audience,
    ...token.claims,
    ...(token.nonce === undefined ? {} : { nonce: token.nonce }),
    iat: token.nowSeconds,
    exp: token.nowSeconds + lifeSeconds,
    ...token.laidOver,
  };
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));
}

function sign(key: SigningKey, payload: Record<string, unknown>): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid }).sign(key.privateKey);
}

async function forged(key: SigningKey, token: IdToken, forge: Forgery): Promise<string | undefined> {
  const payload = payloadOf(token);
  switch (forge) {
    case 'wrong-nonce':
      return sign(key, { ...payload, nonce: randomBytes(16).toString('base64url') });
    case 'wrong-audience':
      return sign(key, { ...payload, aud: 'another-app' });
    case 'wrong-issuer':
      return sign(key, { ...payload, iss: 'https://not-clever.example' });
    case 'expired':
      return sign(key, { ...payload, iat: token.nowSeconds - 2 * lifeSeconds, exp: token.nowSeconds - lifeSeconds });
    case 'bad-signature':
      return sign({ ...(await makeKey()), kid: key.kid }, payload);
    case 'alg-none':
      return new UnsecuredJWT(payload).encode();
    case 'hs256-with-public-key':
      return signWithPublicKey(key, payload);
    case 'missing':
      return undefined;
  }
}

/** The public key as an HMAC secret: the confusion of algorithms of RFC 8725 section 2.1. */
async function signWithPublicKey(key: SigningKey, payload: Record<string, unknown>): Promise<string> {
  const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: key.kid }).sign(secret);
}
