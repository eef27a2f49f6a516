// The pages of a paged table being staged. Lines come in the order of a file; they leave in the order of their ids, those of
// one id joined, so that neighbours are written together and each page once. Gathers in memory and spills: memory stays
// flat however many lines there are.
import { packShape, pageOf, pageRow, type Shape, shapeRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import type { IndexBuild } from './build-index.ts';
import { createGatheredParts } from './gathered-parts.ts';
import { createRowWriter, idOf, type PageRoom, sealPage } from './pages.ts';
import { createRowsByPart } from './rows-by-part.ts';
import { createSpill, partOf, parts } from './spill.ts';

export interface PageBuild {
  add(line: string): void;
  /** How many were added; those of one id count apart. */
  count(): number;
  /** Makes room in memory; call it every few thousand lines. */
  settle(): Promise<void>;
  /** Writes the table, which is complete and readable then. Call it once. */
  finish(written: (lines: readonly string[]) => void): Promise<void>;
}

const bytesInMemory = 6_000_000;
const linesOfPage = 32;
/** In a small table they are shorter, and read sooner. */
const leastPages = 64;
/** UTF-8 bytes of one UTF-16 unit. */
const mostBytesOfUnit = 3;

/** Each is ended by a line break. */
const linesIn = (bytes: Buffer): string[] => bytes.toString('utf8', 0, bytes.length - 1).split('\n');

const shapeOf = (shape: Shape): Row => ({ id: shapeRow, value: packShape(shape) });

/** @param join what becomes of two lines of one id, the earlier first */
export function createPageBuild(
  room: PageRoom,
  table: string,
  spillTable: string,
  join: (before: string, line: string) => string,
  index?: { readonly build: IndexBuild; readonly told: (ids: readonly string[]) => Promise<void> },
): PageBuild {
  const { vault, partition } = room;
  const spill = createSpill(room, spillTable, table);
  const gathered = createGatheredParts();
  let total = 0;

  async function linesOf(part: number, last: Buffer | undefined): Promise<Map<string, string>> {
    const joined = new Map<string, string>();
    const see = (line: string) => {
      const before = joined.get(idOf(line));
      joined.set(idOf(line), before === undefined ? line : join(before, line));
    };
    for await (const piece of spill.read(part)) for (const line of linesIn(piece)) see(line);
    for (const line of last === undefined ? [] : linesIn(last)) see(line);
    return joined;
  }

  function toRow([at, lines]: readonly [number, string[]]): Row {
    const id = pageRow(at);
    // A line begins with its id, so lines are in the order of ids.
    return { id, value: sealPage(vault, { partition, table, id }, lines.sort()) };
  }

  return {
    add(line) {
      gathered.add(partOf(line), line.length * mostBytesOfUnit + 1, (room, at) => {
        const written = room.write(line, at);
        room[at + written] = 10;
        return written + 1;
      });
      total += 1;
    },
    count: () => total,
    async settle() {
      await index?.build.settle();
      if (gathered.size() >= bytesInMemory) await spill.write(gathered.take());
    },
    async finish(written) {
      const last = gathered.takeLast();
      const shape = { pages: Math.max(leastPages, Math.ceil(total / linesOfPage)), buckets: 1 };
      const writer = createRowWriter(room, table);
      const byPage = createRowsByPart<string>(shape.pages);
      for (let part = 0; part < parts; part += 1) {
        const lines = await linesOf(part, last[part]);
        for (const [id, line] of lines) byPage.add(pageOf(id, shape), line);
        for (const page of byPage.takeComplete(part)) await writer.add(toRow(page));
        written([...lines.values()]);
      }
      // With its shape the pages can be read, which telling what is shared needs.
      await writer.add(shapeOf(shape));
      await writer.end();
      if (index === undefined) return;
      await writer.add(shapeOf({ ...shape, buckets: await index.build.finish(table, index.told) }));
      await writer.end();
    },
  };
}
