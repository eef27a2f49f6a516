// The gauges over all districts. Reads one published roster after the other, so that ten thousand districts occupy one
// connection for a few seconds a minute and delay no request.

import { type District, isRosteredBy } from '../district/district.ts';
import type { SyncLog } from '../district/sync-log.ts';
import { type Method, methods } from '../identity/candidate.ts';
import type { PublishedRosters } from './published-roster.ts';

/** Limits of the age gauges, in days. */
export const staleDays = [2, 7, 30] as const;
type Days = (typeof staleDays)[number];

interface FeedCensus {
  active: number;
  held: number;
  missing: number;
  /** Active ones published more than so many days ago. */
  readonly stale: Map<Days, number>;
  /** Milliseconds since the epoch, as all times here. */
  oldestAt: number | undefined;
}

export interface RosterCensus {
  districts: number;
  readonly feeds: ReadonlyMap<Method, FeedCensus>;
  heldSince: number | undefined;
  /** Secure Sync districts without an answer from Clever for 26 hours. */
  overdueSyncs: number;
  lastSyncAt: number | undefined;
}

export interface CensusNeeds {
  readonly listDistricts: () => Promise<readonly District[]>;
  readonly rosters: Pick<PublishedRosters, 'read'>;
  readonly syncLog: Pick<SyncLog, 'read'>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

const dayMs = 86_400_000;
/** One night plus the two hours of possible retries. */
const overdueMs = 26 * 3_600_000;

export function createCountRosters({ listDistricts, rosters, syncLog, clock = Date.now }: CensusNeeds) {
  return async (): Promise<RosterCensus> => {
    const census = emptyCensus();
    for (const district of await listDistricts()) {
      census.districts += 1;
      await countDistrict(census, district);
      if (isRosteredBy(district, 'secure-sync')) await countSync(census, district);
    }
    return census;
  };

  async function countDistrict(census: RosterCensus, district: District): Promise<void> {
    const { published } = await rosters.read(district.id, 60_000);
    for (const [method, feed] of census.feeds) {
      const { active, held } = published.feeds[method] ?? {};
      if (held !== undefined) {
        feed.held += 1;
        census.heldSince = Math.min(census.heldSince ?? Number.POSITIVE_INFINITY, held.generation.at);
      }
      if (active !== undefined) countActive(feed, active.at);
      else if (isRosteredBy(district, method)) feed.missing += 1;
    }
  }

  function countActive(feed: FeedCensus, at: number): void {
    feed.active += 1;
    feed.oldestAt = Math.min(feed.oldestAt ?? Number.POSITIVE_INFINITY, at);
    for (const days of staleDays)
      if (clock() - at > days * dayMs) feed.stale.set(days, (feed.stale.get(days) ?? 0) + 1);
  }

  async function countSync(census: RosterCensus, { id }: District): Promise<void> {
    const { answeredAt, firstSeenAt } = await syncLog.read(id);
    if (answeredAt !== undefined) census.lastSyncAt = Math.max(census.lastSyncAt ?? 0, answeredAt);
    const since = answeredAt ?? firstSeenAt;
    if (since !== undefined && clock() - since > overdueMs) census.overdueSyncs += 1;
  }
}

function emptyCensus(): RosterCensus {
  const empty = (): FeedCensus => ({ active: 0, held: 0, missing: 0, stale: new Map(), oldestAt: undefined });
  return {
    districts: 0,
    feeds: new Map(methods.map((method) => [method, empty()])),
    heldSince: undefined,
    overdueSyncs: 0,
    lastSyncAt: undefined,
  };
}
