// What a new generation of a feed would change, against the active one: counts for the report and the guard, and the
// accounts that would leave the district. Reads both tables in batches; memory stays flat.
import type { Kind } from '../identity/identity.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type FeedAccount, fromRow, kindOf } from './account.ts';
import type { Changes } from './report.ts';

export interface Comparison {
  readonly changes: Readonly<Record<Kind, Changes>>;
  /** Ids of accounts that are in the active table and in neither the new one nor another feed's. Their sessions must end. */
  leavers(): AsyncIterable<readonly string[]>;
}

export interface Compared {
  readonly store: Store;
  readonly vault: Vault;
  readonly partition: string;
  /** The table to be made active; undefined for one that is taken away. */
  readonly next: string | undefined;
  /** The active table of the same feed. */
  readonly active: string | undefined;
  /** The active tables of the district's other feeds. */
  readonly others: readonly string[];
}

type Count = { -readonly [Name in keyof Changes]: number };

export async function compareTables(compared: Compared): Promise<Comparison> {
  const count = (): Count => ({ new: 0, changed: 0, unchanged: 0, removed: 0, address_changed: 0, before: 0 });
  const changes: Record<Kind, Count> = { student: count(), employee: count() };
  await countArrivals(compared, changes);
  await countBefore(compared, changes);
  for await (const leavers of leavingAccounts(compared)) {
    for (const { record } of leavers) changes[kindOf(record)].removed += 1;
  }
  return {
    changes,
    async *leavers() {
      for await (const leavers of leavingAccounts(compared)) yield leavers.map(({ accountId }) => accountId);
    },
  };
}

async function countArrivals(compared: Compared, changes: Record<Kind, Count>): Promise<void> {
  if (compared.next === undefined) return;
  for await (const accounts of scan(compared, compared.next)) {
    const before = await readAll(compared, compared.active, accounts);
    accounts.forEach((account, index) => {
      const former = before[index];
      const count = changes[kindOf(account.record)];
      if (former === undefined) count.new += 1;
      else if (isSame(former, account)) count.unchanged += 1;
      else count.changed += 1;
      if (former !== undefined && former.email !== account.email) count.address_changed += 1;
    });
  }
}

/** Counts each account of the district once, whichever feeds have it. */
async function countBefore(compared: Compared, changes: Record<Kind, Count>): Promise<void> {
  const tables = [...(compared.active === undefined ? [] : [compared.active]), ...compared.others];
  for (const [index, table] of tables.entries()) {
    for await (const accounts of scan(compared, table)) {
      const counted = await isInAny(compared, tables.slice(0, index), accounts);
      for (const [at, { record }] of accounts.entries()) if (!counted[at]) changes[kindOf(record)].before += 1;
    }
  }
}

async function* leavingAccounts(compared: Compared): AsyncIterable<readonly FeedAccount[]> {
  if (compared.active === undefined) return;
  const staying = [...(compared.next === undefined ? [] : [compared.next]), ...compared.others];
  for await (const accounts of scan(compared, compared.active)) {
    const stays = await isInAny(compared, staying, accounts);
    yield accounts.filter((_account, index) => !stays[index]);
  }
}

async function* scan({ store, vault, partition }: Compared, table: string): AsyncIterable<readonly FeedAccount[]> {
  for await (const rows of store.scan(partition, table, 500))
    yield rows.map((row) => fromRow(vault, partition, table, row));
}

async function readAll(
  { store, vault, partition }: Compared,
  table: string | undefined,
  accounts: readonly FeedAccount[],
): Promise<(FeedAccount | undefined)[]> {
  if (table === undefined) return [];
  const values = await store.get(accounts.map(({ accountId: id }) => ({ partition, table, id })));
  return accounts.map(({ accountId: id }, index) => {
    const value = values[index];
    return value === undefined ? undefined : fromRow(vault, partition, table, { id, value });
  });
}

async function isInAny(
  { store, partition }: Compared,
  tables: readonly string[],
  accounts: readonly FeedAccount[],
): Promise<boolean[]> {
  const found = accounts.map(() => false);
  for (const table of tables) {
    const values = await store.get(accounts.map(({ accountId: id }) => ({ partition, table, id })));
    values.forEach((value, index) => {
      if (value !== undefined) found[index] = true;
    });
  }
  return found;
}

/** The place in the file is no change: a sorted export is the same roster. */
const isSame = (one: FeedAccount, other: FeedAccount): boolean => content(one) === content(other);

const content = ({ role, givenName, familyName, email, cleverId, schoolIds, grade }: FeedAccount): string =>
  JSON.stringify([role, givenName, familyName, email, cleverId, schoolIds, grade]);
