// The differing characters of two addresses, marked and named.
import { markDifference, nameCharacter, type Piece } from '../../src/support/mark-difference.ts';

const marked = (pieces: readonly Piece[]) => pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('');

describe('markDifference', () => {
  it.each([
    [
      'a capital',
      'Ann@x.org',
      'ann@x.org',
      '[A]nn@x.org',
      '[a]nn@x.org',
      'Clever has capital A where the roster has small a.',
    ],
    [
      'a space at the end',
      'ann@x.org ',
      'ann@x.org',
      'ann@x.org[ ]',
      'ann@x.org',
      'Clever has space at the end that the roster does not have.',
    ],
    [
      'a Cyrillic letter',
      'sp\u0430tel@x.org',
      'spatel@x.org',
      'sp[\u0430]tel@x.org',
      'sp[a]tel@x.org',
      'Clever has Cyrillic small letter a (U+0430) where the roster has small a.',
    ],
    [
      'a missing letter',
      'an@x.org',
      'ann@x.org',
      'an@x.org',
      'an[n]@x.org',
      'The roster has small n that Clever does not have.',
    ],
    [
      'an invisible sign',
      'an\u200bn@x.org',
      'ann@x.org',
      'an[\u200b]n@x.org',
      'ann@x.org',
      'Clever has zero-width space, invisible (U+200B) that the roster does not have.',
    ],
    [
      'an astral letter',
      '\u{1d41a}nn@x.org',
      'ann@x.org',
      '[\u{1d41a}]nn@x.org',
      '[a]nn@x.org',
      'Clever has a form of a (U+1D41A) where the roster has small a.',
    ],
    [
      'a word that is missing as a word, not letter by letter',
      'ann@x.org',
      'ann.lee@x.org',
      'ann@x.org',
      'ann[.lee]@x.org',
      'The roster has “.lee” that Clever does not have.',
    ],
    [
      'capitals one by one',
      'ANn@x.org',
      'ann@x.org',
      '[AN]n@x.org',
      '[an]n@x.org',
      'Clever has capital A, capital N where the roster has small a, small n.',
    ],
    [
      'another domain as a whole, not letter by letter',
      'ann@old-name-of-the-district.example',
      'ann@students.juniper.example',
      'ann@[old-name-of-the-district].example',
      'ann@[students.juniper].example',
      'Clever has “old-name-of-the-district” where the roster has “students.juniper”.',
    ],
  ])('marks and names %s', (_what, clever, roster, cleverMarked, rosterMarked, said) => {
    const difference = markDifference(clever, roster);
    expect([marked(difference.clever), marked(difference.roster)]).toEqual([cleverMarked, rosterMarked]);
    expect(difference.said).toEqual([said]);
  });

  it('marks nothing of equal texts, and everything where one is empty', () => {
    expect(markDifference('ann@x.org', 'ann@x.org').said).toEqual([]);
    expect(marked(markDifference('', 'ann').roster)).toBe('[ann]');
  });

  it('gives back every character it was given', () => {
    const [one, other] = ['TAbara@a.org', 't.abara@b.example.org'];
    const difference = markDifference(one, other);
    expect(difference.clever.map(({ text }) => text).join('')).toBe(one);
    expect(difference.roster.map(({ text }) => text).join('')).toBe(other);
  });
});

it.each([
  ['\u0410', 'Cyrillic capital letter a (U+0410)'],
  ['\u00e9', 'small e with acute accent (U+00E9)'],
  ['\u0301', 'combining acute accent (U+0301)'],
  ['\u00a0', 'no-break space (U+00A0)'],
  ['\u03bf', 'Greek small letter omicron (U+03BF)'],
  ['0', 'digit 0'],
  ['~', 'the sign ~'],
])('the character %s has a name that can be said', (sign, name) => {
  expect(nameCharacter(sign)).toBe(name);
});
