// Hand-made feeds: rows as a format would read them.
import type {
  AccountRow,
  ClassRow,
  EnrollmentRow,
  Feed,
  FeedItem,
  Finding,
  SchoolRow,
} from '../../src/formats/feed.ts';

const files = { student: 'students.csv', teacher: 'teachers.csv', staff: 'staff.csv' } as const;

export type Person = Partial<Omit<AccountRow, 'kind'>> & { readonly sisId: string };

const account = (record: AccountRow['record'], person: Person): AccountRow => ({
  kind: 'account',
  record,
  role: record,
  givenName: `Given${person.sisId}`,
  familyName: `Family${person.sisId}`,
  email: `${record}.${person.sisId}@juniper.example`,
  cleverId: undefined,
  schoolId: 'school-1',
  grade: undefined,
  place: { file: files[record], line: 2 },
  ...person,
});

export const student = (person: Person): AccountRow => account('student', person);
export const teacher = (person: Person): AccountRow => account('teacher', person);
export const staff = (person: Person): AccountRow => account('staff', person);

/** `count` students with ids s0, s1 … */
export const students = (count: number, change: (index: number) => Partial<Person> = () => ({})): AccountRow[] =>
  Array.from({ length: count }, (_, index) => student({ sisId: `s${index}`, ...change(index) }));

export const teachers = (count: number, change: (index: number) => Partial<Person> = () => ({})): AccountRow[] =>
  Array.from({ length: count }, (_, index) => teacher({ sisId: `t${index}`, ...change(index) }));

export const school = (schoolId: string): SchoolRow => ({
  kind: 'school',
  schoolId,
  name: `School ${schoolId}`,
  place: { file: 'schools.csv', line: 2 },
});

export const section = (classId: string, teacherIds: readonly string[]): ClassRow => ({
  kind: 'class',
  classId,
  name: `Class ${classId}`,
  schoolId: 'school-1',
  teacherIds,
  place: { file: 'sections.csv', line: 2 },
});

export const enrollment = (classId: string, studentId: string): EnrollmentRow => ({
  kind: 'enrollment',
  classId,
  studentId,
  place: { file: 'enrollments.csv', line: 2 },
});

export const leftOut = (file = 'students.csv'): Finding => ({
  kind: 'finding',
  severity: 'warning',
  code: 'row_malformed',
  place: { file, line: 3 },
  rowLeftOut: true,
});

export async function* feed(...items: readonly FeedItem[]): Feed {
  yield* items;
}
