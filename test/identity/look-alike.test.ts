import fc from 'fast-check';
import unhomoglyph from 'unhomoglyph';
import { foldings, lookAlike } from '../../src/identity/folding.ts';

describe('lookAlike', () => {
  it.each([
    ['a capital', 'Ana@school.org', 'ana@school.org', 'case'],
    ['a capital in the domain', 'ana@School.org', 'ana@school.org', 'case'],
    ['a capital I', 'Ivan@school.org', 'ivan@school.org', 'case'],
    ['sharp s', 'STRASSE@school.org', 'straße@school.org', 'case'],
    ['a Cyrillic а', 'аna@school.org', 'ana@school.org', 'unicode'],
    ['a Cyrillic а and a capital', 'аnA@school.org', 'ana@school.org', 'unicode'],
    ['a Cyrillic capital Н', 'Нana@school.org', 'hana@school.org', 'unicode'],
    ['full-width letters', 'ａna@school.org', 'ana@school.org', 'unicode'],
    ['a composed letter', 'jos\u00e9@school.org', 'jose\u0301@school.org', 'unicode'],
    ['an invisible letter', 'ana\u200b@school.org', 'ana@school.org', 'unicode'],
    ['a digit for a letter', 'a1an@school.org', 'alan@school.org', 'unicode'],
    ['a capital I for an l', 'aIan@school.org', 'alan@school.org', 'unicode'],
    ['dotless i', 'ıvan@school.org', 'ivan@school.org', 'unicode'],
    ['a space before', ' ana@school.org', 'ana@school.org', 'whitespace'],
    ['a space after', 'ana@school.org ', 'ana@school.org', 'whitespace'],
    ['a no-break space', 'ana@school.org\u00a0', 'ana@school.org', 'whitespace'],
    ['a space and a capital', ' Ana@school.org', 'ana@school.org', 'whitespace'],
    ['a space and a Cyrillic а', ' аna@school.org', 'ana@school.org', 'whitespace'],
  ])('names %s', (_name, one, other, difference) => {
    expect(lookAlike(one, other)).toBe(difference);
    expect(lookAlike(other, one)).toBe(difference);
  });

  it.each([
    ['another letter', 'ana@school.org', 'ane@school.org'],
    ['an accent', 'jose@school.org', 'josé@school.org'],
    ['a dot', 'a.na@school.org', 'ana@school.org'],
    ['a plus tag', 'ana+x@school.org', 'ana@school.org'],
    ['another domain', 'ana@school.org', 'ana@school.com'],
  ])('finds no likeness across %s', (_name, one, other) => {
    expect(lookAlike(one, other)).toBeUndefined();
  });

  it('folds every text of ASCII as the tables of Unicode say', () => {
    const ascii = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) });
    const fold = (text: string) => unhomoglyph(text.toLowerCase()).normalize('NFD').toLowerCase();
    const foldFirst = (text: string) => unhomoglyph(text).normalize('NFD').toLowerCase();
    fc.assert(
      fc.property(ascii, (given) => {
        const text = given.trim();
        const expected = [foldFirst(text), fold(text)].map((folded) => folded.trim());
        expect(foldings(given)).toEqual([...new Set(expected)]);
      }),
    );
  });

  it('holds exactly when the two addresses share a folding, so that no near miss escapes the index', () => {
    const sign = fc.constantFrom(
      'a',
      'A',
      'а',
      'i',
      'I',
      'l',
      '1',
      'ı',
      'İ',
      'ｌ',
      'é',
      'e\u0301',
      'ß',
      's',
      ' ',
      '\u200b',
      'Н',
      'h',
      '@',
      'σ',
      'ς',
      'Σ',
      'ſ',
      'm',
      'rn',
      'K',
    );
    const address = fc.array(sign, { minLength: 1, maxLength: 4 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(address, address, (one, other) => {
        const sharesFolding = foldings(one).some((fold) => foldings(other).includes(fold));
        expect(lookAlike(one, other) !== undefined).toBe(sharesFolding);
      }),
      { numRuns: 20_000 },
    );
  });
});
