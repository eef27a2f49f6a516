// Claims of a verified id_token -> Identity. Contract section 2, line 1, and the email claim of line 4.
import { readEmail } from './email.ts';
import type { Identity, Kind } from './identity.ts';

export interface UserTypeUnsupported {
  readonly kind: 'refused';
  readonly code: 'user_type_unsupported';
}

// Clever's values; "district admin" and "district_admin" both occur in its documentation (Clever: OIDC, API 3.0
// migration).
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

/** A text with a lone surrogate has no UTF-8 form, so it could not be distinguished from similar ones. */
const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 1024 && value.isWellFormed() ? value : undefined;
