// The possible sheets of a roster and the names of their columns, as data: Clever's names, those of the bridge's
// template, and a few others in use. Everything else is ignored.
import { type CleverFile, type Column, cleverFiles } from '../clever-csv/clever-files.ts';
import { normaliseWord } from '../read-header.ts';

export interface SheetKind {
  readonly holds: 'school' | 'student' | 'teacher' | 'staff' | 'administrator' | 'class';
  /** A sheet with one of these words in its name is of this kind if its columns allow it. */
  readonly words: readonly string[];
  readonly columns: readonly Column[];
}

const otherNames: Partial<Record<Column['field'], readonly string[]>> = {
  givenName: ['Given_name'],
  familyName: ['Family_name', 'Surname'],
  email: ['Email', 'E-mail', 'Email_address'],
  classId: ['Class_id'],
  className: ['Class_name'],
};

/** In the order of a feed. Classes contain their students: one row for each class and student. */
export const sheetKinds: readonly SheetKind[] = [
  { holds: 'school', words: ['school', 'schools'], columns: columnsOf('school') },
  { holds: 'student', words: ['student', 'students', 'pupils'], columns: columnsOf('student') },
  { holds: 'teacher', words: ['teacher', 'teachers'], columns: columnsOf('teacher') },
  { holds: 'staff', words: ['staff', 'employees'], columns: columnsOf('staff') },
  {
    holds: 'administrator',
    words: ['administrator', 'administrators', 'admin', 'admins', 'principals'],
    columns: withNames(columnsOf('staff'), {
      sisId: ['Administrator_id', 'Admin_id'],
      email: ['Administrator_email', 'Admin_email'],
    }),
  },
  {
    holds: 'class',
    words: ['class', 'classes', 'section', 'sections', 'enrollment', 'enrollments', 'rosters'],
    columns: [
      // Students of a class may come by another method and in another sheet, and teachers too.
      ...columnsOf('class').map((column) => (column.field === 'teacher1' ? { ...column, isRequired: false } : column)),
      { field: 'studentId', names: ['Student_id'], isRequired: false },
    ],
  },
];

/** If the columns decide: kinds that name their users come before those that only refer to them. */
export const kindsByColumns: readonly SheetKind[] = (
  ['student', 'teacher', 'administrator', 'staff', 'class', 'school'] as const
).flatMap((holds) => sheetKinds.filter((kind) => kind.holds === holds));

/** By the words of a sheet's name; `undefined` if they match no kind or several. */
export function findKindByName(name: string): SheetKind | undefined {
  const words = name.toLowerCase().split(/[^\p{L}]+/u);
  const kinds = sheetKinds.filter((kind) => kind.words.some((word) => words.includes(word)));
  return kinds.length === 1 ? kinds[0] : undefined;
}

/** Ids and other values that identify a user: a row in which one of these cannot be read is left out. */
export function isEssential(field: Column['field']): boolean {
  return field !== 'grade' && field !== 'className' && field !== 'schoolName';
}

export function isId(field: Column['field']): boolean {
  return /Id$|^teacher\d/.test(field);
}

/** The template's Administrators sheet may also list other staff. An empty Role means administrator. */
export function readAdministratorRole(text: string): 'staff' | 'administrator' {
  return ['staff', 'other_staff', 'other'].includes(normaliseWord(text)) ? 'staff' : 'administrator';
}

function columnsOf(holds: CleverFile['holds']): readonly Column[] {
  const columns = cleverFiles.find((file) => file.holds === holds)?.columns ?? [];
  return withNames(columns, otherNames);
}

function withNames(columns: readonly Column[], more: Partial<Record<Column['field'], readonly string[]>>) {
  return columns.map((column): Column => ({ ...column, names: [...column.names, ...(more[column.field] ?? [])] }));
}
