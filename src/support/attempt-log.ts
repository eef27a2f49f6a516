// The log of failed sign-ins. Records are sealed and look-ups go through keyed hashes; the store itself forgets each when
// ATTEMPT_RETENTION has passed. How attempts are found is attempt-index.ts.
import type { Code } from '../sign-in/outcome.ts';
import type { Address, Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Attempt, AttemptFacts } from './attempt.ts';
import { createAttemptIndex, partitionOfDay } from './attempt-index.ts';
import { type AttemptPointer, dayOf } from './attempt-pointer.ts';
import { makeReference } from './reference.ts';

export interface AttemptFilter {
  readonly email?: string;
  readonly cleverId?: string;
  readonly account?: string;
  readonly district?: string;
  readonly code?: Code;
  /** Milliseconds since the epoch, inclusive; default: as far back as the log goes. */
  readonly from?: number;
  readonly to?: number;
}

export interface AttemptPage {
  /** Newest first. */
  readonly attempts: readonly Attempt[];
  /** For the next, older page; undefined at the end. */
  readonly cursor: string | undefined;
}

export interface AttemptLog {
  /** Keeps the attempt under a fresh reference and answers it. */
  record(attempt: AttemptFacts, reference?: string): Promise<Attempt>;
  find(reference: string): Promise<Attempt | undefined>;
  /**
   * One page of the newest attempts that fit. A person (address, Clever id, account) is one read and one for each day
   * among what is found; a district one read and one for each such day, and one for every 2,000 newer than a time asked
   * for; a code or everything two reads for each day looked into and one that says which days those are. A cursor that
   * is none is an empty page.
   */
  search(filter: AttemptFilter, cursor?: string, limit?: number): Promise<AttemptPage>;
  /** Removes every attempt of the district and answers how many there were. */
  eraseDistrict(district: string): Promise<number>;
}

export interface AttemptLogOptions {
  readonly retentionSeconds: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

export function createAttemptLog(store: Store, vault: Vault, options: AttemptLogOptions): AttemptLog {
  const { retentionSeconds: ttlSeconds } = options;
  const index = createAttemptIndex(store, vault, options);
  const blinded = (reference: string): string => vault.blind('reference', reference);
  const referenceAt = (reference: string): Address => {
    const id = blinded(reference);
    // Spread over slots; the reference of an attempt tells its day.
    return { partition: `references-${id.slice(0, 2)}`, id };
  };
  const recordAt = ({ at, id }: AttemptPointer): Address => ({
    partition: partitionOfDay(dayOf(at)),
    id: `attempt.${id}`,
  });

  async function reserve(day: string, wanted: string): Promise<string> {
    const at = referenceAt(wanted);
    return (await store.put(at, vault.seal(at, day), { onlyIfAbsent: true, ttlSeconds }))
      ? wanted
      : reserve(day, makeReference());
  }

  /** In the order of the pointers, undefined for what is gone. One read for each day among them, all at once. */
  async function read(pointers: readonly AttemptPointer[]): Promise<(Attempt | undefined)[]> {
    const byDay = new Map<string, AttemptPointer[]>();
    for (const pointer of pointers) {
      const day = dayOf(pointer.at);
      byDay.get(day)?.push(pointer) ?? byDay.set(day, [pointer]);
    }
    const found = new Map<string, Attempt>();
    const readDay = async (places: readonly Address[]) => {
      for (const [at, value] of (await store.get(places)).entries()) {
        const place = places[at];
        if (place === undefined || value === undefined) continue;
        found.set(place.id, JSON.parse(vault.open(place, value).toString()));
      }
    };
    await Promise.all([...byDay.values()].map((ofDay) => readDay(ofDay.map(recordAt))));
    return pointers.map((pointer) => found.get(recordAt(pointer).id));
  }

  const fits = (attempt: Attempt, filter: AttemptFilter): boolean =>
    index.namesOf(attempt).includes(index.nameOf(filter)) &&
    (filter.cleverId === undefined || attempt.clever?.clever_id === filter.cleverId) &&
    (filter.account === undefined || (attempt.about ?? []).some(({ account }) => account === filter.account)) &&
    (filter.district === undefined || attempt.district === filter.district) &&
    (filter.code === undefined || attempt.code === filter.code) &&
    attempt.at >= (filter.from ?? 0) &&
    attempt.at <= (filter.to ?? Number.POSITIVE_INFINITY);

  const log: AttemptLog = {
    async record(attempt, wanted = makeReference()) {
      const day = dayOf(attempt.at);
      const reference = await reserve(day, wanted);
      const kept: Attempt = { ...attempt, reference };
      const pointer = { at: attempt.at, id: blinded(reference) };
      const at = recordAt(pointer);
      const put = { kind: 'put', at, value: vault.seal(at, JSON.stringify(kept)), ttlSeconds } as const;
      // Side by side: a pointer whose record is not there yet is passed over, and nobody has the reference so far.
      await Promise.all([store.commit([], [put, ...index.dayWrites(attempt, pointer)]), index.add(attempt, pointer)]);
      return kept;
    },

    async find(reference) {
      const at = referenceAt(reference);
      const [value] = await store.get([at]);
      if (value === undefined) return undefined;
      const day = vault.open(at, value).toString();
      return (await read([{ at: Date.parse(day), id: blinded(reference) }]))[0];
    },

    async search(filter, cursor, limit = 50) {
      const attempts: Attempt[] = [];
      for await (const found of index.walk(filter, cursor, limit)) {
        const records = await read(found.map(({ pointer }) => pointer));
        for (const [at, attempt] of records.entries()) {
          if (attempt === undefined || !fits(attempt, filter)) continue;
          attempts.push(attempt);
          if (attempts.length === limit) return { attempts, cursor: found[at]?.cursor };
        }
      }
      return { attempts, cursor: undefined };
    },

    async eraseDistrict(district) {
      let erased = 0;
      let cursor: string | undefined;
      do {
        const page = await log.search({ district }, cursor, 200);
        for (const { at, reference } of page.attempts) {
          await store.remove(recordAt({ at, id: blinded(reference) }));
          await store.remove(referenceAt(reference));
        }
        erased += page.attempts.length;
        cursor = page.cursor;
      } while (cursor !== undefined);
      return erased;
    },
  };
  return log;
}
