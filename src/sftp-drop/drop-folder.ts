// The drop folder on disk: its layout, its entries, and whether they are still changing. Moves and opens nothing.
import { lstat, opendir, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNoLitter } from '../formats/roster-files.ts';

/**
 * The district can access `incoming` and `outgoing`; only the bridge accesses `work`, on the same file system as
 * `incoming`.
 */
export interface DropFolders {
  readonly incoming: string;
  readonly outgoing: string;
  readonly work: string;
}

export const foldersOf = (drop: string, districtId: string): DropFolders => ({
  incoming: join(drop, districtId, 'incoming'),
  outgoing: join(drop, districtId, 'outgoing'),
  work: join(drop, workName, districtId),
});

const workName = '.work';

/** An entry of a folder. Links are not followed. */
export interface Entry {
  readonly name: string;
  /** Everything but a plain file is `other`: a folder, link, pipe, socket or device. */
  readonly kind: 'file' | 'other';
  readonly bytes: number;
  /** Changes when the content is written to, or another file takes the name. Unchanged by a rename. */
  readonly state: string;
  /** As `state`, but changes with any modification, even one hidden with utimes. */
  readonly exactState: string;
}

/**
 * Sorted by name; empty if there is no such folder, or a link in its place. Files that vanish meanwhile are omitted.
 */
export const listEntries = async (folder: string): Promise<Entry[]> => readEntries(folder, await namesIn(folder));

/** The entries with these names, sorted by name; missing ones are omitted. */
export async function readEntries(folder: string, names: readonly string[]): Promise<Entry[]> {
  const entries = await Promise.all(names.map((name) => readEntry(folder, name)));
  return entries.flatMap((entry) => entry ?? []).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The names in a folder; empty if there is none. */
export async function namesIn(folder: string): Promise<string[]> {
  const found = await lstat(folder).catch(unlessMissing);
  return found?.isDirectory() ? ((await readdir(folder).catch(unlessMissing)) ?? []) : [];
}

/** As `namesIn`, for a folder that others fill: `undefined` if there are more than `most`, which are not read. */
export async function namesUpTo(folder: string, most: number): Promise<string[] | undefined> {
  const found = await lstat(folder).catch(unlessMissing);
  const opened = found?.isDirectory() ? await opendir(folder).catch(unlessMissing) : undefined;
  const names: string[] = [];
  for await (const { name } of opened ?? []) {
    // Leaving the loop closes the folder.
    if (names.length === most) return undefined;
    names.push(name);
  }
  return names;
}

async function readEntry(folder: string, name: string): Promise<Entry | undefined> {
  const found = await lstat(join(folder, name), { bigint: true }).catch(unlessMissing);
  if (found === undefined) return undefined;
  const state = [name, found.mode, found.ino, found.size, found.mtimeNs].join('\0');
  const kind = found.isFile() ? 'file' : 'other';
  return { name, kind, bytes: Number(found.size), state, exactState: `${state}\0${found.ctimeNs}` };
}

/** For `catch`: returns undefined for a missing file and rethrows everything else. */
export function unlessMissing(failure: unknown): undefined {
  if (Object(failure).code === 'ENOENT') return;
  throw failure;
}

/** Follows a link: the operator chooses where the drop is. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(unlessMissing))?.isDirectory() === true;

/** Every district that has a folder here, or unfinished work. */
export async function districtFolders(drop: string): Promise<string[]> {
  const [above, below] = [await listEntries(await realpath(drop)), await namesIn(join(drop, workName))];
  const folders = above.filter(({ name, kind }) => kind === 'other' && !name.startsWith('.'));
  return [...new Set([...folders.map(({ name }) => name), ...below])].sort();
}

/** Temporary names that WinSCP, FileZilla and others use until a file is complete. */
export const isUnfinishedName = (name: string): boolean =>
  /\.(filepart|part|partial|tmp|temp|uploading|crdownload)$/i.test(name);

/** A marker file that says that the upload is complete: `done`, `_SUCCESS`, `upload.complete`. */
export const isMarker = (name: string): boolean =>
  /^_?(done|complete|completed|finished|ready|success|ok|end|eof)(\.(txt|flag|marker))?$/i.test(name) ||
  /\.(done|complete|completed|finished|ready|success|ok|end|eof|marker)$/i.test(name);

/** Files that operating systems create, such as `.DS_Store` and `__MACOSX`: neither taken nor reported. */
export const isIgnoredName = (name: string): boolean => !isNoLitter(name) && !isUnfinishedName(name);

export interface StillnessTimes {
  /** How long an upload without a completion marker must be unchanged. */
  readonly settleMs: number;
  /** The same for the name of an incomplete file: after this the upload counts as abandoned. */
  readonly abandonedMs: number;
}

export const statesOf = (entries: readonly Entry[]): string => entries.map(({ state }) => state).join('\n');

/**
 * Decides when an upload is complete: polling has found nothing changed for a while. File times are compared and never
 * trusted, because clients set them.
 */
export function createStillness(times: StillnessTimes) {
  const seen = new Map<string, { readonly states: string; readonly since: number }>();
  return {
    /**
     * Call it at each poll.
     * @param isWhole called for uploads that are unchanged since the previous poll
     */
    async isStill(districtId: string, entries: readonly Entry[], isWhole: () => Promise<boolean>): Promise<boolean> {
      const now = performance.now();
      const states = statesOf(entries);
      const before = seen.get(districtId);
      if (before?.states !== states) {
        seen.set(districtId, { states, since: now });
        return false;
      }
      const needed = entries.some(({ name }) => isUnfinishedName(name)) ? times.abandonedMs : times.settleMs;
      return now - before.since >= needed || (entries.length > 0 && (await isWhole()));
    },
  };
}
