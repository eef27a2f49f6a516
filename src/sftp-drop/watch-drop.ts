// Watches the drop of all districts and starts the work on a district when its upload is complete. Polls, since network
// file systems send no events.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Districts, partitionOf } from '../district/district.ts';
import type { PublishResult } from '../roster/publish.ts';
import { countsOf } from '../roster/publish-entry.ts';
import { takeLease } from '../store/lease.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type DistrictWork, type DropStep, lookAt, refuseCrowd, workThrough } from './district-work.ts';
import {
  createStillness,
  districtFolders,
  type Entry,
  foldersOf,
  isFolder,
  type StillnessTimes,
} from './drop-folder.ts';
import { keptDays } from './drop-report.ts';
import { type Manifest, type OnStep, removeOld, type SetLimits, setLimits } from './drop-set.ts';
import type { PublishSet } from './publish-set.ts';
import { createTurns } from './turns.ts';
import { isWholeUpload } from './whole-upload.ts';

export interface DropTimes extends StillnessTimes {
  /** Between two polls. */
  readonly pollMs: number;
  /** How long taken files must be unchanged before they are copied. */
  readonly takenMs: number;
  /** How long refused and held sets are kept. */
  readonly keptMs: number;
  /** How long the lease of a crashed server blocks a district. */
  readonly leaseMs: number;
}

/** Five minutes as at Clever (SFTP guide); deploy/sftp makes sshd end a dead session sooner than that. */
export const dropTimes: DropTimes = {
  pollMs: 5_000,
  settleMs: 300_000,
  abandonedMs: 3_600_000,
  takenMs: 2_000,
  keptMs: keptDays * 86_400_000,
  leaseMs: 60_000,
};

/** Districts worked on at the same time by one server; most of that time is waiting for unchanged files. */
const maxDistricts = 16;
/** Rosters published at the same time. */
const maxPublishing = 2;

const maxPauseMs = 900_000;

type Facts = Readonly<Record<string, string | number | boolean>>;

export interface DropLog {
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  failure(failure: unknown): void;
}

export interface DropWatcherNeeds {
  /** The folder that has a folder for each district. */
  readonly drop: string;
  readonly store: Store;
  readonly vault: Vault;
  readonly districts: Pick<Districts, 'find'>;
  readonly publishSet: PublishSet;
  readonly log: DropLog;
  readonly times?: Partial<DropTimes>;
  readonly limits?: SetLimits;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly onStep?: OnStep<DropStep>;
  /** Called after every district's folder was checked. */
  readonly onCheck?: () => void;
}

export interface DropWatcher {
  start(): void;
  /** Checks everything once; resolves when the work it started is done. */
  check(): Promise<void>;
  /** Stops between two steps; unfinished work continues at the next start, or on another server. */
  close(): Promise<void>;
}

export function createDropWatcher(needs: DropWatcherNeeds): DropWatcher {
  const { drop, log } = needs;
  const times = { ...dropTimes, ...needs.times };
  const stopping = new AbortController();
  /** Districts whose folder has too many files, and which got a report about that. */
  const crowded = new Set<string>();
  const workOnUpload = createUploadWork(needs, times, stopping.signal, (districtId) => crowded.add(districtId));
  const uploads = createUploadQueue(log, times.pollMs, stopping.signal, workOnUpload);
  const checkDistrict = createDistrictCheck(needs, times, crowded, uploads);
  let running: Promise<void> | undefined;
  let isMissing = false;

  async function checkAllDistricts(): Promise<void> {
    if (!(await isFolder(drop))) {
      if (!isMissing) log.warn('drop-missing');
      isMissing = true;
      return;
    }
    isMissing = false;
    for (const districtId of await districtFolders(drop)) {
      if (stopping.signal.aborted) return;
      await checkDistrict(districtId).catch((failure) => uploads.pause(districtId, failure));
    }
    needs.onCheck?.();
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await checkAllDistricts().catch(log.failure);
      await sleep(times.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      running ??= run();
    },
    async check() {
      await checkAllDistricts();
      await uploads.end();
    },
    async close() {
      stopping.abort(new DropInterrupted());
      await running;
      await uploads.end();
    },
  };
}

