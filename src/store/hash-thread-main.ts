// Runs in the thread that hash-thread.ts starts. It has the keys of some purposes, and no store, file or log.
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadWork } from './hash-thread.ts';
import { bytesOfHash, writeKeyedHash } from './keyed-hash.ts';

const known: readonly KeyObject[] = workerData;

function hash({ keys, lengths, text }: ThreadWork): Buffer<ArrayBuffer> {
  // Not of Node's pool: it is handed over to the other thread.
  const hashes = Buffer.alloc(lengths.length * bytesOfHash);
  let start = 0;
  for (const [at, length] of lengths.entries()) {
    const key = known[keys[at] ?? known.length];
    if (key === undefined) throw new TypeError('the thread has no key of this purpose');
    writeKeyedHash(key, text.slice(start, start + length), hashes, at * bytesOfHash);
    start += length;
  }
  return hashes;
}

parentPort?.on('message', (work: ThreadWork) => {
  const hashes = hash(work);
  parentPort?.postMessage(hashes, [hashes.buffer]);
});
