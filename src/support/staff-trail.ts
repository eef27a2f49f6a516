// What staff looked at and did, over all districts: who, when, why, which record. Sealed, a log for each month, kept as
// long as a district's own trail; holds no address of a person, only references and opaque ids.
import { isLogCursor, type Log, type Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { trailSeconds } from './trail.ts';

/** Who is asking: a credential's id, or the verified address of a member of staff. */
export interface Actor {
  readonly by: string;
  readonly scope: 'support' | 'admin';
}

export interface StaffTrailEntry {
  readonly action:
    | 'attempt_read'
    | 'attempts_searched'
    | 'person_read'
    | 'mismatches_exported'
    | 'link_released'
    | 'links_released'
    | 'sessions_ended'
    | 'roster_approved'
    | 'roster_rolled_back'
    | 'signed_in'
    | 'signed_out';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  /** What they gave as reason, or how they came to it. */
  readonly why: string;
  readonly [fact: string]: string | number | null;
}

export interface StaffTrail {
  record(entry: StaffTrailEntry): Promise<void>;
  /** Newest first, as far back as they are kept; a read for each month. A cursor that is none is an empty page. */
  page(limit: number, cursor?: string): Promise<StaffTrailPage>;
}

export interface StaffTrailPage {
  readonly entries: readonly StaffTrailEntry[];
  /** For the next, older page; undefined at the end. */
  readonly cursor: string | undefined;
}

const monthsKept = 14;

export function createStaffTrail(store: Store, vault: Vault, clock: () => number): StaffTrail {
  const logOf = (month: string): Log => ({
    partition: `staff-trail-${month}`,
    name: 'trail',
    ttlSeconds: trailSeconds,
  });
  const address = ({ partition }: Log) => ({ partition, id: 'trail' });

  return {
    async record(entry) {
      const log = logOf(monthOf(entry.at));
      await store.commit([], [{ kind: 'append', log, value: vault.seal(address(log), JSON.stringify(entry)) }]);
    },
    async page(limit, cursor) {
      const entries: StaffTrailEntry[] = [];
      const start = cursor === undefined ? { month: monthOf(clock()), before: undefined } : readCursor(cursor);
      let [month, before] = [start?.month ?? '', start?.before];
      for (let count = 0; start !== undefined && count <= monthsKept; count += 1) {
        const log = logOf(month);
        const found = await store.page(log, { before }, limit - entries.length);
        entries.push(...found.map(({ value }) => JSON.parse(vault.open(address(log), value).toString())));
        if (entries.length === limit) return { entries, cursor: `${month}.${found.at(-1)?.cursor ?? ''}` };
        [month, before] = [monthBefore(month), undefined];
      }
      return { entries, cursor: undefined };
    },
  };
}

const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
const monthBefore = (month: string): string => monthOf(Date.parse(`${month}-01`) - 1);

function readCursor(cursor: string): { readonly month: string; readonly before: string } | undefined {
  const [, month = '', before = ''] = /^(\d{4}-(?:0[1-9]|1[0-2]))\.(.+)$/.exec(cursor) ?? [];
  return month !== '' && isLogCursor(before) ? { month, before } : undefined;
}
