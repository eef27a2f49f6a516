// Counts and digests of a store's items by kind, to compare a store with its copy. Independent of order. A kind is derived
// from names only; nothing is opened.
import { createHash } from 'node:crypto';
import type { StoreItem } from '../store-items.ts';

const word = /^[a-z][a-z-]*[a-z]$/;

/** The kind of an item for operators, such as `accounts`, `session`, `trail`: the word in the names. */
export function kindOfItem({ kind, partition, name, id }: StoreItem): string {
  if (kind === 'first' || kind === 'further') return 'index';
  // `sftp.0mx1p2ncd5ced569c.accounts` is a table of one generation of a roster, `links.0` the links of one epoch.
  const found = name.split('.').findLast((part) => word.test(part));
  if (kind === 'row' || kind === 'entry') return found ?? 'differences';
  const [first = ''] = id.split('.');
  if (word.test(first)) return first;
  return partition.startsWith('d-') ? 'values' : partition.replace(/-[0-9a-f-]{2,}$/, '');
}

/** Belongs to one store only: created anew for the target, or written while nothing else is. */
export function isOfOneStore({ partition, kind, id }: StoreItem): boolean {
  if (/^mark(-\d+)?$/.test(partition)) return true;
  return partition === 'vault' && kind === 'value' && ownIds.includes(id);
}

const ownIds: readonly string[] = ['root', 'marked', 'move', 'move-lease', 'write-probe'];

interface KindTally {
  readonly count: number;
  /** SHA-256 over name and value of each item, added up modulo 2^256; 64 hex digits. */
  readonly digest: string;
}

/** By kind. Items with a ttl are counted separately, as `session (expiring)`: they may expire during the count. */
export type Tally = Readonly<Record<string, KindTally>>;

interface Tallying {
  add(items: readonly StoreItem[]): void;
  result(): Tally;
}

const expiring = ' (expiring)';
const modulus = 2n ** 256n;

export function createTally(): Tallying {
  const sums = new Map<string, { count: number; sum: bigint }>();
  return {
    add(items) {
      for (const item of items) {
        const kind = kindOfItem(item) + (item.expiresAt === undefined ? '' : expiring);
        const { count, sum } = sums.get(kind) ?? { count: 0, sum: 0n };
        sums.set(kind, { count: count + 1, sum: (sum + digestOf(item)) % modulus });
      }
    },
    result: () =>
      Object.fromEntries(
        [...sums]
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([kind, { count, sum }]) => [kind, { count, digest: sum.toString(16).padStart(64, '0') }]),
      ),
  };
}

function digestOf({ kind, partition, name, id, value }: StoreItem): bigint {
  const hash = createHash('sha256').update(JSON.stringify([kind, partition, name, id]));
  return BigInt(`0x${hash.update('\n').update(value).digest('hex')}`);
}

/** The kinds in which the copy differs from the original; the copy may have fewer expiring items, not more. */
export function findDifferentKinds(original: Tally, copy: Tally): string[] {
  const kinds = [...new Set([...Object.keys(original), ...Object.keys(copy)])];
  return kinds.filter((kind) => {
    const [one, other] = [original[kind], copy[kind]];
    if (kind.endsWith(expiring)) return (other?.count ?? 0) > (one?.count ?? 0);
    return one?.count !== other?.count || one?.digest !== other?.digest;
  });
}

export const totalOf = (tally: Tally): number => Object.values(tally).reduce((sum, { count }) => sum + count, 0);
