// One incident: its cause, since when it lasts, and how many users it affects. Owns the shape, the cause of an attempt,
// and how an attempt changes an incident; incident-store.ts stores it.
import * as z from 'zod';
import type { Method } from '../identity/candidate.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import { storedObject, storedWord } from '../store/sealed.ts';
import type { AttemptFacts } from '../support/attempt.ts';

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
export const maxPeople = 1_000;

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
  const isOver = known === undefined && people.length >= maxPeople;
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

/**
 * Groups failed sign-ins of a district into one incident: the same code, difference, pair of domains, shared address,
 * or publish that removed the accounts.
 */
export interface Cause {
  readonly code: Code;
  readonly difference?: Difference;
  /** The domains that Clever sends and that the roster has; lower case. */
  readonly fromDomain?: string;
  readonly toDomain?: string;
  /** A keyed hash of the address that several accounts share. */
  readonly address?: string;
  /** The generation of the roster that no longer has the accounts. */
  readonly generation?: string;
  /** For a district with more causes than are distinguished: all others of this code. */
  readonly isRest?: true;
}

/**
 * The cause of an attempt; undefined if the district is unknown.
 * @param blind a keyed hash of an address
 * @param generation of the active roster, for accounts that left with it
 */
export function causeOf(
  { district, code, difference, clever, about = [] }: AttemptFacts,
  blind: (address: string) => string,
  generation: string | undefined,
): Cause | undefined {
  if (district === undefined) return undefined;
  if (code === 'ambiguous' && clever?.email !== undefined) return { code, address: blind(clever.email) };
  if (code === 'account_inactive' && generation !== undefined) return { code, generation };
  if (difference === undefined) return { code };
  if (difference !== 'domain') return { code, difference };
  const rostered = about.flatMap(({ sources }) => sources.flatMap(({ email }) => email ?? []));
  const [fromDomain, toDomain] = [
    domainOf(clever?.email),
    domainOf(rostered.find((email) => domainOf(email) !== domainOf(clever?.email))),
  ];
  return fromDomain === undefined || toDomain === undefined
    ? { code, difference }
    : { code, difference, fromDomain, toDomain };
}

const domainOf = (address: string | undefined): string | undefined =>
  address?.split('@')[1]?.trim().toLowerCase().slice(0, 253);
