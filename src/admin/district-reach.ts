// How many users an action on a whole district affects, as two counts that are cheap to read.
import type { Links } from '../roster/links.ts';
import type { PublishedRosters } from '../roster/published-roster.ts';
import { countPeopleSince } from '../support/people-sample.ts';
import type { SignInCounts } from '../support/sign-in-counts.ts';
import type { ActionFacts } from './staff-action.ts';

export interface DistrictReach {
  /** Accounts linked by a sign-in. */
  readonly linked: number;
  /** Users who signed in within one session lifetime. Includes those who signed out since, so it is an upper bound. */
  readonly signedIn: number;
}

/** Costs three reads. */
export type ReadDistrictReach = (districtId: string) => Promise<DistrictReach>;

interface DistrictReachNeeds {
  readonly rosters: Pick<PublishedRosters, 'read'>;
  readonly links: Pick<Links, 'count'>;
  readonly counts: Pick<SignInCounts, 'flush' | 'read'>;
  readonly sessionTtlSeconds: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createReadDistrictReach(needs: DistrictReachNeeds): ReadDistrictReach {
  const { rosters, links, counts, sessionTtlSeconds, clock } = needs;
  return async (districtId) => {
    await counts.flush(districtId);
    const [linked, counted] = await Promise.all([
      rosters.read(districtId, 0).then(links.count),
      counts.read(districtId),
    ]);
    const from = Math.floor(clock() / 1000) - sessionTtlSeconds;
    return { linked, signedIn: counted === undefined ? 0 : countPeopleSince(counted.signedIn, from) };
  };
}

export const describeReach = ({ linked, signedIn }: DistrictReach): ActionFacts => ({
  links: linked,
  signed_in: signedIn,
});
