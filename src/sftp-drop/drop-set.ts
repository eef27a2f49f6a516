// One upload from the moment it is taken: a folder out of the district's reach, whose names say how far it is.
//   <time>-<random>/taken/      files renamed out of incoming/, one by one
//   <time>-<random>/originals/  the same, complete; nothing more can get in by a late rename
//   <time>-<random>/set/        our copies with manifest.json: sealed, what is published
//   kept-<time>-<random>/       a refused or held set      gone-…/  on its way out
// Every step is one rename, so that a crash leaves the state before or after it. Knows nothing about a roster's content.
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../formats/feed.ts';
import { errorAt } from '../formats/finding.ts';
import { isRosterFile, unreadFileOf } from '../formats/registry.ts';
import { printableName } from '../formats/roster-files.ts';
import {
  type Entry,
  isMarker,
  isUnfinishedName,
  listEntries,
  namesIn,
  statesOf,
  unlessMissing,
} from './drop-folder.ts';

export interface Manifest {
  readonly id: string;
  /**
   * SHA-256 in hex of the lines `<sha256>  <file name in lower case>`, sorted by name, each with LF: the output of
   * `sha256sum`.
   */
  readonly digest: string;
  readonly files: readonly SetFile[];
  /** About the files as such; if one is an error, no file was read. */
  readonly findings: readonly Finding[];
  /** The state of the originals when they were copied. */
  readonly originals: string;
}

export interface DropSet {
  readonly id: string;
  readonly folder: string;
}

/** Points between two steps where a crash may happen; for tests. */
export type SetStep = 'set_made' | 'file_taken' | 'taken' | 'file_copied' | 'set_aside' | 'sealed';
export type OnStep<Step extends string = SetStep> = (step: Step) => Promise<void> | void;

const idPattern = /^\d{13}-[0-9a-f]{8}$/;

const at = (set: DropSet, name: 'taken' | 'originals' | 'set') => join(set.folder, name);

/** Unfinished sets, oldest first. */
export async function findSets(work: string): Promise<DropSet[]> {
  const names = (await namesIn(work)).filter((name) => idPattern.test(name));
  return names.sort().map((id) => ({ id, folder: join(work, id) }));
}

/** @param now milliseconds since the epoch */
export async function makeSet(work: string, now: number): Promise<DropSet> {
  const id = `${String(now).padStart(13, '0')}-${randomBytes(4).toString('hex')}`;
  await mkdir(join(work, id), { recursive: true, mode: 0o700 });
  return { id, folder: join(work, id) };
}

export const isSealed = async (set: DropSet): Promise<boolean> => (await namesIn(set.folder)).includes('set');

/** Files taken so far of a set that is not sealed. */
export async function listTaken(set: DropSet): Promise<Entry[]> {
  const names = await namesIn(set.folder);
  return listEntries(at(set, names.includes('originals') ? 'originals' : 'taken'));
}

/**
 * Takes files out of incoming/ into the set; a file taken before under the same name is replaced, as it would have been
 * in incoming/. True if the set now equals `settled`.
 * @param settled the whole unchanged upload, in `incoming` and already taken
 */
export async function takeFiles(
  set: DropSet,
  incoming: string,
  names: readonly string[],
  settled: readonly Entry[],
  onStep: OnStep,
): Promise<boolean> {
  await reopen(set);
  for (const name of names) {
    await rm(join(at(set, 'taken'), name), { recursive: true, force: true });
    await rename(join(incoming, name), join(at(set, 'taken'), name)).catch(unlessMissing);
    await onStep('file_taken');
  }
  await onStep('taken');
  return statesOf(await listTaken(set)) === statesOf(settled);
}

/** After a crash during sealing: back to the state in which files are taken. */
async function reopen(set: DropSet): Promise<void> {
  const names = await namesIn(set.folder);
  await removeCopies(set);
  if (names.includes('originals')) await rename(at(set, 'originals'), at(set, 'taken'));
  await mkdir(at(set, 'taken'), { recursive: true, mode: 0o700 });
}

/**
 * Copies the files and seals the copies. A file that is open in a session can be written to wherever it is moved, so
 * only copies are published. Returns false if an original changed meanwhile: try again when it is unchanged.
 */
export async function sealSet(set: DropSet, limits: SetLimits, onStep: OnStep): Promise<boolean> {
  const entries = await listTaken(set);
  const judged = judgeSet(entries, limits);
  const isRefused = judged.some(({ severity }) => severity === 'error');
  const copies = join(set.folder, `copies-${randomBytes(4).toString('hex')}`);
  await mkdir(copies, { mode: 0o700 });
  const copied: (SetFile | Finding)[] = [];
  for (const { name, bytes } of isRefused ? [] : entries.filter((entry) => isRosterFile(entry.name, 'sftp'))) {
    copied.push(await copyFile(join(at(set, 'taken'), name), join(copies, name), name, bytes));
    await onStep('file_copied');
  }
  const files = copied.flatMap((one) => ('sha256' in one ? [one] : []));
  const findings = [...judged, ...copied.flatMap((one) => ('sha256' in one ? [] : [one]))];
  await rename(at(set, 'taken'), at(set, 'originals'));
  await onStep('set_aside');
  if (exactStatesOf(await listTaken(set)) !== exactStatesOf(entries)) {
    await reopen(set);
    return false;
  }
  const originals = hashOf(exactStatesOf(entries));
  await writeManifest(copies, { id: set.id, digest: digestOf(files), files, findings, originals });
  await rename(copies, at(set, 'set'));
  await onStep('sealed');
  return true;
}

