// Classes of a full set, with their courses and terms; teachers and students are those of the enrollments.
import type { BatchedFeed, ClassRow, Course, FeedItem, Term } from '../feed.ts';
import type { RosterFiles } from '../roster-files.ts';
import { createTextList } from '../text-list.ts';
import { createIdTable } from './id-table.ts';
import {
  createKnownClasses,
  createTeachersOfClasses,
  type KnownClasses,
  readEnrollment,
  type TeachersOfClasses,
} from './oneroster-enrollments.ts';
import { oneRosterTables } from './oneroster-files.ts';
import type { Orgs } from './oneroster-orgs.ts';
import { isGone, type OneRosterRow, readIdOf, readRows, warnAt } from './oneroster-table.ts';
import type { Users } from './oneroster-users.ts';

export interface ClassesNeeds {
  readonly orgs: Orgs;
  readonly users: Users;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface CourseFacts {
  readonly course: Course;
  readonly subjects: readonly string[];
  readonly grades: readonly string[];
}

/** Courses and terms, then classes, then enrollments. */
export async function* readClasses(files: RosterFiles, { orgs, users, now }: ClassesNeeds): BatchedFeed {
  const courses = createFactTable<CourseFacts>();
  const terms = createFactTable<Term>();
  const classes = createKnownClasses();
  const teachers = createTeachersOfClasses(classes, users, now);
  yield* readFacts(files, 'courses', (row) => courses.add(row.text('sourcedId'), courseOf(row)));
  yield* readFacts(files, 'academicSessions', (row) => terms.add(row.text('sourcedId'), termOf(row)));
  await teachers.read(files);
  const readRow = createReadClass({ orgs, courses, terms, classes, teachers });
  yield* readRows(files, oneRosterTables.classes, readRow);
  yield* readRows(files, oneRosterTables.enrollments, (row) => readEnrollment(row, classes, users, now));
}

interface ClassNeeds {
  readonly orgs: Orgs;
  readonly courses: FactTable<CourseFacts>;
  readonly terms: FactTable<Term>;
  readonly classes: KnownClasses;
  readonly teachers: TeachersOfClasses;
}

/** A row of classes.csv, with a warning for each course, school and term that the set lacks. */
const createReadClass =
  ({ orgs, courses, terms, classes, teachers }: ClassNeeds) =>
  (row: OneRosterRow): readonly FeedItem[] => {
    const read = readIdOf(row, 'sourcedId');
    if (read.kind === 'finding') return [read];
    const position = classes.enter(read.id);
    classes.set(position, isGone(row) ? 'gone' : 'known');
    if (isGone(row)) return [];
    const [courseId, schoolId] = [row.text('courseSourcedId'), row.text('schoolSourcedId')];
    const course = courseId === undefined ? undefined : courses.find(courseId);
    const namedTerms = row.list('termSourcedIds');
    const found = namedTerms.map(terms.find).filter((term) => term !== undefined);
    return [
      ...(courseId !== undefined && course === undefined ? [warnAt(row, 'unknown_course', 'courseSourcedId')] : []),
      ...(schoolId !== undefined && orgs.typeOf(schoolId) === undefined
        ? [warnAt(row, 'unknown_school', 'schoolSourcedId')]
        : []),
      ...(terms.size() > 0 && found.length < namedTerms.length ? [warnAt(row, 'unknown_term', 'termSourcedIds')] : []),
      toClassRow(row, { classId: read.id, course, terms: found, teacherIds: teachers.of(position) }),
    ];
  };

interface ClassFacts extends Pick<ClassRow, 'classId' | 'terms' | 'teacherIds'> {
  readonly course: CourseFacts | undefined;
}

/** Subjects and grades of the course, where the class has none of its own. */
function toClassRow(row: OneRosterRow, { classId, course, terms, teacherIds }: ClassFacts): ClassRow {
  const own = (column: string, ofCourse: readonly string[] = []) => {
    const items = row.list(column);
    return items.length > 0 ? items : ofCourse;
  };
  return {
    kind: 'class',
    classId,
    name: row.text('title'),
    schoolId: row.text('schoolSourcedId'),
    teacherIds,
    course: course?.course,
    subject: own('subjects', course?.subjects).join(', ') || undefined,
    period: row.list('periods').join(', ') || undefined,
    terms,
    grades: own('grades', course?.grades),
    place: row.place,
  };
}

const readFacts = (
  files: RosterFiles,
  name: 'courses' | 'academicSessions',
  add: (row: OneRosterRow) => void,
): BatchedFeed =>
  readRows(files, oneRosterTables[name], (row) => {
    const read = readIdOf(row, 'sourcedId');
    if (read.kind === 'finding') return [read];
    if (!isGone(row)) add(row);
    return [];
  });

function courseOf(row: OneRosterRow): CourseFacts {
  const course = { id: row.text('sourcedId') ?? '', title: row.text('title'), code: row.text('courseCode') };
  return { course, subjects: row.list('subjects'), grades: row.list('grades') };
}

const termOf = (row: OneRosterRow): Term => ({
  id: row.text('sourcedId') ?? '',
  title: row.text('title'),
  start: row.text('startDate')?.slice(0, 10),
  end: row.text('endDate')?.slice(0, 10),
});

interface FactTable<Facts> {
  /** The first facts of an id are kept. */
  add(id: string | undefined, value: Facts): void;
  find(id: string): Facts | undefined;
  readonly size: () => number;
}

/** Kept as text outside of the heap. */
function createFactTable<Facts>(): FactTable<Facts> {
  const ids = createIdTable();
  const facts = createTextList();
  return {
    add(id, value) {
      if (id === undefined || ids.find(id) !== undefined) return;
      ids.enter(id);
      facts.push(JSON.stringify(value));
    },
    find(id) {
      const position = ids.find(id);
      return position === undefined ? undefined : JSON.parse(facts.at(position));
    },
    size: ids.size,
  };
}
