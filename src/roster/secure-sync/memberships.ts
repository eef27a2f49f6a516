// Who is who by Clever id, and who sits in which class, kept until the classes are through. Compact: a person costs about
// 150 bytes and an enrollment 4, so a district of a million students with eight classes each takes some 180 MB.
import type { EnrollmentRow, Place, RecordType } from '../feed.ts';

export interface Member {
  readonly record: RecordType;
  readonly sisId: string;
}

export interface Memberships {
  add(cleverId: string, member: Member): void;
  find(cleverId: string): Member | undefined;
  /** Remembers the students of a class; answers how many of them nobody knows. */
  enroll(classId: string, cleverIds: readonly string[], place: Place): number;
  /** Everybody remembered, in the order of the classes. */
  enrollments(): Generator<EnrollmentRow>;
}

interface Enrolled {
  readonly classId: string;
  /** Positions in the list of members. */
  readonly students: Uint32Array;
  readonly place: Place;
}

export function createMemberships(): Memberships {
  const positions = new Map<string, number>();
  const members: Member[] = [];
  const classes: Enrolled[] = [];
  return {
    add(cleverId, { record, sisId }) {
      if (positions.has(cleverId)) return;
      positions.set(cleverId, members.length);
      members.push({ record, sisId });
    },
    find: (cleverId) => members[positions.get(cleverId) ?? -1],
    enroll(classId, cleverIds, place) {
      const students = cleverIds
        .map((id) => positions.get(id))
        .filter((position) => position !== undefined && members[position]?.record === 'student');
      classes.push({ classId, students: Uint32Array.from(students.map(Number)), place });
      return cleverIds.length - students.length;
    },
    *enrollments() {
      for (const { classId, students, place } of classes) {
        for (const position of students) {
          const studentId = members[position]?.sisId;
          if (studentId !== undefined) yield { kind: 'enrollment', classId, studentId, place };
        }
      }
    },
  };
}
