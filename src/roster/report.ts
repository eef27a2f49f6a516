// The report of a check or publish. The summary is stored with the generation; findings name places, never values.

import type { ErrorCode, Finding, FormatName, NotKept, Role, RosterOption, WarningCode } from '../formats/feed.ts';
import type { Method } from '../identity/candidate.ts';
import type { Kind } from '../identity/identity.ts';
import { type LockOuts, noLockOuts } from './lock-outs.ts';
import { noneWithoutEmail, type WithoutEmail } from './without-email.ts';

/**
 * Accounts of one kind that a publish would add, change or remove, compared with the active roster of the same feed.
 */
export interface Changes {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Gone from this feed and not in any other feed of the district. */
  readonly removed: number;
  /** Of the changed: those with another address. */
  readonly address_changed: number;
  /**
   * Of the changed: those that lost their address. Absent in reports of earlier versions, which counted them as
   * changed.
   */
  readonly address_lost?: number | undefined;
  /** Active accounts of this kind in the whole district before. */
  readonly before: number;
  /** Of those, the accounts that can no longer sign in, by reason. Absent in reports of earlier versions. */
  readonly locked_out?: LockOuts | undefined;
  /** Accounts without an email in any roster. Absent in reports of earlier versions. */
  readonly without_email?: WithoutEmail | undefined;
}

/** Classes or enrollments, compared with the active roster of the same feed. */
export interface MemberChanges {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  /** In the active roster of the feed. */
  readonly before: number;
}

export interface RosterChanges extends Readonly<Record<Kind, Changes>> {
  /** Absent in reports of earlier versions. */
  readonly class?: MemberChanges | undefined;
  readonly enrollment?: MemberChanges | undefined;
}

/** The counts that the guard uses: earlier versions counted accounts that leave or change their address. */
export const lockOutsOf = ({ locked_out, removed, address_changed }: Changes): LockOuts =>
  locked_out ?? { ...noLockOuts, removed, address_changed };

export interface Report {
  readonly method: Method;
  /** Of the files that were read; absent for a roster without files, and in reports of earlier versions. */
  readonly format?: FormatName | undefined;
  readonly option?: RosterOption | undefined;
  /** Files that were read, in lower case; absent in reports of earlier versions. */
  readonly files_read?: readonly string[] | undefined;
  /** Users of the files who get no account. */
  readonly not_kept?: Omit<NotKept, 'kind'> | undefined;
  /** The kinds of users that the files list; the others stayed. Absent: all kinds. */
  readonly replaces?: readonly Kind[] | undefined;
  readonly accounts: Readonly<Record<Role, number>>;
  readonly schools: number;
  readonly classes: number;
  /** Absent in reports of earlier versions. */
  readonly classes_without_students?: number | undefined;
  readonly enrollments: number;
  /** Students with at least one enrollment. */
  readonly students_enrolled: number;
  readonly changes: RosterChanges;
  readonly finding_counts: Readonly<Partial<Record<ErrorCode | WarningCode, number>>>;
}

export interface Findings {
  readonly list: readonly Finding[];
  readonly counts: Report['finding_counts'];
  readonly errors: number;
}

/** Maximum per kind of finding; the rest is only counted, so that a bad file cannot fill memory. */
const maxKept = 200;

/** Collects the first places of each kind of finding. */
export function collectFindings(): { add(finding: Finding): void; result(): Findings } {
  const list: Finding[] = [];
  const counts: Partial<Record<Finding['code'], number>> = {};
  let errors = 0;
  return {
    add(finding) {
      const count = (counts[finding.code] ?? 0) + 1;
      counts[finding.code] = count;
      if (finding.severity === 'error') errors += 1;
      if (count <= maxKept) list.push(finding);
    },
    result: () => ({ list, counts, errors }),
  };
}

const noChanges: Changes = {
  new: 0,
  changed: 0,
  unchanged: 0,
  removed: 0,
  address_changed: 0,
  address_lost: 0,
  before: 0,
  locked_out: noLockOuts,
  without_email: noneWithoutEmail,
};

export const noMemberChanges: MemberChanges = { new: 0, changed: 0, unchanged: 0, removed: 0, before: 0 };

export const nothingChanges: RosterChanges = {
  student: noChanges,
  employee: noChanges,
  class: noMemberChanges,
  enrollment: noMemberChanges,
};
