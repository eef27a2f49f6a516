// Incidents, updated as attempts are recorded: in one commit per attempt, or for all that arrive during a commit; pages
// read them with the latest state. settle-incidents.ts closes them.

import type { District, Districts } from '../district/district.ts';
import type { PublishedRosters } from '../roster/published-roster.ts';
import { isLogCursor, StoreUnavailable } from '../store/store.ts';
import type { Attempt } from '../support/attempt.ts';
import { type RosterValue, rosterValues } from '../support/attempt-detail.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import { countIncidents, generationOf } from './count-incidents.ts';
import { causeOf, type Incident, type IncidentPerson } from './incident.ts';
import { type IncidentStore, isIncidentId, type SeenIncidents } from './incident-store.ts';
import { type AskBudget, type SettleNeeds, settleIncidents } from './settle-incidents.ts';

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

interface IncidentsNeeds extends SettleNeeds {
  readonly incidentStore: IncidentStore;
  readonly rosters: Pick<PublishedRosters, 'read'>;
  readonly hashOf: LastSuccesses['hashOf'];
  readonly blindAddress: (address: string) => string;
}

/** Districts whose last written value this server caches, so that the next attempt needs no read. */
const mostRemembered = 200;
/** Servers that count in one district at the same time conflict and retry. */
const mostTries = 20;
/** Districts settled in one pass of upkeep, and for one page. */
const mostSettled = 100;
const settledForPage = 10;
/** Days of attempts for which a page consults the roster, before it leaves the rest to upkeep. */
const daysForPage = 40;

/** The pending counts of one district. */
interface Queue {
  /** Attempts to be counted with the next write. */
  waiting: Attempt[];
  running: Promise<void> | undefined;
  /** As last seen; absent if it must be read. */
  seen: SeenIncidents | undefined;
}

export function createIncidents(needs: IncidentsNeeds): Incidents {
  // Long because of the verbs of one port over the same queues; each is short.
  const { incidentStore, rosters } = needs;
  const counting = { keyOf: incidentStore.keyOf, idOf: incidentStore.idOf, hashOf: needs.hashOf };
  const queues = new Map<string, Queue>();
  /** Districts with an open incident, as known to this server. */
  let openNow = new Set<string>();
  const dirty = new Set<string>();
  let nextTurn = 0;

  function queueOf(district: string): Queue {
    const known = queues.get(district);
    if (known !== undefined) return known;
    for (const [name, { running, waiting }] of queues) {
      if (queues.size < mostRemembered) break;
      if (running === undefined && waiting.length === 0) queues.delete(name);
    }
    const queue: Queue = { waiting: [], running: undefined, seen: undefined };
    queues.set(district, queue);
    return queue;
  }

  /** Writes the pending counts, with all that arrive during another write. */
  function flush(district: string): Promise<void> {
    const queue = queueOf(district);
    if (queue.running !== undefined) {
      const after = queue.running.catch(() => undefined);
      return after.then(() => (queue.waiting.length > 0 ? flush(district) : queue.running));
    }
    const taken = queue.waiting;
    queue.waiting = [];
    queue.running = apply(district, queue, taken).finally(() => {
      queue.running = undefined;
    });
    return queue.running;
  }

  async function apply(district: string, queue: Queue, attempts: readonly Attempt[]): Promise<void> {
    const { published } = await rosters.read(district, 10_000);
    const counted = attempts.map((attempt) => ({
      attempt,
      cause: causeOf(attempt, needs.blindAddress, generationOf(published, attempt)),
    }));
    for (let tries = 0; ; tries += 1) {
      const keys = counted.flatMap(({ cause }) => (cause === undefined ? [] : [incidentStore.keyOf(cause)]));
      queue.seen ??= await incidentStore.see(
        district,
        tries === 0 ? [...new Set(keys)] : await allKeys(district, keys),
      );
      const before = queue.seen;
      const next = countIncidents(counting, { district, published, before }, counted);
      const isKnown = [...next.people.keys()].every((key) => isReadable(before, key));
      const after = isKnown ? await incidentStore.replace(district, before, next) : undefined;
      queue.seen = after;
      if (after === undefined && tries < mostTries) continue;
      if (after === undefined)
        throw new StoreUnavailable(new Error('the incidents of a district changed all the time'));
      openNow.add(district);
      // Copied immediately if one was opened; else at the next upkeep.
      if (next.open.length !== before.open.length) await incidentStore.copy(district, next.open);
      else dirty.add(district);
      return;
    }
  }

  /** Includes the keys that group the other causes of a code. */
  async function allKeys(district: string, keys: readonly string[]): Promise<string[]> {
    const { open } = await incidentStore.see(district, []);
    return [...new Set([...keys, ...open.filter(({ cause }) => cause.isRest).map(({ key }) => key)])];
  }

  /** Its users were read, or it is not open, so there are none. */
  const isReadable = ({ open, people }: SeenIncidents, key: string): boolean =>
    people.has(key) || !open.some((incident) => incident.key === key);

  async function settle(
    district: string,
    budget: AskBudget = { days: Number.POSITIVE_INFINITY },
  ): Promise<readonly Incident[]> {
    await flush(district);
    const queue = queueOf(district);
    const { open } = await incidentStore.see(district, []);
    const seen = await incidentStore.see(
      district,
      open.map(({ key }) => key),
    );
    const next = await settleIncidents(needs, district, seen, budget);
    const after = next === undefined ? seen : await incidentStore.replace(district, seen, next);
    // Changed meanwhile: settled next time.
    queue.seen = after;
    const now = after?.open ?? seen.open;
    if (now.length === 0) openNow.delete(district);
    else openNow.add(district);
    if (next !== undefined || dirty.has(district)) await incidentStore.copy(district, now);
    dirty.delete(district);
    return now;
  }

  async function settleSome(districts: readonly string[]): Promise<void> {
    for (let from = 0; from < districts.length; from += 10)
      await Promise.all(districts.slice(from, from + 10).map((district) => settle(district)));
  }

  async function listOpen(district: string | undefined): Promise<readonly Incident[]> {
    if (district !== undefined) return (await settle(district)).toSorted(byPeople);
    const open = (await incidentStore.listOpen()).toSorted(byPeople);
    const districts = [...new Set([...dirty, ...open.map((incident) => incident.district)])].slice(0, settledForPage);
    const budget = { days: daysForPage };
    const settled = await Promise.all(districts.map((each) => settle(each, budget)));
    const others = open.filter((incident) => !districts.includes(incident.district));
    return [...settled.flat(), ...others].toSorted(byPeople);
  }

  return {
    async record(attempt) {
      if (attempt.district === undefined) return;
      queueOf(attempt.district).waiting.push(attempt);
      await flush(attempt.district);
    },

    async list({ district, state }, cursor, limit = 50) {
      if (state === 'closed') {
        if (district !== undefined) await settle(district);
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
      const incident = (await settle(district)).find((each) => each.id === id);
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
      const turn = [...new Set([...dirty, ...others])].slice(0, mostSettled);
      nextTurn = districts.length === 0 ? 0 : (nextTurn + mostSettled) % districts.length;
      await settleSome(turn);
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

const mostSamples = 3;

/** With the values of a few of its users. For support and for the district itself. */
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
