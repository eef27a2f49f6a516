// The CSV that nearly every district sends nearly always, read by Papa Parse, several times as fast as csv-parse. It
// forgives what csv-parse refuses, so nothing is left to its judgement: whatever is in doubt is strict-csv.ts's.
import Papa from 'papaparse';
import type { CsvItem } from './csv-item.ts';
import { findLineEnds } from './line-ends.ts';
import { isBlankRow, readStrictCsv } from './strict-csv.ts';

type Rows = readonly (readonly string[])[];

/**
 * White space between a closing quote and the end of its cell, which Papa Parse drops without a word; and an odd number of
 * quotes amid a cell, for each of which it would look through the rest of the line: time would grow with the square.
 */
const oddQuoteAmid = (delimiter: string): RegExp =>
  new RegExp(`"[^\\S\\r\\n${delimiter}]+[${delimiter}\\r\\n]|[^${delimiter}\\r\\n"]"(?:"")*[^${delimiter}\\r\\n"]`);
/** Cells apart by any other sign are left to the strict reader. */
const oddQuotes = new Map([',', ';', '\t'].map((delimiter) => [delimiter, oddQuoteAmid(delimiter)]));

/**
 * Reads whole lines of cells that all end in the same way, a row in each. Undefined for anything else: a
 * quoted line break, a quote that is not closed, text behind a closing quote. A row with a quote in a cell is judged by
 * csv-parse, alone, since the quote may be a stray one.
 * @param linesBefore lines of the file in front of these
 */
export function readSimpleCsv(bytes: Buffer, linesBefore: number, delimiter = ','): readonly CsvItem[] | undefined {
  const { count, only } = findLineEnds(bytes);
  const text = bytes.toString();
  const oddQuote = oddQuotes.get(delimiter);
  if (only === undefined || oddQuote === undefined || oddQuote.test(text)) return undefined;
  const parser = new Papa.Parser({ delimiter, newline: only });
  const { data, errors }: { data: Rows; errors: readonly unknown[] } = parser.parse(text, 0, false);
  if (errors.length > 0 || data.length !== count + 1) return undefined;
  const inDoubt = text.includes('"') ? data.flatMap((cells, at) => (cells.some(hasQuote) ? [at] : [])) : [];
  if (inDoubt.length === 0) return toItems(data, linesBefore);
  const judged = judge(inDoubt, text.split(only), linesBefore, delimiter);
  return judged && [...toItems(data, linesBefore, new Set(inDoubt)), ...judged].sort(byLine);
}

const hasQuote = (cell: string): boolean => cell.includes('"');

function toItems(rows: Rows, linesBefore: number, leftOut?: ReadonlySet<number>): SeenItem[] {
  return rows.flatMap((cells, at) =>
    isBlankRow(cells) || leftOut?.has(at) === true ? [] : [{ kind: 'record', cells, line: linesBefore + at + 1 }],
  );
}

type SeenItem = Exclude<CsvItem, { kind: 'unreadable' }>;

/** What csv-parse says of these lines; undefined if one of them is not a row by itself. */
function judge(
  inDoubt: readonly number[],
  lines: readonly string[],
  linesBefore: number,
  delimiter: string,
): SeenItem[] | undefined {
  const text = inDoubt.map((at) => lines[at]).join('\n');
  const seen = readStrictCsv(Buffer.from(text), delimiter, 0).items.filter((item) => item.kind !== 'unreadable');
  const judged = seen.map((item) => ({ ...item, line: linesBefore + (inDoubt[item.line - 1] ?? 0) + 1 }));
  return judged.length === inDoubt.length ? judged : undefined;
}

const byLine = (one: SeenItem, other: SeenItem): number => one.line - other.line;
