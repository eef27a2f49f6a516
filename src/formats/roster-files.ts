// The files of a roster as they were sent, from any source: their names, how one is found among them and opened, and which
// of them no format reads although the district may expect it.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Finding } from './feed.ts';
import { warningAt } from './finding.ts';

/** Not one that operating systems create, such as `.DS_Store`. @param name of a file or a folder */
export const isNoLitter = (name: string): boolean => !/^(\.|__MACOSX$|thumbs\.db$|desktop\.ini$)/i.test(name);

/** A name that is safe in a report: no line breaks, escape sequences or reversed text, and of limited length. */
export const printableName = (name: string): string =>
  name.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, 100);

export interface RosterFiles {
  /** `file`: a single file that is no archive. */
  readonly kind: 'folder' | 'file';
  /** The name of what was sent, for findings. */
  readonly sent: string;
  /** By name, without files that operating systems create. */
  readonly names: readonly string[];
  /** About the files before any of them is read; if one is an error, none is read. */
  readonly findings: readonly Finding[];
  /** `undefined` if it is no regular file, or reading is not permitted. */
  open(name: string): Promise<OpenFile | undefined>;
  /** The path of the file; `undefined` for one within another file. */
  pathOf(name: string): string | undefined;
  close(): Promise<void>;
}

type FoundFile =
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

/** One hand-made file, from any source. */
export interface SpreadsheetSource {
  /** Its name. */
  readonly file: string;
  /** Its path; undefined for a file within an archive. */
  readonly path: string | undefined;
  /** Undefined if it is no regular file, or reading is not permitted. */
  open(): Promise<OpenFile | undefined>;
}

export const spreadsheetAt = (path: string): SpreadsheetSource => ({
  file: basename(path),
  path,
  open: () => openRegularFile(dirname(path), basename(path)),
});

export const spreadsheetIn = (files: RosterFiles, file: string): SpreadsheetSource => ({
  file,
  path: files.pathOf(file),
  open: () => files.open(file),
});

/**
 * @param knows includes those that are deliberately not read
 * @param read the names that the format reads, in lower case
 */
export const unreadFiles = (
  { names }: RosterFiles,
  knows: (name: string) => boolean,
  read: readonly string[],
): readonly Finding[] =>
  names
    .filter((name) => /\.(csv|tsv|txt|xlsx?|zip)$/i.test(name) && !knows(name))
    .map((name) => unreadFile(name, read));

/** Names the file that it is likely to be. */
export function unreadFile(name: string, read: readonly string[]): Finding {
  const place = { file: printableName(name) };
  const meant = findMeant(name, read);
  return meant === undefined ? warningAt('file_not_used', place) : { ...warningAt('file_misnamed', place), meant };
}

/** `students_20261128.csv`, `section.csv`, `Enrollments (1).csv`, `students.csv.txt`, `OneRoster users.csv`. */
function findMeant(name: string, read: readonly string[]): string | undefined {
  const words = name
    .replace(/\.(csv|txt|xlsx?|zip)\b/gi, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const joined = words.join('');
  const isSame = (word: string, file: string) => singular(word) === singular(file);
  const known = read.map((file) => ({ file, stem: file.replace(/\.csv$/, '') }));
  const fits = known.filter(({ stem }) => isSame(joined, stem) || words.some((word) => isSame(word, stem)));
  return fits.length === 1 ? fits[0]?.file : undefined;
}

const irregular: Readonly<Record<string, string>> = { class: 'class', classes: 'class', staffs: 'staff' };
const singular = (word: string): string => irregular[word] ?? word.replace(/s$/, '');
