// Converts a Clever user to a roster row: one account per user, whatever their roles. Pure.

import { changedId } from '../formats/changed-id.ts';
import { readCell, readEmailCell } from '../formats/clean-cell.ts';
import type { AccountRow, FeedItem, Place, RecordType, Role } from '../formats/feed.ts';
import { leavePersonOut, leftOutAt, warningAt } from '../formats/finding.ts';
import { readStaffRole } from '../formats/known-words.ts';
import { highestRole } from '../roster/account.ts';
import type { CleverUser } from './ports.ts';

interface Record {
  readonly record: RecordType;
  readonly sisId: string;
  readonly school: string | undefined;
  readonly grade: string | undefined;
}

/**
 * The record a user's account is made from: the first of the student, teacher and staff roles that has a SIS id. A
 * district administrator without any is identified by their Clever id, prefixed by `clever:`, which no SIS id has:
 * Clever gives district administrators no SIS id.
 */
export function recordOf({ id, roles }: CleverUser): Record | undefined {
  const { student, teacher, staff, districtAdmin } = roles;
  const made = (record: RecordType, sisId: string | undefined, school: string | undefined, grade?: string) => {
    const read = readCell(sisId ?? '');
    return read === undefined ? undefined : { record, sisId: read, school, grade };
  };
  return (
    made('student', student?.sisId, student?.school, student?.grade) ??
    made('teacher', teacher?.sisId, teacher?.school) ??
    made('staff', staff?.staffId, staff?.school) ??
    made('staff', districtAdmin ? `clever:${id}` : undefined, undefined)
  );
}

/** Whether the user has a role other than contact. */
export const hasRole = ({ roles }: CleverUser): boolean => Object.keys(roles).length > 0;

/**
 * Administrator: Clever's district administrators, and staff with a duty (`roles`, `title`) that means so in a staff
 * file. Clever's own values, such as PortalOnly and SchoolTechLead, are permissions in Clever's portal and make no
 * administrators here.
 */
function roleOf({ roles }: CleverUser): Role {
  if (roles.student) return 'student';
  return highestRole([
    ...(roles.districtAdmin ? ['administrator' as const] : []),
    ...(roles.teacher ? ['teacher' as const] : []),
    ...(roles.staff?.duties ?? []).map(readStaffRole),
    'staff',
  ]);
}

/** The place of a finding about a Clever record, with the record. */
export const placeOf = (place: Place, cleverId: string): Place => ({ ...place, cleverIds: [cleverId] });

/** The items of a user: findings first, then the row unless one of them excludes it. */
export function toAccountItems(
  user: CleverUser,
  schoolIdOf: (cleverSchool: string) => string | undefined,
  place: Place,
): readonly FeedItem[] {
  const found = recordOf(user);
  if (found === undefined) return [leftOutAt('row_without_id', placeOf(place, user.id))];
  const [givenName = '', familyName = ''] = [readCell(user.givenName ?? ''), readCell(user.familyName ?? '')];
  if (givenName === '' && familyName === '') return [leftOutAt('row_without_name', placeOf(place, user.id))];
  const { email, warnings: cellWarnings } = readEmailCell(user.email ?? '');
  const changed = changedId(found.sisId);
  if (changed !== undefined)
    return leavePersonOut(leftOutAt(changed, placeOf(place, user.id)), {
      kind: 'person_without_id',
      record: found.record,
      givenName,
      familyName,
      email,
      cleverId: user.id,
      place,
    });
  const row: AccountRow = {
    kind: 'account',
    record: found.record,
    sisId: found.sisId,
    role: roleOf(user),
    givenName,
    familyName,
    email,
    cleverId: user.id,
    schoolId: found.school === undefined ? undefined : schoolIdOf(found.school),
    grade: found.grade,
    place,
  };
  const nameless = givenName === '' || familyName === '';
  const warnings = [...(nameless ? (['row_without_name'] as const) : []), ...cellWarnings];
  return [...warnings.map((code) => warningAt(code, placeOf(place, user.id))), row];
}
