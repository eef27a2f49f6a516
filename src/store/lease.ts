// A lease: which of several servers does something now. It only spares work: what must happen once is guarded by a commit of
// the store, so a server that lost its lease without noticing does no harm. One that dies holds the others up for its time.
import { randomBytes } from 'node:crypto';
import { type Address, type Store, StoreUnavailable } from './store.ts';

export interface Lease {
  /** Aborted when the lease is lost: another server may be at it. */
  readonly signal: AbortSignal;
  /** Never rejects: where the store is silent, time ends the lease. */
  release(): Promise<void>;
}

export interface LeaseTimes {
  /** How long a lease of a dead server still stands. */
  readonly ttlSeconds: number;
  readonly renewEverySeconds: number;
}

/**
 * @param lostReason what the signal is aborted with
 * @returns undefined while another server has it
 */
export async function takeLease(
  store: Pick<Store, 'put' | 'commit'>,
  at: Address,
  { ttlSeconds, renewEverySeconds }: LeaseTimes,
  lostReason?: Error,
): Promise<Lease | undefined> {
  const own = randomBytes(16);
  if (!(await store.put(at, own, { onlyIfAbsent: true, ttlSeconds }))) return undefined;
  const lost = new AbortController();
  let heldUntil = performance.now() + ttlSeconds * 1000;
  const renew = async () => {
    const askedAt = performance.now();
    const renewed = await store
      .commit([{ at, oneOf: [own] }], [{ kind: 'put', at, value: own, ttlSeconds }])
      .catch((failure) => failure instanceof StoreUnavailable && 'unknown');
    if (renewed === true) heldUntil = askedAt + ttlSeconds * 1000;
    // A silent store says nothing about the lease: it stands until its time is up.
    else if (renewed === false || performance.now() >= heldUntil) lost.abort(lostReason);
  };
  const timer = setInterval(() => void renew(), renewEverySeconds * 1000).unref();
  return {
    signal: lost.signal,
    async release() {
      clearInterval(timer);
      await store.commit([{ at, oneOf: [own] }], [{ kind: 'remove', at }]).catch(() => false);
    },
  };
}
