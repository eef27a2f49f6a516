// Names the session behind a code or token of the OpenID provider. Stored sealed; clients never see it.
import type { LiveSession, SessionIds } from '../session/live-session.ts';
import type { SessionClaims } from '../session/session-token.ts';

export interface SessionReference extends SessionIds {
  /** Comes from the sign-in; the session's record does not contain it. */
  readonly matched: SessionClaims['matched'];
}

export function writeSessionReference({ claims, session }: Pick<LiveSession, 'claims' | 'session'>): string {
  const { by, roster } = claims.matched;
  return JSON.stringify([session.districtId, session.sid, session.accountId, by, roster]);
}

/** @param text from `writeSessionReference` */
export function readSessionReference(text: string): SessionReference {
  const [districtId, sid, accountId, by, roster] = JSON.parse(text);
  return { districtId, sid, accountId, matched: { by, roster } };
}
