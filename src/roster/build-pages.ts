// The pages of a paged table being staged. Lines come in the order of a file; they leave in the order of their ids, those of
// one id joined, so that neighbours are written together and each page once. Gathers in memory and spills: memory stays
// flat however many lines there are.
import { packShape, pageOf, pageRow, type Shape, shapeRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import { type IndexBuild, roundUp } from './build-index.ts';
import { createRowWriter, idOf, type PageRoom, type RowWriter, sealPage } from './pages.ts';
import { createSpill, partOf, parts } from './spill.ts';

export interface PageBuild {
  add(line: string): void;
  /** Makes room in memory; call it every few thousand lines. */
  settle(): Promise<void>;
  /** Writes the table, which is complete and readable then. Call it once. */
  finish(written: (lines: readonly string[]) => void): Promise<void>;
}

const charactersInMemory = 6_000_000;
const linesOfPage = 32;

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
  let pending: string[][] = [];
  let characters = 0;
  let total = 0;

  function takePending(): string[][] {
    const taken = pending;
    pending = [];
    characters = 0;
    return taken;
  }

  async function linesOf(part: number, last: readonly string[] | undefined): Promise<Map<string, string>> {
    const joined = new Map<string, string>();
    const see = (line: string) => {
      const before = joined.get(idOf(line));
      joined.set(idOf(line), before === undefined ? line : join(before, line));
    };
    for await (const piece of spill.read(part)) for (const line of piece.toString().split('\n')) see(line);
    for (const line of last ?? []) see(line);
    return joined;
  }

  async function writePages(lines: ReadonlyMap<string, string>, pages: number, writer: RowWriter): Promise<void> {
    const shape = { pages, buckets: 1 };
    const byPage = new Map<number, string[]>();
    for (const id of [...lines.keys()].sort()) {
      const page = pageOf(id, shape);
      const line = lines.get(id) ?? '';
      byPage.get(page)?.push(line) ?? byPage.set(page, [line]);
    }
    for (const [at, ofPage] of byPage) {
      const id = pageRow(at);
      await writer.add({ id, value: sealPage(vault, { partition, table, id }, ofPage) });
    }
  }

  return {
    add(line) {
      const part = partOf(line);
      const lines = pending[part];
      if (lines === undefined) pending[part] = [line];
      else lines.push(line);
      characters += line.length;
      total += 1;
    },
    async settle() {
      await index?.build.settle();
      if (characters < charactersInMemory) return;
      await spill.write(Array.from(takePending(), (some) => some && Buffer.from(some.join('\n'))));
    },
    async finish(written) {
      const last = takePending();
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
