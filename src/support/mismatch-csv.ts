// The CSV of a district's open mismatches, for its administrator: a row for each user who still cannot sign in, with
// that user's own data. It reveals no more of the roster than district-message.ts.

import { outcomeCodes } from '../outcome/outcome-codes.ts';
import { showReference } from '../outcome/reference.ts';
import type { AttemptDetail } from './attempt-detail.ts';
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
] as const;

export function mismatchRow({
  attempt,
  roster,
  district,
}: Pick<AttemptDetail, 'attempt' | 'roster' | 'district'>): readonly (string | undefined)[] {
  const { at, reference, code, difference, clever } = attempt;
  const alike = roster.find(({ looksAlike, difference: marked }) => looksAlike && marked !== undefined);
  const place = alike ?? roster[0];
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
  ];
}
