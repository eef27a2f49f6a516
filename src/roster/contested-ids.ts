// The contested accounts of a published generation: it gives their id to two people, so it contains neither. Stored
// with its tables, so that the first of the two to sign in does not get the account.
import type { TableContext } from '../paged-table/pages.ts';
import type { Address } from '../store/store.ts';

const value = Buffer.from('contested');
const batchSize = 500;

/** @param table of the generation, `contested` of StagedTables */
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
      rows.map(({ id, at }) => ({ id, value: vault.seal(at, value) })),
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