async function removeCopies(set: DropSet): Promise<void> {
  for (const name of (await namesIn(set.folder)).filter((one) => one.startsWith('copies-')))
    await rm(join(set.folder, name), { recursive: true, force: true });
}

/** Seals an empty set with a finding. */
export async function refuseSet(set: DropSet, finding: Finding): Promise<void> {
  const copies = join(set.folder, `copies-${randomBytes(4).toString('hex')}`);
  await mkdir(copies, { mode: 0o700 });
  await writeManifest(copies, {
    id: set.id,
    digest: digestOf([]),
    files: [],
    findings: [finding],
    originals: hashOf(''),
  });
  await rename(copies, at(set, 'set'));
}

const exactStatesOf = (entries: readonly Entry[]) => entries.map(({ exactState }) => exactState).join('\n');

function digestOf(files: readonly SetFile[]): string {
  const lines = files.map(({ file, sha256 }) => ({ name: file.toLowerCase(), sha256 }));
  lines.sort((one, other) => (one.name < other.name ? -1 : 1));
  return hashOf(lines.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const handle = await open(join(folder, 'manifest.json'), 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(manifest));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The folder to read, and its manifest. */
export async function openSet(set: DropSet): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
  const folder = at(set, 'set');
  return { folder, manifest: JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) };
}

/**
 * The last step: deletes published files and keeps all others for a while. If a session still wrote to an original
 * after it was copied, the originals become a new set, so that the late data is published too.
 * @param now milliseconds since the epoch
 */
export async function putAway(work: string, set: DropSet, keep: boolean, now: number): Promise<void> {
  const { manifest } = await openSet(set);
  const wasRead = manifest.files.length > 0 && manifest.findings.every(({ severity }) => severity === 'warning');
  const originals = await listEntries(at(set, 'originals'));
  if (wasRead && originals.length > 0 && hashOf(exactStatesOf(originals)) !== manifest.originals) {
    await rename(at(set, 'originals'), at(await makeSet(work, now), 'taken'));
  }
  // A set that was not read has only its originals.
  if (keep && wasRead) await rm(at(set, 'originals'), { recursive: true, force: true });
  await rename(set.folder, join(work, `${keep ? 'kept' : 'gone'}-${set.id}`));
  await removeOld(work, 0);
}

/**
 * Deletes sets marked for deletion, and sets taken before a time.
 * @param before milliseconds since the epoch
 */
export async function removeOld(work: string, before: number, state: 'kept' | 'any' = 'kept'): Promise<void> {
  for (const name of await namesIn(work)) {
    const [, prefix = '', time] = /^(kept-|gone-)?(\d{13})-/.exec(name) ?? [];
    const isOld = (prefix === 'kept-' || (prefix === '' && state === 'any')) && Number(time) < before;
    const gone = `gone-${name.slice(prefix.length)}`;
    if (isOld) await rename(join(work, name), join(work, gone)).catch(unlessMissing);
    if (isOld || prefix === 'gone-') await rm(join(work, gone), { recursive: true, force: true, maxRetries: 2 });
  }
}

/** Removes an empty set: the client removed its files before they were taken. */
export async function removeEmptySet(set: DropSet): Promise<void> {
  await removeCopies(set);
  for (const name of ['taken', 'originals'] as const) await rmdir(at(set, name)).catch(unlessMissing);
  await rmdir(set.folder);
}

export interface SetLimits {
  readonly fileBytes: number;
  readonly setBytes: number;
}

/** Two gigabytes hold some ten million students. */
export const setLimits: SetLimits = { fileBytes: 2 * 1024 ** 3, setBytes: 4 * 1024 ** 3 };

/** What is wrong with the files before any is opened. If one finding is an error, no file of the set is read. */
function judgeSet(entries: readonly Entry[], limits: SetLimits): Finding[] {
  const findings = entries.flatMap((entry) => judgeEntry(entry, limits));
  const total = entries.reduce((sum, { bytes, kind }) => sum + (kind === 'file' ? bytes : 0), 0);
  return total > limits.setBytes ? [...findings, errorAt('set_too_large', { file: 'incoming' })] : findings;
}

function judgeEntry({ name, kind, bytes }: Entry, { fileBytes }: SetLimits): readonly Finding[] {
  const file = printableName(name);
  if (kind !== 'file') return [errorAt('not_a_file', { file })];
  if (isUnfinishedName(name)) return [errorAt('upload_unfinished', { file })];
  if (bytes > fileBytes) return [errorAt('file_too_large', { file })];
  return isRosterFile(name, 'sftp') || isMarker(name) ? [] : unreadFileOf(name, 'sftp');
}

interface SetFile {
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * Copies one file to where no SFTP session can write, and computes the copy's digest. A finding if the file's permissions, set by the district's client, deny access.
 * @param bytes maximum to copy: data appended meanwhile shows in the state of the file
 */
export async function copyFile(from: string, to: string, file: string, bytes: number): Promise<SetFile | Finding> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    unlessForbidden,
  );
  if (source === undefined) return errorAt('file_unreadable', { file });
  const target = await open(to, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1_048_576);
    let copied = 0;
    while (copied < bytes) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, bytes - copied));
      if (bytesRead === 0) break;
      const part = buffer.subarray(0, bytesRead);
      hash.update(part);
      await target.writeFile(part);
      copied += bytesRead;
    }
    // If there are a ZIP and loose files, the newer set counts.
    const { atime, mtime } = await source.stat();
    await target.utimes(atime, mtime);
    await target.sync();
    return { file, bytes: copied, sha256: hash.digest('hex') };
  } finally {
    await source.close();
    await target.close();
  }
}

function unlessForbidden(failure: unknown): undefined {
  if (Object(failure).code === 'EACCES') return;
  throw failure;
}
