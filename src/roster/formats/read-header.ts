// Finds our columns in a header row, however the district spells them. What is wrong comes back as findings.
import type { Finding, Place } from '../feed.ts';
import { errorAt } from '../finding.ts';
import type { Column, Field } from './clever-files.ts';

/** Which cell of a row holds which field, and the header text as the district wrote it. */
export type Header = ReadonlyMap<Field, { readonly index: number; readonly text: string }>;

export interface KnownHeader {
  readonly kind: 'header';
  readonly header: Header;
}

export interface FlawedHeader {
  readonly kind: 'flawed';
  readonly findings: readonly Finding[];
}

/** `School_id`, `School id`, ` SCHOOL-ID ` are one word; the same goes for the words of a Role column. */
export function normaliseWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

/**
 * Reads a header row. A required column that is missing is `column_missing` with its canonical name; a header that
 * occurs twice for a column we read is `file_unreadable`, because nobody can say which of the two is meant.
 */
export function readHeader(
  cells: readonly string[],
  columns: readonly Column[],
  place: Place,
): KnownHeader | FlawedHeader {
  const words = cells.map(normaliseWord);
  const header = new Map<Field, { index: number; text: string }>();
  const findings: Finding[] = [];
  for (const column of columns) {
    const word = column.names.map(normaliseWord).find((name) => words.includes(name));
    const index = word === undefined ? -1 : words.indexOf(word);
    const text = cells[index];
    if (word === undefined || text === undefined) {
      if (column.isRequired) findings.push(errorAt('column_missing', { file: place.file, column: column.names[0] }));
      continue;
    }
    if (words.lastIndexOf(word) !== index) findings.push(errorAt('file_unreadable', { ...place, column: text }));
    header.set(column.field, { index, text });
  }
  return findings.length > 0 ? { kind: 'flawed', findings } : { kind: 'header', header };
}
