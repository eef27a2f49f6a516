// One sync of a district at a time, across servers and commands: a claim in the store that runs out unless it is renewed,
// so that a server that dies in the middle holds nobody up for long.
import { randomBytes } from 'node:crypto';
import { type Store, StoreUnavailable } from '../../store/store.ts';
import type { Vault } from '../../store/vault.ts';
import { partitionOf } from '../district.ts';

export interface SyncLeases {
  /**
   * Runs the work while holding the district's lease; `busy` if somebody else holds it.
   * @param work its signal aborts when the lease is lost or the caller's signal aborts
   */
  hold<Value>(
    districtId: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value | 'busy'>;
}

export interface LeaseTimes {
  /** How long a lease of a dead server still stands. */
  readonly ttlSeconds: number;
  readonly renewEverySeconds: number;
}

const usual: LeaseTimes = { ttlSeconds: 120, renewEverySeconds: 30 };

export function createSyncLeases(
  store: Store,
  vault: Vault,
  { ttlSeconds, renewEverySeconds }: LeaseTimes = usual,
): SyncLeases {
  const isStoreSilent = (failure: unknown) => failure instanceof StoreUnavailable;
  return {
    async hold(districtId, signal, work) {
      const at = { partition: partitionOf(vault, districtId), id: 'sync-lease' };
      const value = randomBytes(16);
      if (!(await store.put(at, value, { ttlSeconds, onlyIfAbsent: true }))) return 'busy';
      const lost = new AbortController();
      let heldUntil = performance.now() + ttlSeconds * 1000;
      const renew = async () => {
        const asked = performance.now();
        // Silence of the store loses nothing yet: the lease stands until its time is up.
        const renewed = await store
          .commit([{ at, oneOf: [value] }], [{ kind: 'put', at, value, ttlSeconds }])
          .catch((failure) => isStoreSilent(failure) && asked < heldUntil);
        if (renewed) heldUntil = asked + ttlSeconds * 1000;
        else lost.abort();
      };
      const timer = setInterval(() => void renew(), renewEverySeconds * 1000).unref();
      try {
        return await work(AbortSignal.any([signal, lost.signal]));
      } finally {
        clearInterval(timer);
        // A lease that cannot be given back runs out.
        await store.commit([{ at, oneOf: [value] }], [{ kind: 'remove', at }]).catch(() => false);
      }
    },
  };
}
