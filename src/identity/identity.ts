// The identity that Clever has verified. Data only; read-identity.ts makes it from claims.

/** An account matches an identity of the same kind only: contract section 2. */
export type Kind = 'student' | 'employee';

export type EmailClaim =
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'plain'; readonly address: string };

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
