// Finds one file of a roster among the names in its folder, and opens it. Does not read its content.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export type FoundFile =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'several'; readonly files: readonly string[] };

/** Clever's names are lower case; any capitalisation is accepted if exactly one file matches. */
export function findFile(names: readonly string[], wanted: string): FoundFile {
  const files = names.filter((name) => name.toLowerCase() === wanted).sort();
  const [file, second] = files;
  if (file === undefined) return { kind: 'missing' };
  return second === undefined ? { kind: 'found', file } : { kind: 'several', files };
}

export interface OpenFile {
  readonly bytesTotal: number;
  /** Can be read once. */
  readonly chunks: () => AsyncGenerator<Buffer>;
  readonly close: () => Promise<void>;
}

// A district could place a link to one of the bridge's files, or a pipe that never ends: neither is followed or waited
// for. The open file is checked, so it cannot be exchanged between check and use.
const regularOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const unreadable: ReadonlySet<unknown> = new Set(['ELOOP', 'EACCES', 'EPERM', 'EISDIR', 'ENOENT', 'ENOTDIR', 'ENXIO']);

/** True for an error of the path rather than of this machine. */
export function isUnreadablePath(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && unreadable.has(error.code);
}

/** Opens a regular file; `undefined` for a folder, link, pipe or socket, and if reading is not permitted. */
export async function openRegularFile(folder: string, file: string): Promise<OpenFile | undefined> {
  const handle = await open(join(folder, file), regularOnly).catch((error: unknown) => {
    if (isUnreadablePath(error)) return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  const stat = await handle.stat();
  if (stat.isFile()) return { bytesTotal: stat.size, chunks: () => readChunks(handle), close: () => handle.close() };
  await handle.close();
  return undefined;
}

const batchBytes = 524_288;
const bytesOfChunk = 65_536;

/** Each read switches threads, so it fetches several chunks. */
async function* readChunks(handle: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(batchBytes));
    if (bytesRead === 0) return;
    for (let at = 0; at < bytesRead; at += bytesOfChunk)
      yield buffer.subarray(at, Math.min(at + bytesOfChunk, bytesRead));
  }
}
