// Parses the filters of the search box that identify no user: a district, a code, a day or a time, in combination.

import type { District, Districts } from '../../district/district.ts';
import { isDistrictId } from '../../district/read-district.ts';
import { isCode } from '../../outcome/outcome-codes.ts';
import { readReference } from '../../outcome/reference.ts';
import { isAccountId } from '../../roster/account.ts';
import type { ReaderTime } from './read-search.ts';
import { namedDay, readWhen, zoneWord } from './read-when.ts';

export interface Filters {
  readonly district?: string;
  readonly code?: string;
  /** ISO 8601, inclusive; a day that does not exist as it was typed. */
  readonly from?: string;
  readonly to?: string;
}

export interface FiltersTime {
  /** The time zone for times without one, if the text names this district or none. */
  readonly zoneOf: (district: District | undefined) => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type DistrictFinders = Pick<Districts, 'find' | 'findByCleverId' | 'list'>;

/** A time given on the phone is approximate: this long before and after it. */
const aboutMs = 15 * 60_000;

/**
 * Undefined if any word of the text is something else. A district is identified by its id or Clever's, or by a part of
 * its name.
 */
export async function readFilters(
  q: string,
  districts: DistrictFinders,
  time: FiltersTime,
): Promise<Filters | undefined> {
  const { named, code, when } = splitFilters(q);
  const district = named === '' ? undefined : await findDistrictByWords(named, districts);
  if (named !== '' && district === undefined) return undefined;
  const span = when === undefined ? {} : readSpan(when, { zone: time.zoneOf(district), now: time.now });
  const filters = {
    ...(district === undefined ? {} : { district: district.id }),
    ...(code === undefined ? {} : { code }),
    ...span,
  };
  return Object.keys(filters).length === 0 ? undefined : filters;
}

/** The words of a code and of a time, and the others. */
export function splitFilters(q: string) {
  const text = q.trim();
  const when = findWhen(text);
  const words = (when === undefined ? text : text.replace(when, ' ')).split(/\s+/).filter(Boolean);
  const code = words.find((word) => isCode(word.toLowerCase()))?.toLowerCase();
  return { named: words.filter((word) => word.toLowerCase() !== code).join(' '), code, when };
}

const days = `\\d{4}-\\d\\d-\\d\\d|today|yesterday|\\d{1,2}\\/\\d{1,2}\\/(?:\\d{4}|\\d{2})|${namedDay}`;
const times = new RegExp(
  `(?<![\\w/-])(?:${days})(?:[ T](?:at )?(?:\\d{1,2}:\\d\\d(?: ?[ap]m)?|\\d{1,2} ?[ap]m)(?: ?(?:${zoneWord}))?)?(?![\\w:/-])`,
  'i',
);

/** The words of the text that are a time. */
const findWhen = (text: string): string | undefined => times.exec(text)?.[0];

/** A day that does not exist is kept as it is: the list asks for it again. */
function readSpan(text: string, { zone, now }: ReaderTime): Pick<Filters, 'from' | 'to'> {
  const when = readWhen(text, zone, now);
  if (when === undefined) return { from: text };
  const [from, to] = when.precision === 'day' ? [when.from, when.to] : [when.from - aboutMs, when.from + aboutMs];
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

const maxWords = 8;

/** The text without a leading or trailing district, if it has one; the longest name takes precedence. */
export async function takeDistrict(
  q: string,
  districts: DistrictFinders,
): Promise<{ readonly person: string; readonly district: District | undefined }> {
  const words = q.trim().split(/\s+/);
  if (words.length > maxWords) return { person: q, district: undefined };
  const known = remembering(districts);
  for (let count = words.length - 1; count > 0; count -= 1) {
    const sides = [
      [words.slice(0, count), words.slice(count)],
      [words.slice(-count), words.slice(0, -count)],
    ] as const;
    for (const [named, person] of sides) {
      const district = await findDistrictByWords(named.join(' '), known);
      if (district !== undefined) return { person: person.join(' '), district };
    }
  }
  return { person: q, district: undefined };
}

/** Lists all districts once. */
function remembering(districts: DistrictFinders): DistrictFinders {
  let all: ReturnType<DistrictFinders['list']> | undefined;
  return {
    ...districts,
    list: () => {
      all ??= districts.list();
      return all;
    },
  };
}

/** An address, an account or a reference. `San Diego` has eight letters too: only a text with a digit is a reference here. */
export const mayIdentifyUser = (text: string): boolean =>
  text.includes('@') || isAccountId(text.toLowerCase()) || (/\d/.test(text) && readReference(text) !== undefined);

/** By its id, Clever's, or a part of its name that is in no other district's name; a prefix takes precedence. */
export async function findDistrictByWords(named: string, districts: DistrictFinders): Promise<District | undefined> {
  if (isDistrictId(named)) {
    const ours = (await districts.find(named)) ?? (await districts.find(named.toLowerCase()));
    if (ours !== undefined) return ours;
  }
  if (/^[0-9a-f]{24}$/i.test(named)) return districts.findByCleverId(named.toLowerCase());
  // No names are read for a search that can identify a user.
  if (mayIdentifyUser(named)) return undefined;
  const wanted = named.trim().toLowerCase();
  if (wanted.length < 3) return undefined;
  const all = (await districts.list()).map((district) => ({ district, name: district.name.toLowerCase() }));
  const fits = [
    all.filter(({ name }) => name === wanted),
    all.filter(({ name }) => name.startsWith(wanted)),
    all.filter(({ name }) => ` ${name}`.includes(` ${wanted}`)),
    all.filter(({ name }) => name.includes(wanted)),
  ];
  return fits.find((found) => found.length === 1)?.[0]?.district;
}
