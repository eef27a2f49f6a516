// A provider against the fake Clever, and one sign-in from authorize to claims, for the tests of this room.

import type { CleverEvent } from '../../../src/clever/clever-http.ts';
import {
  type CleverIdentityProvider,
  type CleverIdentityProviderOptions,
  createCleverIdentityProvider,
} from '../../../src/clever/clever-identity-provider.ts';
import type { FakeClever } from './fake-clever.ts';

export const SECRET = 'S3CRET-one';

export const APPS: CleverIdentityProviderOptions['apps'] = {
  'summit-k12': {
    clientId: 'client-1',
    clientSecret: SECRET,
    redirectUri: 'https://sso.example.org/oauth/clever/callback',
  },
  'secure-sync': {
    clientId: 'client-2',
    clientSecret: 'S3CRET-two',
    redirectUri: 'https://sso.example.org/oauth/clever/secure-sync/callback',
  },
};

export interface Bench {
  readonly provider: CleverIdentityProvider;
  readonly events: CleverEvent[];
  /** Moves the injected clock. */
  forward(ms: number): void;
}

export function openBench(
  clever: Pick<FakeClever, 'issuer'>,
  options: Partial<CleverIdentityProviderOptions> = {},
): Bench {
  const events: CleverEvent[] = [];
  let ahead = 0;
  const provider = createCleverIdentityProvider({
    issuer: clever.issuer,
    apps: APPS,
    pkce: true,
    clock: () => Date.now() + ahead,
    // No test fails because the machine is busy; one about lateness says how late.
    deadlineMs: 60_000,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    provider,
    events,
    forward: (ms) => {
      ahead += ms;
    },
  };
}

export const STATE = 'STATE-1';
export const CODE = 'CODE-1';

export function callbackOf(state = STATE): URLSearchParams {
  return new URLSearchParams({ code: CODE, state });
}

/** Exchanges a code for the id_token that the fake was set to return. */
export function exchange(provider: CleverIdentityProvider, nonce = 'NONCE-1') {
  const checks = { state: STATE, nonce, codeVerifier: 'v'.repeat(43) };
  return provider.exchange('summit-k12', checks, callbackOf());
}
