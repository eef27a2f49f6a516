// The stored form of roster rows: many lines sealed together as one page of a paged table (store/paged-table.ts). A
// line is the id in 32 hex digits, then text without a line break; account.ts and stage-membership.ts define the text.
import { pageRow, type Shape, shapeRow, unpackShape } from '../store/paged-table.ts';
import type { Open } from '../store/remember-opened.ts';
import type { Address, Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface TableContext {
  readonly store: Store;
  readonly vault: Vault;
  readonly partition: string;
}

export interface LookUpContext extends TableContext {
  readonly open?: Open<readonly string[]>;
}

export interface FoundLine {
  readonly table: string;
  readonly line: string;
}

/** Pages that a scan reads in one call. */
const pageConcurrency = 16;

export const idOf = (line: string): string => line.slice(0, 32);
/** The text after a tab is the row's place in its file, which is ignored: a sorted export is the same roster. */
export function contentOf(line: string): string {
  const tab = line.indexOf('\t');
  return tab < 0 ? line.slice(32) : line.slice(32, tab);
}

export const sealPage = (vault: Vault, at: Address, lines: readonly string[]): Buffer =>
  vault.seal(at, lines.join('\n'));

export const openPage = (vault: Vault, at: Address, value: Buffer): string[] =>
  vault.open(at, value).toString().split('\n');

/**
 * The lines with these ids, and those found by these keys, of each table. One round trip.
 * @param context.open replaces `openPage`
 */
export async function findLines(
  { store, vault, partition, open = (at, value) => openPage(vault, at, value) }: LookUpContext,
  tables: readonly string[],
  { keys = [], ids = [] }: { readonly keys?: readonly string[]; readonly ids?: readonly string[] },
): Promise<FoundLine[]> {
  if (tables.length === 0 || keys.length + ids.length === 0) return [];
  const found = await store.lookUp(partition, tables, keys, ids);
  return found.flatMap(({ table, ids, pages }) => {
    const wanted = new Set(ids);
    return pages.flatMap(({ id, value }) =>
      open({ partition, table, id }, value)
        .filter((line) => wanted.has(idOf(line)))
        .map((line) => ({ table, line })),
    );
  });
}

export async function readShape({ store, partition }: TableContext, table: string): Promise<Shape | undefined> {
  const [bytes] = await store.get([{ partition, table, id: shapeRow }]);
  return bytes === undefined ? undefined : unpackShape(bytes);
}

/** All lines of a table in the order of their ids, some hundred at a time. Memory stays constant. */
export async function* scanLines(context: TableContext, table: string): AsyncGenerator<string[]> {
  const { store, vault, partition } = context;
  const pages = (await readShape(context, table))?.pages ?? 0;
  for (let from = 0; from < pages; from += pageConcurrency) {
    const count = Math.min(pageConcurrency, pages - from);
    const places = Array.from({ length: count }, (_, index) => ({ partition, table, id: pageRow(from + index) }));
    const values = await store.get(places);
    const lines = places.flatMap((at, index) => {
      const value = values[index];
      return value === undefined ? [] : openPage(vault, at, value);
    });
    if (lines.length > 0) yield lines;
  }
}

interface RowWriter {
  add(row: Row): Promise<void>;
  end(): Promise<void>;
}

/** Writes rows a megabyte at a time: few flushes to disk, and a concurrent request waits for at most one write. */
export function createRowWriter({ store, partition }: TableContext, table: string): RowWriter {
  let rows: Row[] = [];
  let bytes = 0;
  async function end(): Promise<void> {
    const taken = rows;
    rows = [];
    bytes = 0;
    if (taken.length > 0) await store.load(partition, table, taken);
  }
  return {
    async add(row) {
      rows.push(row);
      bytes += row.value.length;
      if (bytes >= 2 ** 20) await end();
    },
    end,
  };
}
