// The sessions whose tokens one browser sends: several if the cookie's scope was changed, or a neighbouring host set
// one.
import { maxSessionCookies } from '../verifier/session-cookies.ts';
import type { FindLiveSession, LiveSession } from './live-session.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';

/** Tokens of the browser's session cookies; more than `maxSessionCookies` if there are too many to accept one. */
export type BrowserTokens = readonly string[];

/**
 * The form of a compact JWS by ES256, with a header large enough for a `kid`. Attack: a neighbouring host sets many
 * cookies of the session's name in front of the real one, so that a sign-out checks only those and ends nothing.
 */
const tokenForm = /^[\w-]{96,512}\.[\w-]{2,3500}\.[\w-]{86}$/;

/** No header within `maxHeaderSize` (serve.ts) holds more texts of this form, so none is skipped. */
const maxCandidates = 200;

const candidatesIn = (given: BrowserTokens) => given.filter((token) => tokenForm.test(token)).slice(0, maxCandidates);

export async function findLiveSessions(find: FindLiveSession, given: BrowserTokens): Promise<LiveSession[]> {
  return (await Promise.all(candidatesIn(given).map(find))).filter((live) => live !== undefined);
}

/**
 * Undefined also if two sessions live, since the user's own cannot be determined, and if there are more than may be
 * accepted.
 */
export async function findOnlyLiveSession(
  find: FindLiveSession,
  given: BrowserTokens,
): Promise<LiveSession | undefined> {
  if (given.length > maxSessionCookies) return undefined;
  const [live, second] = await findLiveSessions(find, given);
  return second === undefined ? live : undefined;
}

/** For ending them, the first eight: live or not, since an ending may not have been acknowledged. */
export async function verifySessions(
  tokens: Pick<SessionTokens, 'verify'>,
  given: BrowserTokens,
): Promise<SessionClaims[]> {
  const verified = await Promise.all(candidatesIn(given).map(tokens.verify));
  return verified.filter((claims) => claims !== undefined).slice(0, maxSessionCookies);
}
