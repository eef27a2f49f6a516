// Which account a roster record is: the one of its SIS id, for ever; and a person who comes back under the same Clever id
// keeps the account they had, whatever their new SIS id (Clever: Secure Sync certification, restore by Clever id).
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { accountIdOf, type FeedAccount, kindOf } from './account.ts';
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

interface AccountIdNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly districtId: string;
}

interface SisRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

const aliases = 'account-aliases';

/**
 * Three kinds of rows. `c`: the account of a Clever id. `o`: the record that the holder of an account has now. `s`: the
 * account of a record that is not the record's own; it is believed only while `o` of that account names the record, so
 * that an SIS id which was somebody's for a while, by mistake perhaps, never leads a later pupil into their account.
 */
export async function createAccountIds({ store, vault, districtId }: AccountIdNeeds): Promise<AccountIds> {
  const partition = partitionOf(vault, districtId);
  const hasAliases = (await store.count(partition, aliases)) > 0;
  const byCleverId = (kind: string, cleverId: string) => `c.${vault.blind('clever-account', kind, cleverId)}`;
  const recordKey = ({ record, sisId }: SisRecord) => vault.blind('record', record, sisId);
  /** The first is the record's own; further ones are for those whose record's own account is somebody else's now. */
  const candidate = ({ record, sisId }: SisRecord, turn: number) =>
    accountIdOf(vault, districtId, record, turn === 0 ? sisId : `${sisId}\n${turn}`);

  async function read(ids: readonly string[]): Promise<(string | undefined)[]> {
    if (ids.length === 0) return ids.map(() => undefined);
    const values = await store.get(ids.map((id) => ({ partition, table: aliases, id })));
    return ids.map((id, index) => open(id, values[index]));
  }

  const open = (id: string, value: Buffer | undefined): string | undefined =>
    value === undefined ? undefined : vault.open({ partition, table: aliases, id }, value).toString();

  const seal = (id: string, content: string): Row => ({
    id,
    value: vault.seal({ partition, table: aliases, id }, content),
  });

  async function resolveRecords(records: readonly SisRecord[]): Promise<string[]> {
    if (!hasAliases) return records.map((record) => candidate(record, 0));
    const keys = records.map(recordKey);
    const aliased = await read(keys.map((key) => `s.${key}`));
    const holders = await read(aliased.map((accountId) => `o.${accountId ?? ''}`));
    const resolved = aliased.map((accountId, index) => (holders[index] === keys[index] ? accountId : undefined));
    for (let turn = 0; resolved.some((accountId) => accountId === undefined); turn += 1) {
      const candidates = records.map((record, index) => resolved[index] ?? candidate(record, turn));
      const owners = await read(candidates.map((accountId) => `o.${accountId}`));
      for (const [index, owner] of owners.entries()) {
        if (owner === undefined || owner === keys[index]) resolved[index] ??= candidates[index];
      }
    }
    return resolved.filter((accountId) => accountId !== undefined);
  }

  return {
    resolveRecords: (record, sisIds) => resolveRecords(sisIds.map((sisId) => ({ record, sisId }))),
    async resolve(rows) {
      if (!hasAliases) return resolveRecords(rows);
      const known = await read(
        rows.map(({ record, cleverId }) => (cleverId === undefined ? 'none' : byCleverId(kindOf(record), cleverId))),
      );
      const records = await resolveRecords(rows);
      return rows.map((_row, index) => known[index] ?? records[index] ?? '');
    },
    async remember(accounts) {
      const rows = accounts.flatMap(({ accountId, record, sisId, cleverId }) => {
        if (cleverId === undefined) return [];
        const key = recordKey({ record, sisId });
        const isOwn = accountId === candidate({ record, sisId }, 0);
        return [
          seal(byCleverId(kindOf(record), cleverId), accountId),
          seal(`o.${accountId}`, key),
          ...(isOwn ? [] : [seal(`s.${key}`, accountId)]),
        ];
      });
      if (rows.length > 0) await store.load(partition, aliases, rows);
    },
  };
}
