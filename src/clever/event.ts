// Events of the traffic with Clever, for the log and the metrics. Words and numbers only: there is no field for an
// address, code, token, claim or secret.
import type { CleverReason } from './refusal.ts';

export type Endpoint = 'discovery' | 'keys' | 'token';

export type CleverEvent =
  | {
      readonly kind: 'call';
      readonly endpoint: Endpoint;
      /** `answered` also for a rejected code: Clever works. */
      readonly outcome: 'answered' | CleverReason;
      readonly durationMs: number;
    }
  | { readonly kind: 'breaker'; readonly state: 'open' | 'closed' }
  /** A refresh failed and the last good answer stays in use. */
  | {
      readonly kind: 'kept';
      readonly endpoint: 'discovery' | 'keys';
      readonly reason: CleverReason;
      readonly ageSeconds: number;
    };
