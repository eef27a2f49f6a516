// The CSV of a district's open mismatches, for its administrator: a row for each user who still cannot sign in, with
// that user's own data. It reveals no more of the roster than district-message.ts.

import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptDetail, RosterValue } from './attempt-detail.ts';
import { describePlace, describeWhatToDo, rosterNames } from './district-message.ts';

export const mismatchHeader = [
  'time_utc',
  'reference',
  'code',
  'difference',
  'who_must_act',
  'clever_id',
  'user_type',
  'clever_email',
  'roster_email',
  'roster_place',
  'what_differs',
  'what_to_do',
  'first_name_in_clever',
  'last_name_in_clever',
  'sis_id',
  'school_ids',
] as const;

interface MismatchRowFacts extends Pick<AttemptDetail, 'attempt' | 'roster' | 'district'> {
  /** Of the account that the attempt is about, in the current roster. */
  readonly schoolIds?: readonly string[];
}

export function mismatchRow({
  attempt,
  roster,
  district,
  schoolIds = [],
}: MismatchRowFacts): readonly (string | undefined)[] {
  const { at, reference, code, difference, clever } = attempt;
  const alike = roster.find(({ looksAlike, difference: marked }) => looksAlike && marked !== undefined);
  const place = alike ?? roster[0];
  const own = ownAccount(attempt, roster);
  return [
    new Date(at).toISOString(),
    showReference(reference),
    code,
    difference,
    outcomeCodes[code].owner,
    clever?.clever_id,
    clever?.user_type,
    clever?.email,
    alike?.email,
    place &&
      `${code === 'account_inactive' ? `${rosterNames(code)}: ` : ''}${describePlace(place.method, place.place)}`,
    alike?.difference?.said.join(' '),
    describeWhatToDo(attempt, district),
    clever?.given_name,
    clever?.family_name,
    own?.sisId,
    own && schoolIds.join(' '),
  ];
}

/** Of the one account whose address looks like the one that Clever sent: any other may be another person's. */
function ownAccount({ code, about = [] }: Attempt, roster: readonly RosterValue[]): RosterValue | undefined {
  const isOne = about.length === 1 && code !== 'role_conflict' && code !== 'identity_changed';
  return isOne ? roster.find(({ looksAlike }) => looksAlike) : undefined;
}
