// A hand-made file as tables: an Excel workbook from any program, or one text file. Callers interpret the tables.

import { trimCell } from '../clean-cell.ts';
import type { CsvItem } from '../csv/csv-item.ts';
import { headerWithin, isDelimiterLine, openCsv } from '../csv/open-csv.ts';
import type { Finding, Place } from '../feed.ts';
import { errorAt, leftOutAt, warningAt } from '../finding.ts';
import type { SpreadsheetSource } from '../roster-files.ts';
import { type Book, openBook, type Sheet } from './spreadsheet-book.ts';
import { type Cell, nameCell, type Range, readSheet } from './spreadsheet-cells.ts';
import { openPackage, type Package, UnreadableWorkbook } from './spreadsheet-package.ts';
import type { ReadTables, Table, TableRow } from './spreadsheet-table.ts';

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
const maxRanges = 5_000;

/** Data that follows the rows in the file but is needed to read them. */
async function readLayout(pack: Package, book: Book, sheet: Sheet): Promise<Layout> {
  const merged: Range[] = [];
  const hiddenColumns: { first: number; last: number }[] = [];
  let firstHiddenLine: number | undefined;
  for await (const item of readSheet(pack, book, sheet)) {
    if (item.kind === 'merged') merged.push(item.range);
    if (item.kind === 'hidden_columns') hiddenColumns.push(item);
    if (item.kind === 'row' && item.isHidden) firstHiddenLine ??= item.line;
    if (merged.length + hiddenColumns.length > maxRanges) throw new UnreadableWorkbook('file_too_large');
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

/** The columns determine the kind of users or classes in the file, or else its name does. */
async function* readManualCsv<Item>(
  source: SpreadsheetSource,
  readAll: ReadTables<Item>,
): AsyncGenerator<Item | Finding> {
  const place = { file: source.file };
  const findings: Finding[] = [];
  // An error at the start is the cause of all later ones.
  let seen = 0;
  for await (const item of readItems(source, findings)) {
    if (item.kind === 'unreadable') return yield toFinding(item, place);
    seen += 1;
    if (seen > headerWithin) break;
  }
  yield* findings;
  if (findings.some(({ severity }) => severity === 'error')) return;
  if (seen === 0) return yield errorAt('file_empty', place);
  yield* readAll(source.file, [createTextTable(source, place)]);
}

/** Reopens the file each time. @param findings receives those about the file as a whole */
async function* readItems(source: SpreadsheetSource, findings: Finding[] = []): AsyncGenerator<CsvItem> {
  const place = { file: source.file };
  const file = await source.open();
  if (file === undefined) return void findings.push(errorAt('file_unreadable', place));
  try {
    const opened = await openCsv(file.chunks());
    if (opened.kind === 'no_csv') return void findings.push(errorAt(opened.code, place));
    findings.push(...opened.warnings.map((code) => warningAt(code, place)));
    for await (const { items } of opened.batches) yield* items.filter((item) => !isDelimiterLine(item));
  } finally {
    await file.close();
  }
}

function createTextTable(source: SpreadsheetSource, place: Place): Table {
  return {
    place,
    name: place.file.replace(/\.[^.]*$/, ''),
    async *rows() {
      for await (const item of readItems(source)) yield readItem(item, place);
    },
    isMerged: () => false,
    isHidden: () => false,
    nameCell: undefined,
    bytes: 1,
  };
}

function readItem(item: CsvItem, place: Place): TableRow | Finding {
  if (item.kind === 'record')
    return { kind: 'row', line: item.line, cells: readCells(item.cells), width: item.cells.length };
  return toFinding(item, place);
}

function toFinding(item: Exclude<CsvItem, { kind: 'record' }>, place: Place): Finding {
  const at = item.line === undefined ? place : { ...place, line: item.line };
  return item.kind === 'malformed' ? leftOutAt('row_malformed', at) : errorAt(item.code, at);
}

function readCells(cells: readonly string[]): ReadonlyMap<number, Cell> {
  return new Map(
    cells.flatMap((text, column) => (trimCell(text) === '' ? [] : [[column, { kind: 'text', text }] as const])),
  );
}
