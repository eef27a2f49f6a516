// Changes of a roster that people ask for, by command or over HTTP, each with its entry in the district's trail: who, when,
// counts, digests of the files, no value of them. The entry is written in the very commit that makes the change.
import type { Method } from '../identity/candidate.ts';
import type { Trail, TrailEntry } from '../support/trail.ts';
import type { PublishOptions, PublishResult, RosterPublisher, SwitchResult } from './publish.ts';
import type { SentRoster } from './read-sent.ts';
import type { Report } from './report.ts';

export type SendOptions = Pick<PublishOptions, 'approve' | 'dryRun' | 'onProgress'>;

export interface RecordedPublisher {
  /** @param by `command`, or the id of a credential. A dry run leaves no entry, since it changes nothing. */
  publish(districtId: string, sent: SentRoster, by: string, options?: SendOptions): Promise<PublishResult>;
  approve(districtId: string, method: Method, by: string): Promise<SwitchResult>;
  rollback(districtId: string, method: Method, by: string): Promise<SwitchResult>;
}

export interface RecordedPublisherNeeds {
  readonly publisher: RosterPublisher;
  readonly trail: Trail;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createRecordedPublisher({
  publisher,
  trail,
  clock = Date.now,
}: RecordedPublisherNeeds): RecordedPublisher {
  const switchEntry =
    (districtId: string, action: TrailEntry['action'], method: Method, by: string) =>
    ({ generation, report }: { readonly generation: string; readonly report: Report }) => [
      trail.write(districtId, { action, at: clock(), by, method, generation, ...countsOf(report) }),
    ];

  return {
    async publish(districtId, sent, by, options = {}) {
      const entryOf = (result: PublishResult) => entryFor(result, sent, { at: clock(), by });
      const result = await publisher.publish(districtId, sent.method, sent.feed, {
        ...options,
        alongside: async (published) => ({ conditions: [], writes: [trail.write(districtId, entryOf(published))] }),
      });
      if (result.kind === 'refused' && options.dryRun !== true) await trail.record(districtId, entryOf(result));
      return result;
    },
    approve: (districtId, method, by) =>
      publisher.approve(districtId, method, switchEntry(districtId, 'roster_approved', method, by)),
    rollback: (districtId, method, by) =>
      publisher.rollback(districtId, method, switchEntry(districtId, 'roster_rolled_back', method, by)),
  };
}

function entryFor(
  result: PublishResult,
  { method, digests }: SentRoster,
  { at, by }: Pick<TrailEntry, 'at' | 'by'>,
): TrailEntry {
  const action = result.kind === 'held' || result.kind === 'refused' ? result.kind : 'published';
  return {
    action: `roster_${action}`,
    at,
    by,
    method,
    ...(result.kind === 'refused' ? { errors: result.findings.errors } : { generation: result.generation }),
    ...countsOf(result.report),
    ...Object.fromEntries(digests.map(({ file, sha256 }) => [`sha256 ${file}`, sha256])),
  };
}

function countsOf({ accounts, classes, enrollments, changes: { student, employee } }: Report) {
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
