// The nightly run: syncs every Secure Sync district once a night, on one of all servers, and a missed night as soon as
// a server is up. Decides when; sync-district.ts does the work and its lease excludes other servers.
import { Cron } from 'croner';
import type { District } from '../district/district.ts';
import type { SyncLog, SyncState } from '../district/sync-log.ts';
import { createLoop, type Loop } from '../schedule/loop.ts';
import { inWork } from '../trace/request-context.ts';
import { type SyncDistrict, type SyncResult, syncOptionOf } from './sync-district.ts';

interface NightlyNeeds {
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

/** Districts synced concurrently by one server; each has its own rate limit at Clever. */
const sideBySide = 4;
/** After a failure: 5 minutes, doubling, at most an hour; and at most this many per night. */
const maxFailures = 8;
const retryMs = (failures: number): number => Math.min(5 * 60_000 * 2 ** (failures - 1), 60 * 60_000);

/** Each run syncs the districts that are due; `close` aborts syncs in progress, of which nothing is published. */
export function createNightlySync(needs: NightlyNeeds): Loop {
  const { syncAt, listDistricts, syncLog, sync, onResult, onFailure, clock = Date.now } = needs;
  const night = createNights(syncAt);
  const done = new Map<string, number>();

  async function isDue({ id }: District): Promise<boolean> {
    const latest = night(clock());
    if (done.get(id) === latest) return false;
    const state = await syncLog.read(id);
    if (state.firstSeenAt === undefined && state.last === undefined) await syncLog.markSeen(id, clock());
    const due = isDueSince(state, latest, clock());
    if (!due && (state.answeredAt ?? 0) >= latest) done.set(id, latest);
    return due;
  }

  async function syncIfDue(district: District, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted || !(await isDue(district))) return;
      await inWork('nightly sync', async (note) => {
        const result = await sync(district, { by: 'nightly', signal, isStillDue: () => isDue(district) });
        if (result === undefined) return;
        note({ 'sso_bridge.outcome': 'code' in result ? result.code : result.kind });
        onResult(district, result);
      });
    } catch (failure) {
      onFailure(failure);
    }
  }

  async function syncAllDue(signal: AbortSignal): Promise<void> {
    const districts = (await listDistricts()).filter((district) => syncOptionOf(district) !== undefined);
    const queue = districts[Symbol.iterator]();
    await Promise.all(
      Array.from({ length: sideBySide }, async () => {
        for (const district of queue) await syncIfDue(district, signal);
      }),
    );
  }

  return createLoop({ everyMs: 60_000, task: syncAllDue, onFailure });
}

/** When the latest night began, milliseconds since the epoch. */
function createNights(syncAt: string): (now: number) => number {
  const [hour, minute] = syncAt.split(':');
  const pattern = new Cron(`${Number(minute)} ${Number(hour)} * * *`, { timezone: 'UTC', paused: true });
  return (now) => pattern.previousRuns(1, new Date(now + 1))[0]?.getTime() ?? 0;
}

/** Not due if Clever answered since the night began, or a sync failed recently or often enough. */
export function isDueSince(state: SyncState, night: number, now: number): boolean {
  const since = Math.max(state.answeredAt ?? 0, state.firstSeenAt ?? (state.last === undefined ? now : 0));
  if (since >= night) return false;
  const failures = state.failedAt.filter((at) => at >= night);
  const last = failures.at(-1);
  return last === undefined || (failures.length < maxFailures && now >= last + retryMs(failures.length));
}
