// A district's days in numbers: by hour of its local time, how many users failed to sign in and how many signed in; and
// the usual numbers. Pure; sign-in-counts.ts decides what is counted when.
import * as z from 'zod';
import { addDays, wallTime } from '../district/time-zone.ts';
import type { Code } from '../outcome/outcome-codes.ts';
import { remember } from '../store/remember.ts';
import { storedObject } from '../store/sealed.ts';
import {
  addPerson,
  closeSample,
  openSample,
  type PeopleSample,
  type StoredSample,
  sampleShape,
} from './people-sample.ts';

/** Users, each counted once a day, in the hour of their first visit; 24 hours of local time. */
interface CountedDay {
  /** `2026-11-29` in the district's zone. */
  readonly day: string;
  readonly failed: readonly number[];
  readonly signedIn: readonly number[];
}

/** Failed tries of one hour by code. */
interface CountedHour {
  /** Hours since the epoch. */
  readonly hour: number;
  readonly codes: Readonly<Partial<Record<Code, number>>>;
}

export interface DistrictCounts {
  readonly district: string;
  readonly zone: string;
  /** The first day that was counted. */
  readonly since: string;
  /** Newest first; days without visits are omitted. */
  readonly days: readonly CountedDay[];
  /** Newest first. */
  readonly hours: readonly CountedHour[];
  readonly failed: StoredSample;
  readonly signedIn: StoredSample;
}

export const countsShape: z.ZodType<DistrictCounts> = z.object({
  district: z.string(),
  zone: z.string(),
  since: z.string(),
  days: z.array(z.object({ day: z.string(), failed: z.array(z.number()), signedIn: z.array(z.number()) })),
  hours: z.array(z.object({ hour: z.number(), codes: storedObject<CountedHour['codes']>() })),
  failed: sampleShape,
  signedIn: sampleShape,
});

interface PeopleCount {
  readonly failed: number;
  readonly signedIn: number;
}

export interface UsualDay extends PeopleCount {
  /** The median of this weekday in the four weeks before, or of the days with visits in the last two weeks. */
  readonly of: 'weekday' | 'day';
}

/** Today and the four weeks before. */
const daysKept = 29;
const fewestWeekdays = 2;

/** Visits since the last write; times in milliseconds since the epoch. */
export interface Visits {
  /** Time of the last visit, by keyed hash of the user. */
  readonly failed: ReadonlyMap<string, number>;
  readonly signedIn: ReadonlyMap<string, number>;
  /** Failed tries. */
  readonly tries: readonly { readonly at: number; readonly code: Code; readonly count: number }[];
}

const hourMs = 3_600_000;
const quarterMs = 900_000;
const hoursKept = 48;
/** Of a user; an incident without attempts closes after seven days. */
const seenKeptSeconds = 8 * 86_400;

/** @param before undefined if nothing was counted yet */
export function countVisits(
  before: DistrictCounts | undefined,
  { district, zone, now }: { readonly district: string; readonly zone: string; readonly now: number },
  visits: Visits,
): DistrictCounts {
  const clockOf = readClock(zone);
  const days = new Map(
    before?.days.map(({ day, failed, signedIn }) => [day, { day, failed: [...failed], signedIn: [...signedIn] }]),
  );
  function add(kind: 'failed' | 'signedIn'): StoredSample {
    const sample: PeopleSample = openSample(before?.[kind]);
    for (const [who, at] of visits[kind]) {
      const { day, hour } = clockOf(at);
      const weight = addPerson(
        sample,
        who,
        Math.floor(at / 1000),
        (last) => last === undefined || clockOf(last * 1000).day !== day,
      );
      const counted = days.get(day) ?? { day, failed: noHours(), signedIn: noHours() };
      counted[kind][hour] = (counted[kind][hour] ?? 0) + weight;
      days.set(day, counted);
    }
    return closeSample(sample, now / 1000 - seenKeptSeconds);
  }
  const [failed, signedIn] = [add('failed'), add('signedIn')];
  const today = clockOf(now).day;
  const [first = today] = [...days.keys(), today].sort();
  const oldest = addDays(today, 1 - daysKept);
  return {
    district,
    zone,
    since: before === undefined || first < before.since ? first : before.since,
    days: [...days.values()]
      .filter(({ day }) => day >= oldest)
      .sort((one, other) => other.day.localeCompare(one.day, 'en')),
    hours: countTries(before?.hours ?? [], visits.tries, now),
    failed,
    signedIn,
  };
}

const noHours = (): number[] => Array.from({ length: 24 }, () => 0);

/** Time zones differ by whole quarters of an hour. */
function readClock(zone: string): (at: number) => { readonly day: string; readonly hour: number } {
  const read = remember(1_000, (quarter) => {
    const text = wallTime(Number(quarter) * quarterMs, zone);
    return { day: text.slice(0, 10), hour: Number(text.slice(11, 13)) };
  });
  return (at) => read(String(Math.floor(at / quarterMs)));
}

function countTries(before: readonly CountedHour[], tries: Visits['tries'], now: number): readonly CountedHour[] {
  const hours = new Map(before.map(({ hour, codes }) => [hour, { ...codes }]));
  for (const { at, code, count } of tries) {
    const hour = Math.floor(at / hourMs);
    const codes = hours.get(hour) ?? {};
    codes[code] = (codes[code] ?? 0) + count;
    hours.set(hour, codes);
  }
  return [...hours]
    .map(([hour, codes]) => ({ hour, codes }))
    .filter(({ hour }) => hour > now / hourMs - hoursKept)
    .sort((one, other) => other.hour - one.hour);
}

export function countDay({ days }: Pick<DistrictCounts, 'days'>, day: string): PeopleCount {
  const counted = days.find((each) => each.day === day);
  const sum = (hours: readonly number[] = []) => hours.reduce((total, each) => total + each, 0);
  return { failed: sum(counted?.failed), signedIn: sum(counted?.signedIn) };
}

/** Undefined if too little was counted before the day. */
export function usualDay(counts: Pick<DistrictCounts, 'days' | 'since'>, day: string): UsualDay | undefined {
  const before = (distances: readonly number[]) =>
    distances.map((distance) => addDays(day, -distance)).filter((each) => each >= counts.since);
  const weekdays = before([7, 14, 21, 28]);
  if (weekdays.length >= fewestWeekdays) return { of: 'weekday', ...medianOf(counts, weekdays) };
  const others = before(Array.from({ length: 14 }, (_, index) => index + 1)).filter((each) =>
    counts.days.some((counted) => counted.day === each),
  );
  return others.length === 0 ? undefined : { of: 'day', ...medianOf(counts, others) };
}

function medianOf(counts: Pick<DistrictCounts, 'days'>, days: readonly string[]): PeopleCount {
  const counted = days.map((day) => countDay(counts, day));
  return {
    failed: median(counted.map(({ failed }) => failed)),
    signedIn: median(counted.map(({ signedIn }) => signedIn)),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return Math.round(((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2);
}

/** More users failed than on a usual day, by more than chance explains. */
export const isUnusual = ({ failed }: PeopleCount, usual: PeopleCount | undefined): boolean =>
  failed >= 5 && failed > 2 * (usual?.failed ?? 0);
