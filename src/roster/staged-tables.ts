// The tables of a generation being staged, with the ids it gives to two people, and the dependencies of staging.

import type { TableContext } from '../paged-table/pages.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface StagedTables {
  readonly accounts: string;
  readonly classes: string;
  readonly enrollments: string;
  /** The ids that the generation gives to two people, so that it contains neither. */
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
  readonly findLinkedToOthers: FindLinkedToOthers;
}

/** Links.findLinkedToOthers for the published roster next to which the generation is staged. */
export type FindLinkedToOthers = (
  given: readonly { readonly accountId: string; readonly cleverId: string }[],
) => Promise<ReadonlySet<string>>;

const contestedMark = Buffer.from('contested');
const batchSize = 500;

/**
 * Stores the contested accounts of a generation, so that the first of the two to sign in does not get the account.
 * @param table of the generation, `contested` of StagedTables
 */
export async function keepContested(
  { store, vault, partition }: TableContext,
  table: string,
  accountIds: readonly string[],
): Promise<void> {
  for (let from = 0; from < accountIds.length; from += batchSize) {
    const rows = accountIds.slice(from, from + batchSize).map((id) => ({ id, at: { partition, table, id } }));
    await store.load(
      partition,
      table,
      rows.map(({ id, at }) => ({ id, value: vault.seal(at, contestedMark) })),
    );
  }
}

export async function isContested(
  { store, partition }: Pick<TableContext, 'store' | 'partition'>,
  table: string,
  accountId: string,
): Promise<boolean> {
  const at: Address = { partition, table, id: accountId };
  return (await store.get([at]))[0] !== undefined;
}
