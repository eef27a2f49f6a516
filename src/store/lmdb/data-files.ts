// Whether the files of an embedded store can be LMDB's. lmdb 3.5 crashes the process without a message on any other
// content.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** MDB_MAGIC after the header of the first page, in this machine's byte order. */
const magicAt = 24;
const magic = Buffer.from(Uint32Array.of(0xbeefc0de).buffer);

class NoDataFile extends Error {
  readonly code = 'NOT_A_STORE';
  override readonly name = 'NoDataFile';
}

/** A missing or empty file is a new store. @throws NoDataFile, and errors of the system */
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
