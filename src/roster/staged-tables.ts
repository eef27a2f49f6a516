// The tables of a generation being staged, and the dependencies of staging.
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface StagedTables {
  readonly accounts: string;
  readonly classes: string;
  readonly enrollments: string;
  /** contested-ids.ts. */
  readonly contested: string;
  /** What does not fit in memory during staging. */
  readonly spill: string;
}

export interface StageContext {
  readonly store: Store;
  readonly vault: Vault;
  readonly districtId: string;
  /** The active account tables of the district's other feeds. */
  readonly others: readonly string[];
  /** The active account table of this feed. */
  readonly active?: string | undefined;
  readonly findHeldByOthers: FindHeldByOthers;
}

/** Links.findHeldByOthers for the published roster next to which the generation is staged. */
export type FindHeldByOthers = (
  given: readonly { readonly accountId: string; readonly cleverId: string }[],
) => Promise<ReadonlySet<string>>;
