// A lease: elects one of several servers for a task. It only saves work: a commit of the store guards what must happen
// once, so a server that lost its lease without noticing does no harm. A crashed holder blocks the others until the
// lease expires.
import { randomBytes } from 'node:crypto';
import { type Address, type Store, StoreUnavailable } from './store.ts';

export interface Lease {
  /** Aborted when the lease is lost: another server may be working on it. */
  readonly signal: AbortSignal;
  /** Never rejects: if the store does not answer, the lease expires. */
  release(): Promise<void>;
}

export interface LeaseTimes {
  /** How long the lease of a crashed server lasts. */
  readonly ttlSeconds: number;
  readonly renewEverySeconds: number;
}

/**
 * @param lostReason the signal's abort reason
 * @returns undefined while another server holds it
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
    // No answer from the store does not revoke the lease: it lasts until it expires.
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
