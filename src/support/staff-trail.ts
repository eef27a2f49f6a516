// What staff looked at and did, over all districts: who, when, why, which record. Sealed, a log for each month, kept as
// long as a district's own trail; holds no address of a person, only references and opaque ids.
import type { Log, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

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
  /** The newest entries of this month and the one before, newest first. */
  list(limit: number): Promise<StaffTrailEntry[]>;
}

const keptSeconds = 400 * 86_400;

export function createStaffTrail(store: Store, vault: Vault, clock: () => number): StaffTrail {
  const logOf = (at: number): Log => {
    const partition = `staff-trail-${new Date(at).toISOString().slice(0, 7)}`;
    return { partition, name: 'trail', ttlSeconds: keptSeconds };
  };
  const address = ({ partition }: Log) => ({ partition, id: 'trail' });

  async function read(log: Log, limit: number): Promise<StaffTrailEntry[]> {
    const entries = await store.page(log, { before: undefined }, limit);
    return entries.map(({ value }) => JSON.parse(vault.open(address(log), value).toString()));
  }

  return {
    async record(entry) {
      const log = logOf(entry.at);
      await store.commit([], [{ kind: 'append', log, value: vault.seal(address(log), JSON.stringify(entry)) }]);
    },
    async list(limit) {
      const now = new Date(clock());
      const newest = await read(logOf(now.getTime()), limit);
      const before = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0);
      return newest.length < limit ? [...newest, ...(await read(logOf(before), limit - newest.length))] : newest;
    },
  };
}
