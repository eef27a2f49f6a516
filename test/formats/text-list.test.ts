// Lists outside of the heap: what is put in comes out again, whatever its length and wherever blocks end.
import fc from 'fast-check';
import { createChains } from '../../src/formats/oneroster-csv/id-table.ts';
import { createNumberList, createTextIndex, createTextList } from '../../src/formats/text-list.ts';

describe('a list of texts', () => {
  it('gives back each text, of any length and any letters', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .tuple(fc.constantFrom('a', 'é', '€', '😀'), fc.integer({ min: 1, max: 150_000 }))
        .map(([sign, times]) => sign.repeat(times)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
        const list = createTextList();
        expect(texts.map(list.push)).toEqual(texts.map((_text, at) => at));
        // Compared so, as the texts are long to print.
        expect(texts.every((each, at) => list.at(at) === each && list.isAt(at, each))).toBe(true);
        expect(texts.every((each, at) => list.isAt(at + 1, each) === ((texts[at + 1] ?? '') === each))).toBe(true);
        expect([list.size(), list.at(texts.length), list.at(-1)]).toEqual([texts.length, '', '']);
      }),
      { numRuns: 60 },
    );
  });

  it('knows a text from one whose UTF-8 bytes read as letters are the same', () => {
    const list = createTextList();
    const [accent, bytes] = ['é', 'Ã©'];
    expect([list.push(accent), list.push(bytes)]).toEqual([0, 1]);
    expect([list.isAt(0, accent), list.isAt(0, bytes), list.isAt(1, accent), list.isAt(1, bytes)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('is found in by its index while both grow', () => {
    const index = createTextIndex(createTextList());
    const texts = Array.from({ length: 5000 }, (_, at) => `user-${at}`);
    for (const [at, text] of texts.entries()) {
      expect(index.find(text)).toBeUndefined();
      expect(index.add(text)).toBe(at);
    }
    expect(texts.map(index.find)).toEqual(texts.map((_text, at) => at));
  });
});

describe('a list of numbers', () => {
  it('grows to where a number is set, by zeros', () => {
    const list = createNumberList();
    expect(list.push(7)).toBe(0);
    list.set(100_000, 2 ** 32 - 1);
    expect([list.at(0), list.at(1), list.at(99_999), list.at(100_000), list.at(100_001)]).toEqual([
      7,
      0,
      0,
      2 ** 32 - 1,
      0,
    ]);
    expect(list.push(8)).toBe(100_001);
    expect([list.size(), list.at(-1)]).toEqual([100_002, 0]);
  });

  it.each([8, 16, 32] as const)('holds numbers of %i bits', (bits) => {
    const list = createNumberList(bits);
    const most = 2 ** bits - 1;
    expect([list.push(most), list.push(1), list.at(0), list.at(1)]).toEqual([0, 1, most, 1]);
  });
});

describe('lists of numbers by position', () => {
  it('are those of a plain map, newest first', () => {
    const number = fc.oneof(fc.nat(9), fc.constant(2 ** 31 - 2));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), number)), (added) => {
        const chains = createChains();
        for (const [position, each] of added) chains.add(position, each);
        for (const position of [0, 1, 2, 3, 4, 5, 6])
          expect(chains.of(position)).toEqual(
            added
              .filter(([at]) => at === position)
              .map(([, each]) => each)
              .toReversed(),
          );
      }),
    );
  });
});
