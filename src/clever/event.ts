// What the log and the metrics may be told about the traffic with Clever. Words and numbers only: no address, code,
// token, claim or secret has a place to stand in.
import type { CleverReason } from './refusal.ts';

export type Endpoint = 'discovery' | 'keys' | 'token';

export type CleverEvent =
  | {
      readonly kind: 'call';
      readonly endpoint: Endpoint;
      /** `answered` also for a refusal of the code: Clever works. */
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
