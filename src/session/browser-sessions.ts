// The sessions whose tokens one browser sends: several where the cookie's scope was changed, or a neighbouring host set one.
import { mostSessionCookies } from '../verifier/session-cookies.ts';
import type { FindLiveSession, LiveSession } from './live-session.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';

/** Tokens of the browser's session cookies; one more than `mostSessionCookies` if there are too many. */
export type BrowserTokens = readonly string[];

/** No request makes the bridge verify more. */
const looked = (given: BrowserTokens) => given.slice(0, mostSessionCookies);

export async function findLiveSessions(find: FindLiveSession, given: BrowserTokens): Promise<LiveSession[]> {
  return (await Promise.all(looked(given).map(find))).filter((live) => live !== undefined);
}

/** Undefined also where two live: which of them is the person's cannot be known. And where more came than is looked at. */
export async function findOnlyLiveSession(
  find: FindLiveSession,
  given: BrowserTokens,
): Promise<LiveSession | undefined> {
  if (given.length > mostSessionCookies) return undefined;
  const [live, second] = await findLiveSessions(find, given);
  return second === undefined ? live : undefined;
}

/** For ending them: live or not, since an ending may not have been acknowledged. */
export async function verifySessions(
  tokens: Pick<SessionTokens, 'verify'>,
  given: BrowserTokens,
): Promise<SessionClaims[]> {
  return (await Promise.all(looked(given).map(tokens.verify))).filter((claims) => claims !== undefined);
}
