// Counts and digests by kind, to compare a store with its copy. Independent of order.
import { createHash } from 'node:crypto';
import type { StoreItem } from '../store-items.ts';
import { kindOfItem } from './item-kind.ts';

export interface KindTally {
  readonly count: number;
  /** SHA-256 over name and value of each item, added up modulo 2^256; 64 hex digits. */
  readonly digest: string;
}

/** By kind. Items with a ttl are counted separately, as `session (expiring)`: they may expire during the count. */
export type Tally = Readonly<Record<string, KindTally>>;

export interface Tallying {
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
