// LMDB itself: opening the folder, reading ranges in chunks, and write transactions. The only file that imports `lmdb`.
// embedded-store.ts defines the content.

import { platform } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getSystemErrorName } from 'node:util';
import { open } from 'lmdb';
import { makeFolder } from '../make-folder.ts';
import { StoreUnavailable } from '../store.ts';
import { endOf } from './embedded-keys.ts';
import { checkDataFiles, checkDiskSpace, createFolderWatch, readFreeBytes } from './store-folder.ts';
import { createWriteGroups } from './write-groups.ts';

/** Address space, not memory or disk: the file grows as it is written. */
const mapBytes = 64 * 2 ** 30;

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
    ...(platform() === 'win32' ? {} : { mapSize: mapBytes }),
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
  // Long because its verbs share the open database and whether it is open.
  const { db, folder } = openReopened(path);
  let isOpen = true;
  const groups = createWriteGroups((run) =>
    guard(() => {
      folder.checkSame();
      checkDiskSpace(freeBytes(path));
      // Abortable, and on disk when it returns. The asynchronous db.transaction() of lmdb 3.5 was seen to hang forever.
      db().transactionSync(run);
      // Rejects writes to a folder that no longer exists.
      folder.checkSame();
    }),
  );

  /** Reads in one snapshot that is never older than this call: another process may have just acknowledged a write. */
  function read<T>(job: () => T): T {
    if (!isOpen) throw new StoreUnavailable(new Error('closed'));
    return guard(() => {
      folder.checkOften();
      db().resetReadTxn();
      return job();
    });
  }

  const entries = (start: Buffer, end: Buffer, limit: number): Entry[] =>
    [...db().getRange({ start, end, limit })].map(toEntry);

  return {
    /** As `WriteGroups.write`. */
    write: <T>(job: () => T): Promise<T> =>
      isOpen ? groups.write(job) : Promise.reject(new StoreUnavailable(new Error('closed'))),
    read,
    entries,
    /** All entries from start to end, one snapshot per chunk, so that a slow reader keeps no old pages alive. */
    async *walk(start: Buffer, end: Buffer, chunk: number): AsyncIterable<Entry[]> {
      let from = start;
      for (;;) {
        const found = read(() => entries(from, end, chunk));
        const last = found.at(-1);
        if (last === undefined) return;
        yield found;
        from = Buffer.concat([last.key, Buffer.of(0)]);
        await nextTurn();
      }
    },
    keys: (start: Buffer, end: Buffer, limit: number): Buffer[] =>
      [...db().getKeys({ start, end, limit })].map(asBuffer),
    epoch: folder.epoch,
    get: (key: Buffer): Buffer | undefined => {
      const found = db().get(key);
      return found === undefined ? undefined : asBuffer(found);
    },
    put: (key: Buffer, value: Buffer): void => void db().put(key, value),
    remove: (key: Buffer): void => void db().remove(key),
    count: (prefix: Buffer): number => read(() => db().getKeysCount({ start: prefix, end: endOf(prefix) })),
    /** Entries below `from`, newest first, until the caller stops. */
    reverse: (from: Buffer, end: Buffer, limit: number): Entry[] =>
      [...db().getRange({ start: from, end, limit, reverse: true })]
        .map(toEntry)
        .filter(({ key }) => key.compare(from) < 0),
    /** Removes stale readers of killed processes; their snapshots would keep the file growing. */
    forgetDeadReaders: (): void => guard(() => void db().readerCheck()),
    async close(): Promise<void> {
      if (!isOpen) return;
      isOpen = false;
      await groups.drain();
      await db().close();
    },
  };
}

/** The database of the folder; another one if another folder takes its place. */
function openReopened(path: string) {
  const openGuarded = () =>
    guard(() => {
      checkDataFiles(path);
      return openFolder(path);
    }, path);
  guard(() => makeFolder(path, 0o700), path);
  let db = openGuarded();
  // The open database is closed, since nothing written to it can be read any more.
  const folder = createFolderWatch(path, () => {
    db.close().catch(() => undefined);
    db = openGuarded();
  });
  return { db: () => db, folder };
}

const toEntry = ({ key, value }: { readonly key: Uint8Array; readonly value: Uint8Array }): Entry => ({
  key: asBuffer(key),
  value: asBuffer(value),
});

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
