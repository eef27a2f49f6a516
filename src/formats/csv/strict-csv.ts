// Converts whole lines of CSV to items by csv-parse, which decides every case: RFC 4180 and common variants.
import { type CsvError, type Options, parse } from 'csv-parse/sync';
import { trimCell } from '../clean-cell.ts';
import { type CsvItem, longestRecord, type MalformedRecord, type UnreadableRest } from './csv-item.ts';
import { createLineCount, type LineCount } from './line-count.ts';
import { UnreadableText } from './valid-text.ts';

export interface StrictReading {
  readonly items: readonly CsvItem[];
  /** The last item is an unclosed quote: it may be closed further on. */
  readonly isOpen: boolean;
}

// csv-parse copies the whole cell into an error for each stray quote in it: quadratic time for one bad row.
const mostStrayQuotes = 100;

/**
 * Reads lines, each ended by CR, LF or CRLF. Skips rows without any text; passes on rows of any length.
 * @param linesBefore lines of the file before these
 * @throws {UnreadableText} at a row with too many errors
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
    // Both are collected here, so that an error keeps its place among the records.
    on_record: (cells: string[], info) => {
      const line = lines.lineOf(cells, info);
      if (!isBlankRow(cells)) items.push({ kind: 'record', cells, line });
      return undefined;
    },
    on_skip: (error) => {
      if (error === undefined) return undefined;
      const [flaw, last] = [flawOf(error, lines), items.at(-1)];
      // csv-parse reports every stray quote of a row; the row is reported once.
      const isReported = flaw.kind === 'malformed' && last?.kind === 'malformed' && last.line === flaw.line;
      strayQuotes = isReported ? strayQuotes + 1 : 0;
      if (strayQuotes > mostStrayQuotes)
        throw new UnreadableText('too many stray quotes', 'file_unreadable', flaw.line);
      if (!isReported) items.push(flaw);
      if (flaw.kind === 'malformed') return undefined;
      // Thrown to stop: csv-parse would otherwise scan all the rest, slowly at each further quote.
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

/** As spreadsheets produce. */
export const isBlankRow = (cells: readonly string[]): boolean => cells.every((cell) => trimCell(cell) === '');

// The message of a CsvError quotes the cell, so only its code and numbers are used.
function flawOf(error: CsvError, lines: LineCount): MalformedRecord | UnreadableRest {
  const column = numberOf(error, 'index');
  const line = lines.lineHere(numberOf(error, 'lines'));
  if (error.code === 'INVALID_OPENING_QUOTE') return { kind: 'malformed', line };
  const begins = lines.nextLine(numberOf(error, 'empty_lines'));
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE' && line === begins)
    return { kind: 'unreadable', code: 'quote_misplaced', line, column };
  // A record that continues over line ends has an open quote: it ends at the next quote of the file followed by text,
  // at the maximum length of a record, or never.
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED' || line > begins;
  return { kind: 'unreadable', code: isOpen ? 'quote_not_closed' : 'file_unreadable', line: begins, column };
}

function numberOf(error: CsvError, name: string): number {
  const value = error[name];
  return typeof value === 'number' ? value : 0;
}
