// Whether an upload declares itself complete: by a marker, by a manifest that lists its files, or as one archive that
// can be opened. Reads little, and does not use file times.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { openRosterFiles } from '../formats/open-roster-files.ts';
import { declaresWhole, rosterNamesOf } from '../formats/registry.ts';
import { isArchive } from '../formats/zip-files.ts';
import { type Entry, isMarker, isUnfinishedName, unlessMissing } from './drop-folder.ts';

/** A manifest has some thirty lines, and is read at each poll. */
const maxManifestBytes = 65_536;

/** @param folder incoming/, which contains all entries */
export async function isWholeUpload(folder: string, entries: readonly Entry[]): Promise<boolean> {
  const files = entries.filter(({ name }) => !isMarker(name));
  if (entries.some(({ name, kind }) => kind !== 'file' || isUnfinishedName(name))) return false;
  if (entries.some(({ name, bytes }) => /^manifest\.csv$/i.test(name) && bytes > maxManifestBytes)) return false;
  const archives = files.filter(({ name }) => isArchive(name));
  if (archives.length > 1 || (archives.length === 1 && files.length > 1)) return false;
  if (!(await endInLines(folder, files))) return false;
  const opened = await openRosterFiles(folder, rosterNamesOf('sftp'));
  if (opened === undefined) return false;
  try {
    if (opened.findings.some(({ severity }) => severity === 'error')) return false;
    if (!rosterNamesOf('sftp').isWholeSet(opened.names)) return false;
    return archives.length === 1 || files.length < entries.length || (await declaresWhole(opened, 'sftp'));
  } finally {
    await opened.close();
  }
}

/** A file that is still being written usually ends in the middle of a line. */
async function endInLines(folder: string, files: readonly Entry[]): Promise<boolean> {
  for (const { name, bytes } of files)
    if (/\.csv$/i.test(name) && !(await endsInLine(join(folder, name), bytes))) return false;
  return true;
}

async function endsInLine(path: string, bytes: number): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch(unlessUnreadable);
  if (handle === undefined) return false;
  try {
    // Two bytes: UTF-16.
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, Math.max(bytes - 2, 0));
    return buffer.subarray(0, bytesRead).some((byte) => byte === 10 || byte === 13);
  } finally {
    await handle.close();
  }
}

function unlessUnreadable(failure: unknown): undefined {
  return Object(failure).code === 'EACCES' ? undefined : unlessMissing(failure);
}
