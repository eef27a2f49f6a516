// The incidents of districts: counted by count-incidents.ts as attempts are recorded, closed by refresh-incidents.ts,
// and read by pages with the latest state.

import type { District, Districts } from '../district/district.ts';
import { isLogCursor } from '../store/store.ts';
import type { Attempt } from '../support/attempt.ts';
import { type RosterValue, rosterValues } from '../support/attempt-detail.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import { createIncidentCounter, type IncidentCounterNeeds } from './count-incidents.ts';
import type { Incident, IncidentPerson } from './incident.ts';
import { isIncidentId } from './incident-store.ts';
import { type AskBudget, type RefreshNeeds, refreshIncidents } from './refresh-incidents.ts';

export interface IncidentPage {
  readonly incidents: readonly Incident[];
  readonly cursor: string | undefined;
}

export interface IncidentFilter {
  readonly district?: string | undefined;
  readonly state: 'open' | 'closed';
}

interface IncidentDetail {
  readonly incident: Incident;
  /** Users who still cannot sign in first, by newest attempt. */
  readonly people: readonly IncidentPerson[];
}

export interface Incidents {
  /** Counts a recorded attempt; no effect if the district is unknown. */
  record(attempt: Attempt): Promise<void>;
  /** Open ones with the most users first, closed ones newest first. An invalid cursor gives an empty page. */
  list(filter: IncidentFilter, cursor?: string, limit?: number): Promise<IncidentPage>;
  find(id: string): Promise<IncidentDetail | undefined>;
  /** Closes resolved incidents, writes pending counts, and returns the open ones of all districts. */
  upkeep(): Promise<readonly Incident[]>;
  forget(district: string): Promise<void>;
}

/** Districts refreshed in one pass of upkeep, and for one page. */
const districtsPerUpkeep = 100;
const districtsPerPage = 10;
/** Days of attempts for which a page consults the roster, before it leaves the rest to upkeep. */
const daysForPage = 40;

export function createIncidents(needs: RefreshNeeds & IncidentCounterNeeds): Incidents {
  // Long because of the verbs of one port over the districts that have open incidents; each is short.
  const { incidentStore } = needs;
  /** Districts with an open incident, as known to this server. */
  let openNow = new Set<string>();
  /** Districts whose copy for pages over all districts is to be written. */
  const dirty = new Set<string>();
  let nextTurn = 0;
  const counter = createIncidentCounter(needs, (district, isNew) => {
    openNow.add(district);
    if (!isNew) dirty.add(district);
  });

  async function refresh(
    district: string,
    budget: AskBudget = { days: Number.POSITIVE_INFINITY },
  ): Promise<readonly Incident[]> {
    await counter.flush(district);
    const { open } = await incidentStore.see(district, []);
    const seen = await incidentStore.see(
      district,
      open.map(({ key }) => key),
    );
    const next = await refreshIncidents(needs, district, seen, budget);
    const after = next === undefined ? seen : await incidentStore.replace(district, seen, next);
    // Changed meanwhile: refreshed next time.
    counter.remember(district, after);
    const now = after?.open ?? seen.open;
    if (now.length === 0) openNow.delete(district);
    else openNow.add(district);
    if (next !== undefined || dirty.has(district)) await incidentStore.copy(district, now);
    dirty.delete(district);
    return now;
  }

  async function refreshSome(districts: readonly string[]): Promise<void> {
    for (let from = 0; from < districts.length; from += 10)
      await Promise.all(districts.slice(from, from + 10).map((district) => refresh(district)));
  }

  async function listOpen(district: string | undefined): Promise<readonly Incident[]> {
    if (district !== undefined) return (await refresh(district)).toSorted(byPeople);
    const open = (await incidentStore.listOpen()).toSorted(byPeople);
    const districts = [...new Set([...dirty, ...open.map((incident) => incident.district)])].slice(0, districtsPerPage);
    const budget = { days: daysForPage };
    const refreshed = await Promise.all(districts.map((each) => refresh(each, budget)));
    const others = open.filter((incident) => !districts.includes(incident.district));
    return [...refreshed.flat(), ...others].toSorted(byPeople);
  }

  return {
    async record(attempt) {
      if (attempt.district !== undefined) await counter.count(attempt.district, attempt);
    },

    async list({ district, state }, cursor, limit = 50) {
      if (state === 'closed') {
        if (district !== undefined) await refresh(district);
        if (cursor !== undefined && !isLogCursor(cursor)) return { incidents: [], cursor: undefined };
        return incidentStore.pageClosed(district, cursor, limit);
      }
      const open = await listOpen(district);
      const from = cursor === undefined ? 0 : open.findIndex((each) => each.id === cursor) + 1;
      if (cursor !== undefined && from === 0) return { incidents: [], cursor: undefined };
      const incidents = open.slice(from, from + limit);
      return { incidents, cursor: from + limit < open.length ? incidents.at(-1)?.id : undefined };
    },

    async find(id) {
      if (!isIncidentId(id)) return undefined;
      const closed = await incidentStore.findClosed(id);
      if (closed !== undefined) return { incident: closed.incident, people: inOrder(closed.people) };
      const district = (await incidentStore.listOpen()).find((each) => each.id === id)?.district;
      if (district === undefined) return undefined;
      const incident = (await refresh(district)).find((each) => each.id === id);
      if (incident === undefined) {
        const over = await incidentStore.findClosed(id);
        return over && { incident: over.incident, people: inOrder(over.people) };
      }
      const { people } = await incidentStore.see(district, [incident.key]);
      return { incident, people: inOrder(people.get(incident.key) ?? []) };
    },

    async upkeep() {
      const open = await incidentStore.listOpen();
      const districts = [...new Set(open.map(({ district }) => district))];
      for (const district of openNow) if (!districts.includes(district)) dirty.add(district);
      openNow = new Set(districts);
      const others = [...districts.slice(nextTurn), ...districts.slice(0, nextTurn)];
      const turn = [...new Set([...dirty, ...others])].slice(0, districtsPerUpkeep);
      nextTurn = districts.length === 0 ? 0 : (nextTurn + districtsPerUpkeep) % districts.length;
      await refreshSome(turn);
      return incidentStore.listOpen();
    },

    forget: incidentStore.forget,
  };
}

const byPeople = (one: Incident, other: Incident): number =>
  other.peopleOpen - one.peopleOpen || other.last - one.last || one.id.localeCompare(other.id, 'en');

const inOrder = (people: readonly IncidentPerson[]): IncidentPerson[] =>
  people.toSorted((one, other) => Number(other.state === 'open') - Number(one.state === 'open') || other.at - one.at);

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

interface ReadIncidentNeeds {
  readonly incidents: Pick<Incidents, 'find'>;
  readonly attempts: Pick<AttemptLog, 'findMany'>;
  readonly districts: Pick<Districts, 'find'>;
}

const maxSamples = 3;

/** With the values of a few of its users. For support and for the district itself. */
export function createReadIncident({ incidents, attempts, districts }: ReadIncidentNeeds): ReadIncident {
  return async (id) => {
    const found = await incidents.find(id);
    if (found === undefined) return undefined;
    const newest = await attempts.findMany(found.people.slice(0, maxSamples));
    return {
      ...found,
      district: await districts.find(found.incident.district),
      samples: newest.flatMap((attempt) =>
        attempt === undefined ? [] : [{ attempt, roster: rosterValues(attempt, undefined) }],
      ),
    };
  };
}
