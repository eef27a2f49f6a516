// What one open sign-in must remember, sealed into a cookie of its own. Nothing is kept on the server, so a storm of
// starts costs no memory.
import type { Vault } from '../store/vault.ts';
import type { App } from './outcome.ts';
import type { AuthorizationChecks } from './ports.ts';

export interface SealedAttempt {
  readonly app: App;
  readonly checks: AuthorizationChecks;
  readonly returnTo: string;
}

const address = (state: string) => ({ partition: 'cookie', id: state });

export const sealAttempt = (vault: Vault, attempt: SealedAttempt): string =>
  vault.seal(address(attempt.checks.state), JSON.stringify(attempt)).toString('base64url');

/** The attempt, if the cookie was sealed by us for exactly this state; the state is part of what is authenticated. */
export function openAttempt(vault: Vault, cookie: string, state: string): SealedAttempt | undefined {
  try {
    return JSON.parse(vault.open(address(state), Buffer.from(cookie, 'base64url')).toString());
  } catch {
    return undefined;
  }
}
