// The stored rows that map an id to an account where the id alone does not determine it: names, sealed values, one
// table.
import { partitionOf } from '../district/district.ts';
import { isAddressKey, type RecordType, toAddressKey } from '../formats/feed.ts';
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { accountIdOf } from './account.ts';

export interface SisRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

const aliases = 'account-aliases';

/** A user known by address stays the same one, as a teacher or as an administrator. */
const idSpaceOf = ({ record, sisId }: SisRecord): RecordType => (isAddressKey(sisId) ? 'staff' : record);

/**
 * The account of a record unless an alias says otherwise. A line break in an id, possible in a quoted cell, is doubled,
 * so that no other id with a turn is equal to it.
 */
export const ownAccountId = (vault: Vault, districtId: string, record: SisRecord): string =>
  accountIdOf(vault, ...ownRecord(districtId, record));

/** The parts that are hashed into the account id. */
export const ownRecord = (
  districtId: string,
  record: SisRecord,
): [districtId: string, idSpace: RecordType, sisId: string] => [
  districtId,
  idSpaceOf(record),
  record.sisId.replaceAll('\n', '\n\n'),
];

/**
 * Four kinds of rows. `c`: the account of a Clever id; valid only while no other user holds the account, by `h`, by its
 * link and by the district's other feeds. `h`: the Clever id that now holds an account. `o`: the record that the holder
 * of an account now has. `s`: the account of a record, if it is not the record's own; valid only while `o` of that
 * account names the record, so that a SIS id which another student had for a while, perhaps by mistake, never leads a
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
    async areAny(): Promise<boolean> {
      // The first row, not the count: the embedded store would walk over all of them.
      for await (const rows of store.scan(partition, aliases, 1)) if (rows.length > 0) return true;
      return false;
    },
    byCleverId: (kind: string, cleverId: string): string => `c.${vault.blind('clever-account', kind, cleverId)}`,
    recordKey: (record: SisRecord): string => vault.blind('record', idSpaceOf(record), record.sisId),
    candidate,
    /** The account of an address, for rosters without an id. */
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

export type AccountAliases = ReturnType<typeof createAccountAliases>;
