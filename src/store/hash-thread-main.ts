// Runs in the thread that hash-thread.ts starts. It has the keys of some purposes, and no store, file or log.
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadWork } from './hash-thread.ts';
import { bytesOfHash, keyedDigest } from './keyed-hash.ts';

const known: readonly KeyObject[] = workerData;

function hash({ keys, lengths, text }: ThreadWork): Uint8Array<ArrayBuffer> {
  const hashes = new Uint8Array(lengths.length * bytesOfHash);
  let start = 0;
  for (const [at, length] of lengths.entries()) {
    const key = known[keys[at] ?? known.length];
    if (key === undefined) throw new TypeError('the thread has no key of this purpose');
    const digest = keyedDigest(key, text.slice(start, start + length));
    start += length;
    // Not by a view of the digest: it costs as much as these bytes.
    for (let index = 0; index < bytesOfHash; index += 1) hashes[at * bytesOfHash + index] = digest[index] ?? 0;
  }
  return hashes;
}

parentPort?.on('message', (work: ThreadWork) => {
  const hashes = hash(work);
  parentPort?.postMessage(hashes, [hashes.buffer]);
});
