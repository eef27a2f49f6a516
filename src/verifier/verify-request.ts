// The session of a request, from its bearer token or its cookies.
import type { Refused, Verified, Verifier } from './create-verifier.ts';
import { isOtherScheme, maxSessionCookies, readSessionCookies } from './session-cookies.ts';

export interface RequestHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

export type RequestVerified = Verified & {
  /** The accepted token. */
  readonly token: string;
};

/**
 * A bearer token has precedence over cookies. Credentials of another scheme, such as `Basic` for a proxy in front, are
 * not about the session: then the cookies count. Of several session cookies the one that verifies is accepted; if two
 * verify, neither is: a neighbouring host or an earlier scope of the cookie may have set the other.
 */
export async function verifyRequest(
  verifier: Pick<Verifier, 'verifySession'>,
  { authorization, cookie }: RequestHeaders,
): Promise<RequestVerified | Refused> {
  const tokens = readTokens(authorization, readSessionCookies(cookie));
  if (tokens.length > maxSessionCookies) return { kind: 'refused', code: 'token_invalid' };
  const [first, ...more] = await Promise.all(
    tokens.map(async (token) => ({ ...(await verifier.verifySession(token)), token })),
  );
  return first === undefined ? { kind: 'refused', code: 'token_missing' } : choose([first, ...more]);
}

type Judged = RequestVerified | (Refused & { readonly token: string });

function choose(judged: readonly [Judged, ...Judged[]]): RequestVerified | Refused {
  const refusals = judged.filter((each) => each.kind === 'refused');
  const [good, second] = judged.filter((each) => each.kind === 'verified');
  // A second token that cannot be judged now may be valid too.
  const unknown = refusals.find(({ code }) => code === 'keys_unavailable' || code === 'revocations_stale');
  if (unknown !== undefined) return { kind: 'refused', code: unknown.code };
  if (second !== undefined) return { kind: 'refused', code: 'token_invalid' };
  return good ?? { kind: 'refused', code: refusals[0]?.code ?? 'token_invalid' };
}

function readTokens(authorization: string | undefined, cookies: readonly string[]): readonly string[] {
  if (authorization === undefined) return cookies;
  return isOtherScheme(authorization) && cookies.length > 0 ? cookies : [readBearer(authorization)];
}

/** A malformed Authorization header counts as an invalid token, never as a missing one. */
const readBearer = (authorization: string): string => /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? '-';
