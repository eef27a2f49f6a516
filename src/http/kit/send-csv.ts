// Streams a CSV for download, kept by no cache.
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { type Row, writeCsv } from '../../formats/csv/write-csv.ts';
import { isClientGone } from './send-ndjson.ts';

/** A failure after the first byte breaks the download off, so that it is not taken for whole. */
export async function sendCsv(
  response: Response,
  name: string,
  rows: AsyncIterable<Row> | Iterable<Row>,
  onFailure: (failure: unknown) => void,
): Promise<void> {
  response.status(200).set('Cache-Control', 'no-store').type('text/csv; charset=utf-8').attachment(name);
  try {
    await pipeline(writeCsv(rows), response);
  } catch (failure) {
    if (!isClientGone(failure)) onFailure(failure);
    response.destroy();
  }
}
