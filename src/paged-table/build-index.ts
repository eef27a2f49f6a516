// The index of a paged table being staged: which ids have which keys. Collects in memory, spills, and writes the
// buckets in the order of their keys, so that adjacent rows are written together.
import type { Kind } from '../identity/identity.ts';
import { mostFoundAlike } from '../identity/match-account.ts';
import { bucketRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import { createRowWriter, type TableContext } from './pages.ts';
import { createGatheredParts, createRowsByPart, createSpill, partOf, parts } from './spill.ts';

export interface IndexBuild {
  /** @param isSharedReported whether `finish` reports ids that share the key */
  add(key: string, id: string, kind: Kind, isSharedReported: boolean): void;
  /** Spills when memory is full; call it every few thousand entries. */
  spillWhenFull(): Promise<void>;
  /** Writes the buckets and returns their number; calls `onShared` with the ids that share a key, some at a time. */
  finish(table: string, onShared: (ids: readonly string[]) => Promise<void>): Promise<number>;
}

/** A byte of flags, the key, the id. */
const entryBytes = 33;
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
    add(key, id, kind, isSharedReported) {
      gathered.add(partOf(key), entryBytes, (buffer, at) => {
        buffer[at] = (isSharedReported ? reportedBit : 0) | (kind === 'employee' ? employeeBit : 0);
        buffer.write(key, at + 1, 'hex');
        buffer.write(id, at + 17, 'hex');
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
        const { entries, shared } = readEntries(Buffer.concat([...pieces, last[part] ?? Buffer.alloc(0)]));
        for (const entry of entries) buckets.add(Math.floor((entry.readUInt32BE() * count) / 2 ** 32), entry);
        for (const bucket of buckets.takeComplete(part)) await writer.add(toRow(bucket));
        if (shared.length > 0) await onShared(shared);
      }
      await writer.end();
      return count;
    },
  };
}

/**
 * Each entry once, without its flags, and the ids that share a key. Of accounts of one kind that share a key, only one
 * more than matching reads is kept: an address shared by thousands costs a look-up no more than one shared by a few.
 */
function readEntries(bytes: Buffer): { readonly entries: Buffer[]; readonly shared: string[] } {
  const entries: Buffer[] = [];
  const seen = new Set<string>();
  const firstIds = new Map<string, string>();
  const shared = new Set<string>();
  const sharing = new Map<string, number>();
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const entry = bytes.subarray(at + 1, at + entryBytes);
    const text = entry.toString('latin1');
    // A student has a row for each guardian.
    if (seen.has(text)) continue;
    seen.add(text);
    const sign = bytes[at] ?? 0;
    if (sign & reportedBit) noteShared(firstIds, shared, text);
    const group = `${sign & employeeBit}${text.slice(0, 16)}`;
    const count = (sharing.get(group) ?? 0) + 1;
    sharing.set(group, count);
    if (count <= mostFoundAlike + 1) entries.push(entry);
  }
  return { entries, shared: [...shared].map((id) => Buffer.from(id, 'latin1').toString('hex')) };
}

const toRow = ([at, entries]: readonly [number, readonly Buffer[]]): Row => ({
  id: bucketRow(at),
  value: Buffer.concat(entries),
});

function noteShared(firstIds: Map<string, string>, shared: Set<string>, entry: string): void {
  const [key, id] = [entry.slice(0, 16), entry.slice(16)];
  const first = firstIds.get(key);
  if (first === undefined) firstIds.set(key, id);
  else shared.add(first).add(id);
}
