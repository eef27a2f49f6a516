// A worker's side: reports that it listens, and answers requests of the primary process.
import type { Worker } from 'node:cluster';
import type { Bridge } from '../compose/bridge.ts';
import type { FromWorker, ToWorker } from './messages.ts';

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
