// What a district's trail keeps of a publish, however the roster came: counts and the generation, no value of a file.
import type { TrailEntry } from '../support/trail.ts';
import type { PublishResult } from './publish.ts';
import type { Report } from './report.ts';

/** @param about what was published: digests of its files, the upload */
export function publishEntry(
  result: PublishResult,
  given: Pick<TrailEntry, 'at' | 'by'> & { readonly method: string },
  about: Readonly<Record<string, string>>,
): TrailEntry {
  const action = result.kind === 'held' || result.kind === 'refused' ? result.kind : 'published';
  return {
    ...given,
    action: `roster_${action}`,
    ...about,
    ...(result.kind === 'refused' ? { errors: result.findings.errors } : { generation: result.generation }),
    ...countsOf(result.report),
  };
}

export function countsOf({ accounts, classes, enrollments, changes: { student, employee } }: Report) {
  return {
    students: accounts.student,
    employees: accounts.teacher + accounts.staff + accounts.administrator,
    classes,
    enrollments,
    new: student.new + employee.new,
    changed: student.changed + employee.changed,
    removed: student.removed + employee.removed,
  };
}
