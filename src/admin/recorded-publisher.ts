// Roster changes requested by command or over HTTP, each with an entry in the district's audit log: actor, time, counts
// and digests of the files, without any of their values. The entry is part of the commit that makes the change. The
// staff audit log gets one as well, without the counts.
import type { AuditLog, StaffAuditLog } from '../audit/audit-log.ts';
import type { Method } from '../identity/candidate.ts';
import type { AlongsideSwitch, SwitchResult } from '../roster/activate-kept.ts';
import type { PublishOptions, PublishResult } from '../roster/publish.ts';
import { countsOf, publishEntry } from '../roster/publish-entry.ts';
import type { RosterPublisher } from '../roster/roster-publisher.ts';
import { type AuditContext, approvalOf } from './ending-sessions.ts';
import type { SentRoster } from './read-sent.ts';

interface SendOptions extends Pick<PublishOptions, 'approve' | 'dryRun' | 'onProgress'> {
  /** Of an administrator of the district; then `by` is `district`. */
  readonly account?: string | undefined;
}

interface SwitchOptions extends Pick<AuditContext, 'approvedBy'> {
  /** The generation that was reviewed; refused if it is no longer the one to become active. */
  readonly generation?: string | undefined;
}

export interface RecordedPublisher {
  /** @param by `command`, or the id of a credential. A dry run adds no entry, since it changes nothing. */
  publish(districtId: string, sent: SentRoster, by: string, options?: SendOptions): Promise<PublishResult>;
  approve(
    districtId: string,
    method: Method,
    by: string,
    reason?: string,
    options?: SwitchOptions,
  ): Promise<SwitchResult>;
  rollback(
    districtId: string,
    method: Method,
    by: string,
    reason?: string,
    options?: SwitchOptions,
  ): Promise<SwitchResult>;
}

interface RecordedPublisherNeeds {
  readonly publisher: RosterPublisher;
  readonly auditLog: AuditLog;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createRecordedPublisher({
  publisher,
  auditLog,
  staffAuditLog,
  clock = Date.now,
}: RecordedPublisherNeeds): RecordedPublisher {
  const recordSwitch =
    (verb: 'approve' | 'rollback', action: 'roster_approved' | 'roster_rolled_back'): RecordedPublisher['approve'] =>
    async (districtId, method, by, reason, options = {}) => {
      const auditContext = { ...(reason === undefined ? {} : { reason }), ...approvalOf(options) };
      const writes: AlongsideSwitch = ({ generation, report }) => [
        auditLog.write(districtId, {
          action,
          at: clock(),
          by,
          ...auditContext,
          method,
          generation,
          ...countsOf(report),
        }),
      ];
      const result = await publisher[verb](districtId, method, writes, options.generation);
      const why = reason ?? 'not said';
      const facts = { action, at: clock(), by, why, district: districtId, method };
      if (result.kind === 'done') await staffAuditLog.record({ ...facts, ...approvalOf(options) });
      return result;
    };

  return {
    async publish(districtId, sent, by, options = {}) {
      const entryOf = (result: PublishResult) =>
        publishEntry(
          result,
          { at: clock(), by, method: sent.method },
          { ...(options.account === undefined ? {} : { account: options.account }), ...digestsOf(sent) },
        );
      const result = await publisher.publish(districtId, sent.method, sent.feed, {
        ...options,
        alongside: async (published) => ({ conditions: [], writes: [auditLog.write(districtId, entryOf(published))] }),
      });
      if (options.dryRun === true) return result;
      const entry = entryOf(result);
      if (result.kind === 'refused') await auditLog.record(districtId, entry);
      const { action, at } = entry;
      const account = options.account === undefined ? {} : { account: options.account };
      const why = options.account === undefined ? 'not said' : 'own district';
      await staffAuditLog.record({ action, at, by, ...account, why, district: districtId, method: sent.method });
      return result;
    },
    approve: recordSwitch('approve', 'roster_approved'),
    rollback: recordSwitch('rollback', 'roster_rolled_back'),
  };
}

const digestsOf = ({ digests }: SentRoster) =>
  Object.fromEntries(digests.map(({ file, sha256 }) => [`sha256 ${file}`, sha256]));
