// Which account a roster record is: the one of its SIS id, for ever; and a person who comes back under the same Clever id
// keeps the account they had, whatever their new SIS id (Clever: Secure Sync certification, restore by Clever id).
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { accountIdOf, type FeedAccount, fromRow, kindOf } from './account.ts';
import { partitionOf } from './district.ts';
import type { AccountRow, RecordType } from './feed.ts';

export interface AccountIds {
  /** The account ids of the rows, in their order. */
  resolve(rows: readonly AccountRow[]): Promise<string[]>;
  /** The account ids of records named by SIS id only. */
  resolveRecords(record: RecordType, sisIds: readonly string[]): Promise<string[]>;
  /** Remembers who had which account; call it for what became active. */
  remember(accounts: readonly FeedAccount[]): Promise<void>;
}

const aliases = 'account-aliases';

/** @param active the active table of the same feed, if there is one */
export async function createAccountIds(
  { store, vault, districtId }: { readonly store: Store; readonly vault: Vault; readonly districtId: string },
  active: string | undefined,
): Promise<AccountIds> {
  const partition = partitionOf(vault, districtId);
  const hasAliases = (await store.count(partition, aliases)) > 0;
  const derived = (record: RecordType, sisId: string) => accountIdOf(vault, districtId, record, sisId);
  const byCleverId = (kind: string, cleverId: string) => `c.${vault.blind('clever-account', kind, cleverId)}`;
  const bySisId = (record: RecordType, sisId: string) => `s.${vault.blind('record', record, sisId)}`;

  async function read(ids: readonly string[]): Promise<(string | undefined)[]> {
    if (!hasAliases || ids.length === 0) return ids.map(() => undefined);
    const values = await store.get(ids.map((id) => ({ partition, table: aliases, id })));
    return ids.map((id, index) => open(id, values[index]));
  }

  const open = (id: string, value: Buffer | undefined): string | undefined =>
    value === undefined ? undefined : vault.open({ partition, table: aliases, id }, value).toString();

  const seal = (id: string, accountId: string): Row => ({
    id,
    value: vault.seal({ partition, table: aliases, id }, accountId),
  });

  /** The SIS id was given to somebody else while its former holder, with another SIS id now, is still here. */
  async function takenByOthers(rows: readonly AccountRow[]): Promise<Set<AccountRow>> {
    if (active === undefined || !hasAliases) return new Set();
    const ids = rows.map(({ record, sisId }) => derived(record, sisId));
    const values = await store.get(ids.map((id) => ({ partition, table: active, id })));
    return new Set(
      rows.filter(({ sisId }, index) => {
        const [id = '', value] = [ids[index], values[index]];
        return value !== undefined && fromRow(vault, partition, active, { id, value }).sisId !== sisId;
      }),
    );
  }

  async function resolveRecords(record: RecordType, sisIds: readonly string[]): Promise<string[]> {
    const known = await read(sisIds.map((sisId) => bySisId(record, sisId)));
    return sisIds.map((sisId, index) => known[index] ?? derived(record, sisId));
  }

  return {
    resolveRecords,
    async resolve(rows) {
      const known = await read(
        rows.map(({ record, cleverId, sisId }) =>
          cleverId === undefined ? bySisId(record, sisId) : byCleverId(kindOf(record), cleverId),
        ),
      );
      const records = await read(rows.map(({ record, sisId }) => bySisId(record, sisId)));
      const taken = await takenByOthers(rows);
      return rows.map((row, index) => {
        const id = known[index] ?? records[index];
        if (id !== undefined) return id;
        if (row.cleverId === undefined || !taken.has(row)) return derived(row.record, row.sisId);
        return accountIdOf(vault, districtId, row.record, `${row.sisId}\n${row.cleverId}`);
      });
    },
    async remember(accounts) {
      const rows = accounts.flatMap(({ accountId, record, sisId, cleverId }) => [
        ...(cleverId === undefined ? [] : [seal(byCleverId(kindOf(record), cleverId), accountId)]),
        ...(accountId === derived(record, sisId) ? [] : [seal(bySisId(record, sisId), accountId)]),
      ]);
      if (rows.length > 0) await store.load(partition, aliases, rows);
    },
  };
}
