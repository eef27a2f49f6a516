// The state of each attempt by the current roster: open, resolved because the user signed in or no user can be expected
// to, or mended because the user could sign in now. Computed on reading; nothing is stored.
import type { District, Districts } from '../district/district.ts';
import { type Identity, readIdentity } from '../identity/identity.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { wouldMatch } from '../roster/decide-match.ts';
import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Attempt } from './attempt.ts';
import type { LastSuccesses } from './last-success.ts';

export const attemptStates = ['open', 'resolved', 'mended'] as const;
export type StateName = (typeof attemptStates)[number];

export interface AttemptState {
  readonly state: StateName;
  /** When the user signed in, milliseconds since the epoch; absent if the attempt closed without. */
  readonly resolvedAt?: number | undefined;
  readonly wouldMatchNow: boolean;
}

/** By reference. */
export type AttemptStates = ReadonlyMap<string, AttemptState>;
export type JudgeAttempts = (attempts: readonly Attempt[]) => Promise<AttemptStates>;

interface JudgeNeeds {
  readonly resolve: ResolveAttempts;
  readonly districts: Pick<Districts, 'find' | 'findByCleverId'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** A failure of Clever or Summit without an identified user: it cannot be resolved by a sign-in. */
const serviceClosesMs = 3_600_000;
/** Districts read concurrently, and users of one look-up. */
const concurrency = 10;
const peopleAtOnce = 50;
/** Maximum age of the rosters for one page. */
const maxAgeMs = 500;

/**
 * Per district among the attempts: one read for sign-ins, two for its roster, and one look-up per fifty users who are
 * still out.
 */
export function createJudgeAttempts(needs: JudgeNeeds): JudgeAttempts {
  const { resolve, clock } = needs;
  return async (attempts) => {
    const resolved = await resolve(attempts);
    const states = new Map<string, AttemptState>();
    const waiting: Attempt[] = [];
    for (const attempt of attempts) {
      const resolvedAt = resolved.get(attempt.reference);
      if (resolvedAt !== undefined || isClosed(attempt, clock()))
        states.set(attempt.reference, { state: 'resolved', resolvedAt, wouldMatchNow: false });
      else waiting.push(attempt);
    }
    const byDistrict = groupByDistrict(waiting);
    for (let from = 0; from < byDistrict.length; from += concurrency) {
      const some = byDistrict.slice(from, from + concurrency);
      for (const mended of await Promise.all(some.map((ofDistrict) => findMended(needs, ofDistrict))))
        for (const [{ reference }, isMended] of mended)
          states.set(reference, { state: isMended ? 'mended' : 'open', wouldMatchNow: isMended });
    }
    return states;
  };
}

function groupByDistrict(attempts: readonly Attempt[]): Attempt[][] {
  const groups = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const name = attempt.district ?? `at clever ${attempt.clever?.district ?? ''}`;
    const group = groups.get(name) ?? [];
    group.push(attempt);
    groups.set(name, group);
  }
  return [...groups.values()];
}

export const stateOf = ({ reference }: Attempt, states: AttemptStates): AttemptState =>
  states.get(reference) ?? { state: 'open', wouldMatchNow: false };

/**
 * Without an identified user a sign-in cannot be observed: cancelled, not shared; a failure of a service closes in an
 * hour.
 */
function isClosed({ clever, code, at }: Attempt, now: number): boolean {
  if (clever?.clever_id !== undefined) return false;
  const isOfPerson = outcomeCodes[code].owner === 'user' || code === 'app_not_shared';
  return isOfPerson || now - at > serviceClosesMs;
}

/**
 * Attempts of one district, each with whether its user could sign in now. A user who tried ten times is looked up once.
 */
