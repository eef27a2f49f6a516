// Counts once a minute, outside of requests, what is too slow for a scrape: the state of all districts, and the signing
// key.
import type { RosterCensus } from '../roster/roster-census.ts';
import { createLoop, type Loop } from '../schedule/loop.ts';
import type { KeyStatus } from '../session/signing-keys.ts';
import type { Metrics } from './metrics.ts';

export interface CensusNeeds {
  readonly countRosters: () => Promise<RosterCensus>;
  readonly listKeys: () => Promise<readonly KeyStatus[]>;
  readonly metrics: Pick<Metrics, 'rosters' | 'sessions'>;
  readonly onFailure: (failure: unknown) => void;
}

/** A count that fails keeps its last values; their age is a metric too. */
export function createCensus({ countRosters, listKeys, metrics, onFailure }: CensusNeeds): Loop {
  return createLoop({
    everyMs: 60_000,
    onFailure,
    async task() {
      const key = (await listKeys()).find(({ status }) => status === 'current');
      if (key !== undefined) metrics.sessions.keySignsSince(Date.parse(key.signs_from));
      metrics.rosters.counted(await countRosters());
    },
  });
}
