// CSV bytes into records, each with its line, on csv-parse. What a column means is for others to say.
import { pipeline, Readable } from 'node:stream';
import { type CsvError, type Parser, parse } from 'csv-parse';
import { trimCell } from './clean-cell.ts';
import { createLineCount, type LineCount } from './line-count.ts';
import { soundText, UnreadableText } from './sound-text.ts';

export interface CsvRecord {
  readonly kind: 'record';
  readonly cells: readonly string[];
  /** Where the record begins, from 1; a quoted line break counts as one, whether CR, LF or CRLF. */
  readonly line: number;
  /** Bytes of the file up to the end of this record. */
  readonly bytesRead: number;
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

// csv-parse counts characters of cells only. A gigabyte of commas has none, so the bytes are counted here as well.
// Malformed rows end no record for csv-parse: so many in a row are no file to go on with either.
const longestRecordBytes = 8 * longestRecord;

// csv-parse copies the whole cell into an error for each stray quote in it: time grows with the square, for one bad row.
const mostStrayQuotes = 100;

/**
 * Reads RFC 4180 with what districts send besides: CR, LF and CRLF in one file, a byte order mark, a last line without
 * end. Blank lines, and rows whose cells are all blank as spreadsheets leave them behind, are skipped; rows of any length
 * are passed on. Memory stays flat.
 */
export async function* readCsv(
  bytes: AsyncIterable<Buffer>,
  { delimiter = ',' }: { readonly delimiter?: string } = {},
): AsyncGenerator<CsvItem> {
  const lines = createLineCount();
  const parser = createParser(lines, delimiter);
  const source = Readable.from(boundRecords(soundText(bytes), parser, lines));
  // A failure of the source destroys the parser with it, so it surfaces in the loop below.
  pipeline(source, parser, () => {});
  try {
    for await (const item of parser as AsyncIterable<CsvItem>) {
      yield item;
      if (item.kind === 'unreadable') return;
    }
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    yield { kind: 'unreadable', line: error.line, column: undefined };
  }
}

function createParser(lines: LineCount, delimiter: string): Parser {
  let flawedLine: number | undefined;
  let strayQuotes = 0;
  const parser = parse({
    bom: true,
    delimiter,
    // CRLF first, or it would end two lines.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: longestRecord,
    skip_records_with_error: true,
    // Both are pushed by hand, so that a flaw keeps its place among the records and waits for the reader as they do.
    on_record: (cells: string[], info) => {
      const record: CsvRecord = { kind: 'record', cells, line: lines.lineOf(cells, info), bytesRead: info.bytes };
      if (!cells.every(isBlank)) parser.push(record);
      return undefined;
    },
    on_skip: (error) => {
      if (error === undefined) return undefined;
      const flaw = flawOf(error, lines);
      // Every stray quote of a row is reported, and the row is told of once.
      strayQuotes = flaw.kind === 'malformed' && flaw.line === flawedLine ? strayQuotes + 1 : 0;
      if (strayQuotes > mostStrayQuotes) throw new UnreadableText('too many stray quotes', flaw.line);
      if (strayQuotes === 0) parser.push(flaw);
      flawedLine = flaw.line;
      return undefined;
    },
  });
  return parser;
}

function isBlank(cell: string): boolean {
  return trimCell(cell) === '';
}

// The message of a CsvError quotes the cell, so nothing but its code and numbers is read.
function flawOf(error: CsvError, lines: LineCount): MalformedRecord | UnreadableRest {
  const column = numberOf(error, 'index');
  const line = lines.lineHere(numberOf(error, 'lines'));
  if (error.code === 'INVALID_OPENING_QUOTE') return { kind: 'malformed', line };
  if (error.code === 'CSV_INVALID_CLOSING_QUOTE') return { kind: 'unreadable', line, column };
  return { kind: 'unreadable', line: lines.nextLine(numberOf(error, 'empty_lines')), column };
}

function numberOf(error: CsvError, name: string): number {
  const value = error[name];
  return typeof value === 'number' ? value : 0;
}

async function* boundRecords(parts: AsyncIterable<Buffer>, parser: Parser, lines: LineCount): AsyncGenerator<Buffer> {
  let fedSinceRecord = 0;
  let passed = 0;
  for await (const part of parts) {
    const { records, empty_lines } = parser.info;
    if (records + empty_lines !== passed) fedSinceRecord = 0;
    passed = records + empty_lines;
    if (fedSinceRecord > longestRecordBytes) throw new UnreadableText('record too long', lines.nextLine(empty_lines));
    fedSinceRecord += part.length;
    yield part;
  }
}
