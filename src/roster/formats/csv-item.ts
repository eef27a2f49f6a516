// What reading CSV gives, row by row. What a column means is for others to say.

export interface CsvRecord {
  readonly kind: 'record';
  readonly cells: readonly string[];
  /** Where the record begins, from 1; a quoted line break counts as one, whether CR, LF or CRLF. */
  readonly line: number;
}

/** A row with a quote inside an unquoted cell. Its end is certain, so reading goes on behind it. */
export interface MalformedRecord {
  readonly kind: 'malformed';
  readonly line: number;
}

/** Always the last item: behind it nobody can say where a row begins. `column` counts from 0. */
export interface UnreadableRest {
  readonly kind: 'unreadable';
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export type CsvItem = CsvRecord | MalformedRecord | UnreadableRest;

/** Characters of one record: no honest row comes near it, and without it one endless line would fill the memory. */
export const longestRecord = 131_072;
