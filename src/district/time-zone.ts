// Local times in a named zone (IANA, as Intl supports it), to and from milliseconds since the epoch.

export const isTimeZone = (name: string): boolean => {
  // Intl also accepts bare offsets, which have no daylight saving time.
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const formatters = new Map<string, Intl.DateTimeFormat>();
/** There are some 600 zones; a user may write one in lower case. */
const maxFormatters = 1_000;

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  if (formatters.size >= maxFormatters) formatters.clear();
  formatters.set(zone, made);
  return made;
}

function partsOf(at: number, zone: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    formatterOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
}

/** `2026-08-17T08:05`, the value of an `<input type=datetime-local>`. */
export function wallTime(at: number, zone: string): string {
  const { year, month, day, hour, minute } = partsOf(at, zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The date, such as `2026-08-17`, plus or minus a number of days. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** `2026-08-17 08:05 CDT`. */
export const showWallTime = (at: number, zone: string): string =>
  `${wallTime(at, zone).replace('T', ' ')} ${zone === 'UTC' ? 'UTC' : (partsOf(at, zone)['timeZoneName'] ?? zone)}`;

/** The same followed by UTC, for readers in other time zones. */
export const showTime = (at: number, zone = 'UTC'): string =>
  zone === 'UTC' ? showWallTime(at, 'UTC') : `${showWallTime(at, zone)} (${showWallTime(at, 'UTC')})`;

/** Whether it is a time of the years 1900 to 2999. */
export const isReadable = (at: number): boolean => at >= earliest && at < latest;

/** Date and Intl format the years 0 to 999 and from 10000 on differently; no caller needs them. */
const [earliest, latest] = [Date.UTC(1900, 0), Date.UTC(3000, 0)];

/**
 * The time at which the clocks of the zone show this text; NaN if invalid or outside the years 1900 to 2999. Of an hour
 * that occurs twice, the first.
 * @param text `2026-08-17T08:05`, with or without seconds
 */
export function readWallTime(text: string, zone: string): number {
  const asUtc = Date.parse(`${text}Z`);
  if (!isReadable(asUtc) || new Date(asUtc).toISOString().slice(0, 16) !== text.slice(0, 16)) return Number.NaN;
  const offsetAt = (at: number) => Date.parse(`${wallTime(at, zone)}Z`) - Math.floor(at / 60_000) * 60_000;
  // The offset one day before is the one before a clock change.
  const early = asUtc - offsetAt(asUtc - 86_400_000);
  return asUtc - offsetAt(early) === early ? early : asUtc - offsetAt(asUtc - offsetAt(asUtc));
}
