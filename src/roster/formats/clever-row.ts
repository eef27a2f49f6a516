// One row of a Clever-style file into the normal form, with what is to be told about it.
import type { AccountRow, FeedItem, Finding, Place, RecordType, Role, WarningCode } from '../feed.ts';
import { leftOutAt, warningAt } from '../finding.ts';
import { readCell, readEmailCell } from './clean-cell.ts';
import { type CleverFile, type Field, teacherFields } from './clever-files.ts';
import type { Header } from './read-header.ts';
import { readStaffRole } from './read-staff-role.ts';

interface Row {
  readonly cells: readonly string[];
  readonly header: Header;
  readonly place: Place;
}

/** Findings first, then the row itself unless one of them leaves it out. `cells` are as many as the header's. */
export function readCleverRow(holds: CleverFile['holds'], row: Row): readonly FeedItem[] {
  switch (holds) {
    case 'school':
      return readSchool(row);
    case 'student':
    case 'teacher':
      return readAccount(row, holds, holds);
    case 'staff':
      return readAccount(row, 'staff', readStaffRole(raw(row, 'role')));
    case 'administrator':
      return readAccount(row, 'staff', 'administrator');
    case 'class':
      return readClass(row);
    case 'enrollment':
      return readEnrollment(row);
  }
}

function readSchool(row: Row): readonly FeedItem[] {
  const schoolId = cell(row, 'schoolId');
  if (schoolId === undefined) return [leftOut(row, 'row_without_id', 'schoolId')];
  return [{ kind: 'school', schoolId, name: cell(row, 'schoolName'), place: row.place }];
}

function readAccount(row: Row, record: RecordType, role: Role): readonly FeedItem[] {
  const sisId = cell(row, 'sisId');
  if (sisId === undefined) return [leftOut(row, 'row_without_id', 'sisId')];
  const givenName = cell(row, 'givenName');
  const familyName = cell(row, 'familyName');
  if (givenName === undefined && familyName === undefined) return [leftOut(row, 'row_without_name')];
  const { email, told } = readEmailCell(raw(row, 'email'));
  const account: AccountRow = {
    kind: 'account',
    record,
    sisId,
    role,
    givenName: givenName ?? '',
    familyName: familyName ?? '',
    email,
    cleverId: undefined,
    schoolId: cell(row, 'schoolId'),
    grade: cell(row, 'grade'),
    place: row.place,
  };
  const nameless = (['givenName', 'familyName'] as const).filter((field) => account[field] === '');
  return [
    ...nameless.map((field) => warning(row, 'row_without_name', field)),
    ...told.map((code) => warning(row, code, 'email')),
    account,
  ];
}

function readClass(row: Row): readonly FeedItem[] {
  const classId = cell(row, 'classId');
  if (classId === undefined) return [leftOut(row, 'row_without_id', 'classId')];
  const teacherIds = teacherFields.map((field) => cell(row, field)).filter((id) => id !== undefined);
  const [name, schoolId] = [cell(row, 'className'), cell(row, 'schoolId')];
  return [{ kind: 'class', classId, name, schoolId, teacherIds, place: row.place }];
}

function readEnrollment(row: Row): readonly FeedItem[] {
  const [classId, studentId] = [cell(row, 'classId'), cell(row, 'studentId')];
  if (classId === undefined) return [leftOut(row, 'row_without_id', 'classId')];
  if (studentId === undefined) return [leftOut(row, 'row_without_id', 'studentId')];
  return [{ kind: 'enrollment', classId, studentId, place: row.place }];
}

function raw({ cells, header }: Row, field: Field): string {
  const column = header.get(field);
  return column === undefined ? '' : (cells[column.index] ?? '');
}

function cell(row: Row, field: Field): string | undefined {
  return readCell(raw(row, field));
}

function placeOf(row: Row, field: Field | undefined): Place {
  const column = field === undefined ? undefined : row.header.get(field)?.text;
  return column === undefined ? row.place : { ...row.place, column };
}

const warning = (row: Row, code: WarningCode, field?: Field): Finding => warningAt(code, placeOf(row, field));
const leftOut = (row: Row, code: WarningCode, field?: Field): Finding => leftOutAt(code, placeOf(row, field));
