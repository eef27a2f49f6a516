// What the first process and its workers tell each other, by node:cluster's channel.
import type { Readiness } from '../ops/readiness.ts';

/** Of the first process. */
export type ToWorker =
  | { readonly kind: 'start_shared_work' }
  | { readonly kind: 'ask'; readonly id: number; readonly about: 'readiness' | 'metrics' };

/** Of a worker. An answer without a value: it could not be given. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly port: number }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly readiness?: Readiness;
      readonly metrics?: readonly object[];
    };
