// Converts a row of a hand-made table to the normal form, with the cell of every finding.

import type { Field } from '../clever-csv/clever-files.ts';
import { readCleverRow, readPerson } from '../clever-csv/clever-row.ts';
import type { FeedItem, Finding, Place, RecordType, WarningCode } from '../feed.ts';
import { leftOutAt, warningAt } from '../finding.ts';
import { columnOf, isNoRecord, widthOf } from '../read-header.ts';
import { readCellText } from './spreadsheet-cell-text.ts';
import { isEssential, isId, readAdministratorRole } from './spreadsheet-kinds.ts';
import { isBlank, type KnownTable, type TableRow } from './spreadsheet-table.ts';

/** The items of a row whose cells are readable. */
type ReadCells = (texts: readonly string[], place: Place) => readonly FeedItem[];

/**
 * Findings first, then the row unless one of them excludes it. A class row gives one class and one enrollment.
 * @param toItems converts the row if the kind of the table does not define how
 */
export function readTableRow(known: KnownTable, row: TableRow, toItems?: ReadCells): readonly FeedItem[] {
  if (isBlank(row)) return [];
  const place = { ...known.table.place, line: row.line };
  const { findings: unreadable, isLeftOut: isUnread } = judgeRow(known, row, place);
  if (isUnread) return unreadable;
  const { texts, findings, isLeftOut } = readTexts(known, row);
  if (isLeftOut) return [...unreadable, ...keepPerson(findings, known, texts, place)];
  const read = (holds: Parameters<typeof readCleverRow>[0]) =>
    readCleverRow(holds, { cells: texts, header: known.header, place });
  const items = toItems === undefined ? readAs(known, texts, read) : toItems(texts, place);
  return [...unreadable, ...findings, ...items.map((item) => nameCellOf(item, known))];
}

/** For users whose id is the only unreadable cell. */
function keepPerson(
  findings: readonly Finding[],
  { holds, header }: KnownTable,
  texts: readonly string[],
  place: Place,
): readonly FeedItem[] {
  const record = recordOf(holds);
  const ids = [...header].flatMap(([field, columns]) => (isId(field) ? columns.map(({ text }) => text) : []));
  const isOfId = ({ rowLeftOut, place: { column } }: Finding) => !rowLeftOut || ids.includes(column ?? '');
  if (record === undefined || !findings.every(isOfId)) return findings;
  const stays = findings.map((finding) => (finding.rowLeftOut ? { ...finding, personStays: true } : finding));
  return [...stays, readPerson({ cells: texts, header, place }, record)];
}

function recordOf(holds: KnownTable['holds']): RecordType | undefined {
  if (holds === 'school' || holds === 'class') return undefined;
  return holds === 'administrator' ? 'staff' : holds;
}

export type RowShape = Pick<KnownTable, 'texts' | 'width' | 'reported'>;

/** Whether the row is a record at all, and has as many cells as the header. */
export function judgeRow(
  shape: RowShape,
  row: TableRow,
  place: Place,
): { readonly findings: readonly Finding[]; readonly isLeftOut: boolean } {
  const leftOut = (code: WarningCode) => ({ findings: [leftOutAt(code, place)], isLeftOut: true });
  if (isNoRecord(shownIn(row), shape.texts)) return leftOut('row_is_no_record');
  if (hasWrongWidth(shape, row)) return leftOut('row_malformed');
  return { findings: describeWidth(shape, row, place), isLeftOut: false };
}

/** The texts of a row; a cell that is no text is shown as a digit. */
function shownIn({ cells }: TableRow): readonly string[] {
  const width = Math.max(-1, ...cells.keys()) + 1;
  return Array.from({ length: width }, (_none, at) => {
    const cell = cells.get(at);
    return cell === undefined ? '' : cell.kind === 'text' ? cell.text : '0';
  });
}

// A missing or extra comma in a CSV row shifts values into other columns. Empty cells at the end are harmless.
function hasWrongWidth({ texts, width: wanted }: RowShape, { width, cells }: TableRow): boolean {
  if (wanted === undefined || width === undefined) return false;
  const named = widthOf(texts);
  return width < named || Math.max(...cells.keys()) >= named;
}

function describeWidth({ width: wanted, reported }: RowShape, { width = 0 }: TableRow, place: Place): Finding[] {
  if (wanted === undefined || width <= wanted || reported.has('empty_cells_at_end')) return [];
  reported.add('empty_cells_at_end');
  return [warningAt('empty_cells_at_end', place)];
}

function readAs(
  { holds, header }: KnownTable,
  texts: readonly string[],
  read: (holds: Parameters<typeof readCleverRow>[0]) => readonly FeedItem[],
): readonly FeedItem[] {
  const textOf = (field: Field) => texts[columnOf(header, field, texts)?.index ?? -1] ?? '';
  if (holds === 'administrator') return read(readAdministratorRole(textOf('role')));
  if (holds !== 'class') return read(holds);
  const taught = read('class');
  // A row without a student gives the teacher; one without a class id has been reported already.
  return textOf('studentId').trim() === '' || taught.some(({ kind }) => kind === 'finding')
    ? taught
    : [...taught, ...read('enrollment')];
}

function readTexts({ table, header }: KnownTable, { cells, line }: TableRow) {
  const texts: string[] = [];
  const findings: Finding[] = [];
  let isLeftOut = false;
  for (const { field, index, text: column } of columnsOf(header)) {
    const cell = cells.get(index);
    const read = readCellText(cell, field);
    const code =
      read.kind === 'flawed' ? read.code : codeOf(read.warning, cell === undefined && table.isMerged(index, line));
    texts[index] = read.kind === 'text' ? read.text : '';
    if (code === undefined) continue;
    const leavesOut: boolean = code !== 'mailto_removed' && isEssential(field) && !isLeftOut;
    isLeftOut ||= leavesOut;
    const place = placeOf(table.place, line, column, table.nameCell?.(index, line));
    findings.push(leavesOut ? leftOutAt(code, place) : warningAt(code, place));
  }
  return { texts: Array.from(texts, (text) => text ?? ''), findings, isLeftOut };
}

const columnsOf = (header: KnownTable['header']) =>
  [...header].flatMap(([field, columns]) => columns.map((column) => ({ field, ...column })));

const codeOf = (warning: WarningCode | undefined, isMerged: boolean): WarningCode | undefined =>
  warning ?? (isMerged ? 'cell_merged' : undefined);

function placeOf(place: Place, line: number, column: string, cell: string | undefined): Place {
  return { ...place, line, column, ...(cell === undefined ? {} : { cell }) };
}

function nameCellOf(item: FeedItem, { table, header }: KnownTable): FeedItem {
  if (item.kind !== 'finding') return item;
  const { line, column } = item.place;
  const found = [...header.values()].flat().find(({ text }) => text === column);
  if (found === undefined || line === undefined || column === undefined) return item;
  return { ...item, place: placeOf(table.place, line, column, table.nameCell?.(found.index, line)) };
}
