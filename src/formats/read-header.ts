// Finds the known columns in a header row, in the district's spelling, and the rows below it that are no records. Errors
// are returned as findings.
import { trimCell } from './clean-cell.ts';
import type { Finding, Place } from './feed.ts';
import { errorAt } from './finding.ts';

export interface NamedColumn<Field extends string> {
  readonly field: Field;
  /** Best first. A file may have several: of each row the first non-empty one is read. */
  readonly names: readonly [string, ...string[]];
  readonly isRequired: boolean;
}

/** The cell of a field in each row, and the header text as the district wrote it. */
interface HeaderCell {
  readonly index: number;
  readonly text: string;
}

/** By field, its best column first. */
export type Header<Field extends string = string> = ReadonlyMap<Field, readonly [HeaderCell, ...HeaderCell[]]>;

interface KnownHeader<Field extends string> {
  readonly kind: 'header';
  readonly header: Header<Field>;
}

export interface FlawedHeader {
  readonly kind: 'flawed';
  readonly findings: readonly Finding[];
  /** Number of columns that were found nevertheless. */
  readonly known: number;
}

/** `School_id`, `School id`, ` SCHOOL-ID ` are the same word; also for the words of a Role column. */
export function normaliseWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

/** `Org Sourced-IDs ` becomes `orgSourcedIds`; invisible characters are ignored. */
export const headerWord = (text: string): string => text.replace(/[\s_\p{Cf}-]+/gu, '').toLowerCase();

/**
 * Reads a header row. A missing required column is `column_missing` with its first name; a repeated header of a known
 * column is `column_twice`, because it is ambiguous.
 */
export function readHeader<Field extends string>(
  cells: readonly string[],
  columns: readonly NamedColumn<Field>[],
  place: Place,
): KnownHeader<Field> | FlawedHeader {
  const words = cells.map(headerWord);
  const header = new Map<Field, readonly [HeaderCell, ...HeaderCell[]]>();
  const findings: Finding[] = [];
  for (const { field, names, isRequired } of columns) {
    const present = [...new Set(names.map(headerWord))].filter((word) => words.includes(word));
    const [first, ...further] = present.map((word) => cellAt(cells, words.indexOf(word)));
    if (first === undefined) {
      if (isRequired) findings.push(errorAt('column_missing', { file: place.file, column: names[0] }));
      continue;
    }
    for (const word of present) {
      const column = cellAt(cells, words.indexOf(word)).text;
      if (words.lastIndexOf(word) !== words.indexOf(word)) findings.push(errorAt('column_twice', { ...place, column }));
    }
    header.set(field, [first, ...further]);
  }
  return findings.length > 0 ? { kind: 'flawed', findings, known: header.size } : { kind: 'header', header };
}

const cellAt = (cells: readonly string[], index: number): HeaderCell => ({ index, text: trimCell(cells[index] ?? '') });

/** The column of the field in this row: the first non-empty one, else the first of all. */
export function columnOf<Field extends string>(
  header: Header<Field>,
  field: Field,
  cells: readonly string[],
): HeaderCell | undefined {
  const columns = header.get(field);
  if (columns === undefined || columns.length === 1) return columns?.[0];
  return columns.find(({ index }) => trimCell(cells[index] ?? '') !== '') ?? columns[0];
}

/** The number of cells in a row: cells after the last named column are ignored. */
export const widthOf = (headerCells: readonly string[]): number =>
  headerCells.findLastIndex((cell) => trimCell(cell) !== '') + 1;

// Separators and totals that reports print.
const total =
  /^\(?((grand |sub)?totals?|sum|(record |row )?count|end of (file|report|list)|\d+ (rows?|records?)( affected)?)(?=[\s:=)]|$)/i;
const sign = /[\p{L}\p{N}]/u;

/**
 * Whether the cells are a repeated header, only punctuation such as dashes, or a total, which fills a cell or two.
 * @param header the cells of the header
 */
export function isNoRecord(cells: readonly string[], header: readonly string[]): boolean {
  const [start = ''] = cells;
  if (start === header[0] && cells.every((cell, at) => trimCell(cell) === trimCell(header[at] ?? ''))) return true;
  // Nearly every row is decided by its first cell.
  const isFilled = sign.test(start);
  if (isFilled && !total.test(start)) return false;
  if (!isFilled && !cells.some((cell) => sign.test(cell))) return true;
  const filled = cells.map(trimCell).filter((cell) => cell !== '');
  return total.test(filled[0] ?? '') && filled.length < Math.min(3, header.length);
}
