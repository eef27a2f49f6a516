// Watches the drop of all districts and has each one worked on when its upload lies still. Looks on its own clock and needs
// no event of a file system, since network file systems send none.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../store/vault.ts';
import { type Districts, partitionOf } from '../district.ts';
import type { PublishResult } from '../publish.ts';
import { countsOf } from '../publish-entry.ts';
import { type DropStep, lookAt, workThrough } from './district-work.ts';
import { districtFolders, type Entry, foldersOf, isFolder } from './drop-folder.ts';
import { DropInterrupted, takeLease } from './drop-lease.ts';
import { keptDays } from './drop-report.ts';
import { type Manifest, type OnStep, removeOld } from './drop-set.ts';
import { type SetLimits, setLimits } from './judge-set.ts';
import type { PublishSet } from './publish-set.ts';
import { createStillness, type StillnessTimes } from './stillness.ts';

export interface DropTimes extends StillnessTimes {
  /** Between two looks. */
  readonly pollMs: number;
  /** How long files that were taken must lie still before they are copied. */
  readonly takenMs: number;
  /** How long refused and held sets are kept. */
  readonly keptMs: number;
  /** How long a server that died keeps the others from a district. */
  readonly leaseMs: number;
}

/** Five minutes as at Clever (SFTP guide); deploy/sftp has sshd end a dead session sooner than that. */
export const dropTimes: DropTimes = {
  pollMs: 5_000,
  settleMs: 60_000,
  abandonedMs: 3_600_000,
  takenMs: 2_000,
  keptMs: keptDays * 86_400_000,
  leaseMs: 60_000,
};

/** Districts worked on at the same time by one server. */
const atOnce = 2;

const longestPauseMs = 900_000;

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
  /** Told when every district's folder was looked at. */
  readonly onLook?: () => void;
}

export interface DropWatcher {
  start(): void;
  /** One look at everything; resolves when the work it started is done. */
  look(): Promise<void>;
  /** Stops between two steps; what is begun goes on at the next start, or on another server. */
  close(): Promise<void>;
}

export function createDropWatcher(needs: DropWatcherNeeds): DropWatcher {
  const { drop, store, vault, log, clock = Date.now } = needs;
  const times = { ...dropTimes, ...needs.times };
  const stillness = createStillness(times);
  const stopping = new AbortController();
  const busy = new Map<string, Promise<void>>();
  const pauses = new Map<string, { readonly tries: number; readonly until: number }>();
  const known = new Map<string, boolean>();
  let running: Promise<void> | undefined;
  let isMissing = false;

  async function lookAtAll(): Promise<void> {
    if (!(await isFolder(drop))) {
      if (!isMissing) log.warn('drop-missing');
      isMissing = true;
      return;
    }
    isMissing = false;
    for (const districtId of await districtFolders(drop)) {
      if (stopping.signal.aborted) return;
      await lookAtDistrict(districtId).catch((failure) => pause(districtId, failure));
    }
    needs.onLook?.();
  }

  async function lookAtDistrict(districtId: string): Promise<void> {
    if (busy.has(districtId) || performance.now() < (pauses.get(districtId)?.until ?? 0)) return;
    const folders = foldersOf(drop, districtId);
    const seen = await lookAt(folders);
    const isStill = stillness.isStill(districtId, seen.entries) && (seen.entries.length > 0 || seen.open !== undefined);
    const isDue = isStill || seen.sealed.length > 0;
    if ((isDue || !known.has(districtId)) && !(await isOurs(districtId))) {
      // What a district leaves behind that was removed, or is rostered otherwise now, does not stay for ever.
      await removeOld(folders.work, clock() - times.keptMs, 'any');
      return;
    }
    await removeOld(folders.work, clock() - times.keptMs);
    if (isDue && busy.size < atOnce) busy.set(districtId, work(districtId, isStill ? seen.entries : undefined));
  }

  /** Tells once of a folder that is left alone. */
  async function isOurs(districtId: string): Promise<boolean> {
    const district = await needs.districts.find(districtId);
    const isRostered = district?.rostering.includes('sftp') === true;
    if (!isRostered && known.get(districtId) !== false) {
      log.warn('drop-left-alone', {
        district: printable(districtId),
        reason: district === undefined ? 'unknown_district' : 'not_by_sftp',
      });
    }
    known.set(districtId, isRostered);
    return isRostered;
  }

  async function work(districtId: string, still: readonly Entry[] | undefined): Promise<void> {
    try {
      const lease = await takeLease(
        store,
        { partition: partitionOf(vault, districtId), id: 'drop-lease' },
        times.leaseMs,
      );
      if (lease === undefined) return;
      const signal = AbortSignal.any([stopping.signal, lease.signal]);
      await workThrough({ ...parts(districtId), signal }, still)
        .catch((failure) => {
          if (!signal.aborted) throw failure;
          log.info('drop-interrupted', { district: districtId });
        })
        .finally(lease.release);
      pauses.delete(districtId);
    } catch (failure) {
      pause(districtId, failure);
    } finally {
      busy.delete(districtId);
    }
  }

  const parts = (districtId: string) => ({
    districtId,
    folders: foldersOf(drop, districtId),
    publishSet: needs.publishSet,
    limits: needs.limits ?? setLimits,
    takenMs: times.takenMs,
    clock,
    onStep: needs.onStep ?? (() => undefined),
    onPublished: (manifest: Manifest, result: PublishResult) => tell(districtId, manifest, result),
  });

  function tell(districtId: string, { id, digest }: Manifest, result: PublishResult): void {
    const facts = { district: districtId, method: 'sftp', upload: id, sha256: digest, ...countsOf(result.report) };
    if (result.kind === 'published') log.info('roster-published', facts);
    else log.warn(`roster-${result.kind}`, { ...facts, errors: result.findings.errors });
  }

  /** A district whose drop cannot be worked on is tried again later and later, and keeps no other waiting. */
  function pause(districtId: string, failure: unknown): void {
    const tries = (pauses.get(districtId)?.tries ?? 0) + 1;
    const forMs = Math.min(times.pollMs * 2 ** Math.min(tries, 20), longestPauseMs);
    pauses.set(districtId, { tries, until: performance.now() + forMs });
    log.failure(failure);
    log.warn('drop-failed', { district: printable(districtId), tries });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await lookAtAll().catch(log.failure);
      await sleep(times.pollMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    start() {
      running ??= run();
    },
    async look() {
      await lookAtAll();
      await Promise.all(busy.values());
    },
    async close() {
      stopping.abort(new DropInterrupted());
      await running;
      await Promise.all(busy.values());
    },
  };
}

/** Anybody who can make a folder chooses its name; only one that could be a district's is repeated. */
const printable = (districtId: string): string =>
  /^[a-z0-9._-]{1,64}$/.test(districtId) ? districtId : '(another name)';
