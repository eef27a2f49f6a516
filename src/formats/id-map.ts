// A list of former and new ids as users write it: CSV as programs save it, with or without a header or further columns.
// Streamed; an error in a row affects that row only.
import { isDelimiterLine, openCsv } from './csv/open-csv.ts';
import type { OpenFile } from './roster-files.ts';

export type IdMapItem =
  | { readonly kind: 'pair'; readonly line: number; readonly from: string; readonly to: string }
  | { readonly kind: 'flawed'; readonly line: number; readonly code: IdMapFlaw };

/** `columns_unknown` and `file_unreadable` end the list. */
export type IdMapFlaw = 'cells_missing' | 'digits_lost' | 'columns_unknown' | 'file_unreadable';

interface Columns {
  readonly from: number;
  readonly to: number;
  readonly isHeader: boolean;
}

const fromWords: ReadonlySet<string> = new Set(['old', 'from', 'former', 'previous', 'before']);
const toWords: ReadonlySet<string> = new Set(['new', 'to', 'current', 'after']);

/** The owner of the file closes it. */
export async function* readIdMap({ chunks }: Pick<OpenFile, 'chunks'>): AsyncGenerator<IdMapItem> {
  const opened = await openCsv(chunks());
  if (opened.kind === 'no_csv') return yield { kind: 'flawed', line: 1, code: 'file_unreadable' };
  let columns: Columns | undefined;
  for await (const { items } of opened.batches) {
    for (const item of items) {
      if (item.kind === 'unreadable') return yield { kind: 'flawed', line: item.line ?? 1, code: 'file_unreadable' };
      if (isDelimiterLine(item)) continue;
      if (item.kind === 'malformed') {
        yield { kind: 'flawed', line: item.line, code: 'cells_missing' };
        continue;
      }
      const isFirst = columns === undefined;
      columns ??= readColumns(item.cells);
      if (columns === undefined) return yield { kind: 'flawed', line: item.line, code: 'columns_unknown' };
      if (!isFirst || !columns.isHeader) yield readPair(item.cells, item.line, columns);
    }
  }
}

/** By the words of a header; two columns without one are the former and the new id. */
function readColumns(cells: readonly string[]): Columns | undefined {
  const indexOf = (words: ReadonlySet<string>) =>
    cells.findIndex((cell) => wordsOf(cell).some((word) => words.has(word)));
  const [from, to] = [indexOf(fromWords), indexOf(toWords)];
  if (from >= 0 && to >= 0 && from !== to) return { from, to, isHeader: true };
  const filled = cells.flatMap((cell, index) => (cell.trim() === '' ? [] : [index]));
  return filled.length === 2 && filled[0] === 0 && filled[1] === 1 ? { from: 0, to: 1, isHeader: false } : undefined;
}

const wordsOf = (cell: string): string[] =>
  cell
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

function readPair(cells: readonly string[], line: number, columns: Columns): IdMapItem {
  const [from, to] = [cells[columns.from]?.trim() ?? '', cells[columns.to]?.trim() ?? ''];
  if (from === '' || to === '') return { kind: 'flawed', line, code: 'cells_missing' };
  if ([from, to].some((id) => /^\d(\.\d+)?E\+\d+$/i.test(id))) return { kind: 'flawed', line, code: 'digits_lost' };
  return { kind: 'pair', line, from, to };
}
