// Reads a named or uploaded roster (a folder or one file) as a feed, with the digests of its files for the audit log.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { BatchedFeed, Feed } from '../formats/feed.ts';
import type { ReadOptions, SentBy } from '../formats/format.ts';
import { openRosterFiles } from '../formats/open-roster-files.ts';
import { readRosterFiles, rosterNamesOf } from '../formats/registry.ts';
import { openRegularFile, printableName } from '../formats/roster-files.ts';

interface FileDigest {
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
}

export interface SentRoster {
  readonly method: SentBy;
  readonly feed: Feed | BatchedFeed;
  readonly digests: readonly FileDigest[];
}

/** Undefined if the path has nothing that can be read as a roster. Reads every file once for its digest. */
export async function readSent(path: string, method: SentBy, options: ReadOptions): Promise<SentRoster | undefined> {
  const files = await openRosterFiles(path, rosterNamesOf(method));
  if (files === undefined || (files.kind === 'file' && method === 'sftp')) return undefined;
  const digests = (await stat(path)).isDirectory()
    ? await digestFolder(path)
    : await digestFiles(dirname(path), [basename(path)]);
  return { method, feed: readRosterFiles(files, method, options), digests };
}

async function digestFolder(folder: string): Promise<FileDigest[]> {
  const names = await readdir(folder).catch(() => []);
  return digestFiles(folder, names.filter((name) => /\.(csv|tsv|txt|zip|xlsx)$/i.test(name)).sort());
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
