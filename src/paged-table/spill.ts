// Holds what does not fit in memory while a generation is staged: sealed pieces, by part of the id space, in a table
// that is dropped with the generation.
import { createRowWriter, type TableContext } from './pages.ts';

/** Ids and keys are evenly distributed; their first byte determines the part. One part at a time is in memory. */
export const parts = 256;
export const partOf = (hex: string): number => Number.parseInt(hex.slice(0, 2), 16);

export interface Spill {
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
