// Opens the files of one roster from any source: a folder, an archive, one file.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Finding } from './feed.ts';
import { errorAt, warningAt } from './finding.ts';
import { isNoLitter, isUnreadablePath, openRegularFile, printableName, type RosterFiles } from './roster-files.ts';
import { isArchive, openZipFiles } from './zip-files.ts';

/** The known names of a roster's files. */
export interface RosterNames {
  /** Whether a file of this name may be one of a roster. */
  isRosterFile(name: string): boolean;
  /** Whether these include the files required to publish. */
  isWholeSet(names: readonly string[]): boolean;
}

/**
 * Opens a folder of files, an archive of them, or one file. Of an archive beside loose files the newer complete set is
 * used. `undefined` if there is nothing at the path, or nothing that may be read.
 */
export async function openRosterFiles(path: string, known: RosterNames): Promise<RosterFiles | undefined> {
  const found = await stat(path).catch(unlessUnreadable);
  if (found?.isDirectory()) return openFolder(path, known);
  if (found?.isFile() && isArchive(path)) return openArchive(path, []);
  return found?.isFile() ? filesIn(dirname(path), 'file', basename(path), [basename(path)], []) : undefined;
}

async function openFolder(path: string, known: RosterNames): Promise<RosterFiles | undefined> {
  const all = (await readdir(path).catch(unlessUnreadable))?.filter(isNoLitter).sort();
  if (all === undefined) return undefined;
  const archives = await newestFirst(path, all.filter(isArchive));
  const names = all.filter((name) => !isArchive(name));
  const loose = await newestFirst(
    path,
    names.filter((name) => known.isRosterFile(name)),
  );
  const leftAside = (left: readonly Dated[]) =>
    left.map(({ name }) => warningAt('older_left_aside', { file: printableName(name) }));
  const looseSet = () => filesIn(path, 'folder', basename(path), names, leftAside(archives));
  const [archive, ...older] = archives;
  if (archive === undefined) return looseSet();
  const opened = await openArchive(join(path, archive.name), leftAside([...older, ...loose]));
  const isNewer = (loose[0]?.mtimeMs ?? 0) > archive.mtimeMs;
  if (!isLooseSetMeant(known.isWholeSet(names), isNewer, opened, known)) return opened;
  await opened.close();
  return looseSet();
}

/**
 * One loose file is no set, even if newer. An archive that cannot be opened may be complete, and is refused if it is
 * newer.
 */
function isLooseSetMeant(isWhole: boolean, isNewer: boolean, archive: RosterFiles, known: RosterNames): boolean {
  const isBroken = archive.findings.some(({ severity }) => severity === 'error');
  const isArchiveWhole = isBroken || known.isWholeSet(archive.names);
  return isWhole === isArchiveWhole ? isNewer : isWhole;
}

interface Dated {
  readonly name: string;
  readonly mtimeMs: number;
}

/** The district's client sets the times; they only show which of two sets is meant. */
async function newestFirst(folder: string, names: readonly string[]): Promise<readonly Dated[]> {
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      mtimeMs: (await stat(join(folder, name)).catch(unlessUnreadable))?.mtimeMs ?? 0,
    })),
  );
  return files.sort((one, other) => other.mtimeMs - one.mtimeMs || (one.name < other.name ? -1 : 1));
}

async function openArchive(path: string, findings: readonly Finding[]): Promise<RosterFiles> {
  const opened = await openZipFiles(path);
  if ('names' in opened) return { ...opened, findings };
  const sent = basename(path);
  const refused = errorAt(opened.code, { file: printableName(sent) });
  return filesIn(dirname(path), 'folder', sent, [], [...findings, refused]);
}

const filesIn = (
  folder: string,
  kind: RosterFiles['kind'],
  sent: string,
  names: readonly string[],
  findings: readonly Finding[],
): RosterFiles => ({
  kind,
  sent,
  names,
  findings,
  open: (name) => openRegularFile(folder, name),
  pathOf: (name) => join(folder, name),
  close: async () => undefined,
});

function unlessUnreadable(failure: unknown): undefined {
  if (!isUnreadablePath(failure)) throw failure;
}
