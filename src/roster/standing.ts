// What is published of a district right now: one small value, read with every sign-in, changed only by compare-and-set.
// Owns the value; publish.ts and activate-kept.ts decide what goes in.
import type { Method } from '../identity/candidate.ts';
import { createRecentReads } from '../store/recent-reads.ts';
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { methods } from './account.ts';
import { partitionOf } from './district.ts';
import type { Report } from './report.ts';
import type { StagedTables } from './stage.ts';

/** One staged or published state of one feed. */
export interface Generation {
  /** Also names its tables. Sorts by the time of staging. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly report: Report;
}

export interface Held {
  readonly generation: Generation;
  /** The generation it was compared with; approving is refused once another is active. */
  readonly base: string | undefined;
}

export interface FeedStanding {
  readonly active?: Generation | undefined;
  readonly former?: Generation | undefined;
  readonly held?: Held | undefined;
}

export interface Aftermath {
  /** The table of differences. */
  readonly table: string;
  /** The standing's serial of the switch. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The account table that became active. */
  readonly accounts: string;
  /** No account of that table has a Clever id; files give none. */
  readonly withoutCleverIds?: boolean | undefined;
}

export interface Standing {
  /** Grows by one whenever an account may have left; sessions and endings are ordered by it, not by clocks. */
  readonly serial: number;
  readonly feeds: Readonly<Partial<Record<Method, FeedStanding>>>;
  /** Links made under another epoch do not count: a whole district's links are released by counting up. */
  readonly linkEpoch: number;
  /**
   * No session that is opened from here on has an earlier `iat`. Offline checkers go by whole seconds: without this who
   * signs in within the second of an ending would be refused by them for good. Seconds since the epoch.
   */
  readonly issuesFrom?: number | undefined;
  /** What a switch still has to bring about: aftermath.ts. */
  readonly aftermath?: Aftermath | undefined;
}

/** A standing together with the bytes it was read from: the condition of every write that depends on it. */
export interface SeenStanding {
  readonly standing: Standing;
  readonly unchanged: Condition;
}

export interface Standings {
  /** @param maxAgeMs how old the answer may be; 0 reads the store */
  read(districtId: string, maxAgeMs: number): Promise<SeenStanding>;
  /** The write that makes `next` the standing; commit it with `seen.unchanged`. */
  write(districtId: string, next: Standing): Write;
}

const none: Standing = { serial: 0, feeds: {}, linkEpoch: 0 };

/** @param clock milliseconds */
export function createStandings(store: Store, vault: Vault, clock: () => number = Date.now): Standings {
  const addressOf = (districtId: string): Address => ({ partition: partitionOf(vault, districtId), id: 'standing' });

  async function readNow(districtId: string): Promise<SeenStanding> {
    const at = addressOf(districtId);
    const [value] = await store.get([at]);
    const standing: Standing = value === undefined ? none : JSON.parse(vault.open(at, value).toString());
    return { standing, unchanged: { at, oneOf: [value] } };
  }

  const recent = createRecentReads(readNow, clock, 10_000);
  return {
    read: recent.read,
    write(districtId, next) {
      const at = addressOf(districtId);
      recent.forget(districtId);
      return { kind: 'put', at, value: vault.seal(at, JSON.stringify(next)) };
    },
  };
}

export const accountTable = (method: Method, generation: string): string => `${method}.${generation}.accounts`;

export const tablesOf = (method: Method, generation: string): StagedTables => ({
  accounts: accountTable(method, generation),
  classes: `${method}.${generation}.classes`,
  enrollments: `${method}.${generation}.enrollments`,
  spill: `${method}.${generation}.spill`,
});

/** The active account tables of the district's feeds but this one. */
export const otherAccountTables = (standing: Standing, but: Method): string[] =>
  accountTables(standing, 'active').flatMap(({ method, table }) => (method === but ? [] : [table]));

/** Every generation that the feed uses. */
export const generationsOf = ({ active, former, held }: FeedStanding): Generation[] =>
  [active, former, held?.generation].filter((generation) => generation !== undefined);

/** The tables of accounts that are active, or were before, by method. */
export function accountTables(standing: Standing, which: 'active' | 'former'): { method: Method; table: string }[] {
  return methods.flatMap((method) => {
    const generation = standing.feeds[method]?.[which];
    return generation === undefined ? [] : [{ method, table: accountTable(method, generation.id) }];
  });
}
