// Changed accounts, classes and enrollments, in order, so that the main product can follow without rereading
// everything; and the opaque cursor of its readers. Contains ids, no values: the reader looks up the current state.
// Delivered at least once.

import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { sealedJson, storedWord } from '../store/sealed.ts';
import type { Log, LogEntry, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Difference } from './compare.ts';

interface ChangeBatch {
  /** Continues after this batch. */
  readonly cursor: string;
  readonly differences: readonly Difference[];
}

interface ChangeLogBounds {
  /** Changes when the district was erased and created again: earlier cursors are then invalid. */
  readonly epoch: string;
  /** Cursors; undefined while the log is empty. */
  readonly oldest: string | undefined;
  readonly newest: string | undefined;
}

export interface ChangeLog {
  append(districtId: string, differences: readonly Difference[]): Promise<void>;
  /** The range of the log that is still kept. */
  bounds(districtId: string): Promise<ChangeLogBounds>;
  /** Batches after the cursor, oldest first; without one, from the oldest that is kept. */
  read(districtId: string, after: string | undefined, limit: number): Promise<ChangeBatch[]>;
  /** Batches before the cursor, newest first; without one, from the newest. */
  readBack(districtId: string, before: string | undefined, limit: number): Promise<ChangeBatch[]>;
}

/** A reader that was absent for longer must read the whole roster again. */
const changesKeptSeconds = 400 * 86_400;

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
      // Newest first: an entry that is appended meanwhile comes after it and is never skipped.
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

export type ReadCursor =
  | {
      readonly kind: 'place';
      readonly epoch: string;
      /** Cursor of the log; undefined for its beginning. */
      readonly after: string | undefined;
    }
  | { readonly kind: 'refused'; readonly code: 'cursor_malformed' | 'cursor_gone' };

export interface RosterCursors {
  /** The position after all entries appended so far. */
  now(districtId: string): Promise<string>;
  /** `cursor_gone`: entries after it may have expired, or the district was erased since; read everything again. */
  read(districtId: string, text: string): Promise<ReadCursor>;
  show(epoch: string, after: string): string;
}

// The epoch, and a cursor of the log (store.ts) or the time at which the log was found empty.
const form = /^([0-9a-f]{16})\.(?:(\d{15}-\d{10})|start-(\d{13,15}))$/;

/** A log that was empty for nearly its whole retention may have lost entries since. */
const startIsGoodForMs = (changesKeptSeconds - 86_400) * 1000;
const clockDifferenceMs = 3_600_000;

export function createRosterCursors(changes: ChangeLog, clock: () => number = Date.now): RosterCursors {
  const gone = { kind: 'refused', code: 'cursor_gone' } as const;
  const isGoodStart = (at: number) => at > clock() - startIsGoodForMs && at < clock() + clockDifferenceMs;
  return {
    async now(districtId) {
      const { epoch, newest } = await changes.bounds(districtId);
      return `${epoch}.${newest ?? `start-${clock()}`}`;
    },
    async read(districtId, text) {
      const [, epoch, after, start] = form.exec(text) ?? [];
      if (epoch === undefined) return { kind: 'refused', code: 'cursor_malformed' };
      const kept = await changes.bounds(districtId);
      if (epoch !== kept.epoch) return gone;
      if (after === undefined) return isGoodStart(Number(start)) ? { kind: 'place', epoch, after } : gone;
      const isKept = kept.oldest !== undefined && kept.newest !== undefined;
      return isKept && kept.oldest <= after && after <= kept.newest ? { kind: 'place', epoch, after } : gone;
    },
    show: (epoch, after) => `${epoch}.${after}`,
  };
}
