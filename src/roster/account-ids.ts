// The account of a roster record: that of its SIS id, permanently. A person who returns with the same Clever id keeps the
// former account under any new SIS id (Clever: Secure Sync certification, restore by Clever id).

import { partitionOf } from '../district/district.ts';
import { isAddressKey, toAddressKey } from '../formats/address-key.ts';
import type { AccountRow, RecordType } from '../formats/feed.ts';
import { findLines } from '../paged-table/pages.ts';
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { accountIdOf, type FeedAccount, fromLine, isAnotherPerson, kindOf, toLineId } from './account.ts';
import type { FindHeldByOthers } from './staged-tables.ts';

export interface AccountIds {
  /** The account ids of the rows, in their order. */
  resolve(rows: readonly AccountRow[]): Promise<string[]>;
  /** The account ids of records named by SIS id only. */
  resolveRecords(record: RecordType, sisIds: readonly string[]): Promise<string[]>;
  /**
   * The rows that may take the account: it is the one that their own address has where a roster gives no id, and no other
   * record took it before.
   */
  areFree(
    offers: readonly { readonly row: AccountRow; readonly accountId: string }[],
  ): Promise<ReadonlySet<AccountRow>>;
  /** Stores which Clever id, and which record known by address before, has which account; call it for active accounts. */
  remember(accounts: readonly FeedAccount[]): Promise<void>;
}

interface AccountIdNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly districtId: string;
  /** The active account tables of the district's other feeds; for `resolve`, as is the next. */
  readonly others?: readonly string[];
  readonly findHeldByOthers?: FindHeldByOthers;
}

/** A row whose Clever id had an account that is not its record's own. */
interface Returning {
  readonly accountId: string;
  readonly cleverId: string;
  readonly row: AccountRow;
}

interface SisRecord {
  readonly record: RecordType;
  readonly sisId: string;
}

const aliases = 'account-aliases';

/** A person known by address stays the same one, as a teacher or as an administrator. */
const idSpaceOf = ({ record, sisId }: SisRecord): RecordType => (isAddressKey(sisId) ? 'staff' : record);

/**
 * Four kinds of rows. `c`: the account of a Clever id; it is believed only while the account is no other person's, by `h`,
 * by its link and by the district's other feeds. `h`: the Clever id that holds an account now. `o`: the record that the
 * holder of an account has now. `s`: the account of a record that is not the record's own; it is believed only while `o` of
 * that account names the record, so that a SIS id which another student had for a while, perhaps by mistake, never leads a
 * later student into that account.
 */
export async function createAccountIds(needs: AccountIdNeeds): Promise<AccountIds> {
  const { store, vault, districtId, others = [], findHeldByOthers = async () => new Set<string>() } = needs;
  const partition = partitionOf(vault, districtId);
  const hasAliases = (await store.count(partition, aliases)) > 0;
  const byCleverId = (kind: string, cleverId: string) => `c.${vault.blind('clever-account', kind, cleverId)}`;
  const recordKey = (record: SisRecord) => vault.blind('record', idSpaceOf(record), record.sisId);
  /**
   * The first is the record's own; a further one is used if another Clever id holds the record's own account. A line end
   * in an id, which a cell in quotes may have, is doubled: no id reads as another with a turn.
   */
  const candidate = (record: SisRecord, turn: number) =>
    accountIdOf(
      vault,
      districtId,
      idSpaceOf(record),
      turn === 0 ? record.sisId.replaceAll('\n', '\n\n') : `${record.sisId}\n${turn}`,
    );
  /** The account that an address has where no roster gives an id. */
  const ofAddress = (email: string) => candidate({ record: 'staff', sisId: toAddressKey(email) }, 0);

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

  /** Race of years: who left may come back under another id when the next holder of the old id has the account. */
  async function findPassedOn(given: readonly Returning[]): Promise<ReadonlySet<string>> {
    if (given.length === 0) return new Set();
    const holders = await read(given.map(({ accountId }) => `h.${accountId}`));
    const passedOn = new Set(await findHeldByOthers(given));
    for (const [at, { accountId, row, cleverId }] of given.entries()) {
      const holder = holders[at] ?? byCleverId(kindOf(row.record), cleverId);
      if (holder !== byCleverId(kindOf(row.record), cleverId)) passedOn.add(accountId);
    }
    const ids = given.flatMap(({ accountId }) => toLineId(accountId) ?? []);
    for (const { line } of await findLines({ store, vault, partition }, others, { ids })) {
      const account = fromLine(line);
      const returning = given.find(({ accountId }) => accountId === account.accountId);
      if (returning !== undefined && isAnotherPerson(account, returning.row)) passedOn.add(account.accountId);
    }
    return passedOn;
  }

  return {
    resolveRecords: (record, sisIds) => resolveRecords(sisIds.map((sisId) => ({ record, sisId }))),
    async resolve(rows) {
      if (!hasAliases) return resolveRecords(rows);
      const known = await read(
        rows.map(({ record, cleverId }) => (cleverId === undefined ? 'none' : byCleverId(kindOf(record), cleverId))),
      );
      const records = await resolveRecords(rows);
      const returning = rows.flatMap((row, index): Returning[] => {
        const [accountId, cleverId] = [known[index], row.cleverId];
        if (accountId === undefined || cleverId === undefined || accountId === records[index]) return [];
        return [{ accountId, cleverId, row }];
      });
      const passedOn = await findPassedOn(returning);
      return rows.map((_row, index) => {
        const accountId = known[index];
        return (accountId === undefined || passedOn.has(accountId) ? records[index] : accountId) ?? '';
      });
    },
    async areFree(offers) {
      const owners = await read(offers.map(({ accountId }) => `o.${accountId}`));
      const free = offers.filter(({ row, accountId }, index) => {
        const isItsOwn = row.email !== undefined && accountId === ofAddress(row.email);
        return isItsOwn && (owners[index] ?? recordKey(row)) === recordKey(row);
      });
      return new Set(free.map(({ row }) => row));
    },
    async remember(accounts) {
      const rows = accounts.flatMap(({ accountId, record, sisId, email, cleverId }) => {
        const isAdopted = !isAddressKey(sisId) && email !== undefined && accountId === ofAddress(email);
        if (cleverId === undefined && !isAdopted) return [];
        const key = recordKey({ record, sisId });
        const isOwn = accountId === candidate({ record, sisId }, 0);
        return [
          ...(cleverId === undefined
            ? []
            : [
                seal(byCleverId(kindOf(record), cleverId), accountId),
                seal(`h.${accountId}`, byCleverId(kindOf(record), cleverId)),
              ]),
          seal(`o.${accountId}`, key),
          ...(isOwn ? [] : [seal(`s.${key}`, accountId)]),
        ];
      });
      if (rows.length > 0) await store.load(partition, aliases, rows);
    },
  };
}
