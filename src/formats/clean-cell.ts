// What is done to a cell before it is kept, which is little: the match is exact, so all else is only reported.
import { readEmail } from '../identity/email.ts';
import type { WarningCode } from './feed.ts';

// NEL is White_Space in Unicode and not in ECMAScript; U+FEFF the other way round.
const whiteSpace = /[\s\u0085]/;

/** Without white space (Unicode) at either end. */
export function trimCell(text: string): string {
  let start = 0;
  let end = text.length;
  // Not one pattern for both ends: on a long run of spaces inside a cell its time grows with the square.
  while (start < end && whiteSpace.test(text.charAt(start))) start++;
  while (end > start && whiteSpace.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The trimmed text, `undefined` if nothing is left. */
export function readCell(text: string): string | undefined {
  return trimCell(text) || undefined;
}

export interface EmailCell {
  /** As sent, white space around it removed; `undefined` if nothing is left. May be no plain address. */
  readonly email: string | undefined;
  readonly warnings: readonly WarningCode[];
}

/** Reads an email cell, and tells everything that may keep it from ever matching. A blank cell is worth no word. */
export function readEmailCell(text: string): EmailCell {
  const email = readCell(text);
  if (email === undefined) return { email, warnings: [] };
  if (isNoAddress(email)) return { email: undefined, warnings: ['email_placeholder'] };
  const warnings: WarningCode[] = [];
  if (email !== text) warnings.push('white_space_removed');
  if (readEmail(email).kind !== 'plain') warnings.push('email_not_plain');
  else if (!isPossibleAddress(email)) warnings.push('email_impossible');
  if (/[^\x20-\x7e]/.test(email)) warnings.push('not_ascii');
  if (/\p{Lu}/u.test(email)) warnings.push('capitals');
  return { email, warnings };
}

const nothing =
  /^(?:n\/?a|n\.a\.?|none|null|nil|unknown|tba|tbd|pending|empty|blank|missing|x+|0|no ?e?-?mail|not (?:available|applicable|provided)|#n\/a)$/i;
const nobodysLocal =
  /^(?:no[-_.]?e?-?mail|none|null|unknown|no-?reply|do-?not-?reply|not[-_.]?(?:available|provided))@/i;

/** What people write where there is no address: `N/A`, `-`, `noemail@…`. */
const isNoAddress = (email: string): boolean =>
  nothing.test(email) || nobodysLocal.test(email) || (!email.includes('@') && !/[\p{L}\p{N}]/u.test(email));

/**
 * Whether Clever can have the address: its domain has a dot, no part is empty, no quote stands at an end. Asked of what
 * readEmail takes for plain.
 */
export function isPossibleAddress(email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  const isDotted = (part: string) => part.split('.').every((label) => label !== '');
  return isDotted(local) && isDotted(domain) && domain.includes('.') && !/^['’‘`]|['’‘`]$/.test(email);
}
