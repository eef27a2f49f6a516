// The work on one district's drop, in steps, by the server that holds its lease. It may be interrupted between any two
// steps, even by a crash, and then restarts from the beginning: completed steps are detected.
import { setTimeout as sleep } from 'node:timers/promises';
import { errorAt } from '../formats/finding.ts';
import type { PublishResult } from '../roster/publish.ts';
import { inWork } from '../trace/request-context.ts';
import { type DropFolders, type Entry, isIgnoredName, namesUpTo, readEntries, statesOf } from './drop-folder.ts';
import { jsonReport, textReport, writeReports } from './drop-report.ts';
import {
  type DropSet,
  findSets,
  isSealed,
  listTaken,
  type Manifest,
  makeSet,
  type OnStep,
  openSet,
  putAway,
  refuseSet,
  removeEmptySet,
  type SetLimits,
  type SetStep,
  sealSet,
  takeFiles,
} from './drop-set.ts';
import type { PublishSet } from './publish-set.ts';

export type DropStep = SetStep | 'published' | 'report_written' | 'put_away';

export interface DistrictWork {
  readonly districtId: string;
  readonly folders: DropFolders;
  readonly publishSet: PublishSet;
  readonly limits: SetLimits;
  /** How long taken files must be unchanged before they are copied. */
  readonly takenMs: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onStep: OnStep<DropStep>;
  readonly onPublished: (manifest: Manifest, result: PublishResult) => void;
  readonly signal: AbortSignal;
}

/** The content of a district's drop. */
interface Seen {
  /** incoming/ has too many files; `incoming` and `entries` are empty then. */
  readonly isCrowded: boolean;
  /** Names to take out of incoming/. */
  readonly incoming: readonly string[];
  /** The whole upload: incoming/, and files already moved by an interrupted take. */
  readonly entries: readonly Entry[];
  /** A set whose take was interrupted. */
  readonly open: DropSet | undefined;
  readonly sealed: readonly DropSet[];
}

/** A roster has some twenty. Allows for files that systems add; beyond this the folder is not read further. */
const maxNames = 1_000;

export async function lookAt(folders: DropFolders): Promise<Seen> {
  const sets = await findSets(folders.work);
  const areSealed = await Promise.all(sets.map(isSealed));
  const open = sets.find((_set, index) => !areSealed[index]);
  const sealed = sets.filter((_set, index) => areSealed[index]);
  const found = await namesUpTo(folders.incoming, maxNames);
  if (found === undefined) return { isCrowded: true, incoming: [], entries: [], open, sealed };
  const incoming = await readEntries(
    folders.incoming,
    found.filter((name) => !isIgnoredName(name)),
  );
  const taken = open === undefined ? [] : await listTaken(open);
  const names = new Set(incoming.map(({ name }) => name));
  const entries = [...incoming, ...taken.filter(({ name }) => !names.has(name))];
  return {
    isCrowded: false,
    incoming: [...names],
    entries: entries.sort((one, other) => (one.name < other.name ? -1 : 1)),
    open,
    sealed,
  };
}

/** @param still the entries found unchanged, if any; anything changed since waits for the next poll */
export async function workThrough(work: DistrictWork, still: readonly Entry[] | undefined): Promise<void> {
  const { folders, signal } = work;
  for (const set of (await lookAt(folders)).sealed) {
    signal.throwIfAborted();
    await finishSet(work, set);
  }
  const seen = await lookAt(folders);
  if (still === undefined || seen.isCrowded || statesOf(seen.entries) !== statesOf(still)) return;
  signal.throwIfAborted();
  if (still.length > 0) await takeSet(work, seen);
  else if (seen.open !== undefined) await removeEmptySet(seen.open);
}

/** Reports that there are too many files, and leaves them in place. */
export async function refuseCrowd(work: DistrictWork): Promise<void> {
  const { folders, clock, onStep, signal } = work;
  signal.throwIfAborted();
  const set = await makeSet(folders.work, clock());
  await refuseSet(set, errorAt('too_many_files', { file: 'incoming' }));
  await onStep('sealed');
  await finishSet(work, set);
}

async function takeSet(work: DistrictWork, { open, incoming, entries }: Seen): Promise<void> {
  const { folders, takenMs, limits, clock, onStep, signal } = work;
  const set = open ?? (await makeSet(folders.work, clock()));
  await onStep('set_made');
  if (!(await takeFiles(set, folders.incoming, incoming, entries, onStep))) return;
  await sleep(takenMs, undefined, { signal });
  if (statesOf(await listTaken(set)) !== statesOf(entries)) return;
  signal.throwIfAborted();
  if (await sealSet(set, limits, onStep)) await finishSet(work, set);
}

const finishSet = (work: DistrictWork, set: DropSet): Promise<void> =>
  inWork('drop set', () => publishAndReport(work, set));

async function publishAndReport(work: DistrictWork, set: DropSet): Promise<void> {
  const { districtId, folders, clock, onStep } = work;
  const { folder, manifest } = await openSet(set);
  const record = await work.publishSet({ districtId, folder, manifest }, work.signal);
  await onStep('published');
  work.onPublished(manifest, record.result);
  await writeReports(folders.outgoing, {
    'report.json': jsonReport(districtId, manifest, record),
    'report.txt': textReport(manifest, record),
  });
  await onStep('report_written');
  await putAway(folders.work, set, record.result.kind !== 'published', clock());
  await onStep('put_away');
}
