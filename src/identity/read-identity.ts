// Claims of a verified id_token -> Identity. Contract section 2, line 1, and the reading of line 4's claim.
import { readEmail } from './email.ts';
import type { Identity, Kind } from './identity.ts';

export interface UserTypeUnsupported {
  readonly kind: 'refused';
  readonly code: 'user_type_unsupported';
}

// Clever's wire words; "district admin" and "district_admin" are both in its pages (Clever: OIDC, API 3.0 migration).
const kinds: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  ['student', 'student'],
  ['teacher', 'employee'],
  ['staff', 'employee'],
  ['school_admin', 'employee'],
  ['district_admin', 'employee'],
  ['district admin', 'employee'],
]);

/** @param claims of one id_token whose signature, issuer, audience, nonce and expiry have been verified */
export function readIdentity(
  claims: Readonly<Record<string, unknown>>,
): ({ readonly kind: 'identity' } & { readonly identity: Identity }) | UserTypeUnsupported {
  const kind = kinds.get(claims['user_type']);
  const cleverId = readText(claims['sub']);
  if (kind === undefined || cleverId === undefined) return { kind: 'refused', code: 'user_type_unsupported' };
  return {
    kind: 'identity',
    identity: {
      kind,
      userType: String(claims['user_type']),
      cleverId,
      cleverDistrict: readText(claims['district']),
      email: readEmail(claims['email']),
      givenName: readText(claims['given_name']),
      familyName: readText(claims['family_name']),
    },
  };
}

/** A lone surrogate is no character: such a text has no UTF-8 form and could not be told from others like it. */
const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 1024 && value.isWellFormed() ? value : undefined;
