// Converts one row of a Clever-style file to the normal form, with its findings.

import { readId } from '../changed-id.ts';
import { readCell, readEmailCell } from '../clean-cell.ts';
import type { AccountRow, FeedItem, Finding, PersonWithoutId, Place, RecordType, Role, WarningCode } from '../feed.ts';
import { type LeftOut, leavePersonOut, leftOutAt, warningAt } from '../finding.ts';
import { readGrade, readStaffRole } from '../known-words.ts';
import { columnOf, type Header } from '../read-header.ts';
import { type CleverFile, type Field, teacherFields } from './clever-files.ts';

interface Row {
  readonly cells: readonly string[];
  readonly header: Header<Field>;
  readonly place: Place;
}

/** Findings first, then the row itself unless one of them excludes it. `cells` are as many as the header's. */
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
  const flaw = findFlawedId(row, ['schoolId'], ['schoolId']);
  if (flaw !== undefined) return [flaw];
  return [{ kind: 'school', schoolId: id(row, 'schoolId') ?? '', name: cell(row, 'schoolName'), place: row.place }];
}

function readAccount(row: Row, record: RecordType, role: Role): readonly FeedItem[] {
  const flaw = findFlawedId(row, ['sisId'], ['sisId', 'schoolId']);
  if (flaw?.code === 'row_without_id') return [flaw];
  if (flaw !== undefined) return leavePersonOut(flaw, readPerson(row, record));
  const givenName = cell(row, 'givenName');
  const familyName = cell(row, 'familyName');
  if (givenName === undefined && familyName === undefined) return [leftOut(row, 'row_without_name')];
  const { email, warnings } = readEmailCell(raw(row, 'email'));
  const grade = cell(row, 'grade');
  const account: AccountRow = {
    kind: 'account',
    record,
    sisId: id(row, 'sisId') ?? '',
    role,
    givenName: givenName ?? '',
    familyName: familyName ?? '',
    email,
    cleverId: undefined,
    schoolId: id(row, 'schoolId'),
    grade: grade === undefined ? undefined : readGrade(grade),
    place: row.place,
  };
  const nameless = (['givenName', 'familyName'] as const).filter((field) => account[field] === '');
  return [
    ...nameless.map((field) => warning(row, 'row_without_name', field)),
    ...warnings.map((code) => warning(row, code, 'email')),
    account,
  ];
}

/** The user of a row whose id cannot be read. */
export function readPerson(row: Row, record: RecordType): PersonWithoutId {
  return {
    kind: 'person_without_id',
    record,
    givenName: cell(row, 'givenName') ?? '',
    familyName: cell(row, 'familyName') ?? '',
    email: readEmailCell(raw(row, 'email')).email,
    cleverId: undefined,
    place: row.place,
  };
}

function readClass(row: Row): readonly FeedItem[] {
  const flaw = findFlawedId(row, ['classId'], ['classId', 'schoolId', ...teacherFields]);
  if (flaw !== undefined) return [flaw];
  const teacherIds = teacherFields.map((field) => id(row, field)).filter((each) => each !== undefined);
  const [name, schoolId] = [cell(row, 'className'), id(row, 'schoolId')];
  return [{ kind: 'class', classId: id(row, 'classId') ?? '', name, schoolId, teacherIds, place: row.place }];
}

function readEnrollment(row: Row): readonly FeedItem[] {
  const fields = ['classId', 'studentId'] as const;
  const flaw = findFlawedId(row, fields, fields);
  if (flaw !== undefined) return [flaw];
  const [classId = '', studentId = ''] = fields.map((field) => id(row, field));
  return [{ kind: 'enrollment', classId, studentId, place: row.place }];
}

/** Leaves the row out if an id is missing, or was changed by a program. */
function findFlawedId(row: Row, needed: readonly Field[], ids: readonly Field[]): LeftOut | undefined {
  for (const field of ids) {
    const read = readId(raw(row, field));
    if (read.kind === 'changed') return leftOut(row, read.code, field);
    if (read.id === undefined && needed.includes(field)) return leftOut(row, 'row_without_id', field);
  }
  return undefined;
}

function id(row: Row, field: Field): string | undefined {
  const read = readId(raw(row, field));
  return read.kind === 'id' ? read.id : undefined;
}

function raw({ cells, header }: Row, field: Field): string {
  const column = columnOf(header, field, cells);
  return column === undefined ? '' : (cells[column.index] ?? '');
}

function cell(row: Row, field: Field): string | undefined {
  return readCell(raw(row, field));
}

function placeOf(row: Row, field: Field | undefined): Place {
  const column = field === undefined ? undefined : columnOf(row.header, field, row.cells)?.text;
  return column === undefined ? row.place : { ...row.place, column };
}

const warning = (row: Row, code: WarningCode, field?: Field): Finding => warningAt(code, placeOf(row, field));
const leftOut = (row: Row, code: WarningCode, field?: Field): LeftOut => leftOutAt(code, placeOf(row, field));
