// Enrollments of a full set: who teaches a class and who is in it. The file is read twice, first for the teachers, so that
// only the teachers of each class are kept in memory.
import type { FeedItem } from '../feed.ts';
import type { RosterFiles } from '../roster-files.ts';
import { createNumberList } from '../text-list.ts';
import { createChains, createIdTable } from './id-table.ts';
import { isInForce, unreadDates } from './in-force.ts';
import { oneRosterTables } from './oneroster-files.ts';
import { isGone, leaveOut, type OneRosterRow, readIdOf, readTable } from './oneroster-table.ts';
import type { Users } from './oneroster-users.ts';

/** The classes that an enrollment or a row of classes.csv names; each has a position. */
export interface KnownClasses {
  enter(classId: string): number;
  set(position: number, state: 'known' | 'gone'): void;
  /** `unseen` until its row in classes.csv is read. */
  stateOf(classId: string): 'unseen' | 'known' | 'gone';
}

const states = ['unseen', 'known', 'gone'] as const;

export function createKnownClasses(): KnownClasses {
  const ids = createIdTable();
  const stateAt = createNumberList(8);
  return {
    enter: ids.enter,
    set: (position, state) => stateAt.set(position, states.indexOf(state)),
    stateOf: (classId) => states[stateAt.at(ids.find(classId) ?? -1)] ?? 'unseen',
  };
}

export interface TeachersOfClasses {
  /** Reads the teachers of all enrollments. */
  read(files: RosterFiles): Promise<void>;
  /** The primary one first, then in the order of the file. */
  of(position: number): readonly string[];
}

/** @param now milliseconds since the epoch */
export function createTeachersOfClasses(classes: KnownClasses, users: Users, now: number): TeachersOfClasses {
  const sisIds = createIdTable();
  /** By class: twice the position of the teacher, and one more for the primary one. */
  const teachers = createChains();

  function add(row: OneRosterRow): void {
    const [classId, user] = [row.text('classSourcedId'), row.text('userSourcedId')];
    if (classId === undefined || user === undefined || !hasRole(row, 'teacher')) return;
    if (isGone(row) || !isInForce(row, now)) return;
    const isPrimary = ['true', 'yes', 'y', '1'].includes((row.text('primary') ?? '').toLowerCase());
    const found = users.find(user);
    if (found === undefined || found === 'none' || found.record === 'student') return;
    teachers.add(classes.enter(classId), sisIds.enter(found.sisId) * 2 + (isPrimary ? 1 : 0));
  }

  return {
    async read(files) {
      for await (const items of readTable(files, oneRosterTables.enrollments))
        for (const item of items) if (item.kind === 'row') add(item);
    },
    of(position) {
      const packed = teachers.of(position).toReversed();
      const inOrder = [...packed.filter((each) => each % 2 === 1), ...packed.filter((each) => each % 2 === 0)];
      return [...new Set(inOrder.map((each) => sisIds.at(Math.floor(each / 2))))];
    },
  };
}

/** A student of a class; teachers only give findings. @param now milliseconds since the epoch */
export function readEnrollment(
  row: OneRosterRow,
  classes: KnownClasses,
  users: Users,
  now: number,
): readonly FeedItem[] {
  const [read, named] = [readIdOf(row, 'classSourcedId'), readIdOf(row, 'userSourcedId')];
  if (read.kind === 'finding') return [read];
  if (named.kind === 'finding') return [named];
  const classId = read.id;
  const user = users.find(named.id);
  if (user === undefined) {
    const record = hasRole(row, 'student') ? 'student' : 'teacher';
    return [{ ...leaveOut(row, 'unknown_person', 'userSourcedId'), unknown: { named: record, id: named.id } }];
  }
  const state = classes.stateOf(classId);
  if (state === 'unseen')
    return [{ ...leaveOut(row, 'unknown_class', 'classSourcedId'), unknown: { named: 'class', id: classId } }];
  const counts = state === 'known' && user !== 'none' && !isGone(row) && isInForce(row, now);
  if (!counts) return [];
  const isStudent = hasRole(row, 'student');
  const isOther = isStudent ? user.record !== 'student' : hasRole(row, 'teacher') && user.record === 'student';
  if (isOther) return [leaveOut(row, 'unknown_person', 'userSourcedId')];
  const dates = unreadDates(row);
  return isStudent ? [...dates, { kind: 'enrollment', classId, studentId: user.sisId, place: row.place }] : dates;
}

const hasRole = (row: OneRosterRow, role: string): boolean => row.text('role')?.toLowerCase() === role;
