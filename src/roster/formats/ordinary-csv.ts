// The CSV that nearly every district sends nearly always, read by Papa Parse, several times as fast as csv-parse. It
// forgives what csv-parse refuses, so nothing is left to its judgement: what is not beyond doubt is strict-csv.ts's.
import Papa from 'papaparse';
import { findLineEnds } from './line-ends.ts';

/**
 * A quote that neither opens nor closes a cell, to look at it; or one with white space between it and the end of its
 * cell, which Papa Parse drops. A quote behind a comma inside a quoted cell ends up as Papa Parse's error or in a cell.
 */
const oddQuote = /[^,\r\n]"[^,\r\n]|"[^\S\r\n]+[,\r\n]/;

/**
 * The rows of whole lines of comma-separated cells, one for each line; the last may be empty. Undefined if anything is
 * out of the ordinary: a quoted line break or quote, a stray quote, lines that end in different ways.
 */
export function readOrdinaryCsv(bytes: Buffer): readonly (readonly string[])[] | undefined {
  const { count, only } = findLineEnds(bytes);
  const text = bytes.toString();
  if (only === undefined || oddQuote.test(text)) return undefined;
  const parser = new Papa.Parser({ delimiter: ',', newline: only });
  const { data, errors }: { data: string[][]; errors: readonly unknown[] } = parser.parse(text, 0, false);
  const isOrdinary = errors.length === 0 && data.length === count + 1 && !(text.includes('"') && data.some(hasQuote));
  return isOrdinary ? data : undefined;
}

const hasQuote = (cells: readonly string[]): boolean => cells.some((cell) => cell.includes('"'));
