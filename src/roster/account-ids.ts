// The account of a roster record: determined permanently by its SIS id. A user who returns with the same Clever id
// keeps the former account under any new SIS id (Clever: Secure Sync certification, restore by Clever id).

import { partitionOf } from '../district/district.ts';
import { type AccountRow, isAddressKey, type RecordType } from '../formats/feed.ts';
import { findLines } from '../paged-table/pages.ts';
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type FeedAccount, fromLine, isAnotherPerson, kindOf, toLineId } from './account.ts';
import { type AccountAliases, createAccountAliases, type SisRecord } from './account-aliases.ts';
import type { FindLinkedToOthers } from './staged-tables.ts';

export interface AccountIds {
  /** The account ids of the rows, in their order. */
  resolve(rows: readonly AccountRow[]): Promise<string[]>;
  /** The account ids of records named by SIS id only. */
  resolveRecords(record: RecordType, sisIds: readonly string[]): Promise<string[]>;
  /** Whether every account id is derived from the SIS id alone: the district has no alias and no other feed. */
  readonly areAllOwn: boolean;
  /** Whether the account id is derived from the SIS id alone. */
  isOwn(account: Pick<FeedAccount, 'accountId' | 'record' | 'sisId'>): boolean;
  /**
   * The rows that may take the account: it is the one derived from their address in rosters without an id, and no other
   * record took it before.
   */
  areFree(
    offers: readonly { readonly row: AccountRow; readonly accountId: string }[],
  ): Promise<ReadonlySet<AccountRow>>;
  /**
   * Stores the account of each Clever id, and of each record previously known by address; call it for active accounts.
   */
  remember(accounts: readonly FeedAccount[]): Promise<void>;
}

interface AccountIdNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly districtId: string;
  /** The active account tables of the district's other feeds; for `resolve`, like the next member. */
  readonly others?: readonly string[];
  readonly findLinkedToOthers?: FindLinkedToOthers;
}

/** A row whose Clever id had an account other than its record's own. */
interface Returning {
  readonly accountId: string;
  readonly cleverId: string;
  readonly row: AccountRow;
}

export async function createAccountIds(needs: AccountIdNeeds): Promise<AccountIds> {
  const { store, vault, districtId, others = [] } = needs;
  const aliases = createAccountAliases(store, vault, districtId);
  const { byCleverId, recordKey, candidate, ofAddress, read } = aliases;
  const hasAliases = await aliases.areAny();
  // Without aliases, accounts of addresses come from the other feeds only.
  const areAllOwn = !hasAliases && others.length === 0;
  const resolveRecords = async (records: readonly SisRecord[]) =>
    hasAliases ? resolveAliased(aliases, records) : records.map((record) => candidate(record, 0));

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
      const passedOn = await findPassedOn(needs, aliases, returning);
      return rows.map((_row, index) => {
        const accountId = known[index];
        return (accountId === undefined || passedOn.has(accountId) ? records[index] : accountId) ?? '';
      });
    },
    areAllOwn,
    isOwn: (account) => areAllOwn || account.accountId === candidate(account, 0),
    async areFree(offers) {
      const owners = await read(offers.map(({ accountId }) => `o.${accountId}`));
      const free = offers.filter(({ row, accountId }, index) => {
        const isItsOwn = row.email !== undefined && accountId === ofAddress(row.email);
        return isItsOwn && (owners[index] ?? recordKey(row)) === recordKey(row);
      });
      return new Set(free.map(({ row }) => row));
    },
    async remember(accounts) {
      await aliases.load(accounts.flatMap((account) => aliasRowsOf(aliases, account)));
    },
  };
}

/** The account of each record: the one it is an alias of, or the first candidate that no other record has. */
async function resolveAliased(
  { recordKey, candidate, read }: AccountAliases,
  records: readonly SisRecord[],
): Promise<string[]> {
  const keys = records.map(recordKey);
  const aliased = await read(keys.map((key) => `s.${key}`));
  const found = aliased.filter((accountId) => accountId !== undefined);
  const holders = await read(found.map((accountId) => `o.${accountId}`));
  const holderOf = new Map(found.map((accountId, index) => [accountId, holders[index]]));
  const resolved = aliased.map((accountId, index) =>
    accountId !== undefined && holderOf.get(accountId) === keys[index] ? accountId : undefined,
  );
  for (let turn = 0; resolved.some((accountId) => accountId === undefined); turn += 1) {
    const candidates = records.map((record, index) => resolved[index] ?? candidate(record, turn));
    const owners = await read(candidates.map((accountId) => `o.${accountId}`));
    for (const [index, owner] of owners.entries()) {
      if (owner === undefined || owner === keys[index]) resolved[index] ??= candidates[index];
    }
  }
  return resolved.filter((accountId) => accountId !== undefined);
}

/**
 * Years may pass between: a user who left may return under another id when the next holder of the old id has the
 * account.
 */
async function findPassedOn(
  { store, vault, districtId, others = [], findLinkedToOthers = async () => new Set<string>() }: AccountIdNeeds,
  { byCleverId, read }: AccountAliases,
  given: readonly Returning[],
): Promise<ReadonlySet<string>> {
  if (given.length === 0) return new Set();
  const holders = await read(given.map(({ accountId }) => `h.${accountId}`));
  const passedOn = new Set(await findLinkedToOthers(given));
  for (const [at, { accountId, row, cleverId }] of given.entries()) {
    const holder = holders[at] ?? byCleverId(kindOf(row.record), cleverId);
    if (holder !== byCleverId(kindOf(row.record), cleverId)) passedOn.add(accountId);
  }
  const ids = given.flatMap(({ accountId }) => toLineId(accountId) ?? []);
  for (const { line } of await findLines({ store, vault, partition: partitionOf(vault, districtId) }, others, {
    ids,
  })) {
    const account = fromLine(line);
    const returning = given.find(({ accountId }) => accountId === account.accountId);
    if (returning !== undefined && isAnotherPerson(account, returning.row)) passedOn.add(account.accountId);
  }
  return passedOn;
}

/** The rows that remember the account of a Clever id, and of a record that was known by its address before. */
function aliasRowsOf(
  { recordKey, candidate, ofAddress, byCleverId, seal }: AccountAliases,
  { accountId, record, sisId, email, cleverId }: FeedAccount,
): readonly Row[] {
  const isAdopted = () => !isAddressKey(sisId) && email !== undefined && accountId === ofAddress(email);
  if (cleverId === undefined && !isAdopted()) return [];
  const key = recordKey({ record, sisId });
  const isOwn = accountId === candidate({ record, sisId }, 0);
  const holder = cleverId === undefined ? undefined : byCleverId(kindOf(record), cleverId);
  return [
    ...(holder === undefined ? [] : [seal(holder, accountId), seal(`h.${accountId}`, holder)]),
    seal(`o.${accountId}`, key),
    ...(isOwn ? [] : [seal(`s.${key}`, accountId)]),
  ];
}
