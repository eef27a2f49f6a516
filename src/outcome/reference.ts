// The reference that a user reads out on the phone: eight characters of Crockford base32 and a check character. Only
// the eight are stored; the ninth is computed from them, so older references without it still find their attempt.
import { randomInt } from 'node:crypto';

const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Alphabet of new references: no vowels, and no characters that look like vowels. */
const drawn = '256789BCDFGHJKMNPQRSTWXZ';
const length = 8;

/** Digits that look like letters. */
const lookAlike: Readonly<Record<string, string>> = { 2: 'Z', 5: 'S', 6: 'G', 7: 'T', 8: 'B', 9: 'G' };
/** Offensive words without their vowels, and numbers with a meaning. */
const stems =
  /B[CT]|BJ|CC?K|CM|CNT|D[CK]|DMN|F[CKN]|FG|GG|GR|HH|HMP|K[KNS]|KLL|MF|MRD|N[GZ]|P[NRS]|RP|S[HSX]|SC[KM]|STD|T[TW]|WTF|XX|666|69|88/;

/** 36 random bits; contains a digit in every three characters, and no sequence that is unsuitable for children. */
export function makeReference(): string {
  for (;;) {
    const reference = Array.from({ length }, () => drawn.charAt(randomInt(drawn.length))).join('');
    const shown = reference + checkCharacterOf(reference);
    const asLetters = shown.replace(/\d/g, (digit) => lookAlike[digit] ?? digit);
    const isSpelling = /[A-Z]{3}/.test(shown) || /^\d*$/.test(reference);
    if (!isSpelling && drawn.includes(shown.slice(length)) && !stems.test(shown) && !stems.test(asLetters))
      return reference;
  }
}

/** `XXXX-XXXX-X`. */
export const showReference = (reference: string): string =>
  `${reference.slice(0, 4)}-${reference.slice(4)}-${checkCharacterOf(reference)}`;

/**
 * The eight characters, from a text of nine or, in the older form, eight. Any case, with or without spaces and dashes, also long ones;
 * I and L are read as 1, O as 0 (Crockford). Undefined if the text cannot be a reference.
 */
export function readReference(text: string): string | undefined {
  const read = readCharacters(text);
  const isReference = /^[0-9A-HJKMNP-TV-Z]{8,9}$/.test(read) && (read.length === length || fits(read));
  return isReference ? read.slice(0, length) : undefined;
}

/** The check character does not match: at least one of the nine was misheard. */
export function isMisheard(text: string): boolean {
  const read = readCharacters(text);
  return /^[0-9A-Z]{9}$/.test(read) && !fits(read);
}

const readCharacters = (text: string): string =>
  text.length > 40
    ? ''
    : text
        .toUpperCase()
        .replace(/[\s\p{Pd}]/gu, '')
        .replace(/[IL]/g, '1')
        .replace(/O/g, '0');

const fits = (read: string): boolean => read.slice(length) === checkCharacterOf(read);

/**
 * H. M. Damm, "Total anti-symmetrische Quasigruppen" (Marburg 2004): the quasigroup 2x + y over the field of 32
 * elements with x^5 + x^2 + 1. Detects every single wrong character and every swap of two characters, adjacent or not.
 */
function checkCharacterOf(reference: string): string {
  let sum = 0;
  for (const sign of reference.slice(0, length)) {
    const doubled = (sum ^ signs.indexOf(sign)) << 1;
    sum = doubled > 31 ? doubled ^ 0b100101 : doubled;
  }
  return signs.charAt(sum);
}
