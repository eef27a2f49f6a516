// The audit log entry of a publish, for every route: counts and the generation, no value of a file.
import type { AuditEntry } from '../audit/audit-log.ts';
import type { PublishResult } from './publish.ts';
import type { RetiredFacts } from './publishing-needs.ts';
import type { Report } from './report.ts';

/** @param about what was published: digests of its files, the upload */
export function publishEntry(
  result: PublishResult,
  given: Pick<AuditEntry, 'at' | 'by'> & { readonly method: string },
  about: Readonly<Record<string, string>>,
): AuditEntry & { readonly action: `roster_${'published' | 'held' | 'refused'}` } {
  const action = result.kind === 'held' || result.kind === 'refused' ? result.kind : 'published';
  return {
    ...given,
    action: `roster_${action}`,
    ...about,
    ...(result.kind === 'refused' ? { errors: result.findings.errors } : { generation: result.generation }),
    ...countsOf(result.report),
  };
}

/** The same as for publishing an empty roster. */
export function retiredEntry({ by, method, generation, changes }: RetiredFacts, at: number): AuditEntry {
  const { student, employee } = changes;
  return { at, by, method, action: 'roster_retired', generation, removed: student.removed + employee.removed };
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
