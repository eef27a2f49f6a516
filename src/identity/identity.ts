// The identity that Clever has verified, and how it is read from the claims of a verified id_token. Contract section 2,
// line 1, and the email claim of line 4.
import { type EmailClaim, readEmail } from './email.ts';

/** An account matches an identity of the same kind only: contract section 2. */
export type Kind = 'student' | 'employee';

export interface Identity {
  readonly kind: Kind;
  /** Clever's `user_type`, one of the known ones; selects the wording of a page, never a decision beyond `kind`. */
  readonly userType: string;
  /** `sub`: Clever's multi-role user id. */
  readonly cleverId: string;
  /** Clever's id of the district; `undefined` if the token names none. */
  readonly cleverDistrict: string | undefined;
  readonly email: EmailClaim;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
}

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
