// What of the one box is no person's: a district, a code, a day or a time as the pages show it, also several of them.
import { isAccountId } from '../../roster/account.ts';
import type { Districts } from '../../roster/district.ts';
import { isDistrictId } from '../../roster/read-district.ts';
import { readReference } from '../../support/reference.ts';
import { isCode } from './read-search.ts';

export interface Filters {
  readonly district?: string;
  readonly code?: string;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  readonly to?: string;
}

type DistrictFinders = Pick<Districts, 'find' | 'findByCleverId' | 'list'>;

/** A time on the phone is about so: as long before it and after. */
const aboutMs = 15 * 60_000;
const dayMs = 86_400_000;

/** Undefined if any word of the text is something else. A district is meant by its id or Clever's, or by how its name begins. */
export async function readFilters(q: string, districts: DistrictFinders): Promise<Filters | undefined> {
  const [rest, span] = takeTime(q.trim());
  if (span === undefined) return undefined;
  const words = rest.split(/\s+/).filter(Boolean);
  const code = words.find((word) => isCode(word.toLowerCase()))?.toLowerCase();
  const named = words.filter((word) => word.toLowerCase() !== code).join(' ');
  const district = named === '' ? undefined : await findDistrict(named, districts);
  if (named !== '' && district === undefined) return undefined;
  const filters = { ...(district === undefined ? {} : { district }), ...(code === undefined ? {} : { code }), ...span };
  return Object.keys(filters).length === 0 ? undefined : filters;
}

/** The text without its time, and the time's bounds, none of them if there is none; undefined for a day that never was. */
function takeTime(text: string): readonly [rest: string, span: Pick<Filters, 'from' | 'to'> | undefined] {
  const found = /(?<![\w-])(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?: ?(?:UTC|Z))?)?(?![\w:-])/i.exec(text);
  if (found === null) return [text, {}];
  const [whole, day, minute] = found;
  const at = Date.parse(`${day}T${minute ?? '00:00'}Z`);
  const rest = text.replace(whole, ' ');
  if (Number.isNaN(at)) return [rest, undefined];
  const [from, to] = minute === undefined ? [at, at + dayMs - 1] : [at - aboutMs, at + aboutMs];
  return [rest, { from: new Date(from).toISOString(), to: new Date(to).toISOString() }];
}

async function findDistrict(named: string, districts: DistrictFinders): Promise<string | undefined> {
  if (isDistrictId(named)) {
    const ours = (await districts.find(named)) ?? (await districts.find(named.toLowerCase()));
    if (ours !== undefined) return ours.id;
  }
  if (/^[0-9a-f]{24}$/i.test(named)) return (await districts.findByCleverId(named.toLowerCase()))?.id;
  // All names are read for no search that can be a person's.
  if (named.includes('@') || isAccountId(named.toLowerCase()) || readReference(named) !== undefined) return undefined;
  const begins = (await districts.list()).filter(({ name }) => name.toLowerCase().startsWith(named.toLowerCase()));
  return begins.length === 1 ? begins[0]?.id : undefined;
}
