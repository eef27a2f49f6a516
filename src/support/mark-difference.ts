// Compares two addresses: which characters differ, and the name of each, so that a capital, a space or a letter of
// another alphabet can be seen and named on the phone. Pure; decides nothing.
import { lookAlike } from '../identity/folding.ts';

export interface Piece {
  readonly text: string;
  /** Missing or different on the other side. */
  readonly differs: boolean;
  /** The name of each differing character; empty if nothing differs. */
  readonly names: readonly string[];
}

export interface MarkedDifference {
  readonly clever: readonly Piece[];
  readonly roster: readonly Piece[];
  /** One line for each difference, in order, as spoken: `Clever has capital A where the roster has small a`. */
  readonly said: readonly string[];
}

/**
 * @param clever what Clever sent
 * @param roster the roster's value; compared by code points, at most 320 of each
 */
export function markDifference(clever: string, roster: string): MarkedDifference {
  const [here, there] = [charactersOf(clever), charactersOf(roster)];
  const aligned = align(here, there);
  const runs = lookAlike(clever, roster) === undefined ? joinNear(aligned) : aligned;
  return {
    clever: runs
      .map(({ one }) => one)
      .flatMap((characters, index) => piece(characters, here, runs[index]?.differs === true)),
    roster: runs
      .map(({ other }) => other)
      .flatMap((characters, index) => piece(characters, there, runs[index]?.differs === true)),
    said: runs.filter(({ differs }) => differs).map((run) => say(run, here, there)),
  };
}

const longest = 320;

/** Truncated before it is split: a cell may have megabytes. */
const charactersOf = (text: string): string[] => [...text.slice(0, 2 * longest)].slice(0, longest);

interface Character {
  readonly text: string;
  readonly at: number;
}

interface Run {
  readonly differs: boolean;
  readonly one: readonly Character[];
  readonly other: readonly Character[];
}

const shortestRun = 4;

/** Between two entirely different texts, a few shared letters mean nothing. */
function joinNear(runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = [];
  for (const [index, run] of runs.entries()) {
    const last = joined.at(-1);
    const isByChance =
      run.one.length < shortestRun && run.one.every(({ text }) => text !== '@') && index < runs.length - 1;
    if (last?.differs && (run.differs || isByChance)) {
      joined.splice(-1, 1, { differs: true, one: [...last.one, ...run.one], other: [...last.other, ...run.other] });
    } else joined.push(run);
  }
  return joined;
}

/** Levenshtein's table followed from the front, so that one changed letter is one difference at any position. */
function align(one: readonly string[], other: readonly string[]): readonly Run[] {
  const cost = distances(one, other);
  const runs: { differs: boolean; one: Character[]; other: Character[] }[] = [];
  const open = (differs: boolean) => {
    const last = runs.at(-1);
    if (last?.differs === differs) return last;
    const run = { differs, one: [], other: [] };
    runs.push(run);
    return run;
  };
  for (let [at, to] = [0, 0]; at < one.length || to < other.length; ) {
    const [left, right] = [one[at], other[to]];
    const here = cost(at, to);
    const same = left !== undefined && left === right && here === cost(at + 1, to + 1);
    const run = open(!same);
    const isSwap = !same && left !== undefined && right !== undefined && here === cost(at + 1, to + 1) + 1;
    const takesLeft = same || isSwap || (left !== undefined && here === cost(at + 1, to) + 1);
    if (takesLeft && left !== undefined) {
      run.one.push({ text: left, at });
      at += 1;
    }
    if ((same || isSwap || !takesLeft) && right !== undefined) {
      run.other.push({ text: right, at: to });
      to += 1;
    }
  }
  return runs;
}

/** The characters that have to be inserted, removed or replaced. */
export const countEdits = (one: string, other: string): number => distances([...one], [...other])(0, 0);

/** The number of edits between the rest of one, from a position on, and the rest of the other. */
function distances(one: readonly string[], other: readonly string[]): (at: number, to: number) => number {
  const width = other.length + 1;
  const table = new Uint16Array((one.length + 1) * width);
  for (let at = one.length; at >= 0; at -= 1) {
    for (let to = other.length; to >= 0; to -= 1) {
      const rest = [one.length - at, other.length - to] as const;
      const read = (down: number, right: number) => table[(at + down) * width + to + right] ?? 0;
      table[at * width + to] =
        rest[0] === 0 || rest[1] === 0
          ? rest[0] + rest[1]
          : one[at] === other[to]
            ? read(1, 1)
            : 1 + Math.min(read(1, 1), read(1, 0), read(0, 1));
    }
  }
  return (at, to) => table[at * width + to] ?? 0;
}

function piece(characters: readonly Character[], whole: readonly string[], differs: boolean): Piece[] {
  if (characters.length === 0) return [];
  const names = differs ? characters.map((character) => nameInPlace(character, whole)) : [];
  return [{ text: characters.map(({ text }) => text).join(''), differs, names }];
}

const isInvisible = (character: string): boolean => /^(\s|\p{Default_Ignorable_Code_Point})$/u.test(character);

/** White space is described by its position: that is how the district will look for it. */
function nameInPlace({ text, at }: Character, whole: readonly string[]): string {
  const name = nameCharacter(text);
  if (!isInvisible(text)) return name;
  if (whole.slice(at).every(isInvisible)) return `${name} at the end`;
  return whole.slice(0, at + 1).every(isInvisible) ? `${name} at the beginning` : name;
}

