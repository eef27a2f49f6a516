// The log of failed sign-ins. Records are sealed and look-ups use keyed hashes; the store deletes each record after
// ATTEMPT_RETENTION. attempt-index.ts has the index.
import * as z from 'zod';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Language } from '../outcome/languages.ts';
import type { App } from '../outcome/outcome.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import { makeReference } from '../outcome/reference.ts';
import { sealed, storedObject, storedWord } from '../store/sealed.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { AccountFacts, Attempt, AttemptFacts, CleverFacts } from './attempt.ts';
import { type AttemptLogOptions, createAttemptIndex, partitionOfDay } from './attempt-index.ts';
import { type AttemptFilter, type AttemptPointer, addressesOf, dayOf } from './attempt-names.ts';

interface AttemptPage {
  /** Newest first. */
  readonly attempts: readonly Attempt[];
  /** For the next, older page; undefined at the end. */
  readonly cursor: string | undefined;
}

export interface AttemptLog {
  /** Stores the attempt under a new reference and returns it. */
  record(attempt: AttemptFacts, reference?: string): Promise<Attempt>;
  find(reference: string): Promise<Attempt | undefined>;
  /** In the requested order; one read per day among them. */
  findMany(wanted: readonly Pick<Attempt, 'reference' | 'at'>[]): Promise<(Attempt | undefined)[]>;
  /**
   * One page of the newest matching attempts. Cost for a user (address, Clever id, account): one read, and one per day
   * among the results; for a district: one read, one per such day, and one per 2,000 attempts newer than a requested
   * time; for a code or everything: two reads per searched day and one for the list of days. An invalid cursor gives an
   * empty page.
   */
  search(filter: AttemptFilter, cursor?: string, limit?: number): Promise<AttemptPage>;
  /**
   * Number of matches of a filter of district, code and time, up to `most`: one read per 2,000, and per day if no
   * district is given.
   */
  count(filter: Pick<AttemptFilter, 'district' | 'code' | 'from' | 'to'>, most: number): Promise<number>;
  /** Deletes every attempt of unknown districts and returns their number. */
  eraseOfNoDistrict(): Promise<number>;
  /** Deletes every attempt of the district and returns their number. */
  eraseDistrict(district: string): Promise<number>;
}

/** Upper limit: anyone can make attempts in which Clever verified no user. */
const unverifiedSeconds = 86_400;

/** Pointers per read. */
const countedAtOnce = 2_000;

const attemptShape: z.ZodType<Attempt> = z.object({
  reference: z.string(),
  at: z.number(),
  code: storedWord<Code>(),
  app: storedWord<App>(),
  language: storedWord<Language>().exactOptional(),
  difference: storedWord<Difference>().exactOptional(),
  reason: z.string().exactOptional(),
  clever: storedObject<CleverFacts>().exactOptional(),
  district: z.string().exactOptional(),
  about: z.array(storedObject<AccountFacts>()).exactOptional(),
});

export function createAttemptLog(store: Store, vault: Vault, options: AttemptLogOptions): AttemptLog {
  const records = createAttemptRecords(store, vault);
  const index = createAttemptIndex(store, vault, options);
  const isMatch = (attempt: Attempt, filter: AttemptFilter): boolean =>
    index.namesOf(attempt).includes(index.nameOf(filter)) && fits(attempt, filter);

  const log: Omit<AttemptLog, 'eraseDistrict' | 'eraseOfNoDistrict'> = {
    async record(attempt, wanted = makeReference()) {
      const ttlSeconds = ttlOf(attempt, options.retentionSeconds);
      const reference = await records.reserve(dayOf(attempt.at), wanted, ttlSeconds);
      const kept: Attempt = { ...attempt, reference };
      const pointer = records.pointerOf(kept);
      const put = records.write(kept, ttlSeconds);
      // Concurrently: a pointer without a record is skipped, and the reference is not shown yet.
      await Promise.all([store.commit([], [put, ...index.dayWrites(attempt, pointer)]), index.add(attempt, pointer)]);
      return kept;
    },

    find: records.find,
    findMany: (wanted) => records.read(wanted.map(records.pointerOf)),

    async search(filter, cursor, limit = 50) {
      const attempts: Attempt[] = [];
      for await (const found of index.walk(filter, cursor, limit)) {
        const read = await records.read(found.map(({ pointer }) => pointer));
        for (const [at, attempt] of read.entries()) {
          if (attempt === undefined || !isMatch(attempt, filter)) continue;
          attempts.push(attempt);
          if (attempts.length === limit) return { attempts, cursor: found[at]?.cursor };
        }
      }
      return { attempts, cursor: undefined };
    },

    async count(filter, most) {
      let counted = 0;
      for await (const found of index.walk(filter, undefined, countedAtOnce)) {
        counted += found.length;
        if (counted >= most) return most;
      }
      return counted;
    },
  };
  return {
    ...log,
    eraseDistrict: (district) => erase(log, records, { district }),
    eraseOfNoDistrict: () => erase(log, records, {}, (attempt) => attempt.district === undefined),
  };
}

