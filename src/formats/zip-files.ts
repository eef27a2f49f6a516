// The CSV files of one ZIP archive, streamed without unpacking to disk, with limits against ZIP bombs.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { UnreadableText } from './csv/valid-text.ts';
import type { ErrorCode } from './feed.ts';
import { isNoLitter, isUnreadablePath, type OpenFile, type RosterFiles } from './roster-files.ts';

interface ZipRefused {
  readonly kind: 'refused';
  readonly code: Extract<ErrorCode, 'archive_unreadable' | 'archive_encrypted' | 'archive_too_large'>;
}

export const isArchive = (name: string): boolean => /\.zip$/i.test(name);

const maxEntries = 1_000;
const maxUnpackedBytes = 4 * 2 ** 30;
/** CSV compresses twenty to one; a ratio above this is an attack. */
const maxRatio = 200;
/** The ratio of small files is not checked. */
const smallBytes = 2 ** 20;

/** Ignores entries that systems add and those in folders of their own; the files may all be in one folder. */
export async function openZipFiles(path: string): Promise<RosterFiles | ZipRefused> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const zip = await fromFdPromise(handle.fd, { autoClose: false, lazyEntries: true });
    const entries = await listEntries(zip);
    return 'kind' in entries ? await refuse(handle, entries.code) : filesOf(path, zip, entries.byName, handle);
  } catch (failure) {
    await handle?.close();
    // A failed system call is an error of this machine; all else is a finding about the file.
    if (Object(failure).syscall !== undefined && !isUnreadablePath(failure)) throw failure;
    return { kind: 'refused', code: 'archive_unreadable' };
  }
}

async function refuse(handle: FileHandle, code: ZipRefused['code']): Promise<ZipRefused> {
  await handle.close();
  return { kind: 'refused', code };
}

async function listEntries(zip: ZipFile): Promise<ZipRefused | { readonly byName: ReadonlyMap<string, Entry> }> {
  const refused = (code: ZipRefused['code']) => ({ kind: 'refused', code }) as const;
  if (zip.entryCount > maxEntries) return refused('archive_too_large');
  const byName = new Map<string, Entry>();
  const folders = new Set<string>();
  let [packed, unpacked] = [0, 0];
  for await (const entry of zip.eachEntry()) {
    const parts = entry.fileName.split('/');
    const name = parts.pop() ?? '';
    if (name === '' || ![...parts, name].every(isNoLitter)) continue;
    if (entry.isEncrypted()) return refused('archive_encrypted');
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
    folders.add(parts.join('/'));
    // The same name in two folders is ambiguous.
    if (byName.has(name) || folders.size > 1) return refused('archive_unreadable');
    byName.set(name, entry);
  }
  const isTooDense = unpacked > smallBytes && unpacked > maxRatio * packed;
  return unpacked > maxUnpackedBytes || isTooDense ? refused('archive_too_large') : { byName };
}

function filesOf(path: string, zip: ZipFile, byName: ReadonlyMap<string, Entry>, handle: FileHandle): RosterFiles {
  return {
    kind: 'folder',
    sent: basename(path),
    names: [...byName.keys()].sort(),
    findings: [],
    open: async (name) => {
      const entry = byName.get(name);
      return entry && openEntry(zip, entry);
    },
    pathOf: () => undefined,
    close: () => handle.close(),
  };
}

function openEntry(zip: ZipFile, entry: Entry): OpenFile {
  return {
    bytesTotal: entry.uncompressedSize,
    async *chunks() {
      try {
        // Verifies the unpacked size against the archive's directory.
        for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk;
      } catch (failure) {
        if (Object(failure).syscall !== undefined) throw failure;
        throw new UnreadableText('broken archive', 'file_unreadable');
      }
    },
    close: async () => undefined,
  };
}
