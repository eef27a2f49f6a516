// Long responses, sent as fast as the client reads them: memory stays constant. Not cached.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { type Row, writeCsv } from '../../formats/csv/write-csv.ts';

/**
 * One JSON object per line. Resolves when everything was sent or the client disconnected. A failure during the response
 * cuts the connection, so that no client mistakes a part for the whole, and is passed to `onFailure`.
 */
export async function sendNdjson(
  response: Response,
  batches: AsyncIterable<readonly object[]>,
  onFailure: (failure: unknown) => void,
): Promise<void> {
  response.status(200).set('Cache-Control', 'no-store').type('application/x-ndjson');
  try {
    await pipeline(Readable.from(toText(batches), { objectMode: true, highWaterMark: 1 }), response);
  } catch (failure) {
    if (!isClientGone(failure)) onFailure(failure);
    response.destroy();
  }
}

async function* toText(batches: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const batch of batches) {
    if (batch.length > 0) yield batch.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}

const goneCodes: ReadonlySet<unknown> = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_UNABLE_TO_PIPE',
  'ECONNRESET',
  'EPIPE',
]);

const isClientGone = (failure: unknown): boolean => goneCodes.has(Object(failure).code);

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

/**
 * All items of a generator whose first one was taken already: it decides the status, so it is read before anything is
 * sent.
 */
export async function* behind<Batch>(
  first: IteratorResult<Batch, unknown>,
  rest: AsyncGenerator<Batch>,
): AsyncGenerator<Batch> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
