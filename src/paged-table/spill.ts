// Where rows are collected while a generation is staged, by part of the id space: in memory, and what does not fit there
// as sealed pieces in a table that is dropped with the generation.
import { createRowWriter, type TableContext } from './pages.ts';

/** Ids and keys are evenly distributed; their first byte determines the part. One part at a time is in memory. */
export const parts = 256;
export const partOf = (hex: string): number => digitOf(hex.charCodeAt(0)) * 16 + digitOf(hex.charCodeAt(1));
/** Of a digit from 0 to 9 or from a to f. */
const digitOf = (code: number): number => (code < 0x3a ? code - 0x30 : code - 0x57);

interface Spill {
  /** Adds a piece to each part that has one. */
  write(pieces: readonly (Buffer | undefined)[]): Promise<void>;
  /** The pieces of a part in the order of writing. */
  read(part: number): AsyncIterable<Buffer>;
}

const pieceBatchSize = 8;

/** @param name distinguishes spills in the same table */
export function createSpill(context: TableContext, table: string, name: string): Spill {
  const { store, vault, partition } = context;
  const counts = new Array<number>(parts).fill(0);
  const addressOf = (part: number, piece: number) => ({ partition, table, id: `${name}.${part}.${piece}` });

  return {
    async write(pieces) {
      const writer = createRowWriter(context, table);
      for (const [part, piece] of pieces.entries()) {
        if (piece === undefined) continue;
        const at = addressOf(part, counts[part] ?? 0);
        counts[part] = (counts[part] ?? 0) + 1;
        await writer.add({ id: at.id, value: vault.seal(at, piece) });
      }
      await writer.end();
    },
    async *read(part) {
      const places = Array.from({ length: counts[part] ?? 0 }, (_, piece) => addressOf(part, piece));
      for (let from = 0; from < places.length; from += pieceBatchSize) {
        const some = places.slice(from, from + pieceBatchSize);
        const values = await store.get(some);
        for (const [index, at] of some.entries()) {
          const value = values[index];
          if (value === undefined) throw new Error('a piece of what is being staged is gone');
          yield vault.open(at, value);
        }
      }
    },
  };
}

interface GatheredParts {
  /** @param write writes at most that many bytes at the offset and returns their number */
  add(part: number, maxBytes: number, write: (buffer: Buffer, at: number) => number): void;
  /** Bytes in memory. */
  size(): number;
  /** Everything, by part; valid until more is added, since the buffers are reused. */
  take(): (Buffer | undefined)[];
  /** The same for the last time; the buffers are released. */
  takeLast(): (Buffer | undefined)[];
}

const firstBytes = 2048;

/**
 * Collects bytes in memory. One reused buffer per part: hundreds of thousands of strings or small buffers load the
 * garbage collector, and released large buffers stay in memory until it runs.
 */
export function createGatheredParts(): GatheredParts {
  let buffers: Buffer[] = [];
  const lengths = new Uint32Array(parts);
  let size = 0;

  function bufferFor(part: number, bytes: number): Buffer {
    const buffer = buffers[part] ?? Buffer.alloc(0);
    const length = lengths[part] ?? 0;
    if (length + bytes <= buffer.length) return buffer;
    const larger = Buffer.allocUnsafe(Math.max(firstBytes, 2 * buffer.length, length + bytes));
    buffer.copy(larger, 0, 0, length);
    buffers[part] = larger;
    return larger;
  }

  function take(): (Buffer | undefined)[] {
    const taken = Array.from(lengths, (length, part) =>
      length === 0 ? undefined : buffers[part]?.subarray(0, length),
    );
    lengths.fill(0);
    size = 0;
    return taken;
  }

  return {
    add(part, maxBytes, write) {
      const at = lengths[part] ?? 0;
      const written = write(bufferFor(part, maxBytes), at);
      lengths[part] = at + written;
      size += written;
    },
    size: () => size,
    take,
    takeLast() {
      const taken = take();
      buffers = [];
      return taken;
    },
  };
}

interface RowsByPart<Item> {
  /** @param row its number; rows are in the order of their ids */
  add(row: number, item: Item): void;
  /** The rows that are complete when this part is, in order. The last row of a part may continue in the next. */
  takeComplete(part: number): readonly (readonly [row: number, items: Item[]])[];
}

/**
 * The rows of a table being filled: pages of lines, or buckets of keys.
 * @param count how many rows the table has
 */
export function createRowsByPart<Item>(count: number): RowsByPart<Item> {
  let filling = new Map<number, Item[]>();
  return {
    add(row, item) {
      const items = filling.get(row);
      if (items === undefined) filling.set(row, [item]);
      else items.push(item);
    },
    takeComplete(part) {
      const end = Math.floor(((part + 1) * count) / parts);
      const inOrder = [...filling].sort(([one], [other]) => one - other);
      // A new map: deleting from a long-lived one delays the collection of its former values.
      filling = new Map(inOrder.filter(([row]) => row >= end));
      return inOrder.filter(([row]) => row < end);
    },
  };
}