const listed = 4;

/** Plain letters without a counterpart are named as a word, not one by one. */
const isWord = (one: readonly Character[], other: readonly Character[]): boolean =>
  one.length !== other.length && [...one, ...other].every(({ text }) => /^[a-z0-9._-]$/.test(text));

function list(characters: readonly Character[], whole: readonly string[], asWord: boolean): string {
  if (characters.length > listed || (asWord && characters.length > 1))
    return `“${characters.map(({ text }) => text).join('')}”`;
  return characters.map((character) => nameInPlace(character, whole)).join(', ');
}

function say({ one, other }: Run, clever: readonly string[], roster: readonly string[]): string {
  const asWord = isWord(one, other);
  const [sent, held] = [list(one, clever, asWord), list(other, roster, asWord)];
  if (one.length === 0) return `The roster has ${held} that Clever does not have.`;
  if (other.length === 0) return `Clever has ${sent} that the roster does not have.`;
  return `Clever has ${sent} where the roster has ${held}.`;
}

const plainNames: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\t': 'tab',
  '\n': 'line break',
  '\r': 'carriage return',
  '\u00a0': 'no-break space (U+00A0)',
  '\u00ad': 'soft hyphen, invisible (U+00AD)',
  '\u200b': 'zero-width space, invisible (U+200B)',
  '\u200c': 'zero-width non-joiner, invisible (U+200C)',
  '\u200d': 'zero-width joiner, invisible (U+200D)',
  '\u202f': 'narrow no-break space (U+202F)',
  '\u3000': 'ideographic space (U+3000)',
  '\ufeff': 'byte order mark, invisible (U+FEFF)',
  '\u2010': 'hyphen (U+2010)',
  '\u2011': 'non-breaking hyphen (U+2011)',
  '\u2013': 'en dash (U+2013)',
  '\u2014': 'em dash (U+2014)',
  '\u2019': 'curly apostrophe (U+2019)',
  '.': 'dot',
  ',': 'comma',
  '-': 'hyphen',
  _: 'underscore',
  '+': 'plus sign',
  '@': 'at sign',
  "'": 'apostrophe',
  '\u0131': 'small i without a dot (U+0131)',
};

/** The Cyrillic and Greek letters that look like Latin ones, by their names in the Unicode Character Database. */
const letterNames: Readonly<Record<string, string>> = {
  а: 'a',
  е: 'ie',
  о: 'o',
  р: 'er',
  с: 'es',
  у: 'u',
  х: 'ha',
  к: 'ka',
  м: 'em',
  т: 'te',
  н: 'en',
  в: 've',
  і: 'byelorussian-ukrainian i',
  ј: 'je',
  ѕ: 'dze',
  һ: 'shha',
  ԁ: 'komi de',
  ԛ: 'qa',
  ԝ: 'we',
  ӏ: 'palochka',
  α: 'alpha',
  β: 'beta',
  ε: 'epsilon',
  η: 'eta',
  ι: 'iota',
  κ: 'kappa',
  μ: 'mu',
  ν: 'nu',
  ο: 'omicron',
  ρ: 'rho',
  τ: 'tau',
  υ: 'upsilon',
  χ: 'chi',
  ζ: 'zeta',
};

const accents: Readonly<Record<string, string>> = {
  '\u0300': 'grave accent',
  '\u0301': 'acute accent',
  '\u0302': 'circumflex',
  '\u0303': 'tilde',
  '\u0308': 'two dots',
  '\u030a': 'ring',
  '\u030c': 'caron',
  '\u0327': 'cedilla',
};

const scripts = ['Cyrillic', 'Greek', 'Latin', 'Armenian', 'Hebrew', 'Arabic', 'Han', 'Hiragana', 'Katakana'] as const;

/** `small a`, `capital A`, `digit 0`, `Cyrillic small letter a (U+0430)`; always a name that can be looked up. */
export function nameCharacter(character: string): string {
  const plain = plainNames[character];
  if (plain !== undefined) return plain;
  if (/^[a-z]$/.test(character)) return `small ${character}`;
  if (/^[A-Z]$/.test(character)) return `capital ${character}`;
  if (/^[0-9]$/.test(character)) return `digit ${character}`;
  if (/^[!-~]$/.test(character)) return `the sign ${character}`;
  return `${describeLetter(character)} (${codePoint(character)})`;
}

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

function describeLetter(character: string): string {
  const [base = '', accent = '', ...more] = character.normalize('NFD');
  const size = /^\p{Lu}/u.test(character) ? 'capital' : 'small';
  if (/^[A-Za-z]$/.test(base) && more.length === 0 && accents[accent]) return `${size} ${base} with ${accents[accent]}`;
  if (accents[character]) return `combining ${accents[character]}`;
  if (/^\p{Default_Ignorable_Code_Point}$/u.test(character)) return 'invisible character';
  if (/^\p{White_Space}$/u.test(character)) return 'unusual space';
  const script = scripts.find((each) => new RegExp(`^\\p{Script=${each}}$`, 'u').test(character));
  const name = letterNames[character.toLowerCase()];
  if (/^\p{L}$/u.test(character) && script) {
    const letter = /^[\p{Lu}\p{Ll}]$/u.test(character) ? `${size} letter` : 'letter';
    return `${script} ${letter}${name === undefined ? ` ${character}` : ` ${name}`}`;
  }
  const folded = character.normalize('NFKD');
  return folded === character ? `the character ${character}` : `a form of ${folded}`;
}
