// What a new generation of a feed would change, against the active one: counts for the report and the guard, and each
// difference for whoever must act on it. Reads both generations in batches; memory stays flat.
import type { Kind } from '../identity/identity.ts';
import type { Row, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type FeedAccount, fromRow, kindOf } from './account.ts';
import type { Changes } from './report.ts';
import type { StagedTables } from './stage.ts';

/**
 * `put`: new or other than before. `pass_on`: the roster gives the account to another Clever id; sessions of the former
 * holder must end. `remove`: gone from the whole district, for an account; its sessions must end.
 */
export interface Difference {
  readonly type: 'account' | 'class' | 'enrollment';
  readonly id: string;
  readonly op: 'put' | 'pass_on' | 'remove';
}

export interface Compared {
  readonly store: Store;
  readonly vault: Vault;
  readonly partition: string;
  /** The generation to be made active. */
  readonly next: StagedTables;
  /** The active generation of the same feed. */
  readonly active: StagedTables | undefined;
  /** The active account tables of the district's other feeds. */
  readonly others: readonly string[];
}

type Sink = (differences: readonly Difference[]) => Promise<void>;
type Count = { -readonly [Name in keyof Changes]: number };

/** @param sink is given every difference once, in batches */
export async function compareGenerations(compared: Compared, sink: Sink): Promise<Readonly<Record<Kind, Changes>>> {
  const count = (): Count => ({ new: 0, changed: 0, unchanged: 0, removed: 0, address_changed: 0, before: 0 });
  const changes: Record<Kind, Count> = { student: count(), employee: count() };
  await compareArrivals(compared, changes, sink);
  await compareLeavers(compared, changes, sink);
  await countBefore(compared, changes);
  await compareRows(compared, 'class', sink);
  await compareRows(compared, 'enrollment', sink);
  return changes;
}

async function compareArrivals(compared: Compared, changes: Record<Kind, Count>, sink: Sink): Promise<void> {
  for await (const accounts of scanAccounts(compared, compared.next.accounts)) {
    const before = await readAccounts(compared, compared.active?.accounts, accounts);
    await sink(
      accounts.flatMap((account, index): Difference[] => {
        const op = countArrival(changes[kindOf(account.record)], before[index], account);
        return op === undefined ? [] : [{ type: 'account', id: account.accountId, op }];
      }),
    );
  }
}

/** What became of the account; undefined if it is as it was. */
function countArrival(
  count: Count,
  former: FeedAccount | undefined,
  account: FeedAccount,
): 'put' | 'pass_on' | undefined {
  if (former === undefined) {
    count.new += 1;
    return 'put';
  }
  if (content(former) === content(account)) {
    count.unchanged += 1;
    return undefined;
  }
  count.changed += 1;
  if (former.email !== account.email) count.address_changed += 1;
  const isPassedOn =
    former.cleverId !== undefined && account.cleverId !== undefined && former.cleverId !== account.cleverId;
  return isPassedOn ? 'pass_on' : 'put';
}

async function compareLeavers(compared: Compared, changes: Record<Kind, Count>, sink: Sink): Promise<void> {
  if (compared.active === undefined) return;
  for await (const accounts of scanAccounts(compared, compared.active.accounts)) {
    const isHere = await isInAny(compared, [compared.next.accounts], accounts);
    const isElsewhere = await isInAny(compared, compared.others, accounts);
    const gone = accounts.filter((_account, index) => !isHere[index]);
    const left = accounts.filter((_account, index) => !isHere[index] && !isElsewhere[index]);
    for (const { record } of left) changes[kindOf(record)].removed += 1;
    await sink(
      gone.map((account) => ({
        type: 'account',
        id: account.accountId,
        op: left.includes(account) ? 'remove' : 'put',
      })),
    );
  }
}

/** Counts each account of the district once, whichever feeds have it. */
async function countBefore(compared: Compared, changes: Record<Kind, Count>): Promise<void> {
  const tables = [...(compared.active === undefined ? [] : [compared.active.accounts]), ...compared.others];
  for (const [index, table] of tables.entries()) {
    for await (const accounts of scanAccounts(compared, table)) {
      const counted = await isInAny(compared, tables.slice(0, index), accounts);
      for (const [at, { record }] of accounts.entries()) if (!counted[at]) changes[kindOf(record)].before += 1;
    }
  }
}

async function compareRows(compared: Compared, type: 'class' | 'enrollment', sink: Sink): Promise<void> {
  const tableOf = (tables: StagedTables) => (type === 'class' ? tables.classes : tables.enrollments);
  const [next, active] = [tableOf(compared.next), compared.active && tableOf(compared.active)];
  for await (const rows of compared.store.scan(compared.partition, next, 500)) {
    const before = await readRows(compared, active, rows);
    const differing = rows.filter((row, index) => !isSameRow(compared, next, row, active, before[index]));
    await sink(differing.map(({ id }) => ({ type, id, op: 'put' })));
  }
  if (active === undefined) return;
  for await (const rows of compared.store.scan(compared.partition, active, 500)) {
    const after = await readRows(compared, next, rows);
    await sink(rows.filter((_row, index) => after[index] === undefined).map(({ id }) => ({ type, id, op: 'remove' })));
  }
}

function isSameRow(
  { vault, partition }: Compared,
  next: string,
  row: Row,
  active: string | undefined,
  before: Buffer | undefined,
): boolean {
  if (active === undefined || before === undefined) return false;
  const { id, value } = row;
  return vault.open({ partition, table: next, id }, value).equals(vault.open({ partition, table: active, id }, before));
}

async function* scanAccounts(
  { store, vault, partition }: Compared,
  table: string,
): AsyncIterable<readonly FeedAccount[]> {
  for await (const rows of store.scan(partition, table, 500)) {
    yield rows.map((row) => fromRow(vault, partition, table, row));
  }
}

async function readRows(
  { store, partition }: Compared,
  table: string | undefined,
  rows: readonly { readonly id: string }[],
): Promise<(Buffer | undefined)[]> {
  return table === undefined || rows.length === 0 ? [] : store.get(rows.map(({ id }) => ({ partition, table, id })));
}

async function readAccounts(
  compared: Compared,
  table: string | undefined,
  accounts: readonly FeedAccount[],
): Promise<(FeedAccount | undefined)[]> {
  const { vault, partition } = compared;
  const values = await readRows(
    compared,
    table,
    accounts.map(({ accountId: id }) => ({ id })),
  );
  return accounts.map(({ accountId: id }, index) => {
    const value = values[index];
    return table === undefined || value === undefined ? undefined : fromRow(vault, partition, table, { id, value });
  });
}

async function isInAny(
  compared: Compared,
  tables: readonly string[],
  accounts: readonly FeedAccount[],
): Promise<boolean[]> {
  const found = accounts.map(() => false);
  for (const table of tables) {
    const values = await readRows(
      compared,
      table,
      accounts.map(({ accountId: id }) => ({ id })),
    );
    values.forEach((value, index) => {
      if (value !== undefined) found[index] = true;
    });
  }
  return found;
}

/** The place in the file is no change: a sorted export is the same roster. */
const content = ({ sisId, role, givenName, familyName, email, cleverId, schoolIds, grade }: FeedAccount): string =>
  JSON.stringify([sisId, role, givenName, familyName, email, cleverId, schoolIds, grade]);
