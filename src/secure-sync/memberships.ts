// Users by Clever id, and the students of each class, kept until the classes are processed. Compact and outside of the
// heap: a user costs about 70 bytes, a class 40 and an enrollment 4, and twice that while a list grows.
import type { EnrollmentRow, Place, RecordType } from '../formats/feed.ts';
import { createNumberList, createTextIndex, createTextList } from '../formats/text-list.ts';

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
