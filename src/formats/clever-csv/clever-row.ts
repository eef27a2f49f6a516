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
  const ids = readIds(row, ['schoolId']);
  if (isFlaw(ids)) return [ids];
  const [schoolId = ''] = ids;
  return [{ kind: 'school', schoolId, name: cell(row, 'schoolName'), place: row.place }];
}

function readAccount(row: Row, record: RecordType, role: Role): readonly FeedItem[] {
  const ids = readIds(row, ['sisId'], ['schoolId']);
  if (isFlaw(ids)) return ids.code === 'row_without_id' ? [ids] : leavePersonOut(ids, readPerson(row, record));
  const [sisId = '', schoolId] = ids;
  const givenName = cell(row, 'givenName');
  const familyName = cell(row, 'familyName');
  if (givenName === undefined && familyName === undefined) return [leftOut(row, 'row_without_name')];
  const { email, warnings } = readEmailCell(raw(row, 'email'));
  const grade = cell(row, 'grade');
  const account: AccountRow = {
    kind: 'account',
    record,
    sisId,
    role,
    givenName: givenName ?? '',
    familyName: familyName ?? '',
    email,
    cleverId: undefined,
    schoolId,
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

const otherIdsOfClass: readonly Field[] = ['schoolId', ...teacherFields];

function readClass(row: Row): readonly FeedItem[] {
  const ids = readIds(row, ['classId'], otherIdsOfClass);
  if (isFlaw(ids)) return [ids];
  const [classId = '', schoolId, ...teachers] = ids;
  const teacherIds = teachers.filter((id) => id !== undefined);
  return [{ kind: 'class', classId, name: cell(row, 'className'), schoolId, teacherIds, place: row.place }];
}

function readEnrollment(row: Row): readonly FeedItem[] {
  const ids = readIds(row, ['classId', 'studentId']);
  if (isFlaw(ids)) return [ids];
  const [classId = '', studentId = ''] = ids;
  return [{ kind: 'enrollment', classId, studentId, place: row.place }];
}

type Ids = readonly (string | undefined)[];

/** In the order of the fields. The row is left out if a needed id is missing, or a program changed one of them. */
function readIds(row: Row, needed: readonly Field[], others: readonly Field[] = []): Ids | LeftOut {
  const ids: (string | undefined)[] = [];
  for (const fields of [needed, others])
    for (const field of fields) {
      const read = readId(raw(row, field));
      if (read.kind === 'changed') return leftOut(row, read.code, field);
      if (read.id === undefined && fields === needed) return leftOut(row, 'row_without_id', field);
      ids.push(read.id);
    }
  return ids;
}

const isFlaw = (ids: Ids | LeftOut): ids is LeftOut => 'code' in ids;

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
