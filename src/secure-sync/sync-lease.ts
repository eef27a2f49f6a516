// One sync of a district at a time, across servers and commands: a lease in the store that expires unless renewed, so
// that a server that crashes does not block others for long.
import { partitionOf } from '../district/district.ts';
import { type LeaseTimes, takeLease } from '../store/lease.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface SyncLeases {
  /**
   * Runs the work while holding the district's lease; `busy` if another holder has it.
   * @param work its signal aborts when the lease is lost or the caller's signal aborts
   */
  hold<Value>(
    districtId: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value | 'busy'>;
}

const usual: LeaseTimes = { ttlSeconds: 120, renewEverySeconds: 30 };

export function createSyncLeases(store: Store, vault: Vault, times: LeaseTimes = usual): SyncLeases {
  return {
    async hold(districtId, signal, work) {
      const lease = await takeLease(store, { partition: partitionOf(vault, districtId), id: 'sync-lease' }, times);
      if (lease === undefined) return 'busy';
      try {
        return await work(AbortSignal.any([signal, lease.signal]));
      } finally {
        await lease.release();
      }
    },
  };
}
