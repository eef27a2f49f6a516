// The items of a CSV reader, row by row. Callers interpret the columns.
import type { ErrorCode } from '../feed.ts';

export interface CsvRecord {
  readonly kind: 'record';
  readonly cells: readonly string[];
  /** Where the record begins, from 1; a quoted line break counts as one, whether CR, LF or CRLF. */
  readonly line: number;
}

/** A row with a quote inside an unquoted cell. Its end is certain, so reading continues after it. */
export interface MalformedRecord {
  readonly kind: 'malformed';
  readonly line: number;
}

/** Why text cannot be read, or not to its end. */
export type UnreadableCode = Extract<
  ErrorCode,
  'file_unreadable' | 'file_binary' | 'not_utf8' | 'quote_not_closed' | 'quote_misplaced'
>;

/** Always the last item: the start of the next row is unknown. `column` counts from 0. */
export interface UnreadableRest {
  readonly kind: 'unreadable';
  readonly code: UnreadableCode;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export type CsvItem = CsvRecord | MalformedRecord | UnreadableRest;

/** Characters of one record: no real row comes near it, and without it one endless line would fill the memory. */
export const maxRecordLength = 131_072;
