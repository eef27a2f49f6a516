// One incident with its evidence: its users, and both values of a few of them. For support and for the district itself.
import type { District, Districts } from '../district/district.ts';
import type { Attempt } from '../support/attempt.ts';
import { type RosterValue, rosterValues } from '../support/attempt-detail.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import type { IncidentDetail, Incidents } from './incidents.ts';

export interface IncidentSample {
  readonly attempt: Attempt;
  /** The roster's values, for each account that the attempt is about. */
  readonly roster: readonly RosterValue[];
}

export interface FoundIncident extends IncidentDetail {
  readonly district: District | undefined;
  readonly samples: readonly IncidentSample[];
}

export type ReadIncident = (id: string) => Promise<FoundIncident | undefined>;

export interface ReadIncidentNeeds {
  readonly incidents: Pick<Incidents, 'find'>;
  readonly attempts: Pick<AttemptLog, 'findMany'>;
  readonly districts: Pick<Districts, 'find'>;
}

const mostSamples = 3;

export function createReadIncident({ incidents, attempts, districts }: ReadIncidentNeeds): ReadIncident {
  return async (id) => {
    const found = await incidents.find(id);
    if (found === undefined) return undefined;
    const newest = await attempts.findMany(found.people.slice(0, mostSamples));
    return {
      ...found,
      district: await districts.find(found.incident.district),
      samples: newest.flatMap((attempt) =>
        attempt === undefined ? [] : [{ attempt, roster: rosterValues(attempt, undefined) }],
      ),
    };
  };
}
