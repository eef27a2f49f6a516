// The index of a paged table being staged: which ids have which keys. Gathers in memory, spills, and writes the buckets in
// the order of their keys, so that neighbours are written together.
import { bucketRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import { createGatheredParts } from './gathered-parts.ts';
import { createRowWriter, type PageRoom } from './pages.ts';
import { createRowsByPart } from './rows-by-part.ts';
import { createSpill, partOf, parts } from './spill.ts';

export interface IndexBuild {
  /** @param isSharedTold whether ids that share the key are asked for */
  add(key: string, id: string, isSharedTold: boolean): void;
  /** Makes room in memory; call it every few thousand entries. */
  settle(): Promise<void>;
  /** Writes the buckets and answers how many; `told` is given the ids that share a key, some at a time. */
  finish(table: string, told: (ids: readonly string[]) => Promise<void>): Promise<number>;
}

/** A sign of what to tell, the key, the id. */
const entryBytes = 33;
const bytesInMemory = 6_000_000;
const entriesOfBucket = 64;
const leastBuckets = 64;

export function createIndexBuild(room: PageRoom, spillTable: string): IndexBuild {
  const spill = createSpill(room, spillTable, 'keys');
  const gathered = createGatheredParts();
  let total = 0;

  return {
    add(key, id, isSharedTold) {
      gathered.add(partOf(key), entryBytes, (room, at) => {
        room[at] = isSharedTold ? 1 : 0;
        room.write(key, at + 1, 'hex');
        room.write(id, at + 17, 'hex');
        return entryBytes;
      });
      total += 1;
    },
    async settle() {
      if (gathered.size() >= bytesInMemory) await spill.write(gathered.take());
    },
    async finish(table, told) {
      const last = gathered.takeLast();
      const writer = createRowWriter(room, table);
      const count = Math.max(leastBuckets, Math.ceil(total / entriesOfBucket));
      const buckets = createRowsByPart<Buffer>(count);
      for (let part = 0; part < parts; part += 1) {
        const pieces: Buffer[] = [];
        for await (const piece of spill.read(part)) pieces.push(piece);
        const { entries, shared } = readEntries(Buffer.concat([...pieces, last[part] ?? Buffer.alloc(0)]));
        for (const entry of entries) buckets.add(Math.floor((entry.readUInt32BE() * count) / 2 ** 32), entry);
        for (const bucket of buckets.takeComplete(part)) await writer.add(toRow(bucket));
        if (shared.length > 0) await told(shared);
      }
      await writer.end();
      return count;
    },
  };
}

/** Each entry once, without its sign, and the ids that share a key. */
function readEntries(bytes: Buffer): { readonly entries: Buffer[]; readonly shared: string[] } {
  const entries: Buffer[] = [];
  const seen = new Set<string>();
  const firstIds = new Map<string, string>();
  const shared = new Set<string>();
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const entry = bytes.subarray(at + 1, at + entryBytes);
    const text = entry.toString('latin1');
    // A pupil has a row for each guardian.
    if (seen.has(text)) continue;
    seen.add(text);
    if (bytes[at] === 1) noteShared(firstIds, shared, text);
    entries.push(entry);
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