/** One look at a district's folder: begins the work on an upload that is due, and cleans up. */
function createDistrictCheck(
  needs: DropWatcherNeeds,
  times: DropTimes,
  crowded: Set<string>,
  uploads: Pick<ReturnType<typeof createUploadQueue>, 'isBlocked' | 'begin'>,
): (districtId: string) => Promise<void> {
  const { drop, clock = Date.now } = needs;
  const stillness = createStillness(times);
  const rostered = createRosteredDistricts(needs);
  return async (districtId) => {
    if (uploads.isBlocked(districtId)) return;
    const folders = foldersOf(drop, districtId);
    const seen = await lookAt(folders);
    if (!seen.isCrowded) crowded.delete(districtId);
    const isCrowd = seen.isCrowded && !crowded.has(districtId);
    const isWhole = async () => seen.open === undefined && isWholeUpload(folders.incoming, seen.entries);
    const isStill =
      !seen.isCrowded &&
      (await stillness.isStill(districtId, seen.entries, isWhole)) &&
      (seen.entries.length > 0 || seen.open !== undefined);
    const isDue = isStill || isCrowd || seen.sealed.length > 0;
    if ((isDue || !rostered.isKnown(districtId)) && !(await rostered.check(districtId))) {
      // Cleans up after a district that was removed, or is no longer rostered by SFTP.
      await removeOld(folders.work, clock() - times.keptMs, 'any');
      return;
    }
    await removeOld(folders.work, clock() - times.keptMs);
    if (isDue) uploads.begin(districtId, isCrowd ? 'crowd' : isStill ? seen.entries : undefined);
  };
}

/**
 * One upload at a time per district, some districts at a time; after a failure the district is paused.
 * @param workOnUpload false if another server does it
 */
function createUploadQueue(
  log: DropLog,
  pollMs: number,
  stopping: AbortSignal,
  workOnUpload: (districtId: string, still: StillUpload) => Promise<boolean>,
) {
  const backoff = createBackoff(pollMs);
  const districtTurns = createTurns(maxDistricts);
  /** A district that waits for a slot counts as busy. */
  const busy = new Map<string, Promise<void>>();

  async function work(districtId: string, still: StillUpload): Promise<void> {
    try {
      if (!stopping.aborted && (await workOnUpload(districtId, still))) backoff.clear(districtId);
    } catch (failure) {
      pause(districtId, failure);
    } finally {
      busy.delete(districtId);
    }
  }

  function pause(districtId: string, failure: unknown): void {
    const tries = backoff.add(districtId);
    log.failure(failure);
    log.warn('drop-failed', { district: printable(districtId), tries });
  }

  return {
    pause,
    isBlocked: (districtId: string) => busy.has(districtId) || backoff.isPaused(districtId),
    begin(districtId: string, still: StillUpload): void {
      busy.set(
        districtId,
        districtTurns.take(() => work(districtId, still)),
      );
    },
    /** Resolves when all work that was begun has ended. */
    end: async () => void (await Promise.all(busy.values())),
  };
}

/** The unchanged entries, or `crowd` for too many of them; undefined if only sealed sets are due. */
type StillUpload = readonly Entry[] | 'crowd' | undefined;

/**
 * The work on one upload under the district's lease; false if another server holds it.
 * @param onCrowdRefused called once the report about too many files is written
 */
