// Counts attempts into the open incidents of one district. Does no I/O.
import type { PublishedRoster } from '../roster/published-roster.ts';
import type { Attempt } from '../support/attempt.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import { addAttempt, type Cause, type Incident, type IncidentPerson, type PublishBefore } from './incident.ts';
import type { IncidentStore, NextIncidents, SeenIncidents } from './incident-store.ts';

/** Causes distinguished in one district; more are grouped by code. */
export const mostOpen = 50;
/** A publish longer than this before the first attempt is not named as its cause. */
const publishCountsMs = 7 * 86_400_000;

export type CountingNeeds = Pick<IncidentStore, 'keyOf' | 'idOf'> & Pick<LastSuccesses, 'hashOf'>;

export interface CountedDistrict {
  readonly district: string;
  readonly published: PublishedRoster;
  readonly before: SeenIncidents;
}

export interface CountedAttempt {
  readonly attempt: Attempt;
  /** Undefined if it belongs to no incident. */
  readonly cause: Cause | undefined;
}

export function countIncidents(
  needs: CountingNeeds,
  district: CountedDistrict,
  counted: readonly CountedAttempt[],
): NextIncidents {
  const { before } = district;
  const open = new Map(before.open.map((each) => [each.key, each]));
  const people = new Map<string, readonly IncidentPerson[]>();
  for (const { attempt, cause: own } of counted) {
    if (own === undefined) continue;
    const cause = open.size >= mostOpen && !open.has(needs.keyOf(own)) ? restOf(own) : own;
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
export function generationOf({ feeds }: PublishedRoster, { code, about = [] }: Attempt): string | undefined {
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
