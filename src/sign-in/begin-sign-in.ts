// Begins a sign-in: state, nonce and PKCE verifier, sealed into a cookie, and Clever's authorization URL.

import type { App } from '../outcome/outcome.ts';
import type { Vault } from '../store/vault.ts';
import type { IdentityProvider } from './ports.ts';
import type { RecordedRefusal } from './record-refusal.ts';
import { sealAttempt } from './sealed-attempt.ts';
import type { Start, States } from './state.ts';

export interface SignInRequest {
  readonly app: App;
  readonly start: Start;
  /** Already validated: a URL that redirects are allowed to. */
  readonly returnTo: string;
  /** Clever's district id, to skip Clever's school picker. */
  readonly districtId?: string | undefined;
}

export interface Begun {
  readonly kind: 'begun';
  readonly authorizationUrl: string;
  /** Names the cookie; `sealed` is its value. Keep it for ten minutes. */
  readonly attempt: string;
  readonly sealed: string;
}

export type BeginSignIn = (request: SignInRequest) => Promise<Begun | RecordedRefusal>;

export function createBeginSignIn(provider: IdentityProvider, states: States, vault: Vault): BeginSignIn {
  return async ({ app, start, returnTo, districtId }) => {
    const { state, facts } = states.make(start);
    const checks = provider.createChecks(state);
    const url = await provider.authorizationUrl(app, checks, districtId);
    if (!(url instanceof URL))
      return { kind: 'refused', code: url.code, audience: 'unknown', app, note: { reason: url.reason } };
    return {
      kind: 'begun',
      authorizationUrl: url.href,
      attempt: facts.attempt,
      sealed: sealAttempt(vault, { app, checks, returnTo }),
    };
  };
}
