// The published roster of a district: one small value, read with every sign-in, changed by compare-and-set only. Owns
// the value; publish.ts and activate-kept.ts decide its content.

import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { type Method, methods } from '../identity/candidate.ts';
import { createRecentReads } from '../store/recent-reads.ts';
import { sealedJson, storedObject, storedWord } from '../store/sealed.ts';
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Report } from './report.ts';
import type { StagedTables } from './staged-tables.ts';

/** One staged or published state of one feed. */
export interface Generation {
  /** Also the name of its tables. Sorts by the time of staging. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly report: Report;
}

export interface Held {
  readonly generation: Generation;
  /** The generation it was compared with; approving is refused once another is active. */
  readonly base?: string | undefined;
}

export interface FeedState {
  readonly active?: Generation | undefined;
  readonly former?: Generation | undefined;
  readonly held?: Held | undefined;
}

export interface FollowUp {
  /** The table of differences. */
  readonly table: string;
  /** The published roster's version of the switch. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The account table that became active. */
  readonly accounts: string;
  /** No account of that table has a Clever id; files give none. */
  readonly withoutCleverIds?: boolean | undefined;
  /** It ends sessions, and may have been written in a later second than `at`. */
  readonly unconfirmed?: boolean | undefined;
}

/** A feed of a removed method. It no longer counts; the accounts that left with it have not been determined yet. */
export interface RetiredFeed {
  readonly method: Method;
  readonly feed: FeedState;
  /** Who removed the method, as in the audit log. */
  readonly by: string;
}

export interface PublishedRoster {
  /** Increases by one whenever an account may have left; orders sessions and endings, independently of clocks. */
  readonly version: number;
  /** Of the methods in `methods` only; matching uses all of these. */
  readonly feeds: Readonly<Partial<Record<Method, FeedState>>>;
  /** The district's methods. Absent in a published roster of an earlier version, until they are adopted. */
  readonly methods?: readonly Method[] | undefined;
  /** Feeds to be retired, the first one next: switch-generation.ts. */
  readonly retired?: readonly RetiredFeed[] | undefined;
  /** Links made under another epoch do not count: incrementing it releases all links of a district. */
  readonly linkEpoch: number;
  /**
   * No later session has an earlier `iat`. Offline verifiers compare whole seconds: without this they would reject a
   * session opened in the second of an ending. Seconds since the epoch.
   */
  readonly issuesFrom?: number | undefined;
  /** The pending follow-up of a switch: follow-up.ts. */
  readonly aftermath?: FollowUp | undefined;
}

/** The published roster of one district: the argument of every look-up in it. */
export interface RosterHandle {
  readonly districtId: string;
  readonly published: PublishedRoster;
}

/** With the condition on its bytes for every write that depends on it. */
export interface SeenRoster extends RosterHandle {
  readonly unchanged: Condition;
}

export interface PublishedRosters {
  /** @param maxAgeMs maximum age of the answer; 0 reads the store */
  read(districtId: string, maxAgeMs: number): Promise<SeenRoster>;
  /** The write that makes `next` the published roster; commit it with `seen.unchanged`. */
  write(districtId: string, next: PublishedRoster): Write;
}

const generationShape = z.object({ id: z.string(), at: z.number(), report: storedObject<Report>() });
const feedShape = z.object({
  active: generationShape.optional(),
  former: generationShape.optional(),
  held: z.object({ generation: generationShape, base: z.string().optional() }).optional(),
});
/** As it is stored, where the version is called `serial`. */
type StoredFollowUp = Omit<FollowUp, 'version'> & { readonly serial: number };
type StoredRoster = Omit<PublishedRoster, 'version' | 'aftermath'> & {
  readonly serial: number;
  readonly aftermath?: StoredFollowUp | undefined;
};
const storedRosterShape: z.ZodType<StoredRoster> = z.object({
  serial: z.number(),
  feeds: z.partialRecord(storedWord<Method>(), feedShape),
  methods: z.array(storedWord<Method>()).optional(),
  retired: z.array(z.object({ method: storedWord<Method>(), feed: feedShape, by: z.string() })).optional(),
  linkEpoch: z.number(),
  issuesFrom: z.number().optional(),
  aftermath: z
    .object({
      table: z.string(),
      serial: z.number(),
      at: z.number(),
      accounts: z.string(),
      withoutCleverIds: z.boolean().optional(),
      unconfirmed: z.boolean().optional(),
    })
    .optional(),
});

