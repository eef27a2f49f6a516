// A hand-made table of users or classes, from a sheet of a workbook or a CSV file: its kind, its header, and the
// findings about the table as a whole.

import { trimCell } from '../clean-cell.ts';
import type { Field } from '../clever-csv/clever-files.ts';
import { headerWithin } from '../csv/open-csv.ts';
import type { Finding, Place } from '../feed.ts';
import { errorAt, warningAt } from '../finding.ts';
import { type FlawedHeader, type Header, headerWord, readHeader } from '../read-header.ts';
import type { Cell } from './spreadsheet-cells.ts';
import { findKindByName, kindsByColumns, type SheetKind } from './spreadsheet-kinds.ts';

export interface TableRow {
  readonly kind: 'row';
  readonly line: number;
  /** By column, from 0; non-empty cells only. */
  readonly cells: ReadonlyMap<number, Cell>;
  /** The number of cells in the row, for formats in which a row could have lost one. */
  readonly width?: number;
}

export interface Table {
  readonly place: Place;
  /** The name of the table; its words may indicate its kind. */
  readonly name: string;
  /** Can be read several times. Rows in order; lines that are no rows come as findings. */
  readonly rows: () => AsyncIterable<TableRow | Finding>;
  /** Whether the cell is empty because it is merged with one above it or to its left. */
  readonly isMerged: (column: number, line: number) => boolean;
  readonly isHidden: (column: number) => boolean;
  /** `B7`, for tables whose cells have such names. */
  readonly nameCell: ((column: number, line: number) => string) | undefined;
  /** Size in bytes, for the progress bar. */
  readonly bytes: number;
}

/** What is produced from the tables of one file. */
export type ReadTables<Item> = (file: string, tables: readonly Table[]) => AsyncIterable<Item>;

export type KnownTable = {
  readonly kind: 'known';
  readonly table: Table;
  readonly holds: SheetKind['holds'];
  readonly header: Header<Field>;
  /** The line of the header; the rows after it are read. */
  readonly line: number;
  /** The cells of the header. */
  readonly texts: readonly string[];
  /** The number of cells in the header, for formats in which a row could have lost one. */
  readonly width: number | undefined;
  /** Whether other lines precede the header. */
  readonly isBelow: boolean;
  /** Findings that are reported once per table. */
  readonly reported: Set<'empty_cells_at_end'>;
};

type Recognised =
  | KnownTable
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly line: number }
  | { readonly kind: 'flawed'; readonly findings: readonly Finding[] };

/**
 * Finds the header row and the kind: the sheet's name is checked first, its columns decide. A table whose name is clear
 * but whose columns do not match is an error, reported for the closest row.
 */
export async function recogniseTable(table: Table): Promise<Recognised> {
  const rows = await firstRows(table);
  if (rows.length === 0) return { kind: 'empty' };
  const named = findKindByName(table.name);
  const kinds = [...(named === undefined ? [] : [named]), ...kindsByColumns.filter((kind) => kind !== named)];
  for (const kind of kinds) {
    for (const row of rows) {
      const read = readHeader(row.texts, kind.columns, { ...table.place, line: row.line });
      if (read.kind === 'flawed' && isOnlyAmbiguous(read)) return read;
      if (read.kind === 'flawed' || !identifiesKind(kind, read.header, kind === named)) continue;
      return knownTable(table, kind.holds, read.header, row, rows);
    }
  }
  if (named === undefined) return { kind: 'unknown', line: rows[0]?.line ?? 1 };
  return { kind: 'flawed', findings: nearest(table, named, rows) };
}

/** All columns are there, one of them twice. */
const isOnlyAmbiguous = (read: FlawedHeader): boolean => read.findings.every(({ code }) => code === 'column_twice');

export const knownTable = (
  table: Table,
  holds: SheetKind['holds'],
  header: Header<Field>,
  { line, texts, width }: FirstRow,
  rows: readonly FirstRow[],
): KnownTable => ({
  kind: 'known',
  table,
  holds,
  header,
  line,
  texts,
  width,
  isBelow: line !== rows[0]?.line,
  reported: new Set(),
});

interface FirstRow {
  readonly line: number;
  readonly texts: readonly string[];
  readonly width: number | undefined;
}

/** The non-blank ones among the first rows. */
export async function firstRows(table: Table): Promise<readonly FirstRow[]> {
  const rows: FirstRow[] = [];
  for await (const row of table.rows()) {
    if (row.kind === 'row' && !isBlank(row)) rows.push({ line: row.line, texts: textsOf(row), width: row.width });
    if (rows.length >= headerWithin) break;
  }
  return rows;
}

export function isBlank({ cells }: TableRow): boolean {
  return [...cells.values()].every((cell) => cell.kind === 'text' && trimCell(cell.text) === '');
}

function textsOf({ cells }: TableRow): readonly string[] {
  const width = Math.max(-1, ...cells.keys()) + 1;
  return Array.from({ length: width }, (_none, column) => {
    const cell = cells.get(column);
    return cell?.kind === 'text' ? trimCell(cell.text) : '';
  });
}

/** Columns common to all tables do not identify a kind: a class needs its users, an unnamed table an id of its own. */
function identifiesKind({ holds }: SheetKind, header: Header<Field>, isNamed: boolean): boolean {
  if (holds === 'class') return ['teacher1', 'studentId', 'className'].some((field) => hasField(header, field));
  if (holds === 'school') return isNamed || hasField(header, 'schoolName');
  if (holds !== 'administrator' || isNamed) return true;
  return headerWord(header.get('sisId')?.[0].text ?? '') !== 'staffid';
}

const hasField = (header: Header<Field>, wanted: string): boolean =>
  [...header.keys()].some((field) => field === wanted);

function nearest(table: Table, { columns }: SheetKind, rows: readonly FirstRow[]): readonly Finding[] {
  const flaws = rows
    .map(({ line, texts }) => readHeader(texts, columns, { ...table.place, line }))
    .filter((read): read is FlawedHeader => read.kind === 'flawed')
    .toSorted((one, other) => one.findings.length - other.findings.length);
  // A sheet may contain something else; a text file is all that was sent.
  if (table.nameCell === undefined && flaws.length === rows.length && flaws.every(({ known }) => known === 0))
    return [errorAt('no_known_column', { ...table.place, line: rows[0]?.line ?? 1 })];
  const found = flaws[0]?.findings ?? [];
  const flawsOf = found.length > 0 ? found : missingPeople(table);
  return flawsOf.map((finding) => ({ ...finding, place: { ...finding.place, ...table.place } }));
}

function missingPeople({ place }: Table): readonly Finding[] {
  return [errorAt('column_missing', { ...place, column: 'Teacher_id' })];
}

/** Findings about the whole table, reported once. */
export function describeTable({ table, header, line, isBelow }: KnownTable): readonly Finding[] {
  const hidden = [...header.values()].flat().filter(({ index }) => table.isHidden(index));
  return [
    // A title above the table of a sheet is usual.
    ...(isBelow && table.nameCell === undefined ? [warningAt('lines_above_header', { ...table.place, line })] : []),
    ...hidden.map(({ text }) => warningAt('column_hidden', { ...table.place, column: text })),
  ];
}
