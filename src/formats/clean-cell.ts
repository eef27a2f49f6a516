// Normalizes a cell before it is stored, which is little: the match is exact, so everything else is only reported.
import { readEmail } from '../identity/email.ts';
import type { WarningCode } from './feed.ts';

// NEL is White_Space in Unicode and not in ECMAScript; U+FEFF the other way round.
const whiteSpace = /[\s\u0085]/;

/** Visible ASCII: nearly every first and last character. NaN, of an empty cell, is not. */
const isVisible = (code: number): boolean => code > 0x20 && code < 0x7f;

/** Without white space (Unicode) at either end. */
export function trimCell(text: string): string {
  if (isVisible(text.charCodeAt(0)) && isVisible(text.charCodeAt(text.length - 1))) return text;
  let start = 0;
  let end = text.length;
  // Not one pattern for both ends: on a long run of spaces inside a cell its time is quadratic.
  while (start < end && whiteSpace.test(text.charAt(start))) start++;
  while (end > start && whiteSpace.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The trimmed text, `undefined` if nothing is left. */
export function readCell(text: string): string | undefined {
  return trimCell(text) || undefined;
}

export interface EmailCell {
  /** As sent, surrounding white space removed; `undefined` if nothing is left. May be an invalid address. */
  readonly email: string | undefined;
  readonly warnings: readonly WarningCode[];
}

/** Reads an email cell, and reports everything that may keep it from ever matching. A blank cell gives no finding. */
export function readEmailCell(text: string): EmailCell {
  const email = readCell(text);
  if (email === undefined) return { email, warnings: [] };
  if (isNoAddress(email)) return { email: undefined, warnings: ['email_placeholder'] };
  const warnings: WarningCode[] = [];
  if (email !== text) warnings.push('white_space_removed');
  if (!isOrdinary(email)) {
    if (readEmail(email).kind !== 'plain') warnings.push('email_not_plain');
    else if (!isPossibleAddress(email)) warnings.push('email_impossible');
    if (/[^\x20-\x7e]/.test(email)) warnings.push('not_ascii');
  }
  if (/\p{Lu}/u.test(email)) warnings.push('capitals');
  return { email, warnings };
}

const nothing =
  /^(?:n\/?a|n\.a\.?|none|null|nil|unknown|tba|tbd|pending|empty|blank|missing|x+|0|no ?e?-?mail|not (?:available|applicable|provided)|#n\/a)$/i;
const placeholderLocal =
  /^(?:no[-_.]?e?-?mail|none|null|unknown|no-?reply|do-?not-?reply|not[-_.]?(?:available|provided))@/i;

const emptyWord =
  'n/?a|no|none|null|nil|unknown|tba|tbd|pending|empty|blank|missing|test|abc|asdf|e?-?mail|x+|0+|no[-_]?(?:e?-?mail|body|one|where)';
/** `na@na.com`, `xx@xx.xx`: a placeholder on both sides. `na@school.example` or `jdoe@noemail.com` may be real. */
const placeholderAddress = new RegExp(`^(?:${emptyWord})@(?:${emptyWord})(?:\\.[a-z]{2,}){0,2}$`, 'i');

/**
 * Placeholders for a missing address: `N/A`, `-`, `noemail@…`, `na@na.com`. If they were stored, a student with the
 * same placeholder at Clever would match the one account that has it here.
 */
const isNoAddress = (email: string): boolean =>
  email.includes('@')
    ? placeholderLocal.test(email) || placeholderAddress.test(email)
    : nothing.test(email) || !/[\p{L}\p{N}]/u.test(email);

/** RFC 5321 section 4.5.3.1.1; RFC 1035 section 2.3.4. */
const [maxLocalLength, maxLabelLength] = [64, 63];

const ordinary = /^\w+(?:[.+-]\w+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z0-9]+$/i;

/** Fast path for nearly all addresses: short parts of ASCII, plain and possible. */
function isOrdinary(email: string): boolean {
  const at = email.indexOf('@');
  return at <= maxLocalLength && email.length - at <= maxLabelLength && ordinary.test(email);
}

/**
 * Whether Clever can have the address: its domain has a dot, no part is empty or too long, no label of the domain has a
 * hyphen at an end (RFC 1123 section 2.1), no quote at an end. For addresses that readEmail considers plain.
 */
export function isPossibleAddress(email: string): boolean {
  if (isOrdinary(email)) return true;
  const [local = '', domain = ''] = email.split('@');
  const isLocal = local.length <= maxLocalLength && local.split('.').every((part) => part !== '');
  return isLocal && domain.includes('.') && domain.split('.').every(isLabel) && !/^['’‘`]|['’‘`]$/.test(email);
}

const isLabel = (label: string): boolean =>
  label !== '' && label.length <= maxLabelLength && !label.startsWith('-') && !label.endsWith('-');
