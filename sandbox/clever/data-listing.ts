// The lists of the Data API as the stand-in keeps them: sorted by id, read by position, of any length. A list may be an
// array, or computed one record at a time (made-data-district.ts), so that a district of any size costs no memory.
import { cleverIdOf, type District, type Person } from './person.ts';
import { schoolIdOf } from './records.ts';

export interface Listing<Item> {
  readonly length: number;
  at(index: number): Item | undefined;
  /** Position of the first record behind this id, also if no record has it. */
  after(id: string): number;
  /** Position of the first record that is not before this id. */
  from(id: string): number;
}

export interface DataSchool {
  readonly id: string;
  readonly sisId: string;
  readonly name: string;
}

/** People by Clever id. */
export interface DataSection {
  readonly id: string;
  readonly sisId: string;
  readonly name: string;
  readonly school: string;
  readonly teachers: readonly string[];
  readonly students: readonly string[];
  /** By id. */
  readonly course: string;
  readonly term: string;
  readonly subject: string;
  readonly period: string;
  readonly grade: string;
}

export interface DataCourse {
  readonly id: string;
  readonly name: string;
  readonly number: string;
}

export interface DataTerm {
  readonly id: string;
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

export interface DataLists {
  readonly schools: Listing<DataSchool>;
  readonly courses: Listing<DataCourse>;
  readonly terms: Listing<DataTerm>;
  readonly sections: Listing<DataSection>;
  /** All users when no role is given. */
  users(role: string | undefined): Listing<Person>;
  /** As of now, whatever the lists say. */
  findUser(id: string): Person | undefined;
}

export const rolesOf = (person: Person): readonly string[] => person.roles ?? [person.userType];

export function listOf<Item extends { readonly id: string }>(items: readonly Item[]): Listing<Item> {
  const sorted = items.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const firstWhere = (holds: (item: Item) => boolean) => {
    const index = sorted.findIndex(holds);
    return index === -1 ? sorted.length : index;
  };
  return {
    length: sorted.length,
    at: (index) => sorted[index],
    after: (id) => firstWhere((item) => item.id > id),
    from: (id) => firstWhere((item) => item.id >= id),
  };
}

/** The lists of a district that is its people: one school, and for each teacher a class with an equal share of the students. */
export function listsOfPeople(district: District, people: readonly Person[], asOf: 'last-night' | 'now'): DataLists {
  const own = people.filter((person) => person.district === district.id && person.atClever !== 'unshared');
  const listed = asOf === 'now' ? own : own.flatMap(lastNightOf);
  const having = (role: string | undefined) =>
    listed.filter((one) => role === undefined || rolesOf(one).includes(role));
  const school = { id: schoolIdOf(district.id), sisId: 'SCHOOL-1', name: `${district.name}: School` };
  return {
    schools: listOf([school]),
    courses: listOf([{ id: courseIdOf(district), name: 'Homeroom', number: 'HR-100' }]),
    terms: listOf([{ id: termIdOf(district), name: '2026-2027', start: '2026-08-17', end: '2027-06-04' }]),
    sections: listOf(classesOf(district, having('teacher'), having('student'), school.id)),
    users: (role) => listOf(having(role)),
    findUser: (id) => own.find((person) => person.id === id),
  };
}

function lastNightOf(person: Person): Person[] {
  if (person.lastNight === undefined) return [person];
  return person.lastNight === 'absent' ? [] : [{ ...person, ...person.lastNight }];
}

const courseIdOf = ({ id }: District) => cleverIdOf(`course/${id}`);
const termIdOf = ({ id }: District) => cleverIdOf(`term/${id}`);

function classesOf(
  district: District,
  teachers: readonly Person[],
  students: readonly Person[],
  school: string,
): DataSection[] {
  return teachers.map((teacher, i) => ({
    id: `5ec0${teacher.id.slice(4)}`,
    sisId: `CLASS-${teacher.sisId}`,
    name: `Homeroom ${teacher.familyName}`,
    school,
    teachers: [teacher.id],
    students: students.filter((_, n) => n % teachers.length === i).map(({ id }) => id),
    course: courseIdOf(district),
    term: termIdOf(district),
    subject: 'homeroom/advisory',
    period: '1',
    grade: '',
  }));
}
