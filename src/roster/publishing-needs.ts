// The dependencies of all steps of publishing.
import type { Method } from '../identity/candidate.ts';
import type { Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { FindMethods } from './adopt-methods.ts';
import type { ChangeLog } from './change-log.ts';
import type { Links } from './links.ts';
import type { PublishedRosters } from './published-roster.ts';
import type { RosterChanges } from './report.ts';
import type { TableRegister } from './table-register.ts';

export interface RetiredFacts {
  readonly by: string;
  readonly method: Method;
  /** The generation that was active; null if none was. */
  readonly generation: string | null;
  readonly changes: RosterChanges;
}

export type RecordRetired = (districtId: string, facts: RetiredFacts) => Write;

/** The dependencies of all steps of publishing. */
export interface PublishingNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly rosters: PublishedRosters;
  readonly links: Pick<Links, 'findLinkedToOthers'>;
  readonly changes: ChangeLog;
  readonly register: TableRegister;
  readonly clock: () => number;
  /** The current methods of the district; undefined if there is no such district. */
  readonly findMethods: FindMethods;
  /** The audit log write for a retired feed. */
  readonly recordRetired: RecordRetired;
  /** Ends all sessions of the accounts that were opened under an earlier version. Idempotent. */
  readonly endSessions: (
    districtId: string,
    accountIds: readonly string[],
    version: number,
    at: number,
  ) => Promise<void>;
}
