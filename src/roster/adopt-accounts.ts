// Finds the account of an employee who has only an address in one roster and an id in another: docs/adr/0028. Decides
// for the rows of a generation being staged; account-ids.ts stores the decisions.
import { type AccountRow, isAddressKey } from '../formats/feed.ts';
import { findLines, idOf, type TableContext } from '../paged-table/pages.ts';
import { type FeedAccount, firstEmailKey, fromLine, kindOf, toLineId } from './account.ts';
import type { AccountIds } from './account-ids.ts';

export interface AdoptionNeeds {
  readonly context: TableContext;
  /** The active account tables of the district's other feeds. */
  readonly others: readonly string[];
  /** The active account table of this feed. */
  readonly active: string | undefined;
  readonly ids: AccountIds;
}

/**
 * The account ids of the rows; undefined if the address of a row without an id belongs to several employees of the
 * district's other rosters, so that it is ambiguous.
 */
export type ResolveAccounts = (rows: readonly AccountRow[]) => Promise<(string | undefined)[]>;

export function createResolveAccounts({ context, others, active, ids }: AdoptionNeeds): ResolveAccounts {
  /** The records that took an account by address, in this generation. */
  const taken = new Map<string, string>();

  async function findHolders(rows: readonly AccountRow[]): Promise<(row: AccountRow) => readonly FeedAccount[]> {
    const keys = new Set(rows.flatMap(({ email }) => (email === undefined ? [] : firstEmailKey(context.vault, email))));
    const holders = new Map<string, FeedAccount[]>();
    for (const { line } of await findLines(context, others, { keys: [...keys] })) {
      const account = fromLine(line);
      if (account.email === undefined || kindOf(account.record) !== 'employee') continue;
      const known = holders.get(account.email);
      if (known === undefined) holders.set(account.email, [account]);
      else known.push(account);
    }
    return ({ email }) => (email === undefined ? [] : (holders.get(email) ?? []));
  }

  async function findKnown(accountIds: readonly string[]): Promise<ReadonlySet<string>> {
    const tables = active === undefined ? others : [...others, active];
    const found = await findLines(context, tables, { ids: accountIds.flatMap((id) => toLineId(id) ?? []) });
    return new Set(found.map(({ line }) => idOf(line)));
  }

  return async (rows) => {
    const resolved: (string | undefined)[] = await ids.resolve(rows);
    const employees = rows.filter(({ record, email }) => kindOf(record) === 'employee' && email !== undefined);
    if (others.length === 0 || employees.length === 0) return resolved;
    const holdersOf = await findHolders(employees);
    const offers = new Map<AccountRow, string>();
    for (const [at, row] of rows.entries()) {
      if (kindOf(row.record) !== 'employee') continue;
      const holders = holdersOf(row);
      const accounts = [...new Set(holders.map(({ accountId }) => accountId))];
      if (isAddressKey(row.sisId)) {
        if (accounts.length > 0) resolved[at] = accounts.length === 1 ? accounts[0] : undefined;
        continue;
      }
      const [keyed, second] = holders.filter(({ sisId }) => isAddressKey(sisId));
      if (keyed !== undefined && second === undefined) offers.set(row, keyed.accountId);
    }
    if (offers.size === 0) return resolved;
    // An existing account is kept.
    const known = await findKnown(resolved.flatMap((id) => id ?? []));
    const free = await ids.areFree([...offers].map(([row, accountId]) => ({ row, accountId })));
    for (const [at, row] of rows.entries()) {
      const offered = offers.get(row);
      if (offered === undefined || !free.has(row) || known.has(toLineId(resolved[at] ?? '') ?? '')) continue;
      const record = `${row.record} ${row.sisId}`;
      // Two records with one address: the first gets the account; both are reported as sharing the address.
      if ((taken.get(offered) ?? record) !== record) continue;
      taken.set(offered, record);
      resolved[at] = offered;
    }
    return resolved;
  };
}
