// Decides when an incident is over: its users signed in, or the current roster lets them, or there are no more
// attempts. Reads the sign-ins in one read, and consults the roster about the others once per version of it, over all
// servers.

import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { PublishedRoster } from '../roster/published-roster.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import { dayOf } from '../support/attempt-names.ts';
import type { JudgeAttempts } from '../support/attempt-state.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import { countPeopleSince } from '../support/people-sample.ts';
import type { SignInCounts } from '../support/sign-in-counts.ts';
import { type ClosedWhy, countPeople, type Incident, type IncidentPerson } from './incident.ts';
import type { NextIncidents, SeenIncidents } from './incident-store.ts';

export interface RefreshNeeds {
  readonly attempts: Pick<AttemptLog, 'findMany'>;
  readonly lastSuccesses: Pick<LastSuccesses, 'readByHash'>;
  readonly judge: JudgeAttempts;
  readonly readDistrictRoster: ReadDistrictRoster;
  readonly counts: Pick<SignInCounts, 'flush' | 'read'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The budget of a page: attempts cost one read per day. */
export interface AskBudget {
  days: number;
}

const quietMs = 7 * 86_400_000;

/**
 * Undefined if nothing changed.
 * @param budget if used up, the roster is not consulted: upkeep does so within minutes
 */
export async function refreshIncidents(
  needs: RefreshNeeds,
  district: string,
  seen: SeenIncidents,
  budget: AskBudget,
): Promise<NextIncidents | undefined> {
  if (seen.open.length === 0) return undefined;
  const version = versionOf((await needs.readDistrictRoster(district, 500)).published);
  await needs.counts.flush(district);
  const signedIn = (await needs.counts.read(district))?.signedIn;
  const successAt = await readSuccesses(needs, district, seen);
  const inspections = seen.open.map((incident) => inspect(incident, seen, { version, successAt }));
  const mended = await consultRoster(needs, inspections, budget);
  const open: Incident[] = [];
  let isChanged = false;
  const people = new Map<string, readonly IncidentPerson[]>();
  const closed: { incident: Incident; people: readonly IncidentPerson[] }[] = [];
  for (const inspection of inspections) {
    const { incident } = inspection;
    const now = peopleNow(inspection, mended);
    // Sign-ins more than a week ago are no longer distinguished: the number does not decrease.
    const since = signedIn === undefined ? 0 : countPeopleSince(signedIn, Math.ceil(incident.since / 1000));
    const counted = {
      ...countPeople(incident, now),
      signedIn: Math.max(incident.signedIn, since),
      asked: mended === undefined ? incident.asked : inspection.question,
    };
    isChanged ||= counted.signedIn !== incident.signedIn || counted.asked !== incident.asked;
    const why = whyOver(counted, now, needs.clock());
    if (why !== undefined) {
      closed.push({ incident: { ...counted, closed: { at: needs.clock(), why } }, people: now });
      continue;
    }
    open.push(counted);
    if (now !== inspection.before) people.set(incident.key, now);
  }
  return people.size === 0 && closed.length === 0 && !isChanged ? undefined : { open, people, closed };
}

function whyOver(
  { last, peopleOpen }: Incident,
  people: readonly IncidentPerson[],
  now: number,
): ClosedWhy | undefined {
  if (peopleOpen === 0) return people.some(({ state }) => state === 'mended') ? 'mended' : 'got_in';
  return now - last > quietMs ? 'quiet' : undefined;
}

const isWaiting = ({ state }: IncidentPerson): boolean => state !== 'resolved';

/** The last sign-ins of the users in any of the district's incidents, by hash: one read per thousand. */
async function readSuccesses(
  { lastSuccesses }: RefreshNeeds,
  district: string,
  { open, people }: SeenIncidents,
): Promise<ReadonlyMap<string, number>> {
  const waiting = open.flatMap(({ key }) => (people.get(key) ?? []).filter(isWaiting).map(({ who }) => who));
  const hashes = [...new Set(waiting)];
  const successes = await lastSuccesses.readByHash(district, hashes);
  return new Map(successes.flatMap((at, index) => (at === undefined ? [] : [[hashes[index] ?? '', at] as const])));
}

/** One incident, before the roster is consulted. */
interface Inspection {
  readonly incident: Incident;
  readonly before: readonly IncidentPerson[];
  /** Hashes of users who signed in since. */
  readonly gotIn: ReadonlySet<string>;
  readonly still: readonly IncidentPerson[];
  /** Undefined if the roster must always be consulted. */
  readonly question: string | undefined;
}

function inspect(
  incident: Incident,
  { people }: SeenIncidents,
  { version, successAt }: { readonly version: string; readonly successAt: ReadonlyMap<string, number> },
): Inspection {
  const before = people.get(incident.key) ?? [];
  const waiting = before.filter(isWaiting);
  const gotIn = new Set(waiting.filter(({ at, who }) => (successAt.get(who) ?? 0) > at).map(({ who }) => who));
  const still = waiting.filter(({ who }) => !gotIn.has(who));
  // Releasing a link changes no roster; otherwise the result is the same until a publish or another attempt.
  const question = incident.cause.code === 'identity_changed' ? undefined : `${version} ${incident.attempts}`;
  return { incident, before, gotIn, still, question };
}

const needsRoster = ({ incident, question }: Inspection): boolean =>
  question === undefined || incident.asked !== question;

/** By reference, who could sign in now, for users whose answer is unknown; undefined if the budget is used up. */
async function consultRoster(
  { attempts, judge }: RefreshNeeds,
  inspections: readonly Inspection[],
  budget: AskBudget,
): Promise<ReadonlySet<string> | undefined> {
  const still = inspections.filter(needsRoster).flatMap((inspection) => inspection.still);
  if (still.length === 0) return new Set();
  if (budget.days <= 0) return undefined;
  budget.days -= new Set(still.map(({ at }) => dayOf(at))).size;
  const found = await attempts.findMany(still);
  const states = await judge(found.filter((attempt) => attempt !== undefined));
  return new Set([...states].flatMap(([reference, { wouldMatchNow }]) => (wouldMatchNow ? [reference] : [])));
}

/** The same list if nothing changed. */
function peopleNow(inspection: Inspection, mended: ReadonlySet<string> | undefined): readonly IncidentPerson[] {
  const { before, gotIn } = inspection;
  const isAnswered = mended !== undefined && needsRoster(inspection);
  const now = before.map((person): IncidentPerson => {
    if (gotIn.has(person.who)) return { ...person, state: 'resolved' };
    if (person.state === 'resolved' || !isAnswered) return person;
    const state = mended.has(person.reference) ? 'mended' : 'open';
    return state === person.state ? person : { ...person, state };
  });
  return now.some((person, index) => person !== before[index]) ? now : before;
}

const versionOf = ({ version, linkEpoch, feeds, methods = [] }: PublishedRoster): string =>
  [version, linkEpoch, ...methods, ...Object.values(feeds).map((feed) => feed.active?.id ?? '')].join(' ');
