// The stored rows that tell which account an id leads to where the id alone does not: names, sealed values, one table.
import { partitionOf } from '../district/district.ts';
import { isAddressKey, toAddressKey } from '../formats/address-key.ts';
import type { RecordType } from '../formats/feed.ts';
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { accountIdOf } from './account.ts';

export interface SisRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

const aliases = 'account-aliases';

/** A person known by address stays the same one, as a teacher or as an administrator. */
const idSpaceOf = ({ record, sisId }: SisRecord): RecordType => (isAddressKey(sisId) ? 'staff' : record);

/** The account that a record has unless an alias says otherwise. A line end in an id, which a cell in quotes may have, is
 * doubled: no id reads as another with a turn. */
export const ownAccountId = (vault: Vault, districtId: string, record: SisRecord): string =>
  accountIdOf(vault, districtId, idSpaceOf(record), record.sisId.replaceAll('\n', '\n\n'));

/**
 * Four kinds of rows. `c`: the account of a Clever id; it is believed only while the account is no other person's, by `h`,
 * by its link and by the district's other feeds. `h`: the Clever id that holds an account now. `o`: the record that the
 * holder of an account has now. `s`: the account of a record that is not the record's own; it is believed only while `o` of
 * that account names the record, so that a SIS id which another student had for a while, perhaps by mistake, never leads a
 * later student into that account.
 */
export function createAccountAliases(store: Store, vault: Vault, districtId: string) {
  const partition = partitionOf(vault, districtId);
  /** The first is the record's own; a further one is used if another Clever id holds the record's own account. */
  const candidate = (record: SisRecord, turn: number): string =>
    turn === 0
      ? ownAccountId(vault, districtId, record)
      : accountIdOf(vault, districtId, idSpaceOf(record), `${record.sisId}\n${turn}`);
  const open = (id: string, value: Buffer | undefined): string | undefined =>
    value === undefined ? undefined : vault.open({ partition, table: aliases, id }, value).toString();

  return {
    areAny: async (): Promise<boolean> => (await store.count(partition, aliases)) > 0,
    byCleverId: (kind: string, cleverId: string): string => `c.${vault.blind('clever-account', kind, cleverId)}`,
    recordKey: (record: SisRecord): string => vault.blind('record', idSpaceOf(record), record.sisId),
    candidate,
    /** The account that an address has where no roster gives an id. */
    ofAddress: (email: string): string => candidate({ record: 'staff', sisId: toAddressKey(email) }, 0),
    /** In the order of the ids. */
    async read(ids: readonly string[]): Promise<(string | undefined)[]> {
      if (ids.length === 0) return [];
      const values = await store.get(ids.map((id) => ({ partition, table: aliases, id })));
      return ids.map((id, index) => open(id, values[index]));
    },
    seal: (id: string, content: string): Row => ({
      id,
      value: vault.seal({ partition, table: aliases, id }, content),
    }),
    async load(rows: readonly Row[]): Promise<void> {
      if (rows.length > 0) await store.load(partition, aliases, rows);
    },
  };
}
