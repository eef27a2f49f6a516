// Finds our columns in a header row, however the district spells them. What is wrong comes back as findings.
import { trimCell } from './clean-cell.ts';
import type { Finding, Place } from './feed.ts';
import { errorAt } from './finding.ts';

export interface NamedColumn<Field extends string> {
  readonly field: Field;
  /** The best first. Several may stand in one file: of a row the first one that is filled is read. */
  readonly names: readonly [string, ...string[]];
  readonly isRequired: boolean;
}

/** Which cell of a row holds a field, and the header text as the district wrote it. */
export interface HeaderCell {
  readonly index: number;
  readonly text: string;
}

/** By field, the best of its columns first. */
export type Header<Field extends string = string> = ReadonlyMap<Field, readonly [HeaderCell, ...HeaderCell[]]>;

export interface KnownHeader<Field extends string> {
  readonly kind: 'header';
  readonly header: Header<Field>;
}

export interface FlawedHeader {
  readonly kind: 'flawed';
  readonly findings: readonly Finding[];
  /** How many of the columns stand there all the same. */
  readonly known: number;
}

/** `School_id`, `School id`, ` SCHOOL-ID ` are one word; the same goes for the words of a Role column. */
export function normaliseWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

/** `Org Sourced-IDs ` is `orgSourcedIds`; signs that are not seen do not count. */
export const headerWord = (text: string): string => text.replace(/[\s_\p{Cf}-]+/gu, '').toLowerCase();

/**
 * Reads a header row. A required column that is missing is `column_missing` with its first name; a header that occurs twice
 * for a column we read is `column_twice`, because it is ambiguous which of the two is meant.
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

/** The column that holds the field in this row: the first that is filled, else the first of all. */
export function columnOf<Field extends string>(
  header: Header<Field>,
  field: Field,
  cells: readonly string[],
): HeaderCell | undefined {
  const columns = header.get(field);
  if (columns === undefined || columns.length === 1) return columns?.[0];
  return columns.find(({ index }) => trimCell(cells[index] ?? '') !== '') ?? columns[0];
}

/** How many cells a row has: those behind the last named column hold nothing. */
export const widthOf = (headerCells: readonly string[]): number =>
  headerCells.findLastIndex((cell) => trimCell(cell) !== '') + 1;
