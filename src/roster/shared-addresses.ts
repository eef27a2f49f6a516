// Reports accounts that have exactly the address of another account of their kind, in their own feed or in another one.
import { isPossibleAddress } from '../formats/clean-cell.ts';
import type { Finding, Place } from '../formats/feed.ts';
import { readEmail } from '../identity/email.ts';
import { findLines, type TableContext } from '../paged-table/pages.ts';
import { type FeedAccount, fromLine, kindOf } from './account.ts';

export interface SharedAddresses {
  /** Among the accounts of the feed itself. @param suspects ids of lines that share a key */
  reportWithin(suspects: readonly string[]): Promise<void>;
  /** In the district's other feeds. @param keys of the addresses of the accounts */
  reportElsewhere(accounts: readonly FeedAccount[], keys: readonly string[]): Promise<void>;
}

export interface SharedAddressesNeeds {
  readonly context: TableContext;
  /** The accounts of the feed. */
  readonly table: string;
  /** The active account tables of the district's other feeds. */
  readonly others: readonly string[];
  readonly report: (finding: Finding) => void;
}

/** Accounts that share a key, read in one call. */
const suspectBatchSize = 2000;

export function createSharedAddresses({ context, table, others, report }: SharedAddressesNeeds): SharedAddresses {
  /** Already reported, because another feed has the address. */
  const reportedIds = new Set<string>();

  const reportSharedAddress = ({ place, cleverId }: Pick<FeedAccount, 'place' | 'cleverId'>) => {
    const at: Place = cleverId === undefined ? place : { ...place, cleverIds: [cleverId] };
    report({ kind: 'finding', severity: 'warning', code: 'email_shared', place: at });
  };

  /** Reports accounts with exactly the address of another account of their kind. */
  async function reportWithin(suspects: readonly string[]): Promise<void> {
    const first = new Map<string, FeedAccount | 'reported'>();
    for (let from = 0; from < suspects.length; from += suspectBatchSize) {
      const lines = await findLines(context, [table], { ids: suspects.slice(from, from + suspectBatchSize) });
      for (const account of lines.map(({ line }) => fromLine(line))) {
        const address = `${kindOf(account.record)} ${account.email ?? ''}`;
        const other = first.get(address);
        first.set(address, other === undefined ? account : 'reported');
        if (other === undefined) continue;
        if (other !== 'reported' && !reportedIds.has(other.accountId)) reportSharedAddress(other);
        if (!reportedIds.has(account.accountId)) reportSharedAddress(account);
      }
    }
  }

  /** Reports accounts with exactly the address of an account in the district's other feeds. */
  async function reportElsewhere(accounts: readonly FeedAccount[], keys: readonly string[]): Promise<void> {
    const found = await findLines(context, others, { keys: [...new Set(keys)] });
    const elsewhere = new Map<string, Set<string>>();
    for (const { accountId, email, record } of found.map(({ line }) => fromLine(line))) {
      const address = `${kindOf(record)} ${email ?? ''}`;
      elsewhere.set(address, (elsewhere.get(address) ?? new Set()).add(accountId));
    }
    for (const account of accounts) {
      const holders = account.email && elsewhere.get(`${kindOf(account.record)} ${account.email}`);
      if (!holders || reportedIds.has(account.accountId) || !isUsableAddress(account.email ?? '')) continue;
      if (holders.size === 1 && holders.has(account.accountId)) continue;
      reportedIds.add(account.accountId);
      reportSharedAddress(account);
    }
  }

  return { reportWithin, reportElsewhere };
}

/** A plain address, and not a placeholder for a missing one. */
export const isUsableAddress = (email: string): boolean =>
  readEmail(email).kind === 'plain' && isPossibleAddress(email);
