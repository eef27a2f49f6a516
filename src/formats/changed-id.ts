// Detects ids that a spreadsheet or another program has changed. The original is never guessed: the changed id or the
// guess may be another person's.
import { readCell, trimCell } from './clean-cell.ts';
import type { WarningCode } from './feed.ts';

const errorWord = /^#(N\/A|N\/D|NV|DIV\/0!|[\p{Lu}¡¿/]+[!?]|#+)$/u;
/** Large numbers as programs write them: `7.38E+11`, Java `7.38E11` and `7.38E8`. `12E5` is an id of a class. */
const scientific = /^[+-]?\d(?:[.,]\d+e[+-]?\d{1,3}|e[+-]\d{2,3})$/i;
/**
 * `70000.0`; thousands separated by commas (in India `12,34,567`) or apostrophes, or by blanks if the number has no
 * leading zero: `70 004`.
 */
const asNumber =
  /^[+-]?(?:\d+[.,]0+|\d{1,3}(?:[,'’]\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|[1-9]\d{0,2}(?:[ \u00a0\u2007-\u200a\u202f]\d{3})+(?:[.,]\d+)?)$/;
/** `$70003`, `70.003,00 €`, `($70,003.00)`: the cell was formatted as an amount. */
const asAmount = /^\(?[+-]?(?:\p{Sc}[\s\u00a0]?[+-]?\d[\d.,'’\s\u00a0\u202f]*|\d[\d.,'’\s\u00a0\u202f]*\p{Sc})\)?$/u;
/** Booleans as spreadsheets show them; an id in lower case may be a username. */
const asTruth = /^(?:TRUE|FALSE)$/;
/** A prefix that means "text" to a spreadsheet, or a formula that does. */
const asText = /^(?:['’‘`´]|=)/;
/** Invisible characters: zero-width, direction marks, soft hyphens; and within an id control characters. */
const unseen = /\p{Cf}/u;
const control = /\p{Cc}/u;

const months =
  'jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december' +
  // Spanish, French, German, Portuguese, Italian.
  '|ene|abr|ago|dic|janv|févr|mars|avr|mai|juin|juil|août|déc|mär|mrz|okt|dez|fev|set|out|gen|mag|giu|lug|ott';
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const year = String.raw`(?:\d{2}|(?:19|20)\d{2})`;
const time = String.raw`(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?Z?)?`;
const number = '(?:0?[1-9]|1[0-2])';
const longYear = String.raw`(?:19|20)\d{2}`;
const dates = [
  // 3-Apr, 3. Apr 2026, Apr-03, April 3, 2026, Sat, Apr 3
  String.raw`(?:[a-z]{2,9}\.?,? )?${day}[-. /]{1,2}(?:${months})\.?(?:[-. /,]{1,2}${year})?`,
  String.raw`(?:[a-z]{2,9}\.?,? )?(?:${months})\.?[-. /]{1,2}(?:${year}|${day}(?:,? ${year})?)`,
  // 4/3/2026, 3.4.26, 4-3-2026, 2026-04-03
  `${day}/${day}/${year}`,
  String.raw`${day}\.${day}\.${year}`,
  `${day}-${day}-${longYear}`,
  String.raw`${longYear}([-/.])${number}\1${day}`,
].map((form) => new RegExp(`^${form}${time}$`, 'iu'));
const clockTime = /^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?$/i;

/** How the id was changed; undefined if it was not. @param text the cell's content */
export function changedId(text: string): WarningCode | undefined {
  // Nearly all ids: every form below but `TRUE` has a sign or a space in it.
  if (/^\w+$/.test(text)) return asTruth.test(text) ? 'cell_not_text' : undefined;
  const bare = trimCell(text);
  if (bare === '') return undefined;
  if (errorWord.test(bare)) return 'cell_is_error';
  if (unseen.test(text) || control.test(bare) || asText.test(bare)) return 'id_with_signs';
  if (scientific.test(bare)) return 'digits_lost';
  if (asTruth.test(bare)) return 'cell_not_text';
  if (asNumber.test(bare) || asAmount.test(bare)) return 'id_as_number';
  return clockTime.test(bare) || dates.some((form) => form.test(bare)) ? 'cell_is_date' : undefined;
}

/** Words and characters for "nothing". */
const isPlaceholder = (text: string): boolean =>
  /^(?:n\/a|n\.a\.?|none|null|nil|#n\/a)$/i.test(text) || (text !== '' && !/[\p{L}\p{N}]/u.test(text));

type IdCell =
  | { readonly kind: 'id'; readonly id: string | undefined }
  | { readonly kind: 'changed'; readonly code: WarningCode };

/** Fast path for nearly all ids, which end in a digit: none is changed, blank or a placeholder. */
const plainId = /^\w*\d$/;
const noId: IdCell = { kind: 'id', id: undefined };

/** Reads the cell of an id: undefined if there is none. */
export function readId(text: string): IdCell {
  if (text === '') return noId;
  if (plainId.test(text)) return { kind: 'id', id: text };
  const code = changedId(text);
  if (code !== undefined) return { kind: 'changed', code };
  const id = readCell(text);
  return { kind: 'id', id: id === undefined || isPlaceholder(id) ? undefined : id };
}
