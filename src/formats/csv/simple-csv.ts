// The most common form of CSV, read by Papa Parse several times as fast as by csv-parse. Papa Parse accepts what
// csv-parse rejects, so strict-csv.ts decides every doubtful case.
import Papa from 'papaparse';
import type { CsvItem } from './csv-item.ts';
import { isBlankRow, readStrictCsv } from './strict-csv.ts';
import { findLineEnds } from './valid-text.ts';

type Rows = readonly (readonly string[])[];

/**
 * White space between a closing quote and the end of its cell, which Papa Parse drops silently; and an odd number of
 * quotes within a cell, each of which makes it scan the rest of the line: quadratic time.
 */
const oddQuoteAmid = (delimiter: string): RegExp =>
  new RegExp(`"[^\\S\\r\\n${delimiter}]+[${delimiter}\\r\\n]|[^${delimiter}\\r\\n"]"(?:"")*[^${delimiter}\\r\\n"]`);
/** Other delimiters are left to the strict reader. */
const oddQuotes = new Map([',', ';', '\t'].map((delimiter) => [delimiter, oddQuoteAmid(delimiter)]));

/**
 * Reads whole lines of cells with the same line end, one row each. Undefined for anything else: a quoted line break, an
 * unclosed quote, text after a closing quote. csv-parse judges a row with a quote in a cell individually, since the
 * quote may be a stray one.
 * @param linesBefore lines of the file before these
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

/** csv-parse's result for these lines; undefined if one of them is not a complete row. */
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
