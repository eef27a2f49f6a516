// Holds a publish that would lock a school out: contract section 7. Clever's own hold does not cover changes of sharing
// (Clever: data changes), and an empty file or a renamed domain may arrive at night.
import type { Kind } from '../identity/identity.ts';
import { type LockOuts, totalOf } from './lock-outs.ts';
import { type Changes, lockOutsOf, type MemberChanges, type Report, type RosterChanges } from './report.ts';

export type Hold = LockOutHold | WithoutEmailHold | FewerHold | EmptyClassesHold;

interface LockOutHold extends LockOuts {
  readonly code: 'too_many_removed_or_readdressed';
  readonly kind: Kind;
  /** Active accounts of this kind in the district. */
  readonly of: number;
}

interface WithoutEmailHold {
  readonly code: 'too_many_without_email';
  readonly kind: Kind;
  readonly count: number;
  /** Those that are new, or had an email before. */
  readonly new: number;
  /** Accounts of this kind in the roster. */
  readonly of: number;
}

interface FewerHold {
  readonly code: 'too_many_gone';
  readonly kind: 'class' | 'enrollment';
  /** How many fewer there are. */
  readonly gone: number;
  /** In the active roster. */
  readonly of: number;
}

interface EmptyClassesHold {
  readonly code: 'too_many_without_students';
  readonly kind: 'class';
  /** Classes without a student. */
  readonly count: number;
  /** Classes in the roster. */
  readonly of: number;
}

const kinds = ['student', 'employee'] as const;

/** More than ten, and more than a tenth. */
export const isMany = (count: number, of: number): boolean => count > 10 && count * 10 > of;

/** Consequences of leaving users, such as their classes and emails, are not reported again. */
export function findHolds(changes: RosterChanges): Hold[] {
  const lockOuts = kinds.flatMap((kind) => findLockOuts(kind, changes[kind]));
  const without = kinds
    .filter((kind) => lockOuts.every((hold) => hold.kind !== kind))
    .flatMap((kind) => findWithoutEmail(kind, changes[kind]));
  const fewer = (['class', 'enrollment'] as const).flatMap((kind) => findFewer(kind, changes[kind]));
  return [...lockOuts, ...without, ...(lockOuts.length > 0 ? [] : fewer)];
}

/** All accounts that can no longer sign in, for any reason. */
function findLockOuts(kind: Kind, changes: Changes): LockOutHold[] {
  const [lockOuts, of] = [lockOutsOf(changes), changes.before];
  return isMany(totalOf(lockOuts), of) ? [{ code: 'too_many_removed_or_readdressed', kind, ...lockOuts, of }] : [];
}

/** Only new ones: a roster that was approved like this is not held every night. */
function findWithoutEmail(kind: Kind, { without_email }: Changes): WithoutEmailHold[] {
  if (without_email === undefined) return [];
  const { count, of, new: added, count_before, of_before } = without_email;
  const wereAll = of_before > 0 && count_before === of_before;
  const areAllNow = count > 0 && count === of && !wereAll;
  return areAllNow || isMany(added, of) ? [{ code: 'too_many_without_email', kind, count, new: added, of }] : [];
}

/** Classes change every term; only a smaller number counts. The replacement of many is a finding (compare.ts). */
function findFewer(kind: FewerHold['kind'], changes: MemberChanges | undefined): FewerHold[] {
  if (changes === undefined) return [];
  const [gone, of] = [changes.removed - changes.new, changes.before];
  return isMany(gone, of) ? [{ code: 'too_many_gone', kind, gone, of }] : [];
}

type Classes = Pick<Report, 'classes' | 'classes_without_students' | 'enrollments'>;

/**
 * More than half of the classes, and more than ten, have no student. A roster that was approved like this is not held every
 * night, nor one whose active report does not say, nor one without any enrollment: its teachers enroll in the product.
 */
export function findEmptyClasses(report: Classes, active: Classes | undefined): EmptyClassesHold[] {
  const isMostly = ({ classes, classes_without_students: count = classes }: Classes) =>
    count > 10 && count * 2 > classes;
  if (report.enrollments === 0 || !isMostly(report) || (active !== undefined && isMostly(active))) return [];
  const { classes: of, classes_without_students: count = 0 } = report;
  return [{ code: 'too_many_without_students', kind: 'class', count, of }];
}
