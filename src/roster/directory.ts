// Looks up accounts in published tables by key. May return extra accounts, never too few; identity/ compares exactly.

import { partitionOf } from '../district/district.ts';
import type { Method } from '../identity/candidate.ts';
import { type FoundLine, findLines, idOf, openPage } from '../paged-table/pages.ts';
import { rememberOpened } from '../store/remember-opened.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import {
  type Account,
  cleverIdKey,
  emailKeys,
  fromLine,
  furtherIdKey,
  type MethodAccount,
  nameKey,
  recordTypes,
  simpleNameKey,
  toAccount,
  toLineId,
} from './account.ts';
import { ownAccountId } from './account-aliases.ts';
import { accountTables, type RosterHandle } from './published-roster.ts';

export interface Directory {
  /** Active accounts of any kind with an address that looks like this one. */
  findByEmail(roster: RosterHandle, address: string): Promise<Account[]>;
  /** The same for each of some fifty addresses, in their order; as many round trips as for one. */
  findByEmails(roster: RosterHandle, addresses: readonly string[]): Promise<Account[][]>;
  /** The same in the generations before the active ones; each account may still be active. */
  findFormerByEmail(roster: RosterHandle, address: string): Promise<Account[]>;
  /** Active accounts to which a roster gives this Clever id. */
  findByCleverId(roster: RosterHandle, cleverId: string): Promise<Account[]>;
  /** The same for each of some fifty ids, in their order; as many round trips as for one. */
  findByCleverIds(roster: RosterHandle, cleverIds: readonly string[]): Promise<Account[][]>;
  /** Active accounts of any kind that have this id, as their SIS id or as a further one. */
  findByFurtherId(roster: RosterHandle, id: string): Promise<Account[]>;
  /** Active accounts with this name, of any kind. */
  findByName(roster: RosterHandle, givenName: string, familyName: string): Promise<Account[]>;
  /** The same, whatever the accents, spaces and punctuation. */
  findByNameAlike(roster: RosterHandle, givenName: string, familyName: string): Promise<Account[]>;
  /** The active accounts with these ids, in any order; one round trip. */
  findMany(roster: RosterHandle, accountIds: readonly string[]): Promise<Account[]>;
  /** The active account with this id. */
  find(roster: RosterHandle, accountId: string): Promise<Account | undefined>;
}

interface Table {
  readonly method: Method;
  readonly table: string;
}

const activeTables = ({ published }: RosterHandle): readonly Table[] => accountTables(published, 'active');

export function createDirectory(store: Store, vault: Vault): Directory {
  const { findIn, findGroups, findMany } = createReads(store, vault);
  return {
    findByEmail: (roster, address) => findIn(roster, activeTables(roster), emailKeys(vault, address)),
    findByEmails: (roster, addresses) =>
      findGroups(
        roster,
        addresses.map((address) => emailKeys(vault, address)),
        ({ email }) => (email === undefined ? [] : emailKeys(vault, email)),
      ),
    findFormerByEmail: (roster, address) =>
      findIn(roster, accountTables(roster.published, 'former'), emailKeys(vault, address)),
    findByCleverId: (roster, cleverId) => findIn(roster, activeTables(roster), [cleverIdKey(vault, cleverId)]),
    findByCleverIds: (roster, cleverIds) =>
      findGroups(
        roster,
        cleverIds.map((cleverId) => [cleverIdKey(vault, cleverId)]),
        ({ cleverId }) => (cleverId === undefined ? [] : [cleverIdKey(vault, cleverId)]),
      ),
    findByFurtherId: (roster, id) =>
      findIn(
        roster,
        activeTables(roster),
        [furtherIdKey(vault, id)],
        recordTypes.flatMap((record) => toLineId(ownAccountId(vault, roster.districtId, { record, sisId: id })) ?? []),
      ),
    findByName: (roster, givenName, familyName) =>
      findIn(roster, activeTables(roster), [nameKey(vault, givenName, familyName)]),
    findByNameAlike: (roster, givenName, familyName) =>
      findIn(roster, activeTables(roster), [
        nameKey(vault, givenName, familyName),
        simpleNameKey(vault, givenName, familyName),
      ]),
    findMany,
    find: async (roster, accountId) => (await findMany(roster, [accountId]))[0],
  };
}

/** Some 10 KB each: a class signs in from few pages, and products check the same sessions again and again. */
const maxPages = 500;

/** The reads of tables, each by keys, by groups of keys or by ids. */
function createReads(store: Store, vault: Vault) {
  const open = rememberOpened(maxPages, (at, value) => openPage(vault, at, value));
  const readLines = (
    { districtId }: RosterHandle,
    tables: readonly Table[],
    wanted: { readonly keys?: readonly string[]; readonly ids: readonly string[] },
  ): Promise<FoundLine[]> =>
    findLines(
      { store, vault, open, partition: partitionOf(vault, districtId) },
      tables.map(({ table }) => table),
      wanted,
    );

  async function findIn(
    roster: RosterHandle,
    tables: readonly Table[],
    keys: readonly string[],
    ownIds: readonly string[] = [],
  ): Promise<Account[]> {
    const found = await readLines(roster, tables, { keys, ids: ownIds });
    if (found.length === 0) return [];
    // With several tables the same account may be in another table under another key.
    const ids = [...new Set(found.map(({ line }) => idOf(line)))];
    return toAccounts(tables, tables.length === 1 ? found : await readLines(roster, tables, { ids }));
  }

  async function findMany(roster: RosterHandle, accountIds: readonly string[]): Promise<Account[]> {
    const tables = activeTables(roster);
    return toAccounts(tables, await readLines(roster, tables, { ids: accountIds.flatMap((id) => toLineId(id) ?? []) }));
  }

  /** For each group of keys, the active accounts that have one of them. */
  async function findGroups(
    roster: RosterHandle,
    groups: readonly (readonly string[])[],
    keysOf: (source: Account['sources'][number]) => readonly string[],
  ): Promise<Account[][]> {
    const found = await findIn(roster, activeTables(roster), groups.flat());
    // Includes rows that the index has under a key that the row no longer has: match-account.ts must see the true
    // number of candidates.
    if (groups.length === 1) return [found];
    const keyed = found.map((account) => ({ account, keys: new Set(account.sources.flatMap(keysOf)) }));
    return groups.map((group) =>
      keyed.filter(({ keys }) => group.some((key) => keys.has(key))).map(({ account }) => account),
    );
  }

  return { findIn, findGroups, findMany };
}

function toAccounts(tables: readonly Table[], found: readonly FoundLine[]): Account[] {
  const byId = new Map<string, [MethodAccount, ...MethodAccount[]]>();
  for (const { table, line } of found) {
    const method = tables.find((each) => each.table === table)?.method;
    if (method === undefined) continue;
    const given = { method, account: fromLine(line) };
    const earlier = byId.get(idOf(line));
    byId.set(idOf(line), earlier === undefined ? [given] : [...earlier, given]);
  }
  return [...byId.values()].map(toAccount);
}
