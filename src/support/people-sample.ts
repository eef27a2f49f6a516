// Counts distinct users since a time, in bounded space: exact up to 2,000, above that an estimate within some 3 % from
// every second, fourth, … user, selected by hash (adaptive sampling, Flajolet 1990). Samples of several servers merge
// without counting a user twice.
import * as z from 'zod';

export interface PeopleSample {
  /** Each sampled user represents 2^shift users. */
  shift: number;
  /** The user's last visit by keyed hash; seconds since the epoch. */
  readonly seen: Map<string, number>;
}

export interface StoredSample {
  readonly shift: number;
  readonly seen: Readonly<Record<string, number>>;
}

export const sampleShape: z.ZodType<StoredSample> = z.object({
  shift: z.number(),
  seen: z.record(z.string(), z.number()),
});

export const maxSampled = 2_000;
const hashDigits = 10;

export const openSample = ({ shift, seen }: StoredSample = { shift: 0, seen: {} }): PeopleSample => ({
  shift,
  seen: new Map(Object.entries(seen)),
});

/** @param from seconds since the epoch; older entries are dropped */
export const closeSample = ({ shift, seen }: PeopleSample, from: number): StoredSample => ({
  shift,
  seen: Object.fromEntries([...seen].filter(([, at]) => at >= from)),
});

/**
 * Records a visit.
 * @param hash at least 10 hex digits of a keyed hash
 * @param at seconds since the epoch
 * @param isNew decides from the time of the previous visit whether this one counts
 * @returns how many users this visit represents: 0 if it does not count, or the user is not sampled
 */
export function addPerson(
  sample: PeopleSample,
  hash: string,
  at: number,
  isNew: (last: number | undefined) => boolean,
): number {
  const key = hash.slice(0, hashDigits);
  if (!isSampled(key, sample.shift)) return 0;
  const last = sample.seen.get(key);
  const weight = isNew(last) ? 2 ** sample.shift : 0;
  sample.seen.set(key, Math.max(last ?? 0, at));
  while (sample.seen.size > maxSampled) {
    sample.shift += 1;
    for (const each of sample.seen.keys()) if (!isSampled(each, sample.shift)) sample.seen.delete(each);
  }
  return weight;
}

/** @param from seconds since the epoch, inclusive */
export function countPeopleSince({ shift, seen }: StoredSample, from: number): number {
  return Object.values(seen).filter((at) => at >= from).length * 2 ** shift;
}

const isSampled = (key: string, shift: number): boolean => Number.parseInt(key, 16) % 2 ** shift === 0;
