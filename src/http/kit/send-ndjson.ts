// A long response, one JSON object per line, as fast as the client reads it: memory stays constant.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Resolves when everything was sent or the client disconnected. A failure during the response cuts the connection, so
 * that no client mistakes a part for the whole, and is passed to `onFailure`.
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

export const isClientGone = (failure: unknown): boolean => goneCodes.has(Object(failure).code);
