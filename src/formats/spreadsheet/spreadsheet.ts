// A hand-made file as tables: an Excel workbook from any program, or one text file. Callers interpret the tables.
import type { Finding, Place } from '../feed.ts';
import { errorAt, warningAt } from '../finding.ts';
import { type Book, openBook, type Sheet } from './spreadsheet-book.ts';
import { nameCell, type Range, readSheet } from './spreadsheet-cells.ts';
import { readManualCsv } from './spreadsheet-csv.ts';
import { openPackage, type Package, UnreadableWorkbook } from './spreadsheet-package.ts';
import type { SpreadsheetSource } from './spreadsheet-source.ts';
import type { ReadTables, Table } from './spreadsheet-table.ts';

/**
 * Reads an .xlsx workbook or a text file; rows are streamed. Errors of the file are findings and never thrown; an error
 * of this machine is thrown.
 */
export const readSpreadsheet = <Item>(
  source: SpreadsheetSource,
  read: ReadTables<Item>,
): AsyncGenerator<Item | Finding> =>
  isNamedAsWorkbook(source.file) ? readWorkbook(source, read) : readManualCsv(source, read);

/** Other names may belong to a text file; then its content decides. */
const isNamedAsWorkbook = (file: string): boolean => /\.(xls[xmb]?|ods|numbers)$/i.test(file);

async function* readWorkbook<Item>(source: SpreadsheetSource, read: ReadTables<Item>): AsyncGenerator<Item | Finding> {
  const { file } = source;
  let pack: Package | undefined;
  try {
    pack = await openPackage(source);
    yield* readBook(file, pack, await openBook(pack), read);
  } catch (failure) {
    if (!(failure instanceof UnreadableWorkbook)) throw failure;
    yield errorAt(failure.code, { file });
  } finally {
    await pack?.close();
  }
}

async function* readBook<Item>(
  file: string,
  pack: Package,
  book: Book,
  read: ReadTables<Item>,
): AsyncGenerator<Item | Finding> {
  const tables: Table[] = [];
  for (const sheet of book.sheets) {
    const place = { file, sheet: sheet.name };
    if (sheet.isHidden) {
      yield warningAt('sheet_hidden', place);
      continue;
    }
    const layout = await readLayout(pack, book, sheet);
    if (layout.firstHiddenLine !== undefined)
      yield warningAt('rows_hidden', { ...place, line: layout.firstHiddenLine });
    tables.push(createTable(pack, book, sheet, place, layout));
  }
  yield* read(file, tables);
}

interface Layout {
  readonly merged: readonly Range[];
  readonly hiddenColumns: readonly { readonly first: number; readonly last: number }[];
  readonly firstHiddenLine: number | undefined;
}

// Every row is compared with each of them.
const mostRanges = 5_000;

/** Data that follows the rows in the file but is needed to read them. */
async function readLayout(pack: Package, book: Book, sheet: Sheet): Promise<Layout> {
  const merged: Range[] = [];
  const hiddenColumns: { first: number; last: number }[] = [];
  let firstHiddenLine: number | undefined;
  for await (const item of readSheet(pack, book, sheet)) {
    if (item.kind === 'merged') merged.push(item.range);
    if (item.kind === 'hidden_columns') hiddenColumns.push(item);
    if (item.kind === 'row' && item.isHidden) firstHiddenLine ??= item.line;
    if (merged.length + hiddenColumns.length > mostRanges) throw new UnreadableWorkbook('file_too_large');
  }
  return { merged, hiddenColumns, firstHiddenLine };
}

function createTable(pack: Package, book: Book, sheet: Sheet, place: Place, layout: Layout): Table {
  return {
    place,
    name: sheet.name,
    async *rows() {
      for await (const item of readSheet(pack, book, sheet)) if (item.kind === 'row') yield item;
    },
    isMerged: (column, line) => layout.merged.some((range) => covers(range, column, line)),
    isHidden: (column) => layout.hiddenColumns.some(({ first, last }) => column >= first && column <= last),
    nameCell,
    bytes: pack.sizeOf(sheet.part) ?? 0,
  };
}

const covers = (range: Range, column: number, line: number): boolean =>
  line >= range.firstLine && line <= range.lastLine && column >= range.firstColumn && column <= range.lastColumn;
