// Foldings under which two different addresses look alike to a human reader, and the form in which names are compared.
// They find near misses; they never match.
import unhomoglyph from 'unhomoglyph';

/** Why two addresses that look alike can differ, in the order of contract section 2. */
export type Fold = 'whitespace' | 'unicode' | 'case';

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const ascii = /^[\x00-\x7f]*$/;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * UTS #39 section 4: NFD, remove invisible characters, replace look-alike letters by their prototype, NFD. Preceded by
 * NFKC, as the contract requires.
 */
const skeletonOfAny = (text: string): string =>
  unhomoglyph(text.normalize('NFKC').normalize('NFD').replace(invisible, '')).normalize('NFD');

/** The few ASCII characters that have a prototype: the library searches for six thousand. */
const prototypes = new Map(
  Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).flatMap((character) =>
    skeletonOfAny(character) === character ? [] : [[character, skeletonOfAny(character)]],
  ),
);
const toEscape = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
const hasPrototype = new RegExp(`[${[...prototypes.keys()].map(toEscape).join('')}]`, 'g');

const skeleton = (text: string): string =>
  ascii.test(text)
    ? text.replace(hasPrototype, (character) => prototypes.get(character) ?? character)
    : skeletonOfAny(text);

// Full case folding through upper case, so that ß and ss, ς and σ become equal. Dotless ı has upper case I but does not
// fold to i.
function foldCase(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.replace(/[^ı]+/gu, (run) => run.toUpperCase().toLowerCase());
}

const folds: Record<Fold, (text: string) => string[]> = {
  case: (text) => [foldCase(text)],
  // Capital I looks like l, small i does not. The order of case folding and look-alike folding can change the result,
  // so both orders are tried.
  unicode: (text) => {
    const folded = foldCase(text);
    const ofFolded = foldCase(skeleton(folded));
    return folded === text ? [ofFolded] : [foldCase(skeleton(text)), ofFolded];
  },
  // Trimmed again: an invisible character at the end may have hidden white space from the first trim.
  whitespace: (text) => folds.unicode(text.trim()).map((folded) => folded.trim()),
};

/**
 * A longer text is not an address (email.ts). Compatibility characters can expand to eighteen times their length:
 * U+FDFA.
 */
const longest = 320;

/**
 * Index keys of an address: two addresses that look alike share at least one. One or two strings; none for a text too
 * long to be an address.
 */
export function foldings(address: string): readonly string[] {
  if (address.length > longest) return [];
  const both = folds.whitespace(address);
  return both[0] === both[1] ? both.slice(1) : both;
}

/**
 * The first of white space, look-alike letters and case that makes two addresses equal, alone or together with the
 * later ones.
 */
export function lookAlike(one: string, other: string): Fold | undefined {
  if (one.length > longest || other.length > longest) return undefined;
  const equalUnder = (fold: Fold) => folds[fold](one).some((text) => folds[fold](other).includes(text));
  return (['case', 'unicode', 'whitespace'] as const).find(equalUnder);
}

/** Ignores spacing, Unicode composition and case; everything else counts. */
export function foldName(givenName: string, familyName: string): string {
  return `${foldPart(givenName)}\n${foldPart(familyName)}`;
}

/** Letters that Unicode does not decompose. */
const baseLetters: Readonly<Record<string, string>> = {
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** A name as it is typed by someone who heard it: letters and digits alone, without accents. Searches use it; evidence never. */
export const simplifyName = (givenName: string, familyName: string): string =>
  foldName(simplifyPart(givenName), simplifyPart(familyName));

const simplifyPart = (name: string): string =>
  plainLetters.test(name)
    ? name
    : foldPart(name)
        .normalize('NFKD')
        .replace(/[æœøłđðþı]/g, (letter) => baseLetters[letter] ?? letter)
        .replace(/[^\p{L}\p{N}]+/gu, '');

/** Fast path for most names. */
const plainLetters = /^[A-Za-z]*$/;

/** Characters of each part that are compared; the rest is ignored. */
const maxPartLength = 256;

/** Fast path for most names. */
const plain = /^[\x21-\x7e]*$/;

function foldPart(name: string): string {
  const part = name.slice(0, maxPartLength);
  if (plain.test(part)) return part.toLowerCase();
  return part.normalize('NFC').trim().replace(/\s+/gu, ' ').toUpperCase().toLowerCase();
}
