// The index of attempts: the logs and lists that an attempt is entered in, and a search through the most selective one,
// newest first, in a number of reads that does not depend on the size of the log. Contains pointers only; the records
// are attempt-log.ts.

import { type Address, isLogCursor, type Log, type Store, type Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { AttemptFacts } from './attempt.ts';
import {
  type AttemptFilter,
  type AttemptPointer,
  createAttemptNames,
  dayOf,
  packPointer,
  pointerBytes,
  unpackPointer,
} from './attempt-names.ts';

export interface AttemptLogOptions {
  readonly retentionSeconds: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

interface Found {
  readonly pointer: AttemptPointer;
  /** Continues after this one. */
  readonly cursor: string;
}

interface AttemptIndex {
  /** Enters the attempt into all logs and lists except its day. */
  add(attempt: AttemptFacts, pointer: AttemptPointer): Promise<void>;
  /** Enters the attempt into its day: commit it with the record. */
  dayWrites(attempt: AttemptFacts, pointer: AttemptPointer): Write[];
  /** Pointers that may match the filter, newest first, about `chunk` at a time. Empty for an invalid cursor. */
  walk(filter: AttemptFilter, cursor: string | undefined, chunk: number): AsyncIterable<readonly Found[]>;
  /** The names of all logs and lists that contain the attempt. */
  namesOf(attempt: AttemptFacts): string[];
  /** The most selective one that contains every match of the filter. */
  nameOf(filter: AttemptFilter): string;
}

/** Milliseconds since the epoch, inclusive, within the retention. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const dayMs = 86_400_000;
/** Attempts are in the order in which they were stored, which can differ from the order of their times by this much. */
const outOfOrderMs = 60_000;
/** Pages after the first are long: a search for a time skips the newer ones. */
const longPage = 2_000;

export const partitionOfDay = (day: string): string => `attempts-${day}`;

/** Distributed over slots by name; a district's logs are in one partition. */
const partitionOfName = (name: string): string => `attempts-by-${name.replace(/^\w+\./, '').slice(0, 2)}`;
const personAt = (name: string): Address => ({ partition: partitionOfName(name), id: name });
const markAt = (name: string, day: string): Address => ({ partition: 'attempts-days', id: `${name}.${day}` });

export function createAttemptIndex(
  store: Store,
  vault: Vault,
  { retentionSeconds, clock = Date.now }: AttemptLogOptions,
): AttemptIndex {
  const names = createAttemptNames(vault);
  const people = createAttemptPersonIndex(store, retentionSeconds);
  /** Days already marked by this process. */
  let marked = new Set<string>();

  const logOf = (partition: string, name: string): Log => ({ partition, name, ttlSeconds: retentionSeconds });

  const walkAll = createWalk(store, people, logOf, clock);

  /** Records that a day has attempts of a name, so that a search skips other days. */
  async function mark(name: string, day: string): Promise<void> {
    const at = markAt(name, day);
    if (marked.has(at.id)) return;
    await store.put(at, Buffer.alloc(1), { ttlSeconds: retentionSeconds + 86_400 });
    if (marked.size > 10_000) marked = new Set();
    marked.add(at.id);
  }

  function spanOf({ from = 0, to = Number.POSITIVE_INFINITY }: AttemptFilter): Span {
    const now = clock();
    return { from: Math.max(from, now - retentionSeconds * 1000), to: Math.min(to, now) };
  }

  return {
    namesOf: (attempt) => [...names.ofPeople(attempt), ...names.ofDistrict(attempt), ...names.ofDay(attempt)],
    nameOf: names.ofFilter,
    dayWrites: (attempt, pointer) =>
      names.ofDay(attempt).map((name) => ({
        kind: 'append',
        log: logOf(partitionOfDay(dayOf(pointer.at)), name),
        value: packPointer(pointer),
      })),
    async add(attempt, pointer) {
      const value = packPointer(pointer);
      const inDistrict = names.ofDistrict(attempt);
      const appends = inDistrict.map((name): Write => {
        return { kind: 'append', log: logOf(partitionOfName(name), name), value };
      });
      await Promise.all([
        ...(appends.length === 0 ? [] : [store.commit([], appends)]),
        ...names.ofPeople(attempt).map((name) => people.add(personAt(name), pointer)),
        ...names.ofDay(attempt).map((name) => mark(name, dayOf(pointer.at))),
      ]);
    },
    async *walk(filter, cursor, chunk) {
      const span = spanOf(filter);
      for await (const found of walkAll(names.ofFilter(filter), span, cursor, chunk)) {
        const timely = found.filter(({ pointer: { at } }) => at >= span.from && at <= span.to);
        for (let at = 0; at < timely.length; at += chunk) yield timely.slice(at, at + chunk);
        if (found.some(({ pointer: { at } }) => at < span.from - outOfOrderMs)) return;
      }
    },
  };
}

/** The walks through the three kinds of lists. */
function createWalk(
  store: Store,
  people: AttemptPersonIndex,
  logOf: (partition: string, name: string) => Log,
  clock: () => number,
) {
  async function* walkPerson(name: string, cursor: string | undefined): AsyncIterable<readonly Found[]> {
    const found = (await people.read(personAt(name))).map((pointer) => ({
      pointer,
      cursor: `${dayOf(pointer.at)}.${pointer.id}`,
    }));
    const seen = cursor === undefined ? -1 : found.findIndex((each) => each.cursor === cursor);
    if (cursor === undefined || seen >= 0) yield found.slice(seen + 1);
  }

  async function* walkLog(log: Log, cursor: string | undefined, chunk: number): AsyncGenerator<readonly Found[]> {
    if (cursor !== undefined && !isLogCursor(cursor)) return;
    for (let before = cursor, size = chunk; ; size = Math.max(chunk, longPage)) {
      const entries = await store.page(log, { before }, size);
      yield entries.map(({ cursor, value }) => ({ pointer: unpackPointer(value), cursor }));
      before = entries.at(-1)?.cursor;
      if (entries.length < size || before === undefined) return;
    }
  }

  /** The days from the newest on; after the first, only those that are marked. */
  async function* walkDays(name: string, { from, to }: Span, cursor: string | undefined, chunk: number) {
    const [first, before] = cursor === undefined ? [dayOf(to), undefined] : readDayCursor(cursor, dayOf(clock()));
    const days = first === undefined ? [] : daysBack(first, from);
    let marks: readonly (Buffer | undefined)[] | undefined;
    for (const [index, day] of days.entries()) {
      if (index > 0) marks ??= await store.get(days.map((each) => markAt(name, each)));
      if (index > 0 && marks?.[index] === undefined) continue;
      const start = index === 0 ? before : undefined;
      for await (const found of walkLog(logOf(partitionOfDay(day), name), start, chunk)) {
        yield found.map(({ pointer, cursor }) => ({ pointer, cursor: `${day}.${cursor}` }));
      }
    }
  }

  return (name: string, span: Span, cursor: string | undefined, chunk: number) => {
    if (name.startsWith('person.')) return walkPerson(name, cursor);
    if (name.startsWith('district.')) return walkLog(logOf(partitionOfName(name), name), cursor, chunk);
    return walkDays(name, span, cursor, chunk);
  };
}

/** From the day of `first` back to that of `from`. */
function daysBack(first: string, from: number): string[] {
  const days: string[] = [first];
  for (let at = Date.parse(first) - dayMs; at > from - dayMs; at -= dayMs) days.push(dayOf(at));
  return days;
}

const dayCursor = /^(\d{4}-\d{2}-\d{2})\.(.+)$/;

/** Whether a text from outside has the form of a search cursor. One of another search gives an empty result. */
export const isSearchCursor = (text: string): boolean => isLogCursor(text) || dayCursor.test(text);

/** A cursor from outside: an invalid one gives an empty result and no search through nonexistent days. */
function readDayCursor(cursor: string, today: string): [day: string | undefined, before: string | undefined] {
  const [, day = '', before = ''] = dayCursor.exec(cursor) ?? [];
  const isOurs = day <= today && !Number.isNaN(Date.parse(day)) && isLogCursor(before);
  return isOurs ? [day, before] : [undefined, undefined];
}

/** Maximum of one list; older attempts beyond it are found by district, code, time and reference only. */
export const maxOfOnePerson = 500;

/**
 * The attempts of a user, by address, Clever id or account: one short list for each, so that a search is one read however
 * many days are kept. A log per user would cost Redis four thousand bytes per user.
 */
interface AttemptPersonIndex {
  /** Newest first. One read. */
  read(at: Address): Promise<AttemptPointer[]>;
  /** Puts the pointer at the head of the list. */
  add(at: Address, pointer: AttemptPointer): Promise<void>;
}

/**
 * Pointers that arrive while a list is being written share the next write: separate writes would conflict for a long
 * time.
 */
interface Batch {
  /** Oldest first. */
  waiting: Buffer[];
  last: Promise<void>;
  next: Promise<void> | undefined;
}

/** @param retentionSeconds a list expires this long after the user's last attempt */
function createAttemptPersonIndex(store: Store, retentionSeconds: number): AttemptPersonIndex {
  const batches = new Map<string, Batch>();

  async function write(at: Address, added: Buffer): Promise<void> {
    const [seen] = await store.get([at]);
    const value = Buffer.concat([added, seen ?? Buffer.alloc(0)]).subarray(0, maxOfOnePerson * pointerBytes);
    const put = { kind: 'put', at, value, ttlSeconds: retentionSeconds } as const;
    // Failed: another server wrote to the same list meanwhile.
    if (!(await store.commit([{ at, oneOf: [seen] }], [put]))) await write(at, added);
  }

  async function writeForAll(at: Address, key: string, batch: Batch): Promise<void> {
    const added = Buffer.concat(batch.waiting.toReversed());
    Object.assign(batch, { waiting: [], last: batch.next, next: undefined });
    try {
      await write(at, added);
    } finally {
      if (batch.next === undefined) batches.delete(key);
    }
  }

  return {
    async read(at) {
      const [bytes = Buffer.alloc(0)] = await store.get([at]);
      return Array.from({ length: bytes.length / pointerBytes }, (_, index) =>
        unpackPointer(bytes.subarray(index * pointerBytes)),
      );
    },
    add(at, pointer) {
      const key = `${at.partition} ${at.id}`;
      const batch = batches.get(key) ?? { waiting: [], last: Promise.resolve(), next: undefined };
      batches.set(key, batch);
      batch.waiting.push(packPointer(pointer));
      batch.next ??= batch.last.catch(() => undefined).then(() => writeForAll(at, key, batch));
      return batch.next;
    },
  };
}
