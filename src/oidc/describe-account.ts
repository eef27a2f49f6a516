// The claims of one person for a client: contract section 5 of the session token, and names and address where the client may
// have them. Which of them a client gets is decided by its scopes, in oidc-provider.
import type { Account } from '../roster/account.ts';
import type { SessionRecord } from '../session/session-registry.ts';
import { rosterClaim } from '../session/session-token.ts';
import type { SessionReference } from './session-reference.ts';

/** By scope, as OpenID Connect Core 1.0 section 5.4 groups them. */
export const claimsByScope = {
  openid: ['sub', 'district', 'role', 'position', 'matched', 'amr', 'auth_time'],
  profile: ['given_name', 'family_name'],
  email: ['email', 'email_verified'],
};

/** @param account of today's roster */
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
    // A roster says which address a district gave somebody, not that a message reaches them.
    ...(email !== undefined && { email, email_verified: false }),
  };
}

/** Of several rosters the one that the person was matched by, while it has an address. */
function findEmail({ sources }: Account, { roster }: SessionReference['matched']): string | undefined {
  const matched = sources.find(({ method }) => rosterClaim(method) === roster);
  return matched?.email ?? sources.find(({ email }) => email !== undefined)?.email;
}
