// Users of a district who cannot sign in, for the district itself: names, SIS ids, schools, both addresses and the side
// to change. All of it is the district's own data or what Clever sent about the user.
import type { District } from '../district/district.ts';
import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import type { Account } from '../roster/account.ts';
import type { ReadDistrictRoster } from '../roster/district-roster.ts';
import type { Attempt } from '../support/attempt.ts';
import { type RosterValue, rosterValues } from '../support/attempt-detail.ts';
import type { AttemptLog } from '../support/attempt-log.ts';
import type { JudgeAttempts } from '../support/attempt-state.ts';
import { readOpenMismatches } from '../support/district-day.ts';
import { describePlace, describeWhatToDo } from '../support/district-message.ts';

export type Side = 'roster' | 'clever' | 'either' | 'summit';

export interface DistrictMismatch {
  readonly attempt: Attempt;
  /** From the roster if it has the user, else from Clever. */
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly sisIds: readonly string[];
  readonly schoolIds: readonly string[];
  readonly roster: readonly RosterValue[];
  readonly side: Side;
  readonly whatToDo: string | undefined;
}

/** Limited to what a page shows. */
export interface FewMismatches {
  readonly list: readonly DistrictMismatch[];
  readonly hasMore: boolean;
}

interface DistrictMismatchesNeeds {
  readonly attempts: Pick<AttemptLog, 'search'>;
  readonly judge: JudgeAttempts;
  readonly readDistrictRoster: ReadDistrictRoster;
}

/**
 * Unresolved ones only, newest first.
 * @param schoolIds of a school administrator: excludes users of other schools, and users missing from every roster
 */
export type ReadDistrictMismatches = (
  district: District,
  schoolIds: readonly string[] | undefined,
) => AsyncGenerator<DistrictMismatch>;

const batchSize = 50;

export const createReadDistrictMismatches = ({
  attempts,
  judge,
  readDistrictRoster,
}: DistrictMismatchesNeeds): ReadDistrictMismatches =>
  async function* read(district, schoolIds) {
    const describe = createDescribeMismatches({ readDistrictRoster });
    let batch: Attempt[] = [];
    for await (const attempt of readOpenMismatches(attempts, judge, district.id)) {
      if (!isForDistrict(attempt)) continue;
      batch.push(attempt);
      if (batch.length < batchSize) continue;
      yield* await describe(district, schoolIds, batch);
      batch = [];
    }
    yield* await describe(district, schoolIds, batch);
  };

/** Excludes what the district cannot fix. */
const isForDistrict = ({ code }: Attempt): boolean => ['district', 'summit'].includes(outcomeCodes[code].owner);

export type DescribeMismatches = (
  district: District,
  schoolIds: readonly string[] | undefined,
  attempts: readonly Attempt[],
) => Promise<DistrictMismatch[]>;

export const createDescribeMismatches =
  ({ readDistrictRoster }: Pick<DistrictMismatchesNeeds, 'readDistrictRoster'>): DescribeMismatches =>
  async (district, schoolIds, attempts) => {
    if (attempts.length === 0) return [];
    const roster = await readDistrictRoster(district.id, 500);
    const ids = new Set(attempts.flatMap(({ about = [] }) => about.map(({ account }) => account)));
    const accounts = new Map((await roster.findMany([...ids])).map((account) => [account.accountId, account]));
    return attempts
      .map((attempt) => toMismatch(attempt, accounts, district))
      .filter((each) => schoolIds === undefined || each.schoolIds.some((id) => schoolIds.includes(id)));
  };

function toMismatch(attempt: Attempt, accounts: ReadonlyMap<string, Account>, district: District): DistrictMismatch {
  const { about = [], clever, code } = attempt;
  const found = about.flatMap(({ account }) => accounts.get(account) ?? []);
  // The account that was found may be another person's: then the names are Clever's.
  const isOne = found.length === 1 && code !== 'identity_changed' && code !== 'role_conflict';
  const roster = rosterValues(attempt, undefined);
  return {
    attempt,
    givenName: (isOne ? found[0]?.givenName : undefined) ?? clever?.given_name,
    familyName: (isOne ? found[0]?.familyName : undefined) ?? clever?.family_name,
    sisIds: about.map(({ sis_id }) => sis_id),
    schoolIds: [...new Set(found.flatMap((account) => account.schoolIds))],
    roster,
    side: sideToChange(attempt, roster),
    whatToDo: describeWhatToDo(attempt, district),
  };
}

/**
 * The side whose address has an unusual form (capitals, white space, look-alike letters); `either` if not exactly one
 * has.
 */
function sideToChange({ code, difference, clever }: Attempt, roster: readonly RosterValue[]): Side {
  if (outcomeCodes[code].owner === 'summit') return 'summit';
  if (
    code === 'email_missing' ||
    code === 'email_invalid' ||
    code === 'user_type_unsupported' ||
    code === 'app_not_shared'
  )
    return 'clever';
  if (code !== 'email_mismatch') return 'roster';
  const [ours, theirs] = [roster[0]?.email, clever?.email];
  if (ours === undefined) return 'roster';
  const isOdd = oddities[difference ?? ''];
  if (isOdd === undefined || theirs === undefined || isOdd(ours) === isOdd(theirs)) return 'either';
  return isOdd(theirs) ? 'clever' : 'roster';
}

const oddities: Readonly<Record<string, (address: string) => boolean>> = {
  case: (address) => address !== address.toLowerCase(),
  whitespace: (address) => /[\p{White_Space}\p{Cf}]/u.test(address),
  unicode: (address) => /[^!-~]/.test(address),
};

export const sideNames: Readonly<Record<Side, string>> = {
  roster: 'the roster',
  clever: 'Clever',
  either: 'whichever of the two is wrong',
  summit: 'Summit K12 acts: tell support the reference',
};

export const districtMismatchHeader = [
  'first_name',
  'last_name',
  'sis_ids',
  'school_ids',
  'type',
  'code',
  'difference',
  'email_in_clever',
  'email_in_roster',
  'place_in_roster',
  'side_to_change',
  'what_to_do',
  'time_utc',
  'reference',
  'clever_id',
] as const;

export function districtMismatchRow(mismatch: DistrictMismatch): readonly (string | undefined)[] {
  const { attempt, givenName, familyName, sisIds, schoolIds, roster, side, whatToDo } = mismatch;
  const { code, difference, clever, at, reference } = attempt;
  return [
    givenName,
    familyName,
    sisIds.join(' '),
    schoolIds.join(' '),
    clever?.user_type,
    code,
    difference,
    clever?.email,
    emailsOf(roster),
    placesOf(roster),
    sideNames[side],
    whatToDo,
    new Date(at).toISOString(),
    showReference(reference),
    clever?.clever_id,
  ];
}

export const emailsOf = (roster: readonly RosterValue[]): string =>
  [...new Set(roster.flatMap(({ email }) => email ?? []))].join(' ');

export const placesOf = (roster: readonly RosterValue[]): string =>
  [...new Set(roster.map(({ method, place }) => describePlace(method, place)))].join('; ');
