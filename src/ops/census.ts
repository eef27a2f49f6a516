// Counts once a minute, beside requests, what a scrape must not wait for: how all districts stand, and the signing key.
import type { RosterCensus } from '../roster/roster-census.ts';
import type { KeyStatus } from '../session/signing-keys.ts';
import type { Metrics } from './metrics.ts';

export interface Census {
  start(): void;
  /** One count; what it could not read keeps its last figures, whose age is a figure too. */
  look(): Promise<void>;
  /** Waits for the count that is under way. */
  close(): Promise<void>;
}

export interface CensusNeeds {
  readonly countRosters: () => Promise<RosterCensus>;
  readonly listKeys: () => Promise<readonly KeyStatus[]>;
  readonly metrics: Pick<Metrics, 'rosters' | 'sessions'>;
  readonly onFailure: (failure: unknown) => void;
}

const everyMs = 60_000;

export function createCensus({ countRosters, listKeys, metrics, onFailure }: CensusNeeds): Census {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      const key = (await listKeys()).find(({ status }) => status === 'current');
      if (key !== undefined) metrics.sessions.keySignsSince(Date.parse(key.signs_from));
      metrics.rosters.counted(await countRosters());
    } catch (failure) {
      onFailure(failure);
    }
  }

  function run(): void {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  return {
    look,
    start() {
      run();
      timer = setInterval(run, everyMs).unref();
    },
    async close() {
      clearInterval(timer);
      await looking;
    },
  };
}
