// The number of users of each district who failed to sign in and who signed in, shared by all servers. A server counts
// in memory and writes every few seconds and on shutdown, so that no sign-in waits for a count. counted-days.ts has the
// counts themselves. One table has a copy of today and the usual day of all districts, for pages over many.
import * as z from 'zod';
import { type Districts, partitionOf, timeZoneOf } from '../district/district.ts';
import { addDays, wallTime } from '../district/time-zone.ts';
import { sealed, sealedJson } from '../store/sealed.ts';
import { type Address, type Store, StoreUnavailable } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { AttemptFacts } from './attempt.ts';
import {
  countDay,
  countsShape,
  countVisits,
  type DistrictCounts,
  type UsualDay,
  usualDay,
  type Visits,
} from './counted-days.ts';

/** A district's current day, in local time. */
export interface DistrictToday {
  readonly district: string;
  readonly zone: string;
  /** `2026-11-29`. */
  readonly day: string;
  /** Users, each counted once. */
  readonly failed: number;
  readonly signedIn: number;
  /** A usual full day; undefined if too little was counted before. */
  readonly usual: UsualDay | undefined;
}

export interface SignInCounts {
  /** No effect if the district is unknown. Does no I/O. */
  failed(attempt: Pick<AttemptFacts, 'district' | 'at' | 'code'>, who: string): void;
  /** Does no I/O. */
  signedIn(district: string, account: string): void;
  /** Writes the counts of this server, of all districts or of one: three commands per district with new counts. */
  flush(district?: string): Promise<void>;
  /** One read. */
  read(district: string): Promise<DistrictCounts | undefined>;
  /** Those of the districts with sign-ins; one read per 500. */
  readToday(districts: readonly string[]): Promise<ReadonlyMap<string, DistrictToday>>;
  /** Of all districts; one read per some 500. */
  readAllToday(): Promise<readonly DistrictToday[]>;
  forget(district: string): Promise<void>;
}

interface SignInCountsNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly districts: Pick<Districts, 'find'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

interface Waiting {
  readonly failed: Map<string, number>;
  readonly signedIn: Map<string, number>;
  /** By hour and code. */
  readonly tries: Map<string, Visits['tries'][number]>;
}

const todayShape = z.object({
  district: z.string(),
  zone: z.string(),
  day: z.string(),
  failed: z.number(),
  signedIn: z.number(),
  /** Of this day and the six after it. */
  usual: z.array(z.object({ failed: z.number(), signedIn: z.number(), of: z.enum(['weekday', 'day']) }).nullable()),
});
type StoredToday = z.infer<typeof todayShape>;

const allPartition = 'sign-in-counts';
const todayTable = 'today';
/** After this time without visits, a district's counts start anew. */
const ttlSeconds = 60 * 86_400;
/** Maximum of counts in memory; if the store does not answer for long, further ones are dropped. */
const maxWaiting = 100_000;
const maxTries = 20;
const concurrency = 20;
const readAtOnce = 500;
const hourMs = 3_600_000;

export function createSignInCounts({ store, vault, districts, clock }: SignInCountsNeeds): SignInCounts {
  const counts = sealedJson(vault, countsShape);
  const countsAt = (district: string): Address => ({ partition: partitionOf(vault, district), id: 'sign-in-counts' });
  const today = createTodayCopies(store, vault, clock);
  const waiting = createWaitingVisits();

  async function flushOne(district: string): Promise<void> {
    const taken = waiting.take(district);
    if (taken === undefined) return;
    try {
      await write(district, hashVisits(vault, taken));
    } catch (failure) {
      if (failure instanceof StoreUnavailable) waiting.putBack(district, taken);
      throw failure;
    }
  }

  async function write(district: string, visits: Visits): Promise<void> {
    const at = countsAt(district);
    for (let tries = 0; tries < maxTries; tries += 1) {
      const [found, [bytes]] = await Promise.all([districts.find(district), store.get([at])]);
      // Erased meanwhile.
      if (found === undefined) return;
      const where = { district, zone: timeZoneOf(found), now: clock() };
      const next = countVisits(counts.openFound(at, bytes), where, visits);
      const put = { kind: 'put', at, value: counts.seal(at, next), ttlSeconds } as const;
      // Failed: another server wrote counts of the same district meanwhile.
      if (!(await store.commit([{ at, oneOf: [bytes] }], [put]))) continue;
      await today.write(next);
      return;
    }
    throw new StoreUnavailable(new Error('the counts of a district changed all the time'));
  }

  return {
    failed({ district, at, code }, who) {
      if (district !== undefined) waiting.addFailure(district, { at, code, count: 1 }, who);
    },
    signedIn: (district, account) => waiting.addSuccess(district, account, clock()),
    async flush(district) {
      const all = district === undefined ? waiting.districts() : [district];
      for (let from = 0; from < all.length; from += concurrency)
        await Promise.all(all.slice(from, from + concurrency).map(flushOne));
    },
    async read(district) {
      const [bytes] = await store.get([countsAt(district)]);
      return counts.openFound(countsAt(district), bytes);
    },
    readToday: today.read,
    readAllToday: today.readAll,
    async forget(district) {
      waiting.take(district);
      await today.remove(district);
    },
  };
}

