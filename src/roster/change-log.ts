// Which accounts, classes and enrollments changed, in order, so that the main product can follow without reading
// everything again. Says what, not how: the reader looks the present state up. An entry may be told twice, none is left out.
import type { Log, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Difference } from './compare.ts';
import { partitionOf } from './district.ts';

export interface ChangeBatch {
  /** To go on after this batch. */
  readonly cursor: string;
  readonly differences: readonly Difference[];
}

export interface ChangeLog {
  append(districtId: string, differences: readonly Difference[]): Promise<void>;
  /** Batches after the cursor, oldest first; without one from the beginning of what is kept. */
  read(districtId: string, after: string | undefined, limit: number): Promise<ChangeBatch[]>;
}

/** Who has not followed for longer reads the whole roster again. */
const keptSeconds = 400 * 86_400;

export function createChangeLog(store: Store, vault: Vault): ChangeLog {
  const logOf = (districtId: string): Log => ({
    partition: partitionOf(vault, districtId),
    name: 'changes',
    ttlSeconds: keptSeconds,
  });
  const address = ({ partition }: Log) => ({ partition, id: 'changes' });
  return {
    async append(districtId, differences) {
      if (differences.length === 0) return;
      const log = logOf(districtId);
      const value = vault.seal(address(log), JSON.stringify(differences.map(({ type, id, op }) => [type, id, op])));
      await store.commit([], [{ kind: 'append', log, value }]);
    },
    async read(districtId, after, limit) {
      const log = logOf(districtId);
      return (await store.page(log, { after }, limit)).map(({ cursor, value }) => {
        const items: [Difference['type'], string, Difference['op']][] = JSON.parse(
          vault.open(address(log), value).toString(),
        );
        return { cursor, differences: items.map(([type, id, op]) => ({ type, id, op })) };
      });
    },
  };
}
