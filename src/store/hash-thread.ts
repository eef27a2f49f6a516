// Keyed hashes on a second thread, for work that needs millions of them. The thread receives the derived keys of some
// purposes as key objects, whose bytes Node keeps outside of the JavaScript heap, and never the root key.
import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { hashedText } from './keyed-hash.ts';

/** The arguments of Vault.blind. */
export interface ToHash {
  readonly purpose: string;
  readonly parts: readonly string[];
}

export interface HashThread {
  /**
   * The keyed hashes of all, in their order, 16 bytes each: those that Vault.blind writes as hex digits. The number of calls
   * in progress is not limited here: the caller limits it.
   * @throws HashThreadEnded
   */
  hash(all: readonly ToHash[]): Promise<Buffer>;
  /** Ends the thread; calls in progress are rejected. */
  end(): Promise<void>;
}

/** Contains nothing of what was being hashed. */
export class HashThreadEnded extends Error {
  readonly code = 'HASH_THREAD_ENDED';
  constructor(cause?: unknown) {
    super('the thread that makes keyed hashes ended before its work was done', { cause });
    this.name = 'HashThreadEnded';
  }
}

export interface ThreadKey {
  readonly purpose: string;
  readonly key: KeyObject;
}

/** Flat: copying an object to another thread costs as much as its hash, and a text of its own a fifth of it. */
export interface ThreadWork {
  /** For each text, the position of its key. */
  readonly keys: Uint8Array;
  readonly lengths: Uint32Array;
  /** All of them, one behind the other. */
  readonly text: string;
}

interface Waiting {
  readonly resolve: (hashes: Buffer) => void;
  readonly reject: (reason: HashThreadEnded) => void;
}

/** Beside this file in the build and in the bundle (scripts/bundle.js). A test that runs the sources uses the build. */
const builtHere = import.meta.url.endsWith('.ts') ? '../../dist/src/store/' : './';
const threadMain = new URL(`${builtHere}hash-thread-main.js`, import.meta.url);

/** The thread holds the texts of a few messages. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

export function startHashThread(keys: readonly ThreadKey[]): HashThread {
  const worker = new Worker(threadMain, {
    workerData: keys.map(({ key }) => key),
    resourceLimits,
    env: {},
    execArgv: [],
  });
  const positions = new Map(keys.map(({ purpose }, at) => [purpose, at]));
  /** In the order of the calls, which is that of the answers. */
  let waiting: Waiting[] = [];
  let ended: HashThreadEnded | undefined;
  const fail = (cause?: unknown) => {
    ended ??= new HashThreadEnded(cause);
    const lost = waiting;
    waiting = [];
    for (const { reject } of lost) reject(ended);
  };
  worker.on('message', ({ buffer }: Uint8Array<ArrayBuffer>) => waiting.shift()?.resolve(Buffer.from(buffer)));
  worker.on('error', fail);
  worker.on('exit', () => fail());
  return {
    hash(all) {
      if (ended !== undefined) return Promise.reject(ended);
      const texts = all.map(({ parts }) => hashedText(parts));
      const work: ThreadWork = {
        keys: new Uint8Array(all.map(({ purpose }) => positions.get(purpose) ?? keys.length)),
        lengths: new Uint32Array(texts.map(({ length }) => length)),
        text: texts.join(''),
      };
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(work);
      });
    },
    async end() {
      fail();
      await worker.terminate();
    },
  };
}
