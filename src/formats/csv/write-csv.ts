// Writes every CSV of the bridge, safe to open in a spreadsheet program. Callers define the content.
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

// OWASP, CSV Injection: a cell that begins with one of these is run as a formula. Programs skip white space and
// invisible characters before it, and East Asian ones treat full-width characters alike.
const formula = /^[\p{White_Space}\p{C}]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212]/u;
const tabOrReturn = /^[\t\r\n]/;

/** The value, with an apostrophe before it if a spreadsheet program could take it for a formula. */
export function neutraliseCell(value: string): string {
  return formula.test(value) || tabOrReturn.test(value) ? `'${value}` : value;
}

/**
 * RFC 4180 as Excel reads it in every locale: UTF-8 with a byte order mark, CRLF, every cell in quotes, quotes doubled.
 * Streams: rows are consumed as fast as the bytes are read.
 * @param rows the header is the first; `undefined` is an empty cell
 */
export function writeCsv(rows: AsyncIterable<Row> | Iterable<Row>): Readable {
  const stringifier = stringify({ bom: true, record_delimiter: 'windows', quoted: true, quoted_empty: true });
  // An error of the rows destroys the stringifier, and its reader receives the error there.
  return pipeline(Readable.from(safeRows(rows)), stringifier, () => {});
}

export type Row = readonly (string | undefined)[];

async function* safeRows(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<readonly string[]> {
  for await (const row of rows) yield row.map((value) => neutraliseCell(value ?? ''));
}
