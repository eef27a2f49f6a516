// A row of users.csv with its roles becomes an account at each of its schools.
import type { EmailCell } from '../clean-cell.ts';
import type { AccountRow, FeedItem, Position, RecordType } from '../feed.ts';
import type { RosterSettings } from '../format.ts';
import { readGrade } from '../known-words.ts';
import type { Orgs } from './oneroster-orgs.ts';
import { type RoleAt, roleOf } from './oneroster-roles.ts';
import { leaveOut, type OneRosterRow, warnAt } from './oneroster-table.ts';

/** A user who gets an account. */
export interface AccountHolder {
  readonly record: RecordType;
  readonly sisId: string;
  /** At least one; each gets an account. */
  readonly roles: readonly RoleAt[];
  readonly email: EmailCell;
}

/** An account for each of the user's schools, or one without a school; left out if the row has no name. */
export function readAccounts(
  row: OneRosterRow,
  holder: AccountHolder,
  orgs: Orgs,
  settings: RosterSettings,
): readonly FeedItem[] {
  const blank = ['givenName', 'familyName'].filter((column) => row.text(column) === undefined);
  if (blank.length === 2) return [leaveOut(row, 'row_without_name', 'givenName')];
  const account = toAccountRow(row, holder, positionOf(holder, orgs, settings));
  const schools = schoolsOf(holder.roles, orgs);
  return [
    ...blank.map((column) => warnAt(row, 'row_without_name', column)),
    ...holder.email.warnings.map((code) => warnAt(row, code, settings.oneRosterEmail)),
    ...(schools.length === 0 ? [account] : schools.map((schoolId) => ({ ...account, schoolId }))),
  ];
}

function toAccountRow(row: OneRosterRow, holder: AccountHolder, position: Position | undefined): AccountRow {
  const { record, sisId, roles, email } = holder;
  return {
    kind: 'account',
    record,
    sisId,
    role: record === 'student' ? 'student' : highestOf(roles),
    position,
    givenName: row.text('givenName') ?? '',
    familyName: row.text('familyName') ?? '',
    email: email.email,
    cleverId: undefined,
    schoolId: undefined,
    grade: row.list('grades').map(readGrade).join(', ') || undefined,
    furtherIds: furtherIdsOf(row, sisId),
    place: row.place,
  };
}

function schoolsOf(roles: readonly RoleAt[], orgs: Orgs): readonly string[] {
  const named = roles.flatMap(({ org }) => (org !== undefined && orgs.typeOf(org) === 'school' ? [org] : []));
  return named.length < 2 ? named : [...new Set(named)];
}

/** Of an administrator; other roles have none here. */
function positionOf(
  { record, roles }: AccountHolder,
  orgs: Orgs,
  { districtAdmins }: RosterSettings,
): Position | undefined {
  if (record === 'student' || highestOf(roles) !== 'administrator') return undefined;
  const isOfDistrict = roles.some(
    ({ role, org }) =>
      role === 'districtadministrator' ||
      (role === 'administrator' && org !== undefined && orgs.typeOf(org) === 'district'),
  );
  return isOfDistrict && districtAdmins === 'allow' ? 'district_admin' : 'school_admin';
}

const highestOf = (roles: readonly RoleAt[]): AccountRow['role'] => {
  const found = roles.map(({ role }) => roleOf(role));
  return found.includes('administrator') ? 'administrator' : found.includes('teacher') ? 'teacher' : 'staff';
};

const maxFurtherIds = 4;
const maxIdLength = 128;

/** The other one of sourcedId and identifier, and those of userIds, `{SIS:70010},{LDAP:amoss}`. */
function furtherIdsOf(row: OneRosterRow, sisId: string): readonly string[] | undefined {
  const ids: string[] = [];
  const add = (id: string | undefined): void => {
    if (id && id !== sisId && id.length <= maxIdLength && ids.length < maxFurtherIds && !ids.includes(id)) ids.push(id);
  };
  add(row.text('sourcedId'));
  add(row.text('identifier'));
  for (const entry of row.list('userIds')) add(/^\{?(?:[^:{}]*:)?([^{}]*)\}?$/.exec(entry)?.[1]?.trim());
  return ids.length === 0 ? undefined : ids;
}
