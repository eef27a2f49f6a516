// What a district's sections refer to by Clever id, kept until they are processed: courses and terms, with limits on
// number and text length; users, and the students of each class. Compact and outside of the heap: a user costs about 70
// bytes, a class 40 and an enrollment 4, and twice that while a list grows.
import { readCell } from '../formats/clean-cell.ts';
import type { ClassFacts, Course, EnrollmentRow, Place, RecordType, Term } from '../formats/feed.ts';
import { createNumberList, createTextIndex, createTextList } from '../formats/text-list.ts';
import type { CleverCourse, CleverSection, CleverTerm } from './ports.ts';

export interface CourseCatalog {
  addCourse(course: CleverCourse): void;
  addTerm(term: CleverTerm): void;
  /** The facts of a section, with its course and its term. An unknown course is represented by its id alone. */
  factsOf(section: CleverSection): ClassFacts;
}

/** More than any district has; further ones are represented by their id alone. */
export const maxEntries = 200_000;
const maxTextLength = 256;

export function createCourseCatalog(): CourseCatalog {
  const courses = createCatalog<Course>();
  const terms = createCatalog<Term>();
  return {
    addCourse: ({ id, name, number }) => courses.add(id, { id, title: readText(name), code: readText(number) }),
    addTerm: ({ id, name, start, end }) => terms.add(id, { id, title: readText(name), start, end }),
    factsOf({ course, term, subject, period, grade }) {
      const read = readText(grade);
      return {
        course:
          course === undefined
            ? undefined
            : (courses.find(course) ?? { id: course, title: undefined, code: undefined }),
        subject: readText(subject),
        period: readText(period),
        terms:
          term === undefined
            ? []
            : [terms.find(term) ?? { id: term, title: undefined, start: undefined, end: undefined }],
        grades: read === undefined ? [] : [read],
      };
    },
  };
}

const readText = (text: string | undefined): string | undefined => readCell((text ?? '').slice(0, maxTextLength));

function createCatalog<Entry extends object>() {
  const ids = createTextList();
  const positions = createTextIndex(ids);
  const entries = createTextList();
  return {
    add(id: string, entry: Entry): void {
      if (ids.size() >= maxEntries || positions.find(id) !== undefined) return;
      positions.add(id);
      entries.push(JSON.stringify(entry));
    },
    find(id: string): Entry | undefined {
      const position = positions.find(id);
      return position === undefined ? undefined : JSON.parse(entries.at(position));
    },
  };
}

interface Member {
  readonly record: RecordType;
  readonly sisId: string;
}

export interface Memberships {
  add(cleverId: string, member: Member): void;
  find(cleverId: string): Member | undefined;
  /** Stores the students of a class; returns how many of them are unknown. */
  enroll(classId: string, cleverIds: readonly string[], place: Place): number;
  /** All stored enrollments, in the order of the classes. */
  enrollments(): Generator<EnrollmentRow>;
}

export function createMemberships(): Memberships {
  const cleverIds = createTextList();
  const positions = createTextIndex(cleverIds);
  const sisIds = createTextList();
  const records: RecordType[] = [];
  const classIds = createTextList();
  const places: Place[] = [];
  /** The end of each class in the list of all students. */
  const ends = createNumberList();
  const students = createNumberList();

  const memberAt = (position: number): Member | undefined => {
    const record = records[position];
    return record === undefined ? undefined : { record, sisId: sisIds.at(position) };
  };

  return {
    add(cleverId, { record, sisId }) {
      if (positions.find(cleverId) !== undefined) return;
      positions.add(cleverId);
      sisIds.push(sisId);
      records.push(record);
    },
    find: (cleverId) => memberAt(positions.find(cleverId) ?? -1),
    enroll(classId, ids, place) {
      const known = ids.map(positions.find).filter((at) => at !== undefined && records[at] === 'student');
      if (known.length > 0) {
        for (const position of known) students.push(Number(position));
        classIds.push(classId);
        places.push(place);
        ends.push(students.size());
      }
      return ids.length - known.length;
    },
    *enrollments() {
      for (const [at, place] of places.entries()) {
        const classId = classIds.at(at);
        for (let from = ends.at(at - 1); from < ends.at(at); from += 1)
          yield { kind: 'enrollment', classId, studentId: sisIds.at(students.at(from)), place };
      }
    },
  };
}
