// Checks the free space on the disk of the embedded store before every write.
import { statfsSync } from 'node:fs';

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
