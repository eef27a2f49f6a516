// What a code or token of the OpenID provider says of the session it stands on. It stays in the store, sealed; a client
// never sees it.
import type { LiveSession, SessionIds } from '../session/live-session.ts';
import type { SessionClaims } from '../session/session-token.ts';

export interface SessionReference extends SessionIds {
  /** Of the sign-in, which the session's record does not keep. */
  readonly matched: SessionClaims['matched'];
}

export function writeSessionReference({ claims, session }: Pick<LiveSession, 'claims' | 'session'>): string {
  const { by, roster } = claims.matched;
  return JSON.stringify([session.districtId, session.sid, session.accountId, by, roster]);
}

/** @param text as `writeSessionReference` made it */
export function readSessionReference(text: string): SessionReference {
  const [districtId, sid, accountId, by, roster] = JSON.parse(text);
  return { districtId, sid, accountId, matched: { by, roster } };
}
