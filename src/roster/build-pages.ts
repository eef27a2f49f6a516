// The pages of a paged table being staged. Lines come in the order of a file; they leave in the order of their ids, those of
// one id joined, so that neighbours are written together and each page once. Gathers in memory and spills: memory stays
// flat however many lines there are.
import { packShape, pageOf, pageRow, type Shape, shapeRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import { type IndexBuild, roundUp } from './build-index.ts';
import { createGatheredLines } from './gathered-lines.ts';
import { createRowWriter, idOf, type PageRoom, type RowWriter, sealPage } from './pages.ts';
import { createSpill, parts } from './spill.ts';

export interface PageBuild {
  add(line: string): void;
  /** Makes room in memory; call it every few thousand lines. */
  settle(): Promise<void>;
  /** Writes the table, which is complete and readable then. Call it once. */
  finish(written: (lines: readonly string[]) => void): Promise<void>;
}

const bytesInMemory = 6_000_000;
const linesOfPage = 32;

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
  const gathered = createGatheredLines();
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

  async function writePages(lines: ReadonlyMap<string, string>, pages: number, writer: RowWriter): Promise<void> {
    const shape = { pages, buckets: 1 };
    const byPage = new Map<number, string[]>();
    for (const [lineId, line] of lines) {
      const page = pageOf(lineId, shape);
      byPage.get(page)?.push(line) ?? byPage.set(page, [line]);
    }
    for (const at of [...byPage.keys()].sort((one, other) => one - other)) {
      const id = pageRow(at);
      // A line begins with its id, so lines are in the order of ids.
      const ofPage = byPage.get(at)?.sort() ?? [];
      await writer.add({ id, value: sealPage(vault, { partition, table, id }, ofPage) });
    }
  }

  return {
    add(line) {
      gathered.add(line);
      total += 1;
    },
    async settle() {
      await index?.build.settle();
      if (gathered.size() >= bytesInMemory) await spill.write(gathered.take());
    },
    async finish(written) {
      const last = gathered.take();
      const pages = roundUp(Math.ceil(total / linesOfPage));
      const writer = createRowWriter(room, table);
      for (let part = 0; part < parts; part += 1) {
        const lines = await linesOf(part, last[part]);
        await writePages(lines, pages, writer);
        written([...lines.values()]);
      }
      // With its shape the pages can be read, which telling what is shared needs.
      await writer.add(shapeOf({ pages, buckets: 1 }));
      await writer.end();
      if (index === undefined) return;
      await writer.add(shapeOf({ pages, buckets: await index.build.finish(table, index.told) }));
      await writer.end();
    },
  };
}
