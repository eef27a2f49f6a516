// What a check or publish says about a feed. The summary rests with the generation; findings name places, never values.
import type { Method } from '../identity/candidate.ts';
import type { ErrorCode, Finding, Role, WarningCode } from './feed.ts';

/** Accounts of one kind that a publish would make, alter or take away, against the active roster of the same feed. */
export interface Changes {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Gone from this feed and from no other feed of the district known. */
  readonly removed: number;
  /** Of the changed: those whose address is another. */
  readonly address_changed: number;
  /** Active accounts of this kind in the whole district before. */
  readonly before: number;
}

export interface Report {
  readonly method: Method;
  readonly accounts: Readonly<Record<Role, number>>;
  readonly schools: number;
  readonly classes: number;
  readonly enrollments: number;
  /** Students with at least one enrollment. */
  readonly students_enrolled: number;
  readonly changes: { readonly student: Changes; readonly employee: Changes };
  readonly finding_counts: Readonly<Partial<Record<ErrorCode | WarningCode, number>>>;
}

export interface Findings {
  readonly list: readonly Finding[];
  readonly counts: Report['finding_counts'];
  readonly errors: number;
}

/** Of each kind of finding; the rest are counted, so that a bad file cannot fill memory. */
const mostKept = 200;

/** Keeps the first places of each kind of finding. */
export function collectFindings(): { add(finding: Finding): void; result(): Findings } {
  const list: Finding[] = [];
  const counts: Partial<Record<Finding['code'], number>> = {};
  let errors = 0;
  return {
    add(finding) {
      const count = (counts[finding.code] ?? 0) + 1;
      counts[finding.code] = count;
      if (finding.severity === 'error') errors += 1;
      if (count <= mostKept) list.push(finding);
    },
    result: () => ({ list, counts, errors }),
  };
}

export const noChanges: Changes = { new: 0, changed: 0, unchanged: 0, removed: 0, address_changed: 0, before: 0 };
