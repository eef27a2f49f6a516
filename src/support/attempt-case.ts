// One failed sign-in with everything that staff may know about it now: both values side by side, where the roster's came
// from, what the roster says today, and whether it is over. Gathers; words and who must act are http/'s.
import type { Method } from '../identity/candidate.ts';
import { lookAlike } from '../identity/fold-email.ts';
import type { Identity } from '../identity/identity.ts';
import { readIdentity } from '../identity/read-identity.ts';
import type { District, Districts } from '../roster/district.ts';
import type { Place, RecordType } from '../roster/feed.ts';
import type { Standing, Standings } from '../roster/standing.ts';
import type { Attempt } from './attempt.ts';
import { type MarkedDifference, markDifference } from './mark-difference.ts';
import type { ResolveAttempts } from './resolve-attempts.ts';
import type { StaffFact, StaffFacts } from './staff-facts.ts';

export interface AttemptCase {
  readonly attempt: Attempt;
  readonly district: District | undefined;
  /** When the person got in, milliseconds since the epoch. */
  readonly resolvedAt: number | undefined;
  /** What the roster held when it happened, one for each source of each account that the refusal is about. */
  readonly roster: readonly RosterValue[];
  readonly facts: readonly StaffFact[];
}

export interface RosterValue {
  readonly account: string;
  readonly record: RecordType;
  readonly sisId: string;
  readonly method: Method;
  readonly email: string | undefined;
  readonly place: Place;
  /** When the roster that holds it was staged, as far as it is still known; milliseconds since the epoch. */
  readonly publishedAt: number | undefined;
  /** Against what Clever sent, where both are there. */
  readonly difference: MarkedDifference | undefined;
  /** The two look alike to a person, so both may be told to the district: it can only be the same address. */
  readonly looksAlike: boolean;
}

export interface CaseNeeds {
  readonly districts: Pick<Districts, 'find' | 'findByCleverId'>;
  readonly standings: Pick<Standings, 'read'>;
  readonly staffFacts: StaffFacts;
  readonly resolve: ResolveAttempts;
}

export type OpenCase = (attempt: Attempt) => Promise<AttemptCase>;

export function createOpenCase({ districts, standings, staffFacts, resolve }: CaseNeeds): OpenCase {
  return async (attempt) => {
    const district = await findDistrictOf(districts, attempt);
    const standing = district && (await standings.read(district.id, 0)).standing;
    const identity = identityOf(attempt);
    const resolvedAt = (await resolve([attempt])).get(attempt.reference);
    const facts: StaffFact[] = [];
    if (identity !== undefined) {
      if (district !== undefined && standing !== undefined)
        facts.push(...(await staffFacts.ofDistrict(district.id, standing, identity, attempt)));
      if (identity.email.kind === 'plain')
        facts.push(...(await staffFacts.ofOthers(district?.id, identity.email.address)));
    }
    return { attempt, district, resolvedAt, roster: rosterValues(attempt, standing), facts };
  };
}

/** An attempt of before its district was linked here names only Clever's. */
export async function findDistrictOf(
  districts: CaseNeeds['districts'],
  { district, clever }: Pick<Attempt, 'district' | 'clever'>,
): Promise<District | undefined> {
  if (district !== undefined) return districts.find(district);
  return clever?.district === undefined ? undefined : districts.findByCleverId(clever.district);
}

function identityOf({ clever }: Attempt): Identity | undefined {
  if (clever === undefined) return undefined;
  const read = readIdentity({ ...clever, sub: clever.clever_id });
  return read.kind === 'identity' ? read.identity : undefined;
}

/** @param standing tells when each was published; without it that is not told */
export function rosterValues({ at, code, clever, about = [] }: Attempt, standing: Standing | undefined): RosterValue[] {
  return about.flatMap(({ account, record, sis_id: sisId, sources }) =>
    sources.map(({ method, email, place }): RosterValue => {
      const feed = standing?.feeds[method];
      const before = [feed?.active, feed?.former].filter((each) => each !== undefined && each.at <= at);
      // Who left stood in the roster before the one that was active.
      const generation = before[code === 'account_inactive' ? 1 : 0];
      const both = clever?.email !== undefined && email !== undefined;
      const alike = both && lookAlike(clever.email ?? '', email) !== undefined;
      return {
        ...{ account, record, sisId, method, email, place },
        publishedAt: generation?.at,
        difference: both && clever.email !== email ? markDifference(clever.email ?? '', email) : undefined,
        looksAlike: alike,
      };
    }),
  );
}
