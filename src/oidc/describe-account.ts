// The claims of one user for a client: section 5 of the contract, and names and email if the client may have them, which
// oidc-provider filters by the client's scopes. And the session from which they are read.
import type { Account } from '../roster/account.ts';
import type { LiveSession, SessionIds } from '../session/live-session.ts';
import type { SessionRecord } from '../session/session-record.ts';
import { rosterClaim, type SessionClaims } from '../session/session-token.ts';

/** By scope, as OpenID Connect Core 1.0 section 5.4 groups them. */
export const claimsByScope = {
  openid: ['sub', 'district', 'role', 'position', 'matched', 'amr', 'auth_time'],
  profile: ['given_name', 'family_name'],
  email: ['email', 'email_verified'],
};

/** @param account of the current roster */
export function describeAccount(
  account: Account,
  session: Pick<SessionRecord, 'districtId' | 'issuedAt'>,
  matched: SessionReference['matched'],
): { readonly sub: string; readonly [claim: string]: unknown } {
  const email = findEmail(account, matched);
  return {
    sub: account.accountId,
    district: session.districtId,
    role: account.role,
    ...(account.position !== undefined && { position: account.position }),
    matched,
    amr: ['clever'],
    auth_time: session.issuedAt,
    given_name: account.givenName,
    family_name: account.familyName,
    // The roster gives the address that the district assigned; it does not prove that the user receives mail there.
    ...(email !== undefined && { email, email_verified: false }),
  };
}

/** Of several rosters, the one by which the user was matched, if it has an address. */
function findEmail({ sources }: Account, { roster }: SessionReference['matched']): string | undefined {
  const matched = sources.find(({ method }) => rosterClaim(method) === roster);
  return matched?.email ?? sources.find(({ email }) => email !== undefined)?.email;
}

/** The session behind a code or token of the OpenID provider. Stored sealed; clients never see it. */
interface SessionReference extends SessionIds {
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
