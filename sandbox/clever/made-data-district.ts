// A district of any size at the Data API, every record computed from its number alone. Ids ascend with the numbers, as
// Clever's do with time, so a page is found without an index.
import type { DistrictShape } from '../district-maker.ts';
import { madeStaff, madeStudent, madeTeacher } from '../made-people.ts';
import type { DataCourse, DataLists, DataSchool, DataSection, DataTerm, Listing } from './data-listing.ts';
import { cleverIdOf, type District, type Person } from './person.ts';

export interface DataShape extends DistrictShape {
  /** 25 by default. */
  readonly studentsPerClass?: number;
  /** Every so-manieth student has another address than the shape says, as after a change. */
  readonly newAddressEvery?: number;
}

type Sort = 'school' | 'student' | 'employee' | 'section' | 'course' | 'term';
const sorts: Readonly<Record<Sort, string>> = {
  school: '0',
  student: '1',
  employee: '2',
  section: '3',
  course: '4',
  term: '5',
};

const districtIdOf = (shape: DataShape) => shape.cleverDistrict ?? cleverIdOf(`made-district/${shape.seed}`);

/** The district behind `startClever({ dataDistrict })`. */
export const districtOfShape = (shape: DataShape): District => ({
  id: districtIdOf(shape),
  slug: `made-${shape.seed}`,
  name: `Made District ${shape.seed}`,
  apps: ['secure-sync'],
});

export function listsOfShape(shape: DataShape): DataLists {
  const ids = createIds(shape);
  const student = (i: number): Person => studentOf(shape, ids, i);
  const students = numbered(shape.students, ids, 'student', 1, student);
  // Employees are numbered teacher, staff, teacher, staff …; a person who is both has the teacher's number.
  const teachers = numbered(shape.teachers, ids, 'employee', 2, (i) => teacherOf(shape, ids, i));
  const staff = numbered(shape.staff, ids, 'employee', 2, (i) => staffOf(shape, ids, i));
  const none = numbered(0, ids, 'employee', 1, student);
  const listing = (role: string | undefined) => {
    if (role === 'student') return students;
    if (role === 'teacher') return teachers;
    return role === 'staff' ? staff : none;
  };
  return {
    schools: numbered(schoolsOf(shape), ids, 'school', 1, (i) => schoolOf(shape, ids, i)),
    courses: numbered(courses.length * 12, ids, 'course', 1, (i) => courseOf(ids, i)),
    terms: numbered(2, ids, 'term', 1, (i) => termOf(ids, i)),
    sections: numbered(sectionsOf(shape), ids, 'section', 1, (i) => sectionOf(shape, ids, i)),
    users: listing,
    findUser: (id) => find(students, id) ?? find(teachers, id) ?? find(staff, id),
  };
}

function find(listing: Listing<Person>, id: string): Person | undefined {
  const person = listing.at(listing.from(id));
  return person?.id === id ? person : undefined;
}

type Ids = ReturnType<typeof createIds>;

/** 24 hex: eight of the district, one of the sort, fifteen of the number. */
function createIds(shape: DataShape) {
  const district = districtIdOf(shape).slice(0, 8);
  const prefix = (sort: Sort) => district + sorts[sort];
  return {
    of: (sort: Sort, number: number): string => prefix(sort) + number.toString(16).padStart(15, '0'),
    /** The number an id stands for; -1 before all, Infinity behind all. */
    numberOf(sort: Sort, id: string): number {
      if (id.startsWith(prefix(sort))) return Number.parseInt(id.slice(9), 16);
      return id < prefix(sort) ? -1 : Number.POSITIVE_INFINITY;
    },
  };
}

/** @param step how many numbers a record takes */
function numbered<Item>(length: number, ids: Ids, sort: Sort, step: number, make: (i: number) => Item): Listing<Item> {
  const within = (position: number) => Math.min(length, Math.max(0, position));
  return {
    length,
    at: (index) => (index >= 0 && index < length ? make(index) : undefined),
    after: (id) => within(Math.floor(ids.numberOf(sort, id) / step) + 1),
    from: (id) => within(Math.floor(ids.numberOf(sort, id) / step)),
  };
}

