// Converts a row of Summit's templates to the normal form: students by their id, employees by their address.

import { readCell, readEmailCell } from '../clean-cell.ts';
import type { Column } from '../clever-csv/clever-files.ts';
import { readCleverRow } from '../clever-csv/clever-row.ts';
import { type AccountRow, type FeedItem, type Place, type Position, toAddressKey, type WarningCode } from '../feed.ts';
import { leftOutAt, warningAt } from '../finding.ts';
import { columnOf, normaliseWord } from '../read-header.ts';
import type { KnownTable } from '../spreadsheet/spreadsheet-table.ts';

type Cells = readonly string[];
type Rights = Pick<AccountRow, 'record' | 'role'> & { readonly position: Position };

const roles: ReadonlyMap<string, Rights> = new Map(
  [
    ['District Admin', { record: 'staff', role: 'administrator', position: 'district_admin' }],
    ['District Administrator', { record: 'staff', role: 'administrator', position: 'district_admin' }],
    ['School Admin', { record: 'staff', role: 'administrator', position: 'school_admin' }],
    ['School Administrator', { record: 'staff', role: 'administrator', position: 'school_admin' }],
    ['Lead Teacher', { record: 'teacher', role: 'teacher', position: 'lead_teacher' }],
    ['Support Teacher', { record: 'teacher', role: 'teacher', position: 'support_teacher' }],
  ].map(([word, rights]) => [normaliseWord(word as string), rights as Rights]),
);

function createRow({ header }: KnownTable, cells: Cells, place: Place) {
  const at = (field: Column['field']): Place => {
    const column = columnOf(header, field, cells)?.text;
    return column === undefined ? place : { ...place, column };
  };
  return {
    at,
    raw: (field: Column['field']): string => cells[columnOf(header, field, cells)?.index ?? -1] ?? '',
    leftOut: (code: WarningCode, field: Column['field']): FeedItem => leftOutAt(code, at(field)),
  };
}

export function readStudentRow(
  schools: SchoolNames,
  known: KnownTable,
  cells: Cells,
  place: Place,
): readonly FeedItem[] {
  const row = createRow(known, cells, place);
  return readCleverRow('student', { cells, header: known.header, place }).flatMap((item) => {
    if (item.kind !== 'account') return [item];
    const { schoolId, items } = readSchool(schools, row.raw('schoolName'), row.at('schoolName'));
    return [...items, { ...item, schoolId }];
  });
}

export function readEmployeeRow(
  schools: SchoolNames,
  known: KnownTable,
  cells: Cells,
  place: Place,
): readonly FeedItem[] {
  const row = createRow(known, cells, place);
  const { email, warnings } = readEmailCell(row.raw('email'));
  if (email === undefined) return [row.leftOut('row_without_id', 'email')];
  const rights = roles.get(normaliseWord(row.raw('role')));
  if (rights === undefined) return [row.leftOut('summit_role_unknown', 'role')];
  const [givenName = '', familyName = ''] = [readCell(row.raw('givenName')), readCell(row.raw('familyName'))];
  if (givenName === '' && familyName === '') return [row.leftOut('row_without_name', 'familyName')];
  // A District Admin's school is the district.
  const school = rights.position === 'district_admin' ? '' : row.raw('schoolName');
  const { schoolId, items } = readSchool(schools, school, row.at('schoolName'));
  const names = { givenName, familyName };
  const nameless = (['givenName', 'familyName'] as const).filter((field) => names[field] === '');
  return [
    ...nameless.map((field) => warningAt('row_without_name', row.at(field))),
    ...warnings.map((code) => warningAt(code, row.at('email'))),
    ...items,
    {
      kind: 'account',
      sisId: toAddressKey(email),
      ...rights,
      ...names,
      email,
      schoolId,
      place,
      cleverId: undefined,
      grade: undefined,
    },
  ];
}

function readSchool(schools: SchoolNames, text: string, place: Place) {
  const name = readCell(text);
  return name === undefined ? { schoolId: undefined, items: [] } : schools.read(name, place);
}

/** No hand-made roster has more schools than this; further ones are not compared. */
const maxSpellings = 10_000;

/** Schools identified by name only: names that differ only in case and spacing are the same school. */
export function createSchoolNames() {
  const schools = new Map<string, string>();
  const spellings = new Set<string>();
  return {
    /** The school's first spelling, and the findings about this one. @param name trimmed */
    read(name: string, place: Place): { readonly schoolId: string; readonly items: readonly FeedItem[] } {
      const key = name.toLowerCase().replace(/\s+/g, ' ');
      const schoolId = schools.get(key) ?? name;
      if (spellings.has(name) || spellings.size >= maxSpellings) return { schoolId, items: [] };
      spellings.add(name);
      if (schools.has(key)) return { schoolId, items: [warningAt('school_spelled_differently', place)] };
      schools.set(key, name);
      return { schoolId, items: [{ kind: 'school', schoolId, name, place }] };
    },
  };
}

export type SchoolNames = ReturnType<typeof createSchoolNames>;
