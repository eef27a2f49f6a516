// Parses a search: filters of a query or of JSON, and the one search box.
import { readEmail } from '../../identity/email.ts';
import { foldName, simplifyName } from '../../identity/folding.ts';
import { isCode } from '../../outcome/outcome-codes.ts';
import { readReference } from '../../outcome/reference.ts';
import { isAccountId } from '../../roster/account.ts';
import { isSearchCursor } from '../../support/attempt-index.ts';
import type { AttemptFilter, PersonName } from '../../support/attempt-names.ts';
import { attemptStates } from '../../support/attempt-state.ts';
import { isPersonCursor, type Wanted } from '../../support/search-attempts.ts';
import { readWhen } from './read-when.ts';

export interface Search extends Wanted {
  /** The kinds of search terms, for the audit log; never the value. */
  readonly by: readonly string[];
}

const names = [
  'reference',
  'email',
  'clever_id',
  'account',
  'sis_id',
  'district',
  'code',
  'from',
  'to',
  'cursor',
  'state',
  'group',
] as const;

/** The names of invalid fields. */
export interface WrongFields {
  readonly wrong: readonly string[];
}

/** How times without a zone are read; absent for programs, where they are invalid. */
export interface ReaderTime {
  readonly zone: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** As `readSearch`, for JSON: unknown fields are rejected. Ignoring a misspelled name would return everything. */
export function readJsonSearch(given: unknown): Search | WrongFields {
  const known = new Set<string>([...names, 'reason']);
  const unknown = Object.keys(Object(given)).filter((name) => !known.has(name));
  return unknown.length > 0 ? { wrong: ['a name that is none of ours'] } : readSearch(given);
}

/** Empty texts count as absent. */
export function readSearch(given: unknown, time?: ReaderTime): Search | WrongFields {
  // Long because of its eleven fields.
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { wrong: ['the body'] };
  const fields: Readonly<Record<string, unknown>> = { ...given };
  const values = new Map<string, string>();
  const wrong: string[] = [];
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string' || value.length > 400) wrong.push(name);
    else values.set(name, value);
  }
  /** The result of `read` for the field; undefined counts as invalid. */
  function take<Value>(name: string, read: (text: string) => Value | undefined): Value | undefined {
    const text = values.get(name);
    if (text === undefined) return undefined;
    const value = read(text);
    if (value === undefined) wrong.push(name);
    return value;
  }
  const as = (isRight: (text: string) => boolean) => (text: string) => (isRight(text) ? text : undefined);
  const reference = take('reference', readReference);
  const code = take('code', (text) => (isCode(text) ? text : undefined));
  const account = take(
    'account',
    as((text) => /^[\w-]{0,64}$/.test(text)),
  );
  const cursor = take(
    'cursor',
    as((text) => isSearchCursor(text) || isPersonCursor(text)),
  );
  const state = take('state', (text) => attemptStates.find((each) => each === text));
  const group = take('group', (text) => (text === 'person' ? text : undefined));
  const from = take('from', (text) => readTime(text, time)?.from);
  const to = take('to', (text) => readTime(text, time)?.to);
  if (group === undefined && cursor !== undefined && isPersonCursor(cursor)) wrong.push('cursor');
  if (wrong.length > 0) return { wrong };
  const filter: AttemptFilter = {
    ...pick('email', values.get('email')),
    ...pick('cleverId', values.get('clever_id')),
    ...pick('account', account),
    ...pick('district', values.get('district')),
    ...pick('code', code),
    ...pick('from', from),
    ...pick('to', to),
  };
  const by = [...values.keys()].filter((name) => name !== 'cursor');
  return { reference, ...pick('sisId', values.get('sis_id')), state, group, filter, cursor, by };
}

const pick = <Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: Value });

/**
 * For programs: ISO 8601 with a zone, a whole day in UTC, or the format of the pages: a time without a zone would be in
 * this server's zone.
 */
function readTime(text: string, time: ReaderTime | undefined) {
  if (time !== undefined) return readWhen(text, time.zone, time.now);
  const isExact = /^\d{4}-\d\d-\d\d(?:$|T.*(?:Z|[+-]\d\d:\d\d)$| \d\d:\d\d ?(?:UTC|Z)$)/.test(text.trim());
  const when = isExact ? readWhen(text, 'UTC', 0) : undefined;
  // To the millisecond, as sent.
  return when?.precision === 'minute' ? { from: when.from, to: when.from } : when;
}

/**
 * The possible meanings of a text, most certain first: an account id, an address, a reference, an id of Clever or of
 * the roster, a name.
 */
export function understand(q: string, district: string | undefined): readonly Search[] {
  const text = q.trim();
  const within = pick('district', district);
  const asked = (by: string, wanted: Omit<Wanted, 'filter'>, filter: AttemptFilter = {}): Search => ({
    ...wanted,
    filter: { ...filter, ...within },
    by: [by],
  });
  if (isAccountId(text.toLowerCase())) return [asked('account', {}, { account: text.toLowerCase() })];
  if (text.includes('@')) {
    // Untrimmed: a space that Clever sends may be the error.
    const exact = readEmail(q).kind === 'plain' ? q : text;
    // Small letters find an address in any case; as typed, capital I also finds a small l.
    const alike = new Set([text, text.replace(/\s+/g, '')].flatMap((each) => [each.toLowerCase(), each]));
    return [
      asked('email', {}, { email: exact }),
      ...[...alike].map((emailAlike) => asked('email', {}, { emailAlike })),
    ];
  }
  const reference = readReference(text);
  const ids = /^[^\p{Cc}]{1,200}$/u.test(text)
    ? [asked('clever_id', {}, { cleverId: text }), asked('sis_id', { sisId: text })]
    : [];
  const people = readNames(text).map((name) => asked('name', {}, { name }));
  // Eight letters of a name can be a valid reference.
  if (reference !== undefined) return [asked('reference', { reference }), ...ids.slice(1), ...people];
  return [...ids, ...people];
}

const maxNameWords = 5;

/** Every split of the words into given and family name, then in the other order; `Family, Given` is one. */
function readNames(text: string): PersonName[] {
  const [family, given] = text.split(',').map((part) => part.trim());
  if (family && given) return withSimple([{ given, family }]);
  const words = text.split(/\s+/);
  if (words.length < 2 || words.length > maxNameWords) return [];
  const splits = words.slice(1).map((_, index) => {
    return { given: words.slice(0, index + 1).join(' '), family: words.slice(index + 1).join(' ') };
  });
  return withSimple([...splits, ...splits.map(({ given, family }) => ({ given: family, family: given }))]);
}

/** Each as typed, then without accents and punctuation, where that is another text. */
const withSimple = (names: readonly PersonName[]): PersonName[] =>
  names.flatMap((name) => {
    const [given = '', family = ''] = simplifyName(name.given, name.family).split('\n');
    return foldName(given, family) === foldName(name.given, name.family) ? [name] : [name, { given, family }];
  });
