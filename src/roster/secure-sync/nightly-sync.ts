// The nightly run: every Secure Sync district once a night, by one of all servers, and a night that was missed as soon as
// a server is up. Decides when; sync-district.ts does the work and its lease keeps two servers apart.
import { Cron } from 'croner';
import type { District } from '../district.ts';
import { type SyncDistrict, type SyncResult, syncOptionOf } from './sync-district.ts';
import type { SyncLog, SyncState } from './sync-log.ts';

export interface NightlySync {
  /** Looks for districts that are due now and every minute from now on. */
  start(): void;
  /** One look, through to the end of every sync it begins. */
  look(): Promise<void>;
  /** Stops looking, breaks off what is under way (nothing of it is published), and waits for that. */
  close(): Promise<void>;
}

export interface NightlyNeeds {
  /** `HH:MM`, UTC: SYNC_AT. */
  readonly syncAt: string;
  readonly listDistricts: () => Promise<readonly District[]>;
  readonly syncLog: SyncLog;
  readonly sync: SyncDistrict;
  readonly onResult: (district: District, result: SyncResult) => void;
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Districts synced side by side by one server; each has its own rate limit at Clever. */
const sideBySide = 4;
/** After a failure: 5 minutes, doubling, an hour at most; and no more than this often a night. */
const mostFailures = 8;
const retryMs = (failures: number): number => Math.min(5 * 60_000 * 2 ** (failures - 1), 60 * 60_000);

export function createNightlySync(needs: NightlyNeeds): NightlySync {
  const { syncAt, listDistricts, syncLog, sync, onResult, onFailure, clock = Date.now } = needs;
  const stop = new AbortController();
  const night = createNights(syncAt);
  const done = new Map<string, number>();
  let looking: Promise<void> | undefined;
  let job: Cron | undefined;

  async function isDue({ id }: District): Promise<boolean> {
    const latest = night(clock());
    if (done.get(id) === latest) return false;
    const state = await syncLog.read(id);
    if (state.firstSeenAt === undefined && state.last === undefined) await syncLog.markSeen(id, clock());
    const due = isDueSince(state, latest, clock());
    if (!due && (state.answeredAt ?? 0) >= latest) done.set(id, latest);
    return due;
  }

  async function syncIfDue(district: District): Promise<void> {
    try {
      if (stop.signal.aborted || !(await isDue(district))) return;
      const result = await sync(district, { by: 'nightly', signal: stop.signal, isStillDue: () => isDue(district) });
      if (result !== undefined) onResult(district, result);
    } catch (failure) {
      onFailure(failure);
    }
  }

  async function look(): Promise<void> {
    try {
      const districts = (await listDistricts()).filter((district) => syncOptionOf(district) !== undefined);
      const queue = districts[Symbol.iterator]();
      await Promise.all(
        Array.from({ length: sideBySide }, async () => {
          for (const district of queue) await syncIfDue(district);
        }),
      );
    } catch (failure) {
      onFailure(failure);
    }
  }

  /** The next look waits for the one before. */
  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  return {
    look: lookOnce,
    start() {
      job = new Cron('* * * * *', { timezone: 'UTC', unref: true }, () => void lookOnce());
      void lookOnce();
    },
    async close() {
      job?.stop();
      stop.abort();
      await looking;
    },
  };
}

/** When the latest night began, milliseconds since the epoch. */
function createNights(syncAt: string): (now: number) => number {
  const [hour, minute] = syncAt.split(':');
  const pattern = new Cron(`${Number(minute)} ${Number(hour)} * * *`, { timezone: 'UTC', paused: true });
  return (now) => pattern.previousRuns(1, new Date(now + 1))[0]?.getTime() ?? 0;
}

/** Clever answered since the night began, or it failed lately or often enough: not due. */
export function isDueSince(state: SyncState, night: number, now: number): boolean {
  const since = Math.max(state.answeredAt ?? 0, state.firstSeenAt ?? (state.last === undefined ? now : 0));
  if (since >= night) return false;
  const failures = state.failedAt.filter((at) => at >= night);
  const last = failures.at(-1);
  return last === undefined || (failures.length < mostFailures && now >= last + retryMs(failures.length));
}
