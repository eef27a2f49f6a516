// The last day of a district: failures by hour and by code; the users who still cannot sign in; and the district as JSON.
import type { Code } from '../outcome/outcome-codes.ts';
import { describeDistrict, describeStatus, type RosterState } from '../roster/roster-documents.ts';
import type { Attempt } from './attempt.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { JudgeAttempts } from './attempt-state.ts';
import type { DistrictCounts } from './counted-days.ts';
import type { DistrictToday } from './sign-in-counts.ts';

export interface DistrictDay {
  /** The beginning of the first hour, milliseconds since the epoch. */
  readonly from: number;
  /** 24 hours, oldest first. */
  readonly hours: readonly Readonly<Partial<Record<Code, number>>>[];
  readonly total: number;
}

export const hourMs = 3_600_000;
const pageSize = 500;

/** @param counts undefined if nothing was counted yet */
export function readDistrictDay(counts: Pick<DistrictCounts, 'hours'> | undefined, now: number): DistrictDay {
  const first = Math.floor(now / hourMs) - 23;
  const codesOf = new Map(counts?.hours.map(({ hour, codes }) => [hour, codes]));
  const hours = Array.from({ length: 24 }, (_, index) => codesOf.get(first + index) ?? {});
  const total = hours.flatMap((codes) => Object.values(codes)).reduce((sum, count) => sum + count, 0);
  return { from: first * hourMs, hours, total };
}

/**
 * The newest attempt of each user of the district who has not signed in since and could not sign in now, newest first.
 * Users without a Clever id cannot be distinguished and are omitted.
 */
export async function* readOpenMismatches(
  attempts: Pick<AttemptLog, 'search'>,
  judge: JudgeAttempts,
  district: string,
): AsyncGenerator<Attempt> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await attempts.search({ district }, cursor, pageSize);
    const newest = page.attempts.filter(({ clever }) => {
      const id = clever?.clever_id;
      if (id === undefined || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
    const states = await judge(newest);
    yield* newest.filter(({ reference }) => states.get(reference)?.state === 'open');
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Failures by hour and by code. */
export function describeDay({ from, hours, total }: DistrictDay) {
  return {
    from: new Date(from).toISOString(),
    failures: total,
    by_code: sumByCode(hours),
    hours: hours.map((codes, index) => ({
      from: new Date(from + index * hourMs).toISOString(),
      failures: sum(codes),
      by_code: codes,
    })),
    /** False if an earlier version counted only a part. */
    complete: true,
  };
}

/** Users today, by local time, and on a usual day. */
export const describeToday = ({ day, zone, failed, signedIn, usual }: DistrictToday) => ({
  day,
  time_zone: zone,
  failed,
  signed_in: signedIn,
  usual: usual === undefined ? null : { of: usual.of, failed: usual.failed, signed_in: usual.signedIn },
});

export function describeSupport(state: RosterState, day: DistrictDay, today: DistrictToday | undefined) {
  const { district: _id, ...status } = describeStatus(state);
  return {
    ...describeDistrict(state.district),
    ...status,
    last_24_hours: describeDay(day),
    today: today === undefined ? null : describeToday(today),
  };
}

function sumByCode(hours: DistrictDay['hours']): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const [code, count] of hours.flatMap((hour) => Object.entries(hour))) totals[code] = (totals[code] ?? 0) + count;
  return totals;
}

const sum = (codes: DistrictDay['hours'][number]): number =>
  Object.values(codes).reduce((total, count) => total + count, 0);
