// What a person names or uploads as a roster, a folder of CSV files or a spreadsheet, as a feed with the digests of its
// files for the trail.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Method } from '../identity/candidate.ts';
import { printableName } from './drop/drop-folder.ts';
import type { BatchedFeed, Feed } from './feed.ts';
import { readCleverCsv } from './formats/clever-csv.ts';
import { isUnreadablePath, openRegularFile } from './formats/find-file.ts';

export interface FileDigest {
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
}

export interface SentRoster {
  readonly method: Method;
  readonly feed: Feed | BatchedFeed;
  readonly digests: readonly FileDigest[];
}

/** Undefined if there is nothing at the path that could be read as a roster. Reads every file once for its digest. */
export async function readSent(path: string, method: Method): Promise<SentRoster | undefined> {
  const found = await stat(path).catch((failure: unknown) => {
    if (isUnreadablePath(failure)) return undefined;
    throw failure;
  });
  if (found?.isDirectory()) return { method, feed: readCleverCsv(path), digests: await digestFolder(path) };
  if (found?.isFile() !== true || method !== 'manual') return undefined;
  // Loaded when it is needed: most rosters are no workbooks, and every command would wait for it.
  const { readSpreadsheet } = await import('./formats/spreadsheet.ts');
  return { method, feed: readSpreadsheet(path), digests: await digestFiles(dirname(path), [basename(path)]) };
}

async function digestFolder(folder: string): Promise<FileDigest[]> {
  const names = await readdir(folder).catch(() => []);
  return digestFiles(folder, names.filter((name) => name.toLowerCase().endsWith('.csv')).sort());
}

async function digestFiles(folder: string, names: readonly string[]): Promise<FileDigest[]> {
  const digests: FileDigest[] = [];
  for (const name of names) {
    const sha256 = await digestFile(folder, name);
    if (sha256 !== undefined) digests.push({ file: printableName(name.toLowerCase()), sha256 });
  }
  return digests;
}

async function digestFile(folder: string, name: string): Promise<string | undefined> {
  const opened = await openRegularFile(folder, name);
  if (opened === undefined) return undefined;
  try {
    const hash = createHash('sha256');
    for await (const chunk of opened.chunks()) hash.update(chunk);
    return hash.digest('hex');
  } finally {
    await opened.close();
  }
}
