// Runs in the thread that hash-thread.ts starts. It has the keys of some purposes, and no store, file or log.
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadWork } from './hash-thread.ts';
import { keyedHash } from './keyed-hash.ts';

const known: readonly KeyObject[] = workerData;

function hash({ keys, texts }: ThreadWork): string {
  const hashes = texts.map((text, at) => {
    const key = known[keys[at] ?? known.length];
    if (key === undefined) throw new TypeError('the thread has no key of this purpose');
    return keyedHash(key, text);
  });
  // One string: a list would be copied element by element.
  return hashes.join('');
}

parentPort?.on('message', (work: ThreadWork) => parentPort?.postMessage(hash(work)));
