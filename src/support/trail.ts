// What people did to a district here: who, when, why. Sealed, in the order of doing, gone with the district.
import { partitionOf } from '../roster/district.ts';
import type { Log, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface TrailEntry {
  readonly action:
    | 'link_released'
    | 'sessions_ended'
    /** During a sign-in, because Clever's Data API gives the person the record that the account is. */
    | 'link_moved'
    | 'roster_published'
    | 'roster_held'
    | 'roster_refused'
    | 'roster_approved'
    | 'roster_rolled_back'
    | 'sync_refused'
    | 'preflight_made';
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * `command` for whoever had the operator's shell, `sftp` for the district's own upload, `clever` for what its data
   * brought about, a credential's id, or the address of whom staff's provider vouched for.
   */
  readonly by: string;
  readonly [fact: string]: string | number | null;
}

export interface Trail {
  record(districtId: string, entry: TrailEntry): Promise<void>;
  /** The write that records it, for a commit of the district's partition together with what was done. */
  write(districtId: string, entry: TrailEntry): Write;
  /** The newest entries first. */
  list(districtId: string, limit: number): Promise<TrailEntry[]>;
}

/** What was done is kept so long, wherever it is written down. */
export const trailSeconds = 400 * 86_400;

export function createTrail(store: Store, vault: Vault): Trail {
  const logOf = (districtId: string): Log => ({
    partition: partitionOf(vault, districtId),
    name: 'trail',
    ttlSeconds: trailSeconds,
  });
  const address = (partition: string) => ({ partition, id: 'trail' });
  const write = (districtId: string, entry: TrailEntry): Write => {
    const log = logOf(districtId);
    return { kind: 'append', log, value: vault.seal(address(log.partition), JSON.stringify(entry)) };
  };
  return {
    write,
    async record(districtId, entry) {
      await store.commit([], [write(districtId, entry)]);
    },
    async list(districtId, limit) {
      const log = logOf(districtId);
      const entries = await store.page(log, { before: undefined }, limit);
      return entries.map(({ value }) => JSON.parse(vault.open(address(log.partition), value).toString()));
    },
  };
}
