// One district as JSON for support: its rosters, what is held, the last actions, and its last day.
import { describeDistrict, describeStatus, type RosterState } from '../roster/roster-documents.ts';
import { type DistrictDay, hourMs } from './district-day.ts';
import type { DistrictToday } from './sign-in-counts.ts';

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
