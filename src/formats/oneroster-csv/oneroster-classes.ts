// Classes of a full set: their courses and terms, teachers and students. Enrollments are read twice, first for the
// teachers, so that only the teachers of each class are kept in memory.
import type { BatchedFeed, ClassRow, Course, FeedItem, Term } from '../feed.ts';
import type { RosterFiles } from '../roster-files.ts';
import { createNumberList, createTextList } from '../text-list.ts';
import { createChains, createIdTable } from './id-table.ts';
import { isInForce, unreadDates } from './in-force.ts';
import { oneRosterTables } from './oneroster-files.ts';
import type { Orgs } from './oneroster-orgs.ts';
import { isGone, leaveOut, type OneRosterRow, readIdOf, readRows, readTable, warnAt } from './oneroster-table.ts';
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

const [unseen, known, gone] = [0, 1, 2] as const;

/** Courses and terms, then classes, then enrollments. */
export async function* readClasses(files: RosterFiles, { orgs, users, now }: ClassesNeeds): BatchedFeed {
  // Long because it is one sequence: courses, classes and enrollments, each read with the result of the file before it.
  const courses = createFactTable<CourseFacts>();
  const terms = createFactTable<Term>();
  const classIds = createIdTable();
  const states = createNumberList();
  const teacherIds = createIdTable();
  const teachers = createChains();

  const enterClass = (id: string): number => {
    const position = classIds.enter(id);
    if (position === states.size()) states.push(unseen);
    return position;
  };

  function noteTeacher(row: OneRosterRow): void {
    const [id, user] = [row.text('classSourcedId'), row.text('userSourcedId')];
    if (id === undefined || user === undefined || !isWord(row, 'role', 'teacher')) return;
    if (isGone(row) || !isInForce(row, now)) return;
    const isPrimary = ['true', 'yes', 'y', '1'].includes((row.text('primary') ?? '').toLowerCase());
    const found = users.find(user);
    if (found === undefined || found === 'none' || found.record === 'student') return;
    teachers.add(enterClass(id), teacherIds.enter(found.sisId) * 2 + (isPrimary ? 1 : 0));
  }

  function readClass(row: OneRosterRow): readonly FeedItem[] {
    const read = readIdOf(row, 'sourcedId');
    if (read.kind === 'finding') return [read];
    const classId = read.id;
    const position = enterClass(classId);
    states.set(position, isGone(row) ? gone : known);
    if (isGone(row)) return [];
    const [courseId, schoolId] = [row.text('courseSourcedId'), row.text('schoolSourcedId')];
    const facts = courseId === undefined ? undefined : courses.find(courseId);
    const namedTerms = row.list('termSourcedIds');
    const found = namedTerms.map(terms.find).filter((term) => term !== undefined);
    const own = (column: string, ofCourse: readonly string[] = []) => {
      const items = row.list(column);
      return items.length > 0 ? items : ofCourse;
    };
    const line: ClassRow = {
      kind: 'class',
      classId,
      name: row.text('title'),
      schoolId,
      teacherIds: teachersOf(position),
      course: facts?.course,
      subject: own('subjects', facts?.subjects).join(', ') || undefined,
      period: row.list('periods').join(', ') || undefined,
      terms: found,
      grades: own('grades', facts?.grades),
      place: row.place,
    };
    return [
      ...(courseId !== undefined && facts === undefined ? [warnAt(row, 'unknown_course', 'courseSourcedId')] : []),
      ...(schoolId !== undefined && orgs.typeOf(schoolId) === undefined
        ? [warnAt(row, 'unknown_school', 'schoolSourcedId')]
        : []),
      ...(terms.size() > 0 && found.length < namedTerms.length ? [warnAt(row, 'unknown_term', 'termSourcedIds')] : []),
      line,
    ];
  }

  /** The primary one first, then in the order of the file. */
  function teachersOf(position: number): readonly string[] {
    const packed = teachers.of(position).toReversed();
    const inOrder = [...packed.filter((each) => each % 2 === 1), ...packed.filter((each) => each % 2 === 0)];
    return [...new Set(inOrder.map((each) => teacherIds.at(Math.floor(each / 2))))];
  }

  function readEnrollment(row: OneRosterRow): readonly FeedItem[] {
    const [read, named] = [readIdOf(row, 'classSourcedId'), readIdOf(row, 'userSourcedId')];
    if (read.kind === 'finding') return [read];
    if (named.kind === 'finding') return [named];
    const classId = read.id;
    const person = users.find(named.id);
    if (person === undefined) {
      const record = isWord(row, 'role', 'student') ? 'student' : 'teacher';
      return [{ ...leaveOut(row, 'unknown_person', 'userSourcedId'), unknown: { named: record, id: named.id } }];
    }
    const state = states.at(classIds.find(classId) ?? -1);
    if (state === unseen || state === undefined) {
      return [{ ...leaveOut(row, 'unknown_class', 'classSourcedId'), unknown: { named: 'class', id: classId } }];
    }
    const counts = state === known && person !== 'none' && !isGone(row) && isInForce(row, now);
    if (!counts) return [];
    const isStudent = isWord(row, 'role', 'student');
    const isOther = isStudent
      ? person.record !== 'student'
      : isWord(row, 'role', 'teacher') && person.record === 'student';
    if (isOther) return [leaveOut(row, 'unknown_person', 'userSourcedId')];
    const dates = unreadDates(row);
    return isStudent ? [...dates, { kind: 'enrollment', classId, studentId: person.sisId, place: row.place }] : dates;
  }

  yield* readFacts(files, 'courses', (row) => courses.add(row.text('sourcedId'), courseOf(row)));
  yield* readFacts(files, 'academicSessions', (row) => terms.add(row.text('sourcedId'), termOf(row)));
  for await (const items of readTable(files, oneRosterTables.enrollments))
    for (const item of items) if (item.kind === 'row') noteTeacher(item);
  yield* readRows(files, oneRosterTables.classes, readClass);
  yield* readRows(files, oneRosterTables.enrollments, readEnrollment);
}

const isWord = (row: OneRosterRow, column: string, word: string): boolean => row.text(column)?.toLowerCase() === word;

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

/** The facts of an id, kept as text outside of the heap. */
function createFactTable<Facts>() {
  const ids = createIdTable();
  const facts = createTextList();
  return {
    add(id: string | undefined, value: Facts): void {
      if (id === undefined || ids.find(id) !== undefined) return;
      ids.enter(id);
      facts.push(JSON.stringify(value));
    },
    find(id: string): Facts | undefined {
      const position = ids.find(id);
      return position === undefined ? undefined : JSON.parse(facts.at(position));
    },
    size: ids.size,
  };
}
