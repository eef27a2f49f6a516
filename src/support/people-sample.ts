// How many different people came since a time, in a bounded space: exact up to 2,000 people, above that an estimate from
// every second, fourth, … of them, chosen by their hash (adaptive sampling, Flajolet 1990), within some 3 %. Samples of the
// same people taken by several servers merge without counting anybody twice.
import * as z from 'zod';

export interface PeopleSample {
  /** Each of the sample stands for 2^shift people. */
  shift: number;
  /** By keyed hash, when the person came last; seconds since the epoch. */
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

export const mostSampled = 2_000;
const hashSigns = 10;

export const openSample = ({ shift, seen }: StoredSample = { shift: 0, seen: {} }): PeopleSample => ({
  shift,
  seen: new Map(Object.entries(seen)),
});

/** @param from seconds since the epoch; who has not come since is forgotten */
export const closeSample = ({ shift, seen }: PeopleSample, from: number): StoredSample => ({
  shift,
  seen: Object.fromEntries([...seen].filter(([, at]) => at >= from)),
});

/**
 * Notes that a person came.
 * @param hash at least 10 hex signs of a keyed hash
 * @param at seconds since the epoch
 * @param isNew of the time at which the person came last before, whether this visit counts
 * @returns how many people this visit stands for: 0 where it does not count, or the person is not of the sample
 */
export function addPerson(
  sample: PeopleSample,
  hash: string,
  at: number,
  isNew: (last: number | undefined) => boolean,
): number {
  const key = hash.slice(0, hashSigns);
  if (!isSampled(key, sample.shift)) return 0;
  const last = sample.seen.get(key);
  const weight = isNew(last) ? 2 ** sample.shift : 0;
  sample.seen.set(key, Math.max(last ?? 0, at));
  while (sample.seen.size > mostSampled) {
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
