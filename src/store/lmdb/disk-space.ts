// Whether the disk of the embedded store has room left, asked before every write.
import { statfsSync } from 'node:fs';

/**
 * Below this nothing is written. lmdb 3.5 must not meet a full disk: it writes what it says of it past the end of its own
 * memory (`last_error = malloc(100)` in its mdb.c), and after some such commits the process is gone, or worse.
 */
const reservedBytes = 64 * 2 ** 20;

class DiskFull extends Error {
  readonly code = 'ENOSPC';
  override readonly name = 'DiskFull';
}

/** Bytes that this user may still write where the folder is. */
export function readFreeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** @throws DiskFull */
export function checkDiskSpace(freeBytes: number): void {
  if (freeBytes < reservedBytes) throw new DiskFull('less than 64 MB are left on the disk of the store');
}
