// Counts once a minute, beside requests, what a scrape must not wait for: how all districts stand, and the signing key.
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

/** What a count could not read keeps its last figures, whose age is a figure too. */
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
