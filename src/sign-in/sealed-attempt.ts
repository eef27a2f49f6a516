// The state of one pending sign-in, sealed into its own cookie. Nothing is stored on the server, so a flood of starts
// uses no memory.

import * as z from 'zod';
import type { App } from '../outcome/outcome.ts';
import { sealedJson, storedWord } from '../store/sealed.ts';
import type { Vault } from '../store/vault.ts';
import type { AuthorizationChecks } from './ports.ts';

export interface SealedAttempt {
  readonly app: App;
  readonly checks: AuthorizationChecks;
  readonly returnTo: string;
}

const attemptShape: z.ZodType<SealedAttempt> = z.object({
  app: storedWord<App>(),
  checks: z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string().exactOptional() }),
  returnTo: z.string(),
});

const address = (state: string) => ({ partition: 'cookie', id: state });

export const sealAttempt = (vault: Vault, attempt: SealedAttempt): string =>
  sealedJson(vault, attemptShape).seal(address(attempt.checks.state), attempt).toString('base64url');

/**
 * The attempt, if the cookie was sealed by this bridge for exactly this state; the state is part of what is
 * authenticated.
 */
export const openAttempt = (vault: Vault, cookie: string, state: string): SealedAttempt | undefined =>
  sealedJson(vault, attemptShape).tryOpen(address(state), Buffer.from(cookie, 'base64url'));
