// LMDB itself: opening the folder, reading ranges in chunks, and grouping writes. The only file that imports `lmdb`.
// embedded-store.ts defines the content.

import { platform } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getSystemErrorName } from 'node:util';
import { open } from 'lmdb';
import { makeFolder } from '../make-folder.ts';
import { StoreUnavailable } from '../store.ts';
import { checkDataFiles } from './data-files.ts';
import { checkDiskSpace, readFreeBytes } from './disk-space.ts';
import { endOf } from './embedded-keys.ts';
import { createFolderWatch } from './store-folder.ts';

/** Address space, not memory or disk: the file grows as it is written. */
const MAP_BYTES = 64 * 2 ** 30;
/** A group of writes ends after this time, so that reads and requests between groups are not delayed. */
const GROUP_MILLISECONDS = 20;

interface Job {
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

export type EmbeddedEngine = ReturnType<typeof openEngine>;

function openFolder(path: string) {
  return open<Buffer, Buffer>({
    path,
    noSubdir: false,
    keyEncoding: 'binary',
    encoding: 'binary',
    // Every commit is on disk before it is acknowledged; with overlappingSync the flush would come later.
    overlappingSync: false,
    ...(platform() === 'win32' ? {} : { mapSize: MAP_BYTES }),
  });
}

/** Writes one snapshot of a folder, which may be in use, into an existing empty folder. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const db = openFolder(from);
  try {
    await db.backup(to, true);
  } finally {
    await db.close();
  }
}

/** Opens the folder, created if necessary, for this user only. Throws StoreUnavailable. */
export function openEngine(path: string, freeBytes: (path: string) => number = readFreeBytes) {
  // Long because of the engine's verbs, which share one database that may be reopened.
  const openGuarded = () =>
    guard(() => {
      checkDataFiles(path);
      return openFolder(path);
    }, path);
  guard(() => makeFolder(path, 0o700), path);
  let db = openGuarded();
  // Another folder in its place: the open database is closed, since nothing written to it can be read any more.
  const folder = createFolderWatch(path, () => {
    db.close().catch(() => undefined);
    db = openGuarded();
  });
  let queue: Job[] = [];
  let isOpen = true;

  function runGroup(): void {
    const jobs = queue;
    queue = [];
    const done: (() => void)[] = [];
    try {
      folder.checkSame();
      checkDiskSpace(freeBytes(path));
      // Abortable, and on disk when it returns. The asynchronous db.transaction() of lmdb 3.5 was seen to hang forever.
      db.transactionSync(() => {
        const end = performance.now() + GROUP_MILLISECONDS;
        for (const job of jobs) {
          if (done.length > 0 && performance.now() > end) break;
          done.push(job.run());
        }
      });
      // Rejects writes to a folder that no longer exists.
      folder.checkSame();
    } catch (error) {
      for (const job of jobs) job.reject(unavailable(error));
      return;
    }
    queue = [...jobs.slice(done.length), ...queue];
    if (done.length < jobs.length) setImmediate(runGroup);
    for (const resolve of done) resolve();
  }

  /**
   * Runs the job in a write transaction, together with all others of this turn: one flush for many. A job that throws
   * rolls back the whole group, so it must have validated its input before.
   */
  function write<T>(job: () => T): Promise<T> {
    if (!isOpen) return Promise.reject(new StoreUnavailable(new Error('closed')));
    return new Promise<T>((resolve, reject) => {
      const run = () => {
        const result = job();
        return () => resolve(result);
      };
      queue.push({ run, reject });
      if (queue.length === 1) setImmediate(runGroup);
    });
  }

  /** Reads in one snapshot that is never older than this call: another process may have just acknowledged a write. */
  function read<T>(job: () => T): T {
    if (!isOpen) throw new StoreUnavailable(new Error('closed'));
    return guard(() => {
      folder.checkOften();
      db.resetReadTxn();
      return job();
    });
  }

  function entries(start: Buffer, end: Buffer, limit: number): Entry[] {
    return [...db.getRange({ start, end, limit })].map(({ key, value }) => ({
      key: asBuffer(key),
      value: asBuffer(value),
    }));
  }

  function keys(start: Buffer, end: Buffer, limit: number): Buffer[] {
    return [...db.getKeys({ start, end, limit })].map(asBuffer);
  }

  /** All entries from start to end, one snapshot per chunk, so that a slow reader keeps no old pages alive. */
  async function* walk(start: Buffer, end: Buffer, chunk: number): AsyncIterable<Entry[]> {
    let from = start;
    for (;;) {
      const found = read(() => entries(from, end, chunk));
      const last = found.at(-1);
      if (last === undefined) return;
      yield found;
      from = Buffer.concat([last.key, Buffer.of(0)]);
      await nextTurn();
    }
  }

  async function close(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    while (queue.length > 0) await nextTurn();
    await db.close();
  }

  return {
    write,
    read,
    walk,
    entries,
    keys,
    close,
    epoch: folder.epoch,
    get: (key: Buffer): Buffer | undefined => {
      const found = db.get(key);
      return found === undefined ? undefined : asBuffer(found);
    },
    put: (key: Buffer, value: Buffer): void => void db.put(key, value),
    remove: (key: Buffer): void => void db.remove(key),
    count: (prefix: Buffer): number => read(() => db.getKeysCount({ start: prefix, end: endOf(prefix) })),
    /** Entries below `from`, newest first, until the caller stops. */
    reverse: (from: Buffer, end: Buffer, limit: number): Entry[] =>
      [...db.getRange({ start: from, end, limit, reverse: true })]
        .map(({ key, value }) => ({ key: asBuffer(key), value: asBuffer(value) }))
        .filter(({ key }) => key.compare(from) < 0),
    /** Removes stale readers of killed processes; their snapshots would keep the file growing. */
    forgetDeadReaders: (): void => guard(() => void db.readerCheck()),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @param folder set while it is being opened */
function guard<T>(work: () => T, folder?: string): T {
  try {
    return work();
  } catch (error) {
    throw unavailable(error, folder);
  }
}

/** lmdb reports an error of the system by its number. */
function unavailable(error: unknown, folder?: string): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error;
  const { code } = Object(error);
  const cause = typeof code === 'number' && code > 0 ? Object.assign(Object(error), { code: nameOf(code) }) : error;
  return new StoreUnavailable(cause, folder);
}

/** Such as EROFS for 30; a number unknown to the system gets no name. */
const nameOf = (code: number): string => /^E[A-Z0-9]+$/.exec(getSystemErrorName(-code))?.[0] ?? '';
