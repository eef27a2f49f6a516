// Which accounts, classes and enrollments changed, in order, so that the main product can follow without reading
// everything again. Says what, not how: the reader looks the present state up. An entry may be told twice, none is left out.
import { randomBytes } from 'node:crypto';
import type { Log, LogEntry, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Difference } from './compare.ts';
import { partitionOf } from './district.ts';

export interface ChangeBatch {
  /** To go on after this batch. */
  readonly cursor: string;
  readonly differences: readonly Difference[];
}

export interface ChangeLogBounds {
  /** Another one when the district was erased and came back: what a reader knew before is then of no use. */
  readonly epoch: string;
  /** Cursors; undefined while nothing is kept. */
  readonly oldest: string | undefined;
  readonly newest: string | undefined;
}

export interface ChangeLog {
  append(districtId: string, differences: readonly Difference[]): Promise<void>;
  /** What is kept of the log now. */
  bounds(districtId: string): Promise<ChangeLogBounds>;
  /** Batches after the cursor, oldest first; without one from the beginning of what is kept. */
  read(districtId: string, after: string | undefined, limit: number): Promise<ChangeBatch[]>;
  /** Batches before the cursor, newest first; without one from the newest of all. */
  readBack(districtId: string, before: string | undefined, limit: number): Promise<ChangeBatch[]>;
}

/** Who has not followed for longer reads the whole roster again. */
export const changesKeptSeconds = 400 * 86_400;

export function createChangeLog(store: Store, vault: Vault): ChangeLog {
  const logOf = (districtId: string): Log => ({
    partition: partitionOf(vault, districtId),
    name: 'changes',
    ttlSeconds: changesKeptSeconds,
  });
  const address = ({ partition }: Log) => ({ partition, id: 'changes' });

  function toBatch(log: Log, { cursor, value }: LogEntry): ChangeBatch {
    const items: [Difference['type'], string, Difference['op']][] = JSON.parse(
      vault.open(address(log), value).toString(),
    );
    return { cursor, differences: items.map(([type, id, op]) => ({ type, id, op })) };
  }

  async function epochOf(districtId: string): Promise<string> {
    const at = { partition: logOf(districtId).partition, id: 'changes-epoch' };
    const [value] = await store.get([at]);
    if (value !== undefined) return value.toString();
    await store.put(at, Buffer.from(randomBytes(8).toString('hex')), { onlyIfAbsent: true });
    return epochOf(districtId);
  }

  return {
    async bounds(districtId) {
      const log = logOf(districtId);
      // The newest first: an entry that is appended meanwhile is then behind it, never lost before it.
      const [newest] = await store.page(log, { before: undefined }, 1);
      const [oldest] = await store.page(log, {}, 1);
      return { epoch: await epochOf(districtId), newest: newest?.cursor, oldest: oldest?.cursor };
    },
    async append(districtId, differences) {
      if (differences.length === 0) return;
      const log = logOf(districtId);
      const value = vault.seal(address(log), JSON.stringify(differences.map(({ type, id, op }) => [type, id, op])));
      await store.commit([], [{ kind: 'append', log, value }]);
    },
    async read(districtId, after, limit) {
      const log = logOf(districtId);
      return (await store.page(log, { after }, limit)).map((entry) => toBatch(log, entry));
    },
    async readBack(districtId, before, limit) {
      const log = logOf(districtId);
      return (await store.page(log, { before }, limit)).map((entry) => toBatch(log, entry));
    },
  };
}
