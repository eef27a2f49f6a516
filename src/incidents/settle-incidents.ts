// When an incident is over: its people got in, or today's roster lets them in, or no more attempts come. Reads who got in
// with one look, and asks the roster about the others once for each version of it.

import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { PublishedRoster } from '../roster/published-roster.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import type { JudgeAttempts } from '../support/attempt-state.ts';
import type { LastSuccesses } from '../support/last-success.ts';
import { countPeopleSince } from '../support/people-sample.ts';
import type { SignInCounts } from '../support/sign-in-counts.ts';
import { type ClosedWhy, countPeople, type Incident, type IncidentPerson } from './incident.ts';
import type { NextIncidents, SeenIncidents } from './incident-store.ts';

export interface SettleNeeds {
  readonly attempts: Pick<AttemptLog, 'findMany'>;
  readonly lastSuccesses: Pick<LastSuccesses, 'readByHash'>;
  readonly judge: JudgeAttempts;
  readonly readDistrictRoster: ReadDistrictRoster;
  readonly counts: Pick<SignInCounts, 'flush' | 'read'>;
  /** For which roster each incident was last asked about; kept by one process. */
  readonly asked: Map<string, string>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const quietMs = 7 * 86_400_000;
/** Incidents whose last question is remembered. */
const mostAsked = 20_000;

/** Undefined where nothing changed. */
export async function settleIncidents(
  needs: SettleNeeds,
  district: string,
  seen: SeenIncidents,
): Promise<NextIncidents | undefined> {
  if (seen.open.length === 0) return undefined;
  const version = versionOf((await needs.readDistrictRoster(district, 500)).published);
  await needs.counts.flush(district);
  const signedIn = (await needs.counts.read(district))?.signedIn;
  const successAt = await readSuccesses(needs, district, seen);
  const open: Incident[] = [];
  let isCounted = false;
  const people = new Map<string, readonly IncidentPerson[]>();
  const closed: { incident: Incident; people: readonly IncidentPerson[] }[] = [];
  for (const incident of seen.open) {
    const before = seen.people.get(incident.key) ?? [];
    const now = await lookAgain(needs, incident, before, { version, successAt });
    // Who signed in more than a week ago is not told apart any more: the number does not fall.
    const since = signedIn === undefined ? 0 : countPeopleSince(signedIn, Math.ceil(incident.since / 1000));
    const counted = { ...countPeople(incident, now), signedIn: Math.max(incident.signedIn, since) };
    isCounted ||= counted.signedIn !== incident.signedIn;
    const why = whyOver(counted, now, needs.clock());
    if (why !== undefined) {
      closed.push({ incident: { ...counted, closed: { at: needs.clock(), why } }, people: now });
      needs.asked.delete(incident.id);
      continue;
    }
    open.push(counted);
    if (now !== before) people.set(incident.key, now);
  }
  return people.size === 0 && closed.length === 0 && !isCounted ? undefined : { open, people, closed };
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

/** When those who wait in any of the district's incidents last got in, by hash: one read for a thousand of them. */
async function readSuccesses(
  { lastSuccesses }: SettleNeeds,
  district: string,
  { open, people }: SeenIncidents,
): Promise<ReadonlyMap<string, number>> {
  const waiting = open.flatMap(({ key }) => (people.get(key) ?? []).filter(isWaiting).map(({ who }) => who));
  const hashes = [...new Set(waiting)];
  const successes = await lastSuccesses.readByHash(district, hashes);
  return new Map(successes.flatMap((at, index) => (at === undefined ? [] : [[hashes[index] ?? '', at] as const])));
}

/** The same list where nothing changed. */
async function lookAgain(
  needs: SettleNeeds,
  incident: Incident,
  before: readonly IncidentPerson[],
  { version, successAt }: { readonly version: string; readonly successAt: ReadonlyMap<string, number> },
): Promise<readonly IncidentPerson[]> {
  const { asked } = needs;
  const waiting = before.filter(isWaiting);
  const gotIn = new Set(waiting.filter(({ at, who }) => (successAt.get(who) ?? 0) > at).map(({ who }) => who));
  const still = waiting.filter(({ who }) => !gotIn.has(who));
  // A release of a link changes no roster; else the answer is the same until a publish or another attempt.
  const question = incident.cause.code === 'identity_changed' ? undefined : `${version} ${incident.attempts}`;
  const isAsked = question !== undefined && asked.get(incident.id) === question;
  const mended = isAsked ? undefined : await askRoster(needs, still);
  if (asked.size >= mostAsked) asked.clear();
  if (question !== undefined) asked.set(incident.id, question);
  const now = before.map((person): IncidentPerson => {
    if (gotIn.has(person.who)) return { ...person, state: 'resolved' };
    if (person.state === 'resolved' || mended === undefined) return person;
    const state = mended.has(person.who) ? 'mended' : 'open';
    return state === person.state ? person : { ...person, state };
  });
  return now.some((person, index) => person !== before[index]) ? now : before;
}

/** Who would get in now, of those who did not. */
async function askRoster(
  { attempts, judge }: SettleNeeds,
  still: readonly IncidentPerson[],
): Promise<ReadonlySet<string>> {
  const found = await attempts.findMany(still);
  const known = found.flatMap((attempt) => (attempt === undefined ? [] : [attempt]));
  const states = await judge(known);
  return new Set(still.filter(({ reference }) => states.get(reference)?.wouldMatchNow === true).map(({ who }) => who));
}

const versionOf = ({ serial, linkEpoch, feeds, methods = [] }: PublishedRoster): string =>
  [serial, linkEpoch, ...methods, ...Object.values(feeds).map((feed) => feed.active?.id ?? '')].join(' ');
