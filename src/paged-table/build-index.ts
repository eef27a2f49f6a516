// The index of a paged table being staged: which ids have which keys. Collects in memory, spills, and writes the
// buckets in the order of their keys, so that adjacent rows are written together.
import type { Kind } from '../identity/identity.ts';
import { maxFoundAlike } from '../identity/match-account.ts';
import { bucketRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import { createRowWriter, type TableContext } from './pages.ts';
import { createGatheredParts, createRowsByPart, createSpill, parts } from './spill.ts';

export interface IndexBuild {
  /**
   * @param keys the key is the 16 bytes that begin at `start`
   * @param isSharedReported whether `finish` reports ids that share the key
   */
  add(keys: Buffer, start: number, id: Buffer, kind: Kind, isSharedReported: boolean): void;
  /** Spills when memory is full; call it every few thousand entries. */
  spillWhenFull(): Promise<void>;
  /** Writes the buckets and returns their number; calls `onShared` with the ids that share a key, some at a time. */
  finish(table: string, onShared: (ids: readonly string[]) => Promise<void>): Promise<number>;
}

/** A byte of flags, the key, the id. */
const [flagBytes, keyBytes, idBytes] = [1, 16, 16] as const;
const storedBytes = keyBytes + idBytes;
const entryBytes = flagBytes + storedBytes;
const reportedBit = 1;
const employeeBit = 2;
const bytesInMemory = 6_000_000;
const entriesOfBucket = 64;
const leastBuckets = 64;

export function createIndexBuild(context: TableContext, spillTable: string): IndexBuild {
  const spill = createSpill(context, spillTable, 'keys');
  const gathered = createGatheredParts();
  let total = 0;

  return {
    add(keys, start, id, kind, isSharedReported) {
      // Ids and keys are evenly distributed: their first byte is the part.
      gathered.add(keys[start] ?? 0, entryBytes, (buffer, at) => {
        buffer[at] = (isSharedReported ? reportedBit : 0) | (kind === 'employee' ? employeeBit : 0);
        copyBytes(keys, start, buffer, at + flagBytes, keyBytes);
        copyBytes(id, 0, buffer, at + flagBytes + keyBytes, idBytes);
        return entryBytes;
      });
      total += 1;
    },
    async spillWhenFull() {
      if (gathered.size() >= bytesInMemory) await spill.write(gathered.take());
    },
    async finish(table, onShared) {
      const last = gathered.takeLast();
      const writer = createRowWriter(context, table);
      const count = Math.max(leastBuckets, Math.ceil(total / entriesOfBucket));
      const buckets = createRowsByPart<Buffer>(count);
      for (let part = 0; part < parts; part += 1) {
        const pieces: Buffer[] = [];
        for await (const piece of spill.read(part)) pieces.push(piece);
        const bytes = Buffer.concat([...pieces, last[part] ?? Buffer.alloc(0)]);
        const { kept, shared } = readEntries(bytes);
        for (const [row, entries] of toBuckets(bytes, kept, count)) buckets.add(row, entries);
        for (const bucket of buckets.takeComplete(part)) await writer.add(toRow(bucket));
        if (shared.length > 0) await onShared(shared);
      }
      await writer.end();
      return count;
    },
  };
}

/**
 * Where the entries begin that are kept, each once, and the ids that share a key. Of accounts of one kind that share a key,
 * only one more than matching reads is kept: an address shared by thousands costs a look-up no more than one shared by a
 * few.
 */
function readEntries(bytes: Buffer): { readonly kept: readonly number[]; readonly shared: readonly string[] } {
  const kept: number[] = [];
  const shared = new Set<string>();
  const firstWithKey = createFirstWithKey(bytes);
  // Nearly every key has one entry: only those of the others are held by their texts.
  const sharing = new Map<number, ReturnType<typeof createSharing>>();
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const first = firstWithKey(at);
    if (first === at) {
      kept.push(at);
      continue;
    }
    const group = sharing.get(first) ?? createSharing(bytes, first, shared);
    sharing.set(first, group);
    if (group.isKept(at)) kept.push(at);
  }
  return { kept, shared: [...shared].map((id) => Buffer.from(id, 'latin1').toString('hex')) };
}

/** Finds the first entry with the key of an entry. */
function createFirstWithKey(bytes: Buffer): (at: number) => number {
  /** Where an entry begins, plus one; 0 marks a free slot. */
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2((2 * bytes.length) / entryBytes + 1)));
  return (at) => {
    // Not by the first bytes of the key, which are those of its part.
    for (let slot = bytes.readUInt32LE(at + flagBytes + 4) % slots.length; ; slot = (slot + 1) % slots.length) {
      const first = (slots[slot] ?? 0) - 1;
      if (first >= 0 && !isSameKey(bytes, first, at)) continue;
      if (first < 0) slots[slot] = at + 1;
      return first < 0 ? at : first;
    }
  };
}

function isSameKey(bytes: Buffer, one: number, other: number): boolean {
  for (let at = flagBytes; at < flagBytes + keyBytes; at += 1) if (bytes[one + at] !== bytes[other + at]) return false;
  return true;
}

/** The entries of one key, of which `first` is kept. @param shared receives the ids to be reported */
function createSharing(bytes: Buffer, first: number, shared: Set<string>) {
  const ids = new Set<string>();
  let reported: string | undefined;
  const counts = new Map<number, number>();
  /** A student has a row for each guardian: the same entry again is not kept. */
  function isKept(at: number): boolean {
    const id = bytes.toString('latin1', at + flagBytes + keyBytes, at + entryBytes);
    if (ids.has(id)) return false;
    ids.add(id);
    const flags = bytes[at] ?? 0;
    if (flags & reportedBit) {
      if (reported !== undefined) shared.add(reported).add(id);
      reported ??= id;
    }
    const kind = flags & employeeBit;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= maxFoundAlike + 1;
  }
  isKept(first);
  return { isKept };
}

/** The kept entries without their flags, by bucket. @param count of all buckets */
function toBuckets(bytes: Buffer, kept: readonly number[], count: number): readonly (readonly [number, Buffer])[] {
  const places = new Map<number, number[]>();
  for (const at of kept) {
    const bucket = Math.floor((bytes.readUInt32BE(at + flagBytes) * count) / 2 ** 32);
    const known = places.get(bucket);
    if (known === undefined) places.set(bucket, [at]);
    else known.push(at);
  }
  return [...places].map(([bucket, starts]) => {
    const entries = Buffer.allocUnsafe(starts.length * storedBytes);
    for (const [index, at] of starts.entries())
      copyBytes(bytes, at + flagBytes, entries, index * storedBytes, storedBytes);
    return [bucket, entries];
  });
}

/** For a few bytes faster than Buffer.copy. */
function copyBytes(from: Buffer, start: number, to: Buffer, at: number, count: number): void {
  for (let index = 0; index < count; index += 1) to[at + index] = from[start + index] ?? 0;
}

const toRow = ([at, entries]: readonly [number, readonly Buffer[]]): Row => ({
  id: bucketRow(at),
  value: Buffer.concat(entries),
});