async function findMended(
  { districts, readDistrictRoster }: JudgeNeeds,
  attempts: readonly Attempt[],
): Promise<(readonly [Attempt, boolean])[]> {
  const people = new Map<string, Identity>();
  for (const attempt of attempts) {
    const identity = identityOf(attempt);
    if (identity !== undefined) people.set(personOf(attempt), identity);
  }
  const [first] = attempts;
  const district = first && people.size > 0 ? await findDistrictOf(districts, first) : undefined;
  const mended = new Set<string>();
  if (district !== undefined) {
    const roster = await readDistrictRoster(district.id, maxAgeMs);
    const asked = [...people];
    for (let from = 0; from < asked.length; from += peopleAtOnce) {
      const some = asked.slice(from, from + peopleAtOnce);
      const matches = await wouldMatch(
        roster,
        some.map(([, identity]) => identity),
      );
      for (const [index, [who]] of some.entries()) if (matches[index] === true) mended.add(who);
    }
  }
  return attempts.map((attempt) => [attempt, mended.has(personOf(attempt))] as const);
}

const personOf = ({ clever }: Attempt): string => JSON.stringify(clever);

/** An attempt from before its district was linked has Clever's id of it only. */
export async function findDistrictOf(
  districts: JudgeNeeds['districts'],
  { district, clever }: Pick<Attempt, 'district' | 'clever'>,
): Promise<District | undefined> {
  if (district !== undefined) return districts.find(district);
  return clever?.district === undefined ? undefined : districts.findByCleverId(clever.district);
}

/** Undefined if Clever verified no user, or a type of user that has no account. */
export function identityOf({ clever }: Pick<Attempt, 'clever'>): Identity | undefined {
  if (clever === undefined) return undefined;
  const read = readIdentity({ ...clever, sub: clever.clever_id });
  return read.kind === 'identity' ? read.identity : undefined;
}

/** By reference: when the user signed in, milliseconds since the epoch. Unresolved attempts are not in it. */
type Resolutions = ReadonlyMap<string, number>;

interface ResolveNeeds {
  readonly lastSuccesses: Pick<LastSuccesses, 'read'>;
  /** An attempt from before its district was linked has Clever's id of it only. */
  readonly findByCleverId: (cleverId: string) => Promise<Pick<District, 'id'> | undefined>;
}

type ResolveAttempts = (attempts: readonly Attempt[]) => Promise<Resolutions>;

/**
 * Finds the attempts that are resolved, because their user signed in after them, from the last success that every
 * sign-in stores: one store read per district on the page, none at a sign-in.
 */
export function createResolveAttempts({ lastSuccesses, findByCleverId }: ResolveNeeds): ResolveAttempts {
  async function districtsOf(attempts: readonly Attempt[]): Promise<ReadonlyMap<string, string>> {
    const unlinked = attempts.flatMap(({ district, clever }) => (district ? [] : (clever?.district ?? [])));
    const found = await Promise.all(
      [...new Set(unlinked)].map(async (id) => [id, (await findByCleverId(id))?.id] as const),
    );
    return new Map(found.flatMap(([cleverId, id]) => (id === undefined ? [] : [[cleverId, id]])));
  }

  return async (attempts) => {
    const linkedSince = await districtsOf(attempts);
    const byDistrict = new Map<
      string,
      { readonly reference: string; readonly at: number; readonly cleverId: string }[]
    >();
    for (const { reference, at, district, clever } of attempts) {
      const here = district ?? linkedSince.get(clever?.district ?? '');
      if (here === undefined || clever?.clever_id === undefined) continue;
      const one = { reference, at, cleverId: clever.clever_id };
      const ofDistrict = byDistrict.get(here) ?? [];
      ofDistrict.push(one);
      byDistrict.set(here, ofDistrict);
    }
    const resolved = new Map<string, number>();
    for (const [district, open] of byDistrict) {
      const successes = await lastSuccesses.read(
        district,
        open.map(({ cleverId }) => cleverId),
      );
      for (const [index, { reference, at }] of open.entries()) {
        const success = successes[index];
        // The session's time is in whole seconds; the success's is not.
        if (success !== undefined && success.at > at) resolved.set(reference, success.at);
      }
    }
    return resolved;
  };
}
