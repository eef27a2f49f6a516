// Looks accounts up in what is published. Finds a little too much rather than too little; identity/ compares exactly.
import type { Method } from '../identity/candidate.ts';
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type Account, cleverIdKey, emailKeys, fromRow, type MethodAccount, nameKey, toAccount } from './account.ts';
import { partitionOf } from './district.ts';
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
    if (tables.length === 0 || keys.length === 0) return [];
    const partition = partitionOf(vault, districtId);
    const rows = await store.find(
      partition,
      tables.map(({ table }) => table),
      keys,
    );
    // With one table a row is the whole account; with several the same account may stand elsewhere under another key.
    const whole = tables.length === 1 ? rows : await rowsOf(partition, tables, [...new Set(rows.map(({ id }) => id))]);
    return toAccounts(partition, tables, whole);
  }

  async function rowsOf(partition: string, tables: readonly Table[], ids: readonly string[]): Promise<TableRow[]> {
    const addresses = tables.flatMap(({ table }) => ids.map((id) => ({ partition, table, id })));
    const values = await store.get(addresses);
    return addresses.flatMap(({ table, id }, index) => {
      const value = values[index];
      return value === undefined ? [] : [{ table, id, value }];
    });
  }

  function toAccounts(partition: string, tables: readonly Table[], rows: readonly TableRow[]): Account[] {
    const byId = new Map<string, [MethodAccount, ...MethodAccount[]]>();
    for (const row of rows) {
      const method = tables.find(({ table }) => table === row.table)?.method;
      if (method === undefined) continue;
      const given = { method, account: fromRow(vault, partition, row.table, row) };
      byId.get(row.id)?.push(given) ?? byId.set(row.id, [given]);
    }
    return [...byId.values()].map(toAccount);
  }

  async function findMany(districtId: string, standing: Standing, accountIds: readonly string[]): Promise<Account[]> {
    if (accountIds.length === 0) return [];
    const partition = partitionOf(vault, districtId);
    const tables = accountTables(standing, 'active');
    return toAccounts(partition, tables, await rowsOf(partition, tables, accountIds));
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

type TableRow = Row & { readonly table: string };
