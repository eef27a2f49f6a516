// One district as programs of support read it: its rosters, what is held, what was done, and how its last day went.
import { describeDistrict, describeStatus, type RosterState } from '../roster/roster-documents.ts';
import type { DistrictDay } from './district-day.ts';

const hourMs = 3_600_000;

/** Failures by hour and by code. */
export function describeDay({ from, hours, total, isCut }: DistrictDay) {
  return {
    from: new Date(from).toISOString(),
    failures: total,
    by_code: sumByCode(hours),
    hours: hours.map((codes, index) => ({
      from: new Date(from + index * hourMs).toISOString(),
      failures: sum(codes),
      by_code: codes,
    })),
    /** False if there were more than were counted. */
    complete: !isCut,
  };
}

export function describeSupport(state: RosterState, day: DistrictDay) {
  const { district: _id, ...status } = describeStatus(state);
  return { ...describeDistrict(state.district), ...status, last_24_hours: describeDay(day) };
}

function sumByCode(hours: DistrictDay['hours']): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const [code, count] of hours.flatMap((hour) => Object.entries(hour))) totals[code] = (totals[code] ?? 0) + count;
  return totals;
}

const sum = (codes: DistrictDay['hours'][number]): number =>
  Object.values(codes).reduce((total, count) => total + count, 0);
