// Parses a time as staff types it: ISO 8601, the format of a date picker or of the pages, today and yesterday,
// month/day/year, or a day with the name of its month.
import { addDays, isReadable, isTimeZone, readWallTime, wallTime } from '../../district/time-zone.ts';

/** Milliseconds since the epoch, inclusive. */
export interface When {
  readonly from: number;
  readonly to: number;
  /** Accurate to the minute, or a whole day. */
  readonly precision: 'minute' | 'day';
}

const minuteMs = 60_000;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const day = /^(\d{4}-\d\d-\d\d|today|yesterday|\d{1,2}\/\d{1,2}\/(?:\d{2}|\d{4}))$/i;
const clock = /^(?:at )?(\d{1,2})(?::(\d\d)(?::(\d\d))?)?\s*(am|pm)?$/i;

/**
 * Undefined for an invalid time.
 * @param zone of the user, for times without one
 */
export function readWhen(given: string, zone: string, now: number): When | undefined {
  const text = writeNamedDay(given.trim(), zone, now);
  if (instant.test(text)) return moment(Date.parse(text), text.length > 17 ? 0 : minuteMs - 1);
  const [, dayText = '', timeText, own = zone] = splitZone(text);
  if (!day.test(dayText)) return undefined;
  const date = readDay(dayText.toLowerCase(), own, now);
  if (date === undefined) return undefined;
  if (timeText === undefined) {
    const [from, to] = [readWallTime(`${date}T00:00`, own), endOfDay(date, own)];
    return isReadable(from) && isReadable(to) ? { from, to, precision: 'day' } : undefined;
  }
  const time = readClock(timeText);
  return time === undefined ? undefined : moment(readWallTime(`${date}T${time}`, own), minuteMs - 1);
}

/** Those that the pages write behind a time. `Etc/GMT+8` is eight hours behind UTC. */
const fixedZones: Readonly<Record<string, string>> = {
  Z: 'UTC',
  UTC: 'UTC',
  AST: 'Etc/GMT+4',
  EDT: 'Etc/GMT+4',
  EST: 'Etc/GMT+5',
  CDT: 'Etc/GMT+5',
  CST: 'Etc/GMT+6',
  MDT: 'Etc/GMT+6',
  MST: 'Etc/GMT+7',
  PDT: 'Etc/GMT+7',
  PST: 'Etc/GMT+8',
  AKDT: 'Etc/GMT+8',
  AKST: 'Etc/GMT+9',
  HST: 'Etc/GMT+10',
};

/** As part of a regular expression. */
export const zoneWord = Object.keys(fixedZones).join('|');
const parts = new RegExp(`^(\\S+?)(?:(?:(?<=\\d)T|\\s+)(.+?))?(?:\\s*(${zoneWord}))?$`, 'i');

/** The whole, the day, the time and the zone behind it. */
function splitZone(text: string): readonly (string | undefined)[] {
  const [whole, day, time, zone] = parts.exec(text) ?? [];
  return [whole, day, time, zone && fixedZones[zone.toUpperCase()]];
}

const moment = (at: number, span: number): When | undefined =>
  isReadable(at) ? { from: at, to: at + span, precision: 'minute' } : undefined;

function readDay(text: string, zone: string, now: number): string | undefined {
  if (text === 'today') return wallTime(now, zone).slice(0, 10);
  if (text === 'yesterday') return addDays(wallTime(now, zone).slice(0, 10), -1);
  const [, month, date, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{2,4})$/.exec(text) ?? [];
  if (month === undefined || date === undefined || year === undefined) return text;
  return `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
}

const months = 'january february march april may june july august september october november december'.split(' ');
const monthName = `(?:${months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')}|sept)\\.?`;
const number = '\\d{1,2}(?:st|nd|rd|th)?';

/** `29 Nov`, `November 29, 2026`: a day with the name of its month, as part of a regular expression. */
export const namedDay = `(?:${number} ${monthName}|${monthName} ${number})(?:,? 20\\d\\d)?`;
const leadingNamedDay = new RegExp(`^${namedDay}(?![\\w:/])`, 'i');

/** Converts a leading day of this form to ISO 8601; without a year the latest one in the past. */
function writeNamedDay(text: string, zone: string, now: number): string {
  return text.replace(leadingNamedDay, (whole) => {
    const [name = ''] = /[a-z]{3,}/i.exec(whole) ?? [];
    const month = months.findIndex((each) => each.startsWith(name.toLowerCase().slice(0, 3))) + 1;
    const [date = ''] = /\d{1,2}(?!\d)/.exec(whole) ?? [];
    const rest = `${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`;
    const today = wallTime(now, zone).slice(0, 10);
    const thisYear = Number(today.slice(0, 4));
    const year = /20\d\d/.exec(whole)?.[0] ?? (rest > today.slice(5) ? thisYear - 1 : thisYear);
    return `${year}-${rest}`;
  });
}

/** NaN if the date is invalid. */
function endOfDay(date: string, zone: string): number {
  const isDate = isReadable(Date.parse(`${date}T12:00Z`));
  return isDate ? readWallTime(`${addDays(date, 1)}T00:00`, zone) - 1 : Number.NaN;
}

/** `08:05`, also of `8 am`; undefined for an invalid time of day. */
function readClock(text: string): string | undefined {
  const [, hour, minute = '00', , half] = clock.exec(text) ?? [];
  // A number alone may be anything.
  if (hour === undefined || (half === undefined && !text.includes(':'))) return undefined;
  if (half !== undefined && (Number(hour) < 1 || Number(hour) > 12)) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return hours > 23 || Number(minute) > 59 ? undefined : `${String(hours).padStart(2, '0')}:${minute}`;
}

/** The zone of a cookie or a form; undefined if invalid. */
export const readZone = (text: string | undefined): string | undefined =>
  text !== undefined && isTimeZone(text) ? text : undefined;