/** The sealed records, by reference and by pointer. */
function createAttemptRecords(store: Store, vault: Vault) {
  const records = sealed(store, vault, attemptShape);
  const blinded = (reference: string): string => vault.blind('reference', reference);
  const referenceAt = (reference: string): Address => {
    const id = blinded(reference);
    // Distributed over slots; an attempt's reference record contains its day.
    return { partition: `references-${id.slice(0, 2)}`, id };
  };
  const recordAt = ({ at, id }: AttemptPointer): Address => ({
    partition: partitionOfDay(dayOf(at)),
    id: `attempt.${id}`,
  });
  const pointerOf = ({ at, reference }: Pick<Attempt, 'at' | 'reference'>): AttemptPointer => ({
    at,
    id: blinded(reference),
  });

  async function reserve(day: string, wanted: string, ttlSeconds: number): Promise<string> {
    const at = referenceAt(wanted);
    return (await store.put(at, vault.seal(at, day), { onlyIfAbsent: true, ttlSeconds }))
      ? wanted
      : reserve(day, makeReference(), ttlSeconds);
  }

  /** In the order of the pointers, undefined for deleted ones. One read per day among them, concurrently. */
  async function read(pointers: readonly AttemptPointer[]): Promise<(Attempt | undefined)[]> {
    const found = new Map<string, Attempt>();
    const readDay = async (places: readonly Address[]) => {
      for (const [at, attempt] of (await records.list(places)).entries()) {
        const place = places[at];
        if (place !== undefined && attempt !== undefined) found.set(place.id, attempt);
      }
    };
    await Promise.all(groupByDay(pointers).map((ofDay) => readDay(ofDay.map(recordAt))));
    return pointers.map((pointer) => found.get(recordAt(pointer).id));
  }

  return {
    pointerOf,
    /** The wanted reference, or another one if it is taken. */
    reserve,
    read,
    write: (attempt: Attempt, ttlSeconds: number) => records.write(recordAt(pointerOf(attempt)), attempt, ttlSeconds),
    async find(reference: string): Promise<Attempt | undefined> {
      const at = referenceAt(reference);
      const [value] = await store.get([at]);
      if (value === undefined) return undefined;
      const day = vault.open(at, value).toString();
      return (await read([pointerOf({ at: Date.parse(day), reference })]))[0];
    },
    async remove(attempt: Attempt): Promise<void> {
      await store.remove(recordAt(pointerOf(attempt)));
      await store.remove(referenceAt(attempt.reference));
    },
  };
}

function groupByDay(pointers: readonly AttemptPointer[]): readonly (readonly AttemptPointer[])[] {
  const byDay = new Map<string, AttemptPointer[]>();
  for (const pointer of pointers) {
    const day = dayOf(pointer.at);
    const ofDay = byDay.get(day) ?? [];
    ofDay.push(pointer);
    byDay.set(day, ofDay);
  }
  return [...byDay.values()];
}

const ttlOf = ({ clever, district }: AttemptFacts, retentionSeconds: number): number =>
  clever === undefined && district === undefined ? Math.min(unverifiedSeconds, retentionSeconds) : retentionSeconds;

const fits = (attempt: Attempt, filter: AttemptFilter): boolean =>
  (filter.email === undefined || addressesOf(attempt).includes(filter.email)) &&
  (filter.cleverId === undefined || attempt.clever?.clever_id === filter.cleverId) &&
  (filter.account === undefined || (attempt.about ?? []).some(({ account }) => account === filter.account)) &&
  (filter.district === undefined || attempt.district === filter.district) &&
  (filter.code === undefined || attempt.code === filter.code) &&
  attempt.at >= (filter.from ?? 0) &&
  attempt.at <= (filter.to ?? Number.POSITIVE_INFINITY);

async function erase(
  { search }: Pick<AttemptLog, 'search'>,
  records: ReturnType<typeof createAttemptRecords>,
  filter: AttemptFilter,
  isMeant: (attempt: Attempt) => boolean = () => true,
): Promise<number> {
  let erased = 0;
  let cursor: string | undefined;
  do {
    const page = await search(filter, cursor, 200);
    for (const attempt of page.attempts.filter(isMeant)) {
      await records.remove(attempt);
      erased += 1;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return erased;
}
