// Whether a row of a OneRoster file counts: by its status, by its dates, by whether its user is enabled.
import type { OneRosterRow } from './oneroster-table.ts';

/** `tobedeleted`, and 1.0's `inactive`, say that it is gone; a bulk set leaves the cell empty or says `active`. */
export const isGone = (row: OneRosterRow): boolean =>
  ['tobedeleted', 'inactive'].includes((row.text('status') ?? '').toLowerCase());

/** An empty cell counts as enabled. */
export const isEnabled = (row: OneRosterRow): boolean =>
  ['', 'true', 'yes', 'y', '1'].includes((row.text('enabledUser') ?? '').toLowerCase());

/**
 * Whether the row has begun and has not ended. Dates come with a time or without; both days count whole, in UTC.
 * What is no date says nothing.
 * @param now milliseconds since the epoch
 */
export function isInForce(row: OneRosterRow, now: number): boolean {
  const [begin, end] = [readDay(row.text('beginDate')), readDay(row.text('endDate'))];
  return (begin === undefined || begin <= now) && (end === undefined || now < end + dayMs);
}

const dayMs = 86_400_000;

function readDay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  const at = day === undefined ? Number.NaN : Date.parse(day);
  return Number.isNaN(at) ? undefined : at;
}