function createUploadWork(
  needs: DropWatcherNeeds,
  times: DropTimes,
  stopping: AbortSignal,
  onCrowdRefused: (districtId: string) => void,
): (districtId: string, still: StillUpload) => Promise<boolean> {
  const { drop, store, vault, log, clock = Date.now } = needs;
  const publishTurns = createTurns(maxPublishing);

  const partsOf = (districtId: string) => ({
    districtId,
    folders: foldersOf(drop, districtId),
    publishSet: ((set, signal) => publishTurns.take(() => needs.publishSet(set, signal))) satisfies PublishSet,
    limits: needs.limits ?? setLimits,
    takenMs: times.takenMs,
    clock,
    onStep: needs.onStep ?? (() => undefined),
    onPublished: (manifest: Manifest, result: PublishResult) => logResult(log, districtId, manifest, result),
  });

  async function goThrough(parts: DistrictWork, still: StillUpload): Promise<void> {
    await workThrough(parts, still === 'crowd' ? undefined : still);
    if (still !== 'crowd') return;
    await refuseCrowd(parts);
    onCrowdRefused(parts.districtId);
  }

  return async (districtId, still) => {
    const lease = await takeLease(
      store,
      { partition: partitionOf(vault, districtId), id: 'drop-lease' },
      { ttlSeconds: times.leaseMs / 1000, renewEverySeconds: times.leaseMs / 3000 },
      new DropInterrupted(),
    );
    if (lease === undefined) return false;
    const signal = AbortSignal.any([stopping, lease.signal]);
    await goThrough({ ...partsOf(districtId), signal }, still)
      .catch((failure) => {
        if (!signal.aborted) throw failure;
        log.info('drop-interrupted', { district: districtId });
      })
      .finally(lease.release);
    return true;
  };
}

/** The folders of districts that are rostered by SFTP. Logs an ignored folder once. */
function createRosteredDistricts({ districts, log }: Pick<DropWatcherNeeds, 'districts' | 'log'>) {
  const known = new Map<string, boolean>();
  return {
    isKnown: (districtId: string) => known.has(districtId),
    async check(districtId: string): Promise<boolean> {
      const district = await districts.find(districtId);
      const isRostered = district?.rostering.includes('sftp') === true;
      if (!isRostered && known.get(districtId) !== false) {
        log.warn('drop-left-alone', {
          district: printable(districtId),
          reason: district === undefined ? 'unknown_district' : 'not_by_sftp',
        });
      }
      known.set(districtId, isRostered);
      return isRostered;
    },
  };
}

/** Exponential backoff per district: a failing district is retried later and does not delay the others. */
function createBackoff(pollMs: number) {
  const pauses = new Map<string, { readonly tries: number; readonly until: number }>();
  return {
    isPaused: (districtId: string) => performance.now() < (pauses.get(districtId)?.until ?? 0),
    /** Pauses the district for longer each time; returns its number of consecutive failures. */
    add(districtId: string): number {
      const tries = (pauses.get(districtId)?.tries ?? 0) + 1;
      const forMs = Math.min(pollMs * 2 ** Math.min(tries, 20), maxPauseMs);
      pauses.set(districtId, { tries, until: performance.now() + forMs });
      return tries;
    },
    clear: (districtId: string) => pauses.delete(districtId),
  };
}

function logResult(log: DropLog, districtId: string, { id, digest }: Manifest, result: PublishResult): void {
  const facts = { district: districtId, method: 'sftp', upload: id, sha256: digest, ...countsOf(result.report) };
  if (result.kind === 'published') log.info('roster-published', facts);
  else log.warn(`roster-${result.kind}`, { ...facts, errors: result.findings.errors });
}

/** The work was stopped between two steps; it continues later or on another server. */
class DropInterrupted extends Error {
  readonly code = 'DROP_INTERRUPTED';
  constructor() {
    super('the work on a drop was interrupted');
    this.name = 'DropInterrupted';
  }
}

/** Log injection: a district's client can choose folder names; only one that can be a district's id is logged. */
const printable = (districtId: string): string =>
  /^[a-z0-9._-]{1,64}$/.test(districtId) ? districtId : '(another name)';
