// One incident: what is wrong with the sign-ins of a district, since when, and how many users it affects. Owns the
// shape and how an attempt changes it; incident-store.ts stores it.
import * as z from 'zod';
import type { Method } from '../identity/candidate.ts';
import { storedObject, storedWord } from '../store/sealed.ts';
import type { Cause } from './cause.ts';

export interface Incident {
  /** 48 hex digits: the keyed hash of the district, then of the cause and the time of opening. */
  readonly id: string;
  readonly district: string;
  readonly cause: Cause;
  /** Keyed hash of the cause. */
  readonly key: string;
  /** First and newest attempt, milliseconds since the epoch. */
  readonly since: number;
  readonly last: number;
  readonly attempts: number;
  /** Affected users so far, each counted once. */
  readonly people: number;
  /** There were more users than are distinguished. */
  readonly isMore: boolean;
  /** Those of them who still cannot sign in. */
  readonly peopleOpen: number;
  /** Users of the district who signed in since, as counted by the servers. */
  readonly signedIn: number;
  /** The roster version and the number of attempts for which the roster was last consulted about its users. */
  readonly asked?: string | undefined;
  /** The newest publish of the district before the first attempt. */
  readonly publish?: PublishBefore | undefined;
  readonly closed?: { readonly at: number; readonly why: ClosedWhy } | undefined;
}

export interface PublishBefore {
  readonly method: Method;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * `got_in`: all of its users signed in; `mended`: the roster lets the others sign in; `quiet`: no attempt for a week.
 */
export type ClosedWhy = 'got_in' | 'mended' | 'quiet';

/** One user of an incident, with the newest attempt. */
export interface IncidentPerson {
  /** Keyed hash of the Clever id. */
  readonly who: string;
  readonly reference: string;
  readonly at: number;
  readonly tries: number;
  readonly state: 'open' | 'resolved' | 'mended';
}

/** Users distinguished in one incident; more are counted as "more than". */
export const mostPeople = 1_000;

const incidentShape = z.object({
  id: z.string(),
  district: z.string(),
  cause: storedObject<Cause>(),
  key: z.string(),
  since: z.number(),
  last: z.number(),
  attempts: z.number(),
  people: z.number(),
  isMore: z.boolean(),
  peopleOpen: z.number(),
  signedIn: z.number(),
  asked: z.string().optional(),
  publish: z.object({ method: storedWord<Method>(), at: z.number() }).optional(),
  closed: z.object({ at: z.number(), why: storedWord<ClosedWhy>() }).optional(),
});
export const incidentsShape: z.ZodType<readonly Incident[]> = z.array(incidentShape);
export const closedShape: z.ZodType<{ readonly incident: Incident; readonly people: readonly IncidentPerson[] }> =
  z.object({ incident: incidentShape, people: z.array(storedObject<IncidentPerson>()) });
export const peopleShape: z.ZodType<readonly IncidentPerson[]> = z.array(storedObject<IncidentPerson>());

/** One more try of a user. */
export function addAttempt(
  incident: Incident,
  people: readonly IncidentPerson[],
  { who, reference, at }: Pick<IncidentPerson, 'who' | 'reference' | 'at'>,
): { readonly incident: Incident; readonly people: readonly IncidentPerson[] } {
  const known = people.find((each) => each.who === who);
  const isOver = known === undefined && people.length >= mostPeople;
  const others = known === undefined ? people : people.filter((each) => each !== known);
  const tried: IncidentPerson = { who, reference, at, tries: (known?.tries ?? 0) + 1, state: 'open' };
  // The newest last.
  const next = isOver ? people : [...others, tried];
  return {
    people: next,
    incident: countPeople(
      {
        ...incident,
        last: Math.max(incident.last, at),
        attempts: incident.attempts + 1,
        isMore: incident.isMore || isOver,
      },
      next,
    ),
  };
}

export const countPeople = (incident: Incident, people: readonly IncidentPerson[]): Incident => ({
  ...incident,
  people: people.length,
  peopleOpen: people.filter(({ state }) => state === 'open').length,
});
