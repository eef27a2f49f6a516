// The log of failed sign-ins. Records are sealed, look-ups go through keyed hashes, one partition a day, and the store
// itself forgets a day when ATTEMPT_RETENTION has passed.

import type { Code } from '../sign-in/outcome.ts';
import { type Address, isLogCursor, type Store, type Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Attempt } from './attempt.ts';
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
  record(attempt: Omit<Attempt, 'reference'>, reference?: string): Promise<Attempt>;
  find(reference: string): Promise<Attempt | undefined>;
  /**
   * One page of the newest attempts that fit. Reads the narrowest log: two reads for each day of retention, and two more
   * for each page of that log that the rest of the filter leaves out. A cursor that is none is an empty page.
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

const daySeconds = 86_400;
/** Attempts stand in the order of being kept, which is that of their times but for this much. */
const outOfOrderMs = 60_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const partitionOfDay = (day: string): string => `attempts-${day}`;

export function createAttemptLog(
  store: Store,
  vault: Vault,
  { retentionSeconds, clock = Date.now }: AttemptLogOptions,
): AttemptLog {
  const referenceAt = (reference: string): Address => {
    const id = vault.blind('reference', reference);
    // Spread over slots; the reference of an attempt tells its day.
    return { partition: `references-${id.slice(0, 2)}`, id };
  };
  const recordAt = (day: string, reference: string): Address => ({
    partition: partitionOfDay(day),
    id: `attempt.${vault.blind('reference', reference)}`,
  });

  /** The logs an attempt stands in: by what a caller may have. */
  function logNames({ code, district, clever, about = [] }: Omit<Attempt, 'reference'>): string[] {
    const addresses = new Set([clever?.email, ...about.flatMap(({ sources }) => sources.map(({ email }) => email))]);
    return [
      'all',
      logName({ code }),
      ...(district === undefined ? [] : [logName({ district }), logName({ district, code })]),
      ...[...addresses].flatMap((email) => (email === undefined ? [] : [logName({ email })])),
      ...(clever?.clever_id === undefined ? [] : [logName({ cleverId: clever.clever_id })]),
      ...about.map(({ account }) => logName({ account })),
    ];
  }

  /** The narrowest log that holds everything a filter asks for. */
  function logName({ email, cleverId, account, district, code }: AttemptFilter): string {
    if (email !== undefined) return `email.${vault.blind('attempt-email', email)}`;
    if (cleverId !== undefined) return `clever.${vault.blind('attempt-clever-id', cleverId)}`;
    if (account !== undefined) return `account.${account}`;
    if (district !== undefined)
      return `district.${vault.blind('attempt-district', district)}${code === undefined ? '' : `.${code}`}`;
    return code === undefined ? 'all' : `code.${code}`;
  }

  async function reserve(day: string, ttlSeconds: number, wanted: string): Promise<string> {
    const at = referenceAt(wanted);
    return (await store.put(at, vault.seal(at, day), { onlyIfAbsent: true, ttlSeconds }))
      ? wanted
      : reserve(day, ttlSeconds, makeReference());
  }

  async function read(places: readonly Address[]): Promise<(Attempt | undefined)[]> {
    const values = places.length === 0 ? [] : await store.get(places);
    return places.map((at, index) => {
      const value = values[index];
      return value === undefined ? undefined : JSON.parse(vault.open(at, value).toString());
    });
  }

  const fits = (attempt: Attempt, filter: AttemptFilter): boolean =>
    logNames(attempt).includes(logName(filter)) &&
    (filter.cleverId === undefined || attempt.clever?.clever_id === filter.cleverId) &&
    (filter.account === undefined || (attempt.about ?? []).some(({ account }) => account === filter.account)) &&
    (filter.district === undefined || attempt.district === filter.district) &&
    (filter.code === undefined || attempt.code === filter.code) &&
    attempt.at >= (filter.from ?? 0) &&
    attempt.at <= (filter.to ?? Number.POSITIVE_INFINITY);

  const log: AttemptLog = {
    async record(attempt, wanted = makeReference()) {
      const day = dayOf(attempt.at);
      const ttlSeconds = retentionSeconds;
      const reference = await reserve(day, ttlSeconds, wanted);
      const kept: Attempt = { ...attempt, reference };
      const at = recordAt(day, reference);
      const id = Buffer.from(at.id);
      const appends = logNames(attempt).map((name): Write => {
        return { kind: 'append', log: { partition: at.partition, name, ttlSeconds }, value: id };
      });
      await store.commit(
        [],
        [{ kind: 'put', at, value: vault.seal(at, JSON.stringify(kept)), ttlSeconds }, ...appends],
      );
      return kept;
    },

    async find(reference) {
      const at = referenceAt(reference);
      const [value] = await store.get([at]);
      if (value === undefined) return undefined;
      const day = vault.open(at, value).toString();
      return (await read([recordAt(day, reference)]))[0];
    },

    async search(filter, cursor, limit = 50) {
      const today = dayOf(clock());
      const oldest = Math.max(filter.from ?? 0, clock() - retentionSeconds * 1000);
      let [day, before] =
        cursor === undefined ? [dayOf(Math.min(filter.to ?? clock(), clock())), undefined] : readCursor(cursor, today);
      const attempts: Attempt[] = [];
      while (Date.parse(day) + daySeconds * 1000 > oldest) {
        const partition = partitionOfDay(day);
        const entries = await store.page({ partition, name: logName(filter) }, { before }, limit);
        const found = await read(entries.map(({ value }) => ({ partition, id: value.toString() })));
        for (const [index, attempt] of found.entries()) {
          if (attempt === undefined || !fits(attempt, filter)) continue;
          attempts.push(attempt);
          if (attempts.length === limit) return { attempts, cursor: `${day}.${entries[index]?.cursor ?? ''}` };
        }
        if (found.some((attempt) => attempt !== undefined && attempt.at < oldest - outOfOrderMs)) break;
        before = entries.length === limit ? entries.at(-1)?.cursor : undefined;
        if (before === undefined) day = dayOf(Date.parse(day) - 1);
      }
      return { attempts, cursor: undefined };
    },

    async eraseDistrict(district) {
      let erased = 0;
      let cursor: string | undefined;
      do {
        const page = await log.search({ district }, cursor, 200);
        for (const { at, reference } of page.attempts) {
          await store.remove(recordAt(dayOf(at), reference));
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

/** A cursor from outside: one that we never made leads to the end, not to a walk through days that never were. */
function readCursor(cursor: string, today: string): [day: string, before: string | undefined] {
  const [, day = '', before = ''] = /^(\d{4}-\d{2}-\d{2})\.(.+)$/.exec(cursor) ?? [];
  return day <= today && !Number.isNaN(Date.parse(day)) && isLogCursor(before) ? [day, before] : [dayOf(0), undefined];
}
