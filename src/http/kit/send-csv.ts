// Streams a CSV download that is not cached.
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { type Row, writeCsv } from '../../formats/csv/write-csv.ts';
import { isClientGone } from './send-ndjson.ts';

/** A failure after the first byte aborts the download, so that it is not mistaken for complete. */
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
