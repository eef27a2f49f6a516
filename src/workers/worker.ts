// A worker's side: reports that it listens, and answers requests of the primary process; and the messages between the
// two.
import type { Worker } from 'node:cluster';
import type { Bridge } from '../compose/bridge.ts';
import type { Readiness } from '../ops/ops-app.ts';

type Served = Pick<Bridge, 'readiness' | 'metrics' | 'startSharedWork'>;

/**
 * Call when it listens.
 * @param port the port it listens on
 */
export function serveParent(worker: Worker, bridge: Served, port: number): void {
  // If the primary process is gone, the worker ends too.
  const send = (message: FromWorker) => void worker.send(message, undefined, () => undefined);
  worker.on('message', (message: ToWorker) => {
    if (message.kind === 'start_shared_work') bridge.startSharedWork();
    if (message.kind === 'ask') void answer(bridge, message).then(send);
  });
  send({ kind: 'listening', port });
}

async function answer(bridge: Served, { id, about }: ToWorker & { readonly kind: 'ask' }): Promise<FromWorker> {
  try {
    return about === 'metrics'
      ? { kind: 'answer', id, metrics: await bridge.metrics.json() }
      : { kind: 'answer', id, readiness: await bridge.readiness() };
  } catch {
    return { kind: 'answer', id };
  }
}

/** From the primary process, over node:cluster's channel. */
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
