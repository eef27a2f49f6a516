// The closed set of reasons for failures at Clever, and the outcome of contract section 3 for each. No text from Clever
// or a library passes this file: a refusal has a word, never a message.
import type { ProviderRefusal } from '../sign-in/ports.ts';

type Code = ProviderRefusal['code'];

const codeOf = {
  timeout: 'clever_unavailable',
  'refused-connection': 'clever_unavailable',
  reset: 'clever_unavailable',
  'no-address': 'clever_unavailable',
  'untrusted-certificate': 'clever_unavailable',
  'connection-failed': 'clever_unavailable',
  'not-http': 'clever_unavailable',
  'too-large': 'clever_unavailable',
  'status-5xx': 'clever_unavailable',
  'status-429': 'clever_unavailable',
  redirect: 'clever_unavailable',
  'unexpected-status': 'clever_unavailable',
  'not-json': 'clever_unavailable',
  'bad-metadata': 'clever_unavailable',
  'bad-keys': 'clever_unavailable',
  'breaker-open': 'clever_unavailable',

  'invalid-client': 'clever_misconfigured',
  'unauthorized-client': 'clever_misconfigured',
  'no-id-token': 'clever_misconfigured',

  'bad-callback': 'clever_rejected',
  'invalid-grant': 'clever_rejected',
  'status-4xx': 'clever_rejected',
  'token-error': 'clever_rejected',
  'wrong-issuer': 'clever_rejected',
  'wrong-audience': 'clever_rejected',
  'wrong-nonce': 'clever_rejected',
  expired: 'clever_rejected',
  'not-yet-valid': 'clever_rejected',
  'unsupported-alg': 'clever_rejected',
  'unknown-key': 'clever_rejected',
  'bad-signature': 'clever_rejected',
  'malformed-token': 'clever_rejected',
} as const satisfies Record<string, Code>;

/** Why a user could not be verified with Clever; safe for logs, metrics and support. */
export type CleverReason = keyof typeof codeOf;

/** The reasons that mean that Clever itself failed, not this client or this sign-in. */
export type OutageReason = {
  [R in CleverReason]: (typeof codeOf)[R] extends 'clever_unavailable' ? R : never;
}[CleverReason];

export interface CleverRefusal extends ProviderRefusal {
  readonly reason: CleverReason;
}

export function refuse(reason: CleverReason): CleverRefusal {
  return { kind: 'refused', code: codeOf[reason], reason };
}

/**
 * Thrown within this folder only, through library code; never leaves it. Has no cause, since a cause may quote a
 * response.
 */
export class CleverFailure extends Error {
  readonly code = 'CLEVER_FAILURE';
  readonly reason: CleverReason;
  constructor(reason: CleverReason) {
    super(reason);
    this.name = 'CleverFailure';
    this.reason = reason;
  }
}

/** oauth4webapi may wrap what its fetch throws; finds the failure in the chain of causes. */
export function findFailure(error: unknown): CleverFailure | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof CleverFailure) return at;
  }
  return undefined;
}
