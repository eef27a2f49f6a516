// Looks accounts up in what is published. Finds a little too much rather than too little; identity/ compares exactly.
import type { Method } from '../identity/candidate.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import {
  type Account,
  cleverIdKey,
  emailKeys,
  fromLine,
  type MethodAccount,
  nameKey,
  toAccount,
  toLineId,
} from './account.ts';
import { partitionOf } from './district.ts';
import { type FoundLine, findLines, idOf } from './pages.ts';
import { accountTables, type Standing } from './standing.ts';

export interface Directory {
  /** Active accounts one of whose addresses looks like this one, of any kind. */
  findByEmail(districtId: string, standing: Standing, address: string): Promise<Account[]>;
  /** The same in the generations before the active ones; each may still be active. */
  findFormerByEmail(districtId: string, standing: Standing, address: string): Promise<Account[]>;
  /** Active accounts whose roster gives them this Clever id. */
  findByCleverId(districtId: string, standing: Standing, cleverId: string): Promise<Account[]>;
  /** Active accounts with this name, of any kind. */
  findByName(districtId: string, standing: Standing, givenName: string, familyName: string): Promise<Account[]>;
  /** The active accounts with these ids, in any order; one round trip. */
  findMany(districtId: string, standing: Standing, accountIds: readonly string[]): Promise<Account[]>;
  /** The active account with this id. */
  find(districtId: string, standing: Standing, accountId: string): Promise<Account | undefined>;
}

interface Table {
  readonly method: Method;
  readonly table: string;
}

export function createDirectory(store: Store, vault: Vault): Directory {
  async function findIn(districtId: string, tables: readonly Table[], keys: readonly string[]): Promise<Account[]> {
    const room = { store, vault, partition: partitionOf(vault, districtId) };
    const names = tables.map(({ table }) => table);
    const found = await findLines(room, names, { keys });
    if (found.length === 0) return [];
    // With one table a line is the whole account; with several the same account may stand elsewhere under another key.
    const ids = [...new Set(found.map(({ line }) => idOf(line)))];
    return toAccounts(tables, tables.length === 1 ? found : await findLines(room, names, { ids }));
  }

  function toAccounts(tables: readonly Table[], found: readonly FoundLine[]): Account[] {
    const byId = new Map<string, [MethodAccount, ...MethodAccount[]]>();
    for (const { table, line } of found) {
      const method = tables.find((each) => each.table === table)?.method;
      if (method === undefined) continue;
      const given = { method, account: fromLine(line) };
      byId.get(idOf(line))?.push(given) ?? byId.set(idOf(line), [given]);
    }
    return [...byId.values()].map(toAccount);
  }

  async function findMany(districtId: string, standing: Standing, accountIds: readonly string[]): Promise<Account[]> {
    const tables = accountTables(standing, 'active');
    const room = { store, vault, partition: partitionOf(vault, districtId) };
    const ids = accountIds.flatMap((id) => toLineId(id) ?? []);
    return toAccounts(
      tables,
      await findLines(
        room,
        tables.map(({ table }) => table),
        { ids },
      ),
    );
  }

  return {
    findByEmail: (districtId, standing, address) =>
      findIn(districtId, accountTables(standing, 'active'), emailKeys(vault, address)),
    findFormerByEmail: (districtId, standing, address) =>
      findIn(districtId, accountTables(standing, 'former'), emailKeys(vault, address)),
    findByCleverId: (districtId, standing, cleverId) =>
      findIn(districtId, accountTables(standing, 'active'), [cleverIdKey(vault, cleverId)]),
    findByName: (districtId, standing, givenName, familyName) =>
      findIn(districtId, accountTables(standing, 'active'), [nameKey(vault, givenName, familyName)]),
    findMany,
    find: async (districtId, standing, accountId) => (await findMany(districtId, standing, [accountId]))[0],
  };
}
