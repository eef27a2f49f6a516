// What a person reads out on the phone: eight signs of Crockford base32 and a check sign. The eight are what is kept; the
// ninth follows from them, so references that were given out without it still find their attempt.
import { randomInt } from 'node:crypto';

const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of new references: no vowel, and no sign that is read as one. */
const drawn = '256789BCDFGHJKMNPQRSTWXZ';
const length = 8;

/** Digits that are read as letters. */
const lookAlike: Readonly<Record<string, string>> = { 2: 'Z', 5: 'S', 6: 'G', 7: 'T', 8: 'B', 9: 'G' };
/** What is left of bad words without their vowels, and numbers that stand for something. */
const stems =
  /B[CT]|BJ|CC?K|CM|CNT|D[CK]|DMN|F[CKN]|FG|GG|GR|HH|HMP|K[KNS]|KLL|MF|MRD|N[GZ]|P[NRS]|RP|S[HSX]|SC[KM]|STD|T[TW]|WTF|XX|666|69|88/;

/** 36 random bits, with at least one digit in three signs and without what a child should not read. */
export function makeReference(): string {
  for (;;) {
    const reference = Array.from({ length }, () => drawn.charAt(randomInt(drawn.length))).join('');
    const shown = reference + checkSignOf(reference);
    const asLetters = shown.replace(/\d/g, (digit) => lookAlike[digit] ?? digit);
    const isSpelling = /[A-Z]{3}/.test(shown) || /^\d*$/.test(reference);
    if (!isSpelling && drawn.includes(shown.slice(length)) && !stems.test(shown) && !stems.test(asLetters))
      return reference;
  }
}

/** `XXXX-XXXX-X`. */
export const showReference = (reference: string): string =>
  `${reference.slice(0, 4)}-${reference.slice(4)}-${checkSignOf(reference)}`;

/**
 * The eight signs, of a text of nine or, as it was written until now, eight. Any case, with or without dashes and spaces, I and
 * L read as 1, O as 0 (Crockford). Undefined if it can be no reference.
 */
export function readReference(text: string): string | undefined {
  const read = readSigns(text);
  const isReference = /^[0-9A-HJKMNP-TV-Z]{8,9}$/.test(read) && (read.length === length || fits(read));
  return isReference ? read.slice(0, length) : undefined;
}

/** Nine signs that do not fit together: at least one was misheard. */
export function isMisheard(text: string): boolean {
  const read = readSigns(text);
  return /^[0-9A-Z]{9}$/.test(read) && !fits(read);
}

const readSigns = (text: string): string =>
  text.length > 40 ? '' : text.toUpperCase().replace(/[\s-]/gu, '').replace(/[IL]/g, '1').replace(/O/g, '0');

const fits = (read: string): boolean => read.slice(length) === checkSignOf(read);

/**
 * H. M. Damm, "Total anti-symmetrische Quasigruppen" (Marburg 2004): the quasigroup 2x + y over the field of 32 elements with
 * x^5 + x^2 + 1. Every single wrong sign and every swap of two neighbours gives another check sign, and so does every swap of
 * any two signs.
 */
function checkSignOf(reference: string): string {
  let sum = 0;
  for (const sign of reference.slice(0, length)) {
    const doubled = (sum ^ signs.indexOf(sign)) << 1;
    sum = doubled > 31 ? doubled ^ 0b100101 : doubled;
  }
  return signs.charAt(sum);
}
