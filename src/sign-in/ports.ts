// The ports of the sign-in. Adapters are in clever/, roster/, session/ and support/; compose/ builds them.
import type { App } from '../outcome/outcome.ts';

/** The values kept between the authorization request and its callback; sealed into the attempt's cookie. */
export interface AuthorizationChecks {
  readonly state: string;
  readonly nonce: string;
  /** PKCE code verifier (RFC 7636); absent when CLEVER_PKCE is off. */
  readonly codeVerifier?: string;
}

export type Claims = Readonly<Record<string, unknown>>;

/** A refusal by, or about, Clever: contract section 3. */
export interface ProviderRefusal {
  readonly kind: 'refused';
  readonly code: 'clever_misconfigured' | 'clever_rejected' | 'clever_unavailable';
  /** For the log and support, one of a closed set of short words; never a message from Clever or a library. */
  readonly reason: string;
}

export interface Verified {
  readonly kind: 'verified';
  readonly claims: Claims;
  /** The user's own token for Clever's API; never stored. */
  readonly accessToken?: string;
}

export interface IdentityProvider {
  /** Makes secrets that do not depend on the state: nonce and, with PKCE on, a code verifier. */
  createChecks(state: string): AuthorizationChecks;

  /** Clever's authorization URL (RFC 6749 section 4.1.1, RFC 7636, OpenID Connect Core 3.1.2.1). */
  authorizationUrl(app: App, checks: AuthorizationChecks, districtId?: string): Promise<URL | ProviderRefusal>;

  /**
   * Redeems the code once and verifies the id_token: signature (asymmetric algorithms only), issuer, audience, nonce,
   * expiry. Bounded: at most 10 s in all. Never throws for any behaviour of Clever.
   * @param callback the parameters of the callback request; each occurs once
   */
  exchange(app: App, checks: AuthorizationChecks, callback: URLSearchParams): Promise<Verified | ProviderRefusal>;

  /** Whether Clever answered recently: shown by /readyz, used for no decision. */
  health(): 'unknown' | 'up' | 'down';
}
