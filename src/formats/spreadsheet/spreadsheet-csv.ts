// One hand-made text file as a table: csv/open-csv.ts detects its encoding and delimiter.
import { trimCell } from '../clean-cell.ts';
import type { CsvItem } from '../csv/csv-item.ts';
import { headerWithin, isDelimiterLine, openCsv } from '../csv/open-csv.ts';
import type { Finding, Place } from '../feed.ts';
import { errorAt, leftOutAt, warningAt } from '../finding.ts';
import type { Cell } from './spreadsheet-cells.ts';
import type { SpreadsheetSource } from './spreadsheet-source.ts';
import type { ReadTables, Table, TableRow } from './spreadsheet-table.ts';

/** The columns determine the kind of users or classes in the file, or else its name does. */
export async function* readManualCsv<Item>(
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
  yield* readAll(source.file, [createTable(source, place)]);
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

function createTable(source: SpreadsheetSource, place: Place): Table {
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
