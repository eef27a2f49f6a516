// Waiting until a replica has what the master has: WAIT, on a connection of its own, so that nobody else's commands queue
// behind it. What replicates when is Redis's; which writes wait is the caller's.
import type { Redis } from 'ioredis';
import type { Settled } from './store.ts';

/** A replica in the same region answers in a millisecond; one that does not keep up holds an ending up no longer than this. */
export const replicaWaitMs = 250;
const lookEveryMs = 1_000;

export interface ReplicaWait {
  settle(): Promise<Settled>;
  close(): void;
}

/**
 * @param connect makes the connection when it is first needed
 * @param answer bounds each question in time
 */
export function createReplicaWait(
  connect: () => Redis,
  answer: <Value>(send: () => Promise<Value>) => Promise<Value>,
): ReplicaWait {
  let client: Redis | undefined;
  let looked: { readonly at: number; readonly hasReplica: boolean } | undefined;
  let running: Promise<Settled> | undefined;
  let next: Promise<Settled> | undefined;

  async function wait(): Promise<Settled> {
    client ??= connect();
    const own = client;
    if (looked === undefined || performance.now() - looked.at > lookEveryMs) {
      const role: unknown = await answer(() => own.role());
      const replicas: unknown = Array.isArray(role) ? role[2] : [];
      looked = { at: performance.now(), hasReplica: Array.isArray(replicas) && replicas.length > 0 };
    }
    if (!looked.hasReplica) return 'no_replica';
    // WAIT asks about this connection's own last write; what the master did before it, a replica that has it has too.
    await answer(() => own.set('sso:{settle}:v:settle', '', 'PX', 60_000));
    return (await answer(() => own.wait(1, replicaWaitMs))) > 0 ? 'copied' : 'late';
  }

  /** Who comes while one wait runs shares the next: that one begins after their writes. */
  function settle(): Promise<Settled> {
    if (running === undefined) {
      running = wait().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return settle();
      });
    return next;
  }

  return { settle, close: () => client?.disconnect() };
}
