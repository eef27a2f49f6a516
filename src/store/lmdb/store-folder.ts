// The folder of an embedded store on disk: whether its files can be LMDB's, whether the disk has space, and whether it is
// still the folder that was opened.
import { closeSync, openSync, readSync, type Stats, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreUnavailable } from '../store.ts';

/** MDB_MAGIC after the header of the first page, in this machine's byte order. */
const magicAt = 24;
const magic = Buffer.from(Uint32Array.of(0xbeefc0de).buffer);

class NoDataFile extends Error {
  readonly code = 'NOT_A_STORE';
  override readonly name = 'NoDataFile';
}

/**
 * Whether the files can be LMDB's: lmdb 3.5 crashes the process without a message on any other content. A missing or
 * empty file is a new store.
 * @throws NoDataFile, and errors of the system
 */
export function checkDataFiles(folder: string): void {
  for (const name of ['data.mdb', 'lock.mdb']) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) throw new NoDataFile(`${name} is no file`);
  }
  const first = readFirst(join(folder, 'data.mdb'));
  if (first.length > 0 && !first.subarray(magicAt).equals(magic)) throw new NoDataFile('data.mdb is not of LMDB');
}

/** The file up to the end of the magic number, as far as it goes; empty if there is no file. */
function readFirst(path: string): Buffer {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return Buffer.alloc(0);
  const file = openSync(path, 'r');
  try {
    const first = Buffer.alloc(magicAt + magic.length);
    return first.subarray(0, readSync(file, first, 0, first.length, 0));
  } finally {
    closeSync(file);
  }
}

/**
 * Below this nothing is written. lmdb 3.5 must not meet a full disk: it writes its error message beyond the end of a
 * buffer (`last_error = malloc(100)` in its mdb.c), and after some such commits the process crashes, or worse.
 */
const reservedBytes = 64 * 2 ** 20;

class DiskFull extends Error {
  readonly code = 'ENOSPC';
  override readonly name = 'DiskFull';
}

/** Bytes available to this user on the disk of the folder. */
export function readFreeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** @throws DiskFull */
export function checkDiskSpace(freeBytes: number): void {
  if (freeBytes < reservedBytes) throw new DiskFull('less than 64 MB are left on the disk of the store');
}

/** Interval of the readers' check, which costs some microseconds. Milliseconds. */
const everyMs = 50;
/** A replacement is opened when it has not changed for this long: it may be half copied before. Milliseconds. */
const stillMs = 2_000;

export interface FolderWatch {
  /** @throws StoreUnavailable if the folder is not the one that was opened, even if another was just opened */
  checkSame(): void;
  /** Periodic check for readers: may open another folder. @throws StoreUnavailable if there is none to read */
  checkOften(): void;
  /** Changes when another folder is opened. */
  epoch(): number;
}

/**
 * Detects that the folder was removed or replaced while it is open: the system lets a process continue with a file that no
 * other process can see.
 * @param reopen closes the folder that is gone and opens the one in its place
 */
export function createFolderWatch(path: string, reopen: () => void): FolderWatch {
  const file = join(path, 'data.mdb');
  const find = () => statSync(file, { throwIfNoEntry: false });
  const place = ({ dev, ino }: Stats) => `${dev}:${ino}`;
  const content = (stats: Stats) => `${place(stats)}:${stats.size}:${stats.mtimeMs}`;
  const first = find();
  let opened = first && place(first);
  let epoch = 0;
  let checkedAtMs = performance.now();
  let isGone = false;
  let still: { readonly content: string; readonly since: number } | undefined;

  function check(): void {
    checkedAtMs = performance.now();
    const found = find();
    isGone = found === undefined || place(found) !== opened;
    if (!isGone) return;
    if (found !== undefined && isUnchanged(found)) {
      reopen();
      opened = place(found);
      epoch += 1;
      isGone = false;
      return;
    }
    throw new StoreUnavailable(new Error('the folder of the store was removed or replaced'));
  }

  function isUnchanged(found: Stats): boolean {
    if (still?.content !== content(found)) still = { content: content(found), since: performance.now() };
    return performance.now() - still.since >= stillMs;
  }

  return {
    checkSame() {
      const before = epoch;
      check();
      // An operation that began with one folder must not end with the other.
      if (epoch !== before) throw new StoreUnavailable(new Error('the folder of the store was replaced'));
    },
    checkOften() {
      if (isGone || performance.now() - checkedAtMs >= everyMs) check();
    },
    epoch: () => epoch,
  };
}
