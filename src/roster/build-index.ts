// The index of a paged table being staged: which ids have which keys. Gathers in memory, spills, and writes the buckets in
// the order of their keys, so that neighbours are written together.
import { bucketRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import { createRowWriter, type PageRoom } from './pages.ts';
import { createSpill, parts } from './spill.ts';

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
const entriesInMemory = 200_000;
const entriesOfBucket = 64;

export function createIndexBuild(room: PageRoom, spillTable: string): IndexBuild {
  const spill = createSpill(room, spillTable, 'keys');
  let pending = Buffer.alloc(0);
  let length = 0;
  let total = 0;

  /** The entries in memory, apart by part. */
  function takeParts(): (Buffer | undefined)[] {
    const lengths = new Array<number>(parts).fill(0);
    const partAt = (at: number) => (pending[at + 1] ?? 0) >> 2;
    for (let at = 0; at < length; at += entryBytes) lengths[partAt(at)] = (lengths[partAt(at)] ?? 0) + entryBytes;
    const pieces = lengths.map((size) => (size === 0 ? undefined : Buffer.allocUnsafe(size)));
    const filled = new Array<number>(parts).fill(0);
    for (let at = 0; at < length; at += entryBytes) {
      const part = partAt(at);
      const piece = pieces[part];
      if (piece === undefined) continue;
      filled[part] = (filled[part] ?? 0) + pending.copy(piece, filled[part], at, at + entryBytes);
    }
    length = 0;
    return pieces;
  }

  return {
    add(key, id, isSharedTold) {
      if (length === pending.length)
        pending = Buffer.concat([pending, Buffer.allocUnsafe(Math.max(length, 2 ** 16 * entryBytes))]);
      pending[length] = isSharedTold ? 1 : 0;
      pending.write(key, length + 1, 'hex');
      pending.write(id, length + 17, 'hex');
      length += entryBytes;
      total += 1;
    },
    async settle() {
      if (length >= entriesInMemory * entryBytes) await spill.write(takeParts());
    },
    async finish(table, told) {
      const last = takeParts();
      pending = Buffer.alloc(0);
      const writer = createRowWriter(room, table);
      const count = roundUp(Math.ceil(total / entriesOfBucket));
      for (let part = 0; part < parts; part += 1) {
        const pieces: Buffer[] = [];
        for await (const piece of spill.read(part)) pieces.push(piece);
        const { rows, shared } = toBuckets(Buffer.concat([...pieces, last[part] ?? Buffer.alloc(0)]), count);
        for (const row of rows) await writer.add(row);
        if (shared.length > 0) await told(shared);
      }
      await writer.end();
      return count;
    },
  };
}

/** A row of a table never spans two parts. */
export const roundUp = (count: number): number => Math.max(1, Math.ceil(count / parts)) * parts;

function toBuckets(entries: Buffer, count: number): { readonly rows: Row[]; readonly shared: string[] } {
  const buckets = new Map<number, Buffer[]>();
  const seen = new Set<string>();
  const firstIds = new Map<string, string>();
  const shared = new Set<string>();
  for (let at = 0; at < entries.length; at += entryBytes) {
    const entry = entries.subarray(at + 1, at + entryBytes);
    const text = entry.toString('latin1');
    // A pupil has a row for each guardian.
    if (seen.has(text)) continue;
    seen.add(text);
    if (entries[at] === 1) noteShared(firstIds, shared, text);
    const bucket = Math.floor((entry.readUInt32BE() * count) / 2 ** 32);
    buckets.get(bucket)?.push(entry) ?? buckets.set(bucket, [entry]);
  }
  const inOrder = [...buckets].sort(([one], [other]) => one - other);
  return {
    rows: inOrder.map(([at, list]) => ({ id: bucketRow(at), value: Buffer.concat(list) })),
    shared: [...shared].map((id) => Buffer.from(id, 'latin1').toString('hex')),
  };
}

function noteShared(firstIds: Map<string, string>, shared: Set<string>, entry: string): void {
  const [key, id] = [entry.slice(0, 16), entry.slice(16)];
  const first = firstIds.get(key);
  if (first === undefined) firstIds.set(key, id);
  else shared.add(first).add(id);
}
