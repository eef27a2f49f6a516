// Whether a row of a OneRoster file counts: by its dates, and by whether its user is enabled.
import type { Finding } from '../feed.ts';
import { type OneRosterRow, warnAt } from './oneroster-table.ts';

/** An empty cell counts as enabled. */
export const isEnabled = (row: OneRosterRow): boolean =>
  ['', 'true', 'yes', 'y', '1'].includes((row.text('enabledUser') ?? '').toLowerCase());

/**
 * Whether the row has begun and has not ended. Dates may have a time; both days count whole, in UTC. Invalid dates are
 * ignored; `unreadDates` reports them.
 * @param now milliseconds since the epoch
 */
export function isInForce(row: OneRosterRow, now: number): boolean {
  const [begin, end] = [readDay(row.text('beginDate')), readDay(row.text('endDate'))];
  return (begin === undefined || begin <= now) && (end === undefined || now < end + dayMs);
}

/** A warning for each of the two cells with an invalid date. */
export const unreadDates = (row: OneRosterRow): readonly Finding[] =>
  ['beginDate', 'endDate'].flatMap((column) => {
    const text = row.text(column);
    return text !== undefined && readDay(text) === undefined ? [warnAt(row, 'date_not_read', column)] : [];
  });

const dayMs = 86_400_000;

function readDay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  const at = day === undefined ? Number.NaN : Date.parse(day);
  return Number.isNaN(at) ? undefined : at;
}
