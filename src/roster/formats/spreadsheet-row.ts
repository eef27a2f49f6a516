// A row of a table a person made into the normal form, every flaw with the name of its cell.
import type { FeedItem, Finding, Place, WarningCode } from '../feed.ts';
import { leftOutAt, warningAt } from '../finding.ts';
import type { Field } from './clever-files.ts';
import { readCleverRow } from './clever-row.ts';
import { readCellText } from './spreadsheet-cell-text.ts';
import { isEssential, readAdministratorRole } from './spreadsheet-kinds.ts';
import { isBlank, type KnownTable, type TableRow } from './spreadsheet-table.ts';

/** Findings first, then the row unless one of them leaves it out. Classes come as one class and one enrollment each row. */
export function readTableRow(known: KnownTable, row: TableRow): readonly FeedItem[] {
  if (isBlank(row)) return [];
  const place = { ...known.table.place, line: row.line };
  if (hasWrongWidth(known, row)) {
    return [leftOutAt('row_malformed', place)];
  }
  const { texts, findings, isLeftOut } = readTexts(known, row);
  if (isLeftOut) return findings;
  const read = (holds: Parameters<typeof readCleverRow>[0]) =>
    readCleverRow(holds, { cells: texts, header: known.header, place }).map((item) => nameCellOf(item, known));
  return [...findings, ...readAs(known, texts, read)];
}

// A comma too many or too few in a CSV row puts values into other columns. Empty cells at the end do no harm.
function hasWrongWidth({ width: wanted }: KnownTable, { width, cells }: TableRow): boolean {
  if (wanted === undefined || width === undefined) return false;
  return width < wanted || Math.max(...cells.keys()) >= wanted;
}

function readAs(
  { holds, header }: KnownTable,
  texts: readonly string[],
  read: (holds: Parameters<typeof readCleverRow>[0]) => readonly FeedItem[],
): readonly FeedItem[] {
  const textOf = (field: Field) => texts[header.get(field)?.index ?? -1] ?? '';
  if (holds === 'administrator') return read(readAdministratorRole(textOf('role')));
  if (holds !== 'class') return read(holds);
  const taught = read('class');
  // A row without a student says who teaches; one without a class id has been told of already.
  return textOf('studentId').trim() === '' || taught.some(({ kind }) => kind === 'finding')
    ? taught
    : [...taught, ...read('enrollment')];
}

function readTexts({ table, header }: KnownTable, { cells, line }: TableRow) {
  const texts: string[] = [];
  const findings: Finding[] = [];
  let isLeftOut = false;
  for (const [field, { index, text: column }] of header) {
    const cell = cells.get(index);
    const read = readCellText(cell, field);
    const code =
      read.kind === 'flawed' ? read.code : codeOf(read.told, cell === undefined && table.isMerged(index, line));
    texts[index] = read.kind === 'text' ? read.text : '';
    if (code === undefined) continue;
    const leavesOut: boolean = code !== 'mailto_removed' && isEssential(field) && !isLeftOut;
    isLeftOut ||= leavesOut;
    const place = placeOf(table.place, line, column, table.nameCell?.(index, line));
    findings.push(leavesOut ? leftOutAt(code, place) : warningAt(code, place));
  }
  return { texts: Array.from(texts, (text) => text ?? ''), findings, isLeftOut };
}

const codeOf = (told: WarningCode | undefined, isMerged: boolean): WarningCode | undefined =>
  told ?? (isMerged ? 'cell_merged' : undefined);

function placeOf(place: Place, line: number, column: string, cell: string | undefined): Place {
  return { ...place, line, column, ...(cell === undefined ? {} : { cell }) };
}

function nameCellOf(item: FeedItem, { table, header }: KnownTable): FeedItem {
  if (item.kind !== 'finding') return item;
  const { line, column } = item.place;
  const found = [...header.values()].find(({ text }) => text === column);
  if (found === undefined || line === undefined || column === undefined) return item;
  return { ...item, place: placeOf(table.place, line, column, table.nameCell?.(found.index, line)) };
}
