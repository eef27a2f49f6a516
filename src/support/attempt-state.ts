// How each attempt stands by today's roster: open, resolved because the person got in or there is no person to wait for, or
// mended because the person would get in now. Worked out on reading; nothing is marked.
import type { District, Districts } from '../district/district.ts';
import type { Identity } from '../identity/identity.ts';
import { readIdentity } from '../identity/read-identity.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { wouldMatch } from '../roster/decide-match.ts';
import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Attempt } from './attempt.ts';
import type { ResolveAttempts } from './resolve-attempts.ts';

export const attemptStates = ['open', 'resolved', 'mended'] as const;
export type StateName = (typeof attemptStates)[number];

export interface AttemptState {
  readonly state: StateName;
  /** When the person got in, milliseconds since the epoch; absent where the attempt closed without. */
  readonly resolvedAt?: number | undefined;
  readonly wouldMatchNow: boolean;
}

/** By reference. */
export type AttemptStates = ReadonlyMap<string, AttemptState>;
export type JudgeAttempts = (attempts: readonly Attempt[]) => Promise<AttemptStates>;

export interface JudgeNeeds {
  readonly resolve: ResolveAttempts;
  readonly districts: Pick<Districts, 'find' | 'findByCleverId'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What went wrong at Clever or at Summit with nobody named: no person can come back for it. */
const serviceClosesMs = 3_600_000;
/** Districts asked at once, and people of one look-up. */
const concurrency = 10;
const peopleAtOnce = 50;
/** Rosters read for one page are this fresh. */
const maxAgeMs = 500;

/** For each district among the attempts one read for who got in and two for its roster, and one look-up for each fifty people still out. */
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

/** Nobody is named, so nobody can be seen to get in: cancelled, not shared; a fault of a service closes in an hour. */
function isClosed({ clever, code, at }: Attempt, now: number): boolean {
  if (clever?.clever_id !== undefined) return false;
  const isOfPerson = outcomeCodes[code].owner === 'user' || code === 'app_not_shared';
  return isOfPerson || now - at > serviceClosesMs;
}

/** Attempts of one district, each with whether its person would get in now. A person who tried ten times is looked up once. */
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

/** An attempt of before its district was linked here names only Clever's. */
export async function findDistrictOf(
  districts: JudgeNeeds['districts'],
  { district, clever }: Pick<Attempt, 'district' | 'clever'>,
): Promise<District | undefined> {
  if (district !== undefined) return districts.find(district);
  return clever?.district === undefined ? undefined : districts.findByCleverId(clever.district);
}

/** Undefined where Clever vouched for nobody, or for a kind of user that has no account. */
export function identityOf({ clever }: Pick<Attempt, 'clever'>): Identity | undefined {
  if (clever === undefined) return undefined;
  const read = readIdentity({ ...clever, sub: clever.clever_id });
  return read.kind === 'identity' ? read.identity : undefined;
}
