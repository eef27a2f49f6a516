// Counts recorded attempts into the open incidents of their district: in one commit per attempt, or for all that arrive
// during a commit.
import type { PublishedRoster, PublishedRosters } from '../roster/published-roster.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Attempt } from '../support/attempt.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import { addAttempt, type Cause, causeOf, type Incident, type IncidentPerson, type PublishBefore } from './incident.ts';
import type { IncidentStore, NextIncidents, SeenIncidents } from './incident-store.ts';

/** Causes distinguished in one district; more are grouped by code. */
export const maxOpen = 50;
/** A publish longer than this before the first attempt is not named as its cause. */
const publishCountsMs = 7 * 86_400_000;

type CountingNeeds = Pick<IncidentStore, 'keyOf' | 'idOf'> & Pick<LastSuccesses, 'hashOf'>;

interface CountedDistrict {
  readonly district: string;
  readonly published: PublishedRoster;
  readonly before: SeenIncidents;
}

interface CountedAttempt {
  readonly attempt: Attempt;
  /** Undefined if it belongs to no incident. */
  readonly cause: Cause | undefined;
}

/** Does no I/O. */
function countIncidents(
  needs: CountingNeeds,
  district: CountedDistrict,
  counted: readonly CountedAttempt[],
): NextIncidents {
  const { before } = district;
  const open = new Map(before.open.map((each) => [each.key, each]));
  const people = new Map<string, readonly IncidentPerson[]>();
  for (const { attempt, cause: own } of counted) {
    if (own === undefined) continue;
    const cause = open.size >= maxOpen && !open.has(needs.keyOf(own)) ? restOf(own) : own;
    const key = needs.keyOf(cause);
    const { reference, at, clever } = attempt;
    const who = needs.hashOf(clever?.clever_id ?? clever?.email ?? reference);
    const incident = open.get(key) ?? begin(needs, district, cause, at);
    const known = people.get(key) ?? (open.has(key) ? (before.people.get(key) ?? []) : []);
    const added = addAttempt(incident, known, { who, reference, at });
    open.set(key, added.incident);
    people.set(key, added.people);
  }
  return { open: [...open.values()], people };
}

function begin(needs: CountingNeeds, { district, published }: CountedDistrict, cause: Cause, at: number): Incident {
  const key = needs.keyOf(cause);
  const id = needs.idOf(district, key, at);
  const counts = { attempts: 0, people: 0, isMore: false, peopleOpen: 0, signedIn: 0 };
  return { id, district, cause, key, since: at, last: at, ...counts, publish: publishBefore(published, at) };
}

const restOf = ({ code }: Cause): Cause => ({ code, isRest: true });

/** The roster with which the accounts of an attempt left. */
function generationOf({ feeds }: PublishedRoster, { code, about = [] }: Attempt): string | undefined {
  const method = about[0]?.sources[0]?.method;
  return code === 'account_inactive' && method !== undefined ? feeds[method]?.active?.id : undefined;
}

function publishBefore({ feeds }: PublishedRoster, at: number): PublishBefore | undefined {
  const before = Object.entries(feeds)
    .flatMap(([method, feed]) => (feed.active === undefined ? [] : [{ method, at: feed.active.at }]))
    .filter((publish) => publish.at <= at && at - publish.at < publishCountsMs)
    .sort((one, other) => other.at - one.at);
  return before[0] as PublishBefore | undefined;
}

/** Districts whose last written value this server caches, so that the next attempt needs no read. */
const maxRemembered = 200;
/** Servers that count in one district at the same time conflict and retry. */
const maxTries = 20;

export interface IncidentCounterNeeds {
  readonly incidentStore: IncidentStore;
  readonly rosters: Pick<PublishedRosters, 'read'>;
  readonly hashOf: LastSuccesses['hashOf'];
  readonly blindAddress: (address: string) => string;
}

/** The pending counts of one district. */
interface Queue {
  /** Attempts to be counted with the next write. */
  waiting: Attempt[];
  running: Promise<void> | undefined;
  /** As last seen; absent if it must be read. */
  seen: SeenIncidents | undefined;
}

/** @param onCounted called after each commit; unless an incident was opened, the copy for pages is not updated yet */
export function createIncidentCounter(
  needs: IncidentCounterNeeds,
  onCounted: (district: string, isNew: boolean) => void,
) {
  const { incidentStore } = needs;
  const queues = new Map<string, Queue>();

  function queueOf(district: string): Queue {
    const known = queues.get(district);
    if (known !== undefined) return known;
    for (const [name, { running, waiting }] of queues) {
      if (queues.size < maxRemembered) break;
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
    queue.running = write(district, queue, taken).finally(() => {
      queue.running = undefined;
    });
    return queue.running;
  }

  async function write(district: string, queue: Queue, attempts: readonly Attempt[]): Promise<void> {
    const { before, next } = await commitCounts(needs, district, queue, attempts);
    const isNew = next.open.length !== before.open.length;
    onCounted(district, isNew);
    if (isNew) await incidentStore.copy(district, next.open);
  }

  return {
    count(district: string, attempt: Attempt): Promise<void> {
      queueOf(district).waiting.push(attempt);
      return flush(district);
    },
    flush,
    /** @param seen the incidents as last written; undefined if they must be read */
    remember(district: string, seen: SeenIncidents | undefined): void {
      queueOf(district).seen = seen;
    },
  };
}

/** Retries while other servers change the incidents of the district. */
async function commitCounts(needs: IncidentCounterNeeds, district: string, queue: Queue, attempts: readonly Attempt[]) {
  const { incidentStore, rosters, hashOf, blindAddress } = needs;
  const counting = { keyOf: incidentStore.keyOf, idOf: incidentStore.idOf, hashOf };
  const { published } = await rosters.read(district, 10_000);
  const counted = attempts.map((attempt) => ({
    attempt,
    cause: causeOf(attempt, blindAddress, generationOf(published, attempt)),
  }));
  const keys = [...new Set(counted.flatMap(({ cause }) => (cause === undefined ? [] : [incidentStore.keyOf(cause)])))];
  for (let tries = 0; tries <= maxTries; tries += 1) {
    queue.seen ??= await incidentStore.see(district, tries === 0 ? keys : await allKeys(incidentStore, district, keys));
    const before = queue.seen;
    const next = countIncidents(counting, { district, published, before }, counted);
    const isKnown = [...next.people.keys()].every((key) => isReadable(before, key));
    queue.seen = isKnown ? await incidentStore.replace(district, before, next) : undefined;
    if (queue.seen !== undefined) return { before, next };
  }
  throw new StoreUnavailable(new Error('the incidents of a district changed all the time'));
}

/** Includes the keys that group the other causes of a code. */
async function allKeys(store: IncidentStore, district: string, keys: readonly string[]): Promise<string[]> {
  const { open } = await store.see(district, []);
  return [...new Set([...keys, ...open.filter(({ cause }) => cause.isRest).map(({ key }) => key)])];
}

/** Its users were read, or it is not open, so there are none. */
const isReadable = ({ open, people }: SeenIncidents, key: string): boolean =>
  people.has(key) || !open.some((incident) => incident.key === key);
