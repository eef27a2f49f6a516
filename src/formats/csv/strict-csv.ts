// Whole lines of CSV into items on csv-parse, which judges everything: RFC 4180 with what districts send besides.
import { type CsvError, type Options, parse } from 'csv-parse/sync';
import { trimCell } from '../clean-cell.ts';
import { type CsvItem, longestRecord, type MalformedRecord, type UnreadableRest } from './csv-item.ts';
import { createLineCount, type LineCount } from './line-count.ts';
import { UnreadableText } from './valid-text.ts';

export interface StrictReading {
  readonly items: readonly CsvItem[];
  /** The last item is a quote that is not closed: it may be closed further on. */
  readonly isOpen: boolean;
}

// csv-parse copies the whole cell into an error for each stray quote in it: time grows with the square, for one bad row.
const mostStrayQuotes = 100;

/**
 * Reads lines, each ended by CR, LF or CRLF. Rows without any text are skipped; rows of any length are passed on.
 * @param linesBefore lines of the file in front of these
 * @throws {UnreadableText} where a row is so bad that it is not worth its time
 */
export function readStrictCsv(bytes: Buffer, delimiter: string, linesBefore: number): StrictReading {
  const items: CsvItem[] = [];
  const lines = createLineCount(linesBefore);
  let end: CsvError | undefined;
  let strayQuotes = 0;
  const options: Options = {
    delimiter,
    // CRLF first, or it would end two lines.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: longestRecord,
    skip_records_with_error: true,
    // Both are kept by hand, so that a flaw keeps its place among the records.
    on_record: (cells: string[], info) => {
      const line = lines.lineOf(cells, info);
      if (!isBlankRow(cells)) items.push({ kind: 'record', cells, line });
      return undefined;
    },
    on_skip: (error) => {
      if (error === undefined) return undefined;
      const [flaw, last] = [flawOf(error, lines), items.at(-1)];
      // Every stray quote of a row is reported, and the row is reported once.
      const isReported = flaw.kind === 'malformed' && last?.kind === 'malformed' && last.line === flaw.line;
      strayQuotes = isReported ? strayQuotes + 1 : 0;
      if (strayQuotes > mostStrayQuotes)
        throw new UnreadableText('too many stray quotes', 'file_unreadable', flaw.line);
      if (!isReported) items.push(flaw);
      if (flaw.kind === 'malformed') return undefined;
      // Thrown, it ends the reading: csv-parse would look at all the rest, and at each further quote for long.
      end = error;
      throw error;
    },
  };
  try {
    parse(bytes, options);
  } catch (failure) {
    if (failure !== end) throw failure;
  }
  return { items, isOpen: end?.code === 'CSV_QUOTE_NOT_CLOSED' };
}

/** As spreadsheets leave rows behind. */
export const isBlankRow = (cells: readonly string[]): boolean => cells.every((cell) => trimCell(cell) === '');

// The message of a CsvError quotes the cell, so nothing but its code and numbers is read.
function flawOf(error: CsvError, lines: LineCount): MalformedRecord | UnreadableRest {
  const column = numberOf(error, 'index');
  const line = lines.lineHere(numberOf(error, 'lines'));
  if (error.code === 'INVALID_OPENING_QUOTE') return { kind: 'malformed', line };
  const begins = lines.nextLine(numberOf(error, 'empty_lines'));
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE' && line === begins)
    return { kind: 'unreadable', code: 'quote_misplaced', line, column };
  // A record that goes on over line ends has an open quote: it ends at the next quote of the file with text behind it, at
  // the longest length of a record, or nowhere.
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED' || line > begins;
  return { kind: 'unreadable', code: isOpen ? 'quote_not_closed' : 'file_unreadable', line: begins, column };
}

function numberOf(error: CsvError, name: string): number {
  const value = error[name];
  return typeof value === 'number' ? value : 0;
}
