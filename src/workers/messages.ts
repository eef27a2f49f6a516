// Messages between the primary process and its workers, over node:cluster's channel.
import type { Readiness } from '../ops/readiness.ts';

/** From the primary process. */
export type ToWorker =
  | { readonly kind: 'start_shared_work' }
  | { readonly kind: 'ask'; readonly id: number; readonly about: 'readiness' | 'metrics' };

/** From a worker. An answer without a value means that it failed. */
export type FromWorker =
  | { readonly kind: 'listening'; readonly port: number }
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly readiness?: Readiness;
      readonly metrics?: readonly object[];
    };
