// Which accounts, classes and enrollments changed, in order, so that the main product can follow without reading
// everything again. Contains ids, no values: the reader looks up the present state. Entries are delivered at least once.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { sealedJson, storedWord } from '../store/sealed.ts';
import type { Log, LogEntry, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Difference } from './compare.ts';

export interface ChangeBatch {
  /** To go on after this batch. */
  readonly cursor: string;
  readonly differences: readonly Difference[];
}

export interface ChangeLogBounds {
  /** Changes when the district was erased and created again: earlier cursors are then invalid. */
  readonly epoch: string;
  /** Cursors; undefined while the log is empty. */
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

/** A reader that was away for longer reads the whole roster again. */
export const changesKeptSeconds = 400 * 86_400;

const itemsShape = z.array(z.tuple([storedWord<Difference['type']>(), z.string(), storedWord<Difference['op']>()]));

export function createChangeLog(store: Store, vault: Vault): ChangeLog {
  const sealedItems = sealedJson(vault, itemsShape);
  const logOf = (districtId: string): Log => ({
    partition: partitionOf(vault, districtId),
    name: 'changes',
    ttlSeconds: changesKeptSeconds,
  });
  const address = ({ partition }: Log) => ({ partition, id: 'changes' });

  function toBatch(log: Log, { cursor, value }: LogEntry): ChangeBatch {
    const items = sealedItems.open(address(log), value);
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
      const value = sealedItems.seal(
        address(log),
        differences.map(({ type, id, op }) => [type, id, op]),
      );
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
