// The session token: contract section 5. Signs and verifies; the registry decides whether the session is still active.
import { hash, type KeyObject, sign } from 'node:crypto';
import { createLocalJWKSet, errors, type JWK, jwtVerify } from 'jose';
import type { Position, Role } from '../formats/feed.ts';
import type { Method } from '../identity/candidate.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface SessionClaims {
  /** Account id. */
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  readonly district: string;
  readonly role: Role;
  /** Absent if no roster gives one, and in tokens of an earlier version. */
  readonly position?: Position | undefined;
  readonly matched: { readonly by: 'email' | 'clever_id'; readonly roster: 'sftp' | 'manual' | 'secure_sync' };
}

export const rosterClaim = (method: Method): SessionClaims['matched']['roster'] =>
  method === 'secure-sync' ? 'secure_sync' : method;

export interface SessionTokens {
  /** A compact JWS, `typ: session+jwt` (RFC 8725 section 3.11), ES256. */
  issue(claims: SessionClaims): Promise<string>;
  /**
   * The claims, or undefined for anything that is not a currently valid session token of the bridge. Never throws for
   * bad input; rejects if the bridge's own keys cannot be used.
   */
  verify(token: string): Promise<SessionClaims | undefined>;
}

export interface SessionTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createSessionTokens(
  keys: SigningKeys,
  { issuer, audience, clock = Date.now }: SessionTokenOptions,
): SessionTokens {
  const verifiersOf = createVerifiersOf();
  return {
    async issue(claims) {
      const { kid, key } = await keys.current();
      return signCompact(
        { alg: 'ES256', typ: 'session+jwt', kid },
        { ...claims, iss: issuer, aud: audience, amr: ['clever'] },
        key,
      );
    },
    async verify(token) {
      const { keys: published } = await keys.jwks();
      const { set, verified } = verifiersOf(published);
      const name = hash('sha256', token, 'base64');
      const known = verified.get(name);
      // A valid signature stays valid as long as its key is published; only the expiry is checked again.
      if (known !== undefined && known.exp > Math.floor(clock() / 1000)) return known;
      const options = {
        issuer,
        audience,
        typ: 'session+jwt',
        algorithms: ['ES256'],
        requiredClaims: ['sub', 'sid', 'iat', 'exp', 'district'],
        currentDate: new Date(clock()),
      };
      try {
        const { payload } = await jwtVerify<SessionClaims>(token, set, options);
        if (verified.size >= maxVerified) verified.clear();
        verified.set(name, payload);
        return payload;
      } catch (failure) {
        // A key that cannot be imported is an internal error: as "no session" it would sign out all users without an
        // error.
        if (failure instanceof errors.JOSEError) return undefined;
        throw failure;
      }
    },
  };
}

/**
 * A compact JWS (RFC 7515 section 7.1) by node:crypto, ES256 as in RFC 7518 section 3.4. jose does the same in another
 * thread at three times the cost; it verifies every token, and no untrusted input is read here.
 */
function signCompact(header: object, payload: object, key: KeyObject): string {
  const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** Products check the same session many times. About a kilobyte each. */
const maxVerified = 10_000;

/**
 * Imports keys once and not for every token. A kid is the thumbprint of its key, so equal kids are equal keys. Also
 * caches the claims of tokens that they verified, by a hash of the whole token; cleared when any key changes.
 */
function createVerifiersOf() {
  const make = (kids: string, published: readonly JWK[]) => ({
    kids,
    set: createLocalJWKSet({ keys: [...published] }),
    verified: new Map<string, SessionClaims>(),
  });
  let latest = make('', []);
  return (published: readonly JWK[]) => {
    const kids = published.map(({ kid }) => kid).join();
    if (kids !== latest.kids) latest = make(kids, published);
    return latest;
  };
}
