// Converts whole lines of CSV to items by csv-parse, which decides every case: RFC 4180 and common variants.

import type { Info } from 'csv-parse';
import { type CsvError, type Options, parse } from 'csv-parse/sync';
import { trimCell } from '../clean-cell.ts';
import { type CsvItem, type MalformedRecord, maxRecordLength, type UnreadableRest } from './csv-item.ts';
import { UnreadableText } from './valid-text.ts';

export interface StrictReading {
  readonly items: readonly CsvItem[];
  /** The last item is an unclosed quote: it may be closed further on. */
  readonly isOpen: boolean;
}

// csv-parse copies the whole cell into an error for each stray quote in it: quadratic time for one bad row.
const maxStrayQuotes = 100;

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
    max_record_size: maxRecordLength,
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
      if (strayQuotes > maxStrayQuotes) throw new UnreadableText('too many stray quotes', 'file_unreadable', flaw.line);
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

interface LineCount {
  /** The first line of a record that has just been parsed; call it once for each, in order. */
  readonly lineOf: (cells: readonly string[], info: Pick<Info, 'lines' | 'empty_lines'>) => number;
  /** The line for csv-parse's current `parserLine`. */
  readonly lineHere: (parserLine: number) => number;
  /** The first line of the next record; `emptyLines` is csv-parse's count at that moment. */
  readonly nextLine: (emptyLines: number) => number;
}

/**
 * The line on which a record begins: csv-parse reports where it ends, and counts a quoted CRLF as two lines. A count for
 * lines that it reads together. Lines count from 1.
 * @param before lines of the file before them
 */
function createLineCount(before: number): LineCount {
  let parserLine = 0;
  let emptyLines = 0;
  let countedTwice = 0;
  return {
    lineOf: (cells, info) => {
      // Most records have no line break inside, so their cells need not be searched.
      const isOneLine = info.lines - parserLine === 1 + info.empty_lines - emptyLines;
      parserLine = info.lines;
      emptyLines = info.empty_lines;
      if (isOneLine) return before + parserLine - countedTwice;
      countedTwice += count(cells, /\r\n/g);
      return before + parserLine - countedTwice - count(cells, /\r\n|\r|\n/g);
    },
    lineHere: (line) => before + line - countedTwice,
    nextLine: (emptyLinesNow) => before + parserLine - countedTwice + 1 + emptyLinesNow - emptyLines,
  };
}

function count(cells: readonly string[], pattern: RegExp): number {
  return cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}