/** Members that a newer build added are kept. */
const toStored = ({ version, aftermath, ...rest }: PublishedRoster): StoredRoster => ({
  serial: version,
  ...rest,
  ...(aftermath === undefined ? {} : { aftermath: toStoredFollowUp(aftermath) }),
});
const toStoredFollowUp = ({ table, version, ...rest }: FollowUp): StoredFollowUp => ({
  table,
  serial: version,
  ...rest,
});
const fromStored = ({ serial, aftermath, ...rest }: StoredRoster): PublishedRoster => ({
  version: serial,
  ...rest,
  ...(aftermath === undefined ? {} : { aftermath: fromStoredFollowUp(aftermath) }),
});
const fromStoredFollowUp = ({ table, serial, ...rest }: StoredFollowUp): FollowUp => ({
  table,
  version: serial,
  ...rest,
});

const none: PublishedRoster = { version: 0, feeds: {}, linkEpoch: 0 };

/** @param clock milliseconds */
export function createPublishedRosters(store: Store, vault: Vault, clock: () => number = Date.now): PublishedRosters {
  const sealedRoster = sealedJson(vault, storedRosterShape);
  const addressOf = (districtId: string): Address => ({ partition: partitionOf(vault, districtId), id: 'standing' });

  async function readNow(districtId: string): Promise<SeenRoster> {
    const at = addressOf(districtId);
    const [value] = await store.get([at]);
    const stored = sealedRoster.openFound(at, value);
    const published = stored === undefined ? none : fromStored(stored);
    return { districtId, published, unchanged: { at, oneOf: [value] } };
  }

  const recent = createRecentReads(readNow, clock, 10_000);
  return {
    read: recent.read,
    write(districtId, next) {
      const at = addressOf(districtId);
      recent.forget(districtId);
      return { kind: 'put', at, value: sealedRoster.seal(at, toStored(next)) };
    },
  };
}

export const accountTable = (method: Method, generation: string): string => `${method}.${generation}.accounts`;

/** Undefined if it is no account table of a feed. */
export const methodOfTable = (table: string): Method | undefined =>
  methods.find((method) => table.startsWith(`${method}.`));

export const tablesOf = (method: Method, generation: string): StagedTables => ({
  accounts: accountTable(method, generation),
  classes: `${method}.${generation}.classes`,
  enrollments: `${method}.${generation}.enrollments`,
  contested: `${method}.${generation}.contested`,
  spill: `${method}.${generation}.spill`,
});

/** The active account tables of the district's other feeds. */
export const otherAccountTables = (published: PublishedRoster, but: Method): string[] =>
  accountTables(published, 'active').flatMap(({ method, table }) => (method === but ? [] : [table]));

/** Every generation that the feed uses. */
export const generationsOf = ({ active, former, held }: FeedState): Generation[] =>
  [active, former, held?.generation].filter((generation) => generation !== undefined);

/** The account tables that are active, or were before, by method. */
export function accountTables(
  published: PublishedRoster,
  which: 'active' | 'former',
): { method: Method; table: string }[] {
  return methods.flatMap((method) => {
    const generation = published.feeds[method]?.[which];
    return generation === undefined ? [] : [{ method, table: accountTable(method, generation.id) }];
  });
}

/**
 * The second from which sessions may be issued after an ending now, seconds since the epoch. Offline verifiers compare
 * whole seconds, so `iat` alone must distinguish sessions from before the ending from later ones.
 * @param spareSeconds for a write that takes longer
 */
export const nextIssueTime = (published: PublishedRoster, now: number, spareSeconds = 0): number =>
  Math.max(Math.floor(now / 1000) + 1 + spareSeconds, published.issuesFrom ?? 0);

/** The last moment whose sessions such an ending ends. Milliseconds since the epoch. */
export const endOf = (issuesFrom: number): number => issuesFrom * 1000 - 1;

/** A sign-in written before the ending may be of a second that the ending does not cover. */
export const isOvertaken = (issuesFrom: number, now: number): boolean => Math.floor(now / 1000) >= issuesFrom;
