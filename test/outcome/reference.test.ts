import { describe, expect, it } from '@jest/globals';
import { isMisheard, makeReference, readReference, showReference } from '../../src/outcome/reference.ts';

const signs = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const some = Array.from({ length: 12 }, () => showReference(makeReference()).replaceAll('-', ''));

describe('a reference', () => {
  it('is eight characters and a check character, shown with dashes', () => {
    for (let count = 0; count < 500; count += 1) {
      const reference = makeReference();
      expect(showReference(reference)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/);
      expect(readReference(showReference(reference))).toBe(reference);
    }
    expect(showReference('ABCD2345')).toBe('ABCD-2345-S');
  });

  it.each(['abcd-01io', 'ABCD01IO', ' abcd 0lIo ', 'AbCd-O1i0'])(
    'is read from %j, as it was before it had a check sign',
    (text) => {
      expect(readReference(text)).toMatch(/^ABCD0[01]1?1?0$/);
      expect(isMisheard(text)).toBe(false);
    },
  );

  it.each(['abcd-2345-s', 'ABCD2345S', ' abcd 2345 S ', 'ABCD–2345—S'])('is read from %j', (text) => {
    expect(readReference(text)).toBe('ABCD2345');
    expect(isMisheard(text)).toBe(false);
  });

  it.each(['', 'ABCD', 'ABCD-2345-67', 'ABCU-2345', 'ABCD-23!5', 'ABCD_2345', 'A'.repeat(10_000)])(
    'is not read from %.20j',
    (text) => {
      expect(readReference(text)).toBeUndefined();
      expect(isMisheard(text)).toBe(false);
    },
  );

  it('is known as misheard where any one sign is another', () => {
    for (const shown of some)
      for (let at = 0; at < shown.length; at += 1)
        for (const sign of [...signs, 'U'].filter((other) => other !== shown[at])) {
          const heard = shown.slice(0, at) + sign + shown.slice(at + 1);
          expect([heard, readReference(heard), isMisheard(heard)]).toEqual([heard, undefined, true]);
        }
  });

  it('is recognised as misheard where two characters are swapped', () => {
    for (const shown of some)
      for (let from = 0; from < shown.length; from += 1)
        for (let to = from + 1; to < shown.length; to += 1) {
          if (shown[from] === shown[to]) continue;
          const heard = [...shown];
          [heard[from], heard[to]] = [shown[to] ?? '', shown[from] ?? ''];
          expect(isMisheard(heard.join(''))).toBe(true);
        }
  });

  it('spells nothing: no vowel, also as a digit, no three letters in a row, no stem of a bad word', () => {
    for (let count = 0; count < 3_000; count += 1) {
      const shown = showReference(makeReference()).replaceAll('-', '');
      expect(shown).not.toMatch(/[AEIOUYV0134]|[A-Z]{3}|KK|NZ|FK|FCK|5H|6{3}|69|88|F4G|N[G96]/);
    }
  });

  it('is hardly ever the same twice', () => {
    expect(new Set(Array.from({ length: 3_000 }, makeReference)).size).toBeGreaterThan(2_990);
  });
});
