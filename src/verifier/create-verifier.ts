// Verifies that a text is a currently valid session token of the bridge. Offline, with the published keys (RFC 8725:
// one algorithm; type, issuer and audience always compared), and, given a credential, with the list of ended sessions.
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import { type FollowOptions, followRevocations } from './follow-revocations.ts';

export interface VerifierOptions {
  /** The bridge's PUBLIC_URL: the expected `iss`. A trailing slash is ignored. */
  readonly issuer: string;
  /** The bridge's SESSION_AUDIENCE: the expected `aud`. */
  readonly audience: string;
  /** `/.well-known/jwks.json` of the issuer by default. */
  readonly jwksUri?: string;
  /** Without it, an ended session is accepted until its token expires. */
  readonly revocations?: FollowOptions;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly fetch?: typeof fetch;
}

export interface Verified {
  readonly kind: 'verified';
  readonly claims: VerifiedSession;
}

export interface Refused {
  readonly kind: 'refused';
  /**
   * `token_missing`, `token_invalid`, `token_expired` and `session_ended` are about the token. With `keys_unavailable`
   * and `revocations_stale` the token may be valid, but the bridge did not supply what is needed to decide.
   */
  readonly code:
    | 'token_missing'
    | 'token_invalid'
    | 'token_expired'
    | 'session_ended'
    | 'keys_unavailable'
    | 'revocations_stale';
}

export interface Verifier {
  /** Never throws because of visitor input. */
  verifySession(token: string | undefined): Promise<Verified | Refused>;
  /** Reads the list of ended sessions now; for tests and for callers that cannot wait for the next poll. */
  refreshRevocations(): Promise<void>;
  /** Stops polling for revocations. */
  close(): void;
}

/** The bridge's max-age for its keys. */
const keysLifeMs = 300_000;
/** Far longer than any session token; longer texts are not decoded. */
const maxTokenLength = 8_192;

export function createVerifier(options: VerifierOptions): Verifier {
  const { audience, clock = Date.now, fetch: ask = fetch } = options;
  const issuer = options.issuer.replace(/\/$/, '');
  const keys = createRemoteJWKSet(new URL(options.jwksUri ?? '/.well-known/jwks.json', issuer), {
    cacheMaxAge: keysLifeMs,
    timeoutDuration: 5_000,
    [customFetch]: ask,
  });
  const list =
    options.revocations &&
    followRevocations({
      ...options.revocations,
      url: options.revocations.url ?? new URL('/session/revocations', issuer).href,
      clock,
      fetch: ask,
      // All sessions of a district end when a key was compromised: that key must not stay trusted for its cache time.
      onDistrictEnded: () => void keys.reload().catch(() => undefined),
    });

  async function readToken(token: string): Promise<Verified | Refused> {
    const expected = {
      issuer,
      audience,
      typ: 'session+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp', 'district', 'role'],
      currentDate: new Date(clock()),
    };
    try {
      const { payload } = await jwtVerify(token, keys, expected);
      const claims = readSessionClaims(payload, clock() / 1000);
      return claims === undefined ? refused('token_invalid') : { kind: 'verified', claims };
    } catch (failure) {
      return refused(codeOf(failure));
    }
  }

  return {
    async verifySession(token) {
      if (token === undefined || token === '') return refused('token_missing');
      if (token.length > maxTokenLength) return refused('token_invalid');
      const read = await readToken(token);
      if (read.kind === 'refused' || list === undefined) return read;
      const state = await list.judge(read.claims);
      if (state === 'live') return read;
      return refused(state === 'ended' ? 'session_ended' : 'revocations_stale');
    },
    refreshRevocations: async () => list?.refresh(),
    close: () => list?.close(),
  };
}

const refused = (code: Refused['code']): Refused => ({ kind: 'refused', code });

/** jose's errors are about the token; any other error is about fetching the keys. */
function codeOf(failure: unknown): Refused['code'] {
  if (failure instanceof errors.JWTExpired) return 'token_expired';
  if (!(failure instanceof errors.JOSEError)) return 'keys_unavailable';
  const ofKeys = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
  return ofKeys.includes(failure.code) ? 'keys_unavailable' : 'token_invalid';
}

export interface VerifiedSession {
  /** Account id: the same for this user at every sign-in. */
  readonly sub: string;
  /** Session id. */
  readonly sid: string;
  readonly jti: string;
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  /** The district's id at the bridge. */
  readonly district: string;
  readonly role: 'student' | 'teacher' | 'staff' | 'administrator';
  /** Absent if the roster gives none, and in tokens of earlier versions. An administrator has one of the first two. */
  readonly position?: 'district_admin' | 'school_admin' | 'lead_teacher' | 'support_teacher';
  readonly matched: { readonly by: string; readonly roster: string };
}

const roles: readonly unknown[] = ['student', 'teacher', 'staff', 'administrator'];
const positions: readonly unknown[] = [undefined, 'district_admin', 'school_admin', 'lead_teacher', 'support_teacher'];
/** Tolerated clock skew of the bridge; a token issued further in the future is rejected. */
const aheadSeconds = 60;

/** Undefined if the claims are not those of a session. @param now seconds since the epoch */
function readSessionClaims(payload: JWTPayload, now: number): VerifiedSession | undefined {
  const { sub, jti, iat, exp } = payload;
  const { sid, district, role, position, matched } = payload as Partial<VerifiedSession>;
  const texts = [sub, sid, jti, district];
  if (!texts.every((text) => typeof text === 'string' && text !== '')) return undefined;
  if (!roles.includes(role) || !positions.includes(position)) return undefined;
  if (typeof iat !== 'number' || typeof exp !== 'number' || iat > now + aheadSeconds) return undefined;
  if (typeof matched !== 'object' || matched === null) return undefined;
  const optional = position === undefined ? {} : { position };
  return { sub, sid, jti, iat, exp, district, role, ...optional, matched } as VerifiedSession;
}
