// Which of several servers works on a district's drop. The lease only spares work: what must happen once is guarded by
// the store's own commit and by renames, so a server that lost its lease without noticing does no harm.
import { randomBytes } from 'node:crypto';
import type { Address, Store } from '../../store/store.ts';

export interface Lease {
  /** Aborted when the lease is lost: another server may be at it. */
  readonly signal: AbortSignal;
  /** Never rejects: where the store is silent, time ends the lease. */
  release(): Promise<void>;
}

/** @returns undefined while another server has it */
export async function takeLease(store: Store, at: Address, ttlMs: number): Promise<Lease | undefined> {
  const own = randomBytes(16);
  const ttlSeconds = ttlMs / 1000;
  if (!(await store.put(at, own, { onlyIfAbsent: true, ttlSeconds }))) return undefined;
  const lost = new AbortController();
  let renewedAt = performance.now();
  const renew = async () => {
    const askedAt = performance.now();
    const done = await store
      .commit([{ at, oneOf: [own] }], [{ kind: 'put', at, value: own, ttlSeconds }])
      // A silent store says nothing about the lease; it lasts as long as it was given for.
      .catch(() => performance.now() - renewedAt < ttlMs && 'unknown');
    if (done === true) renewedAt = askedAt;
    if (done === false) lost.abort(new DropInterrupted());
  };
  const timer = setInterval(() => void renew(), ttlMs / 3);
  return {
    signal: lost.signal,
    async release() {
      clearInterval(timer);
      await store.commit([{ at, oneOf: [own] }], [{ kind: 'remove', at }]).catch(() => false);
    },
  };
}

/** The work was stopped between two steps, and goes on from there later or elsewhere. */
export class DropInterrupted extends Error {
  readonly code = 'DROP_INTERRUPTED';
  constructor() {
    super('the work on a drop was interrupted');
    this.name = 'DropInterrupted';
  }
}