function studentOf(shape: DataShape, ids: Ids, i: number): Person {
  const { record: _, role: __, ...made } = madeStudent(shape, i);
  const id = ids.of('student', i);
  const isReaddressed = shape.newAddressEvery !== undefined && i % shape.newAddressEvery === 0;
  return {
    ...made,
    id,
    legacyId: id,
    district: districtIdOf(shape),
    email: isReaddressed ? `new.${made.email}` : made.email,
    school: ids.of('school', i % schoolsOf(shape)),
    grade: String(1 + (i % 12)),
  };
}

function teacherOf(shape: DataShape, ids: Ids, i: number): Person {
  const { record: _, role: __, ...made } = madeTeacher(shape, i);
  const staff = i < shape.staff ? madeStaff(shape, i) : undefined;
  return {
    ...made,
    id: ids.of('employee', 2 * i),
    district: districtIdOf(shape),
    school: ids.of('school', i % schoolsOf(shape)),
    ...(staff?.alsoTeacher ? { roles: ['teacher', 'staff'], staffId: staff.sisId } : {}),
  };
}

function staffOf(shape: DataShape, ids: Ids, i: number): Person {
  const { record: _, role, alsoTeacher, ...made } = madeStaff(shape, i);
  if (alsoTeacher) return teacherOf(shape, ids, i);
  return {
    ...made,
    id: ids.of('employee', 2 * i + 1),
    district: districtIdOf(shape),
    school: ids.of('school', i % schoolsOf(shape)),
    ...(role === 'administrator' ? { title: 'Principal' } : {}),
  };
}

const schoolOf = (_shape: DataShape, ids: Ids, i: number): DataSchool => ({
  id: ids.of('school', i),
  sisId: `02M${800 + i}`,
  name: `Made School ${i + 1}`,
});

const courses = [
  { name: 'English Language Arts', code: 'ELA', subject: 'english/language arts' },
  { name: 'Mathematics', code: 'MAT', subject: 'math' },
  { name: 'Science', code: 'SCI', subject: 'science' },
  { name: 'English as a New Language', code: 'ENL', subject: 'language' },
] as const;

/** Every subject in every grade. */
function courseOf(ids: Ids, i: number): DataCourse {
  const { name, code } = courses[i % courses.length] ?? courses[0];
  const grade = 1 + Math.floor(i / courses.length);
  return { id: ids.of('course', i), name: `${name} ${grade}`, number: `${code}-${String(grade).padStart(2, '0')}` };
}

const termOf = (ids: Ids, i: number): DataTerm =>
  i === 0
    ? { id: ids.of('term', i), name: 'Fall', start: '2026-08-17', end: '2026-12-18' }
    : { id: ids.of('term', i), name: 'Spring', start: '2027-01-04', end: '2027-06-04' };

/** The enrollments in one row, a class after the other: every student sits in `classesPerStudent` classes. */
function sectionOf(shape: DataShape, ids: Ids, i: number): DataSection {
  const size = shape.studentsPerClass ?? 25;
  const end = Math.min((i + 1) * size, shape.students * classesEach(shape));
  const students = Array.from({ length: end - i * size }, (_, n) => ids.of('student', (i * size + n) % shape.students));
  const teacher = (n: number) => ids.of('employee', 2 * ((i + n) % shape.teachers));
  return {
    id: ids.of('section', i),
    sisId: `SEC-${10_000 + i}`,
    name: `Class ${i + 1}`,
    school: ids.of('school', i % schoolsOf(shape)),
    teachers: shape.teachers === 0 ? [] : i % 4 === 3 ? [teacher(0), teacher(1)] : [teacher(0)],
    students,
    course: ids.of('course', i % (courses.length * 12)),
    term: ids.of('term', i % 2),
    subject: courses[i % courses.length]?.subject ?? '',
    period: String(1 + (i % 8)),
    grade: String(1 + (Math.floor((i % (courses.length * 12)) / courses.length) % 12)),
  };
}

const classesEach = (shape: DataShape) => shape.classesPerStudent ?? 9;
const schoolsOf = (shape: DataShape) => Math.max(2, Math.ceil(shape.students / 400));
const sectionsOf = (shape: DataShape) =>
  Math.ceil((shape.students * classesEach(shape)) / (shape.studentsPerClass ?? 25));
