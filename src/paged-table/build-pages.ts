// The pages of a paged table being staged. Lines arrive in the order of a file and are written in the order of their
// ids, lines of one id joined, so that each page is written once. Collects in memory and spills: memory stays bounded
// for any number of lines.
import { packShape, pageOf, pageRow, type Shape, shapeRow } from '../store/paged-table.ts';
import type { Row } from '../store/store.ts';
import type { IndexBuild } from './build-index.ts';
import { createRowWriter, idOf, sealPage, type TableContext } from './pages.ts';
import { createGatheredParts, createRowsByPart, createSpill, partOf, parts } from './spill.ts';

interface PageBuild {
  add(line: string): void;
  /** The number of added lines, before lines of one id are joined. */
  count(): number;
  /** Spills when memory is full; call it every few thousand lines. */
  spillWhenFull(): Promise<void>;
  /** Writes the table, which is complete and readable then. Call it once. */
  finish(written: (lines: readonly string[]) => void): Promise<void>;
}

const bytesInMemory = 6_000_000;
const linesOfPage = 32;
/** A small table has shorter pages, which are read faster. */
const leastPages = 64;
/** UTF-8 bytes of one UTF-16 unit. */
const maxBytesOfUnit = 3;

/** Each ends with a line break. */
const linesIn = (bytes: Buffer): string[] => bytes.toString('utf8', 0, bytes.length - 1).split('\n');

const shapeOf = (shape: Shape): Row => ({ id: shapeRow, value: packShape(shape) });

/**
 * @param join joins two lines of one id, the earlier first; `undefined` leaves the id out, and is called again for
 * every further line; `isLeftOut` leaves out an id whatever its lines
 */
export function createPageBuild(
  context: TableContext,
  table: string,
  spillTable: string,
  join: (before: string, line: string) => string | undefined,
  index?: { readonly build: IndexBuild; readonly onShared: (ids: readonly string[]) => Promise<void> },
  isLeftOut: (id: string) => boolean = () => false,
): PageBuild {
  // Long because of its four verbs over what is in memory and what is spilled.
  const { vault, partition } = context;
  const spill = createSpill(context, spillTable, table);
  const gathered = createGatheredParts();
  let total = 0;

  async function linesOf(part: number, last: Buffer | undefined): Promise<Map<string, string>> {
    const joined = new Map<string, string>();
    const leftOut = new Set<string>();
    const see = (line: string) => {
      const id = idOf(line);
      const before = joined.get(id);
      const after = before === undefined ? line : join(before, line);
      if (after === undefined) leftOut.add(id);
      else joined.set(id, after);
    };
    for await (const piece of spill.read(part)) for (const line of linesIn(piece)) see(line);
    for (const line of last === undefined ? [] : linesIn(last)) see(line);
    for (const id of joined.keys()) if (leftOut.has(id) || isLeftOut(id)) joined.delete(id);
    return joined;
  }

  function toRow([at, lines]: readonly [number, string[]]): Row {
    const id = pageRow(at);
    // A line begins with its id, so lines sort by id.
    return { id, value: sealPage(vault, { partition, table, id }, lines.sort()) };
  }

  return {
    add(line) {
      gathered.add(partOf(line), line.length * maxBytesOfUnit + 1, (buffer, at) => {
        const written = buffer.write(line, at);
        buffer[at + written] = 10;
        return written + 1;
      });
      total += 1;
    },
    count: () => total,
    async spillWhenFull() {
      await index?.build.spillWhenFull();
      if (gathered.size() >= bytesInMemory) await spill.write(gathered.take());
    },
    async finish(written) {
      const last = gathered.takeLast();
      const shape = { pages: Math.max(leastPages, Math.ceil(total / linesOfPage)), buckets: 1 };
      const writer = createRowWriter(context, table);
      const byPage = createRowsByPart<string>(shape.pages);
      for (let part = 0; part < parts; part += 1) {
        const lines = await linesOf(part, last[part]);
        for (const [id, line] of lines) byPage.add(pageOf(id, shape), line);
        for (const page of byPage.takeComplete(part)) await writer.add(toRow(page));
        written([...lines.values()]);
      }
      // From here on the pages can be read, as the report of shared keys needs.
      await writer.add(shapeOf(shape));
      await writer.end();
      if (index === undefined) return;
      await writer.add(shapeOf({ ...shape, buckets: await index.build.finish(table, index.onShared) }));
      await writer.end();
    },
  };
}
