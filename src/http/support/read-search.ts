// What a search asks for: filters of a query or of JSON, and the one box that understands whatever the caller has.
import { readEmail } from '../../identity/email.ts';
import { isAccountId } from '../../roster/account.ts';
import type { Code } from '../../sign-in/outcome.ts';
import { isSearchCursor } from '../../support/attempt-index.ts';
import type { AttemptFilter } from '../../support/attempt-log.ts';
import { readReference } from '../../support/reference.ts';
import { problems } from '../problems.ts';

export interface Search {
  readonly reference?: string;
  readonly filter: AttemptFilter;
  readonly cursor: string | undefined;
  /** What it was looked for by, for the trail; never the value. */
  readonly by: readonly string[];
}

const names = ['reference', 'email', 'clever_id', 'account', 'district', 'code', 'from', 'to', 'cursor'] as const;

/** As `readSearch`, of JSON: a field that is none of ours is refused. Without a name that is misspelled all would be found. */
export function readJsonSearch(given: unknown): Search | undefined {
  const known = new Set<string>([...names, 'reason']);
  const isKnown = Object.keys(Object(given)).every((name) => known.has(name));
  return isKnown ? readSearch(given) : undefined;
}

/** Undefined if it is no object, or a field is unknown to us in its form; empty texts count as not given. */
export function readSearch(given: unknown): Search | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...given };
  const values = new Map<string, string>();
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value !== 'string' || value.length > 400) return undefined;
    values.set(name, value);
  }
  const text = (name: (typeof names)[number]) => values.get(name);
  const reference = text('reference') === undefined ? undefined : readReference(text('reference') ?? '');
  const [from, to] = [readTime(text('from'), 'begins'), readTime(text('to'), 'ends')];
  const [code, cursor] = [text('code'), text('cursor')];
  const isSound =
    (text('reference') === undefined || reference !== undefined) &&
    (code === undefined || isCode(code)) &&
    /^[\w-]{0,64}$/.test(text('account') ?? '') &&
    (cursor === undefined || isSearchCursor(cursor)) &&
    !Number.isNaN(from ?? 0) &&
    !Number.isNaN(to ?? 0);
  if (!isSound) return undefined;
  const filter: AttemptFilter = {
    ...pick('email', text('email')),
    ...pick('cleverId', text('clever_id')),
    ...pick('account', text('account')),
    ...pick('district', text('district')),
    ...(code !== undefined && isCode(code) ? { code } : {}),
    ...pick('from', from),
    ...pick('to', to),
  };
  const by = [...values.keys()].filter((name) => name !== 'cursor');
  return { ...pick('reference', reference), filter, cursor, by };
}

const pick = <Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } =>
  value === undefined ? {} : ({ [name]: value } as { [Key in Name]?: Value });

export const isCode = (text: string): text is Code => Object.hasOwn(problems, text);

/** ISO 8601 with its zone, a whole day, or as the pages show it; a time without a zone would be this server's. */
function readTime(text: string | undefined, day: 'begins' | 'ends'): number | undefined {
  if (text === undefined) return undefined;
  const iso = text.trim().replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d) ?(?:UTC|Z)$/, '$1T$2Z');
  if (/^\d{4}-\d\d-\d\d$/.test(iso)) return Date.parse(iso) + (day === 'ends' ? 86_400_000 - 1 : 0);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(iso) ? Date.parse(iso) : Number.NaN;
}

/** Whom one text can mean, the surest first: an account id, an address, a reference, a Clever id. */
export function understand(q: string): Readonly<Record<string, string>> {
  const text = q.trim();
  if (isAccountId(text.toLowerCase())) return { account: text.toLowerCase() };
  // Untrimmed: the space that Clever sends may be what is wrong.
  if (text.includes('@')) return { email: readEmail(q).kind === 'plain' ? q : text };
  if (readReference(text) !== undefined) return { reference: text };
  return { clever_id: text };
}
