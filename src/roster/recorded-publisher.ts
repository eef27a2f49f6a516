// Changes of a roster that people ask for, by command or over HTTP, each with its entry in the district's trail: who, when,
// counts, digests of the files, no value of them. The entry is written in the very commit that makes the change; a switch
// that somebody decided on is told to the staff's own trail as well.
import type { Method } from '../identity/candidate.ts';
import type { StaffTrail } from '../support/staff-trail.ts';
import type { Trail } from '../support/trail.ts';
import type { SwitchResult } from './activate-kept.ts';
import type { PublishOptions, PublishResult } from './publish.ts';
import { countsOf, publishEntry } from './publish-entry.ts';
import type { SentRoster } from './read-sent.ts';
import type { RosterPublisher } from './roster-publisher.ts';

export type SendOptions = Pick<PublishOptions, 'approve' | 'dryRun' | 'onProgress'>;

export interface RecordedPublisher {
  /** @param by `command`, or the id of a credential. A dry run leaves no entry, since it changes nothing. */
  publish(districtId: string, sent: SentRoster, by: string, options?: SendOptions): Promise<PublishResult>;
  approve(districtId: string, method: Method, by: string, reason?: string): Promise<SwitchResult>;
  rollback(districtId: string, method: Method, by: string, reason?: string): Promise<SwitchResult>;
}

export interface RecordedPublisherNeeds {
  readonly publisher: RosterPublisher;
  readonly trail: Trail;
  readonly staffTrail: Pick<StaffTrail, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createRecordedPublisher({
  publisher,
  trail,
  staffTrail,
  clock = Date.now,
}: RecordedPublisherNeeds): RecordedPublisher {
  const recordSwitch =
    (verb: 'approve' | 'rollback', action: 'roster_approved' | 'roster_rolled_back'): RecordedPublisher['approve'] =>
    async (districtId, method, by, reason) => {
      const said = reason === undefined ? {} : { reason };
      const result = await publisher[verb](districtId, method, ({ generation, report }) => [
        trail.write(districtId, { action, at: clock(), by, ...said, method, generation, ...countsOf(report) }),
      ]);
      const why = reason ?? 'not said';
      if (result.kind === 'done')
        await staffTrail.record({ action, at: clock(), by, why, district: districtId, method });
      return result;
    };

  return {
    async publish(districtId, sent, by, options = {}) {
      const entryOf = (result: PublishResult) =>
        publishEntry(result, { at: clock(), by, method: sent.method }, digestsOf(sent));
      const result = await publisher.publish(districtId, sent.method, sent.feed, {
        ...options,
        alongside: async (published) => ({ conditions: [], writes: [trail.write(districtId, entryOf(published))] }),
      });
      if (result.kind === 'refused' && options.dryRun !== true) await trail.record(districtId, entryOf(result));
      return result;
    },
    approve: recordSwitch('approve', 'roster_approved'),
    rollback: recordSwitch('rollback', 'roster_rolled_back'),
  };
}

const digestsOf = ({ digests }: SentRoster) =>
  Object.fromEntries(digests.map(({ file, sha256 }) => [`sha256 ${file}`, sha256]));