/** The visits that this server has not written yet, by district. */
function createWaitingVisits() {
  const waiting = new Map<string, Waiting>();
  let held = 0;

  function waitingOf(district: string): Waiting {
    const known = waiting.get(district) ?? { failed: new Map(), signedIn: new Map(), tries: new Map() };
    waiting.set(district, known);
    return known;
  }

  function hold(into: Map<string, number>, who: string, at: number): void {
    if (into.has(who)) into.set(who, Math.max(at, into.get(who) ?? 0));
    else if (held < maxWaiting) {
      held += 1;
      into.set(who, at);
    }
  }

  function holdTries({ tries }: Waiting, each: Visits['tries'][number]): void {
    const name = `${Math.floor(each.at / hourMs)} ${each.code}`;
    const known = tries.get(name);
    if (known === undefined && held >= maxWaiting) return;
    if (known === undefined) held += 1;
    tries.set(name, { ...each, count: each.count + (known?.count ?? 0) });
  }

  return {
    districts: () => [...waiting.keys()],
    addFailure(district: string, tried: Visits['tries'][number], who: string): void {
      const own = waitingOf(district);
      hold(own.failed, who, tried.at);
      holdTries(own, tried);
    },
    addSuccess: (district: string, who: string, at: number) => hold(waitingOf(district).signedIn, who, at),
    take(district: string): Waiting | undefined {
      const taken = waiting.get(district);
      waiting.delete(district);
      if (taken !== undefined) held -= taken.failed.size + taken.signedIn.size + taken.tries.size;
      return taken;
    },
    putBack(district: string, taken: Waiting): void {
      const now = waitingOf(district);
      for (const [who, at] of taken.failed) hold(now.failed, who, at);
      for (const [who, at] of taken.signedIn) hold(now.signedIn, who, at);
      for (const each of taken.tries.values()) holdTries(now, each);
    },
  };
}

/** The table of all districts' current days. */
function createTodayCopies(store: Store, vault: Vault, clock: () => number) {
  const copies = sealed(store, vault, todayShape);
  const copyAt = (district: string): Address => ({
    partition: allPartition,
    table: todayTable,
    id: vault.blind('district', district),
  });
  return {
    async write(counts: DistrictCounts): Promise<void> {
      const at = copyAt(counts.district);
      await store.put(at, copies.seal(at, summarise(counts, clock())));
    },
    async remove(district: string): Promise<void> {
      await store.remove(copyAt(district));
    },
    async read(wanted: readonly string[]): Promise<ReadonlyMap<string, DistrictToday>> {
      const found = new Map<string, DistrictToday>();
      for (let from = 0; from < wanted.length; from += readAtOnce)
        for (const copy of await copies.list(wanted.slice(from, from + readAtOnce).map(copyAt)))
          if (copy !== undefined) found.set(copy.district, todayOf(copy, clock()));
      return found;
    },
    async readAll(): Promise<readonly DistrictToday[]> {
      // A row that moved during the scan occurs twice.
      const found = new Map<string, DistrictToday>();
      for await (const rows of store.scan(allPartition, todayTable, readAtOnce))
        for (const { id, value } of rows) {
          const copy = copies.open({ partition: allPartition, table: todayTable, id }, value);
          found.set(copy.district, todayOf(copy, clock()));
        }
      return [...found.values()];
    },
  };
}

function hashVisits(vault: Vault, { failed, signedIn, tries }: Waiting): Visits {
  const hashed = (people: ReadonlyMap<string, number>) =>
    new Map([...people].map(([who, at]) => [vault.blind('counted-person', who), at] as const));
  return { failed: hashed(failed), signedIn: hashed(signedIn), tries: [...tries.values()] };
}

function summarise(counts: DistrictCounts, now: number): StoredToday {
  const { district, zone } = counts;
  const day = wallTime(now, zone).slice(0, 10);
  const week = Array.from({ length: 7 }, (_, index) => usualDay(counts, addDays(day, index)) ?? null);
  return { district, zone, day, ...countDay(counts, day), usual: week };
}

/** A copy of an earlier day means that there were no visits today. */
function todayOf({ district, zone, day, failed, signedIn, usual }: StoredToday, now: number): DistrictToday {
  const today = wallTime(now, zone).slice(0, 10);
  const after = Math.round((Date.parse(today) - Date.parse(day)) / 86_400_000);
  const people = after === 0 ? { failed, signedIn } : { failed: 0, signedIn: 0 };
  return { district, zone, day: today, ...people, usual: usual[((after % 7) + 7) % 7] ?? undefined };
}
