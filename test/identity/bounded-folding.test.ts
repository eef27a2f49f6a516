// Compatibility characters make a text eighteen times as long: what is too long is cut or left before it is normalised.
import { jest } from '@jest/globals';
import { foldings, foldName, lookAlike } from '../../src/identity/folding.ts';
import { markDifference } from '../../src/support/mark-difference.ts';

const huge = '\ufdfa'.repeat(130_000);
const maxAddressLength = 320;

describe('a text of megabytes of compatibility characters', () => {
  let longestGiven: number;

  beforeEach(() => {
    longestGiven = 0;
    const { normalize } = String.prototype;
    jest.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form?: string) {
      longestGiven = Math.max(longestGiven, this.length);
      return normalize.call(this, form);
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, () => unknown]>([
    ['as an address that is filed', () => foldings(`${huge}@school.org`)],
    ['as the domain of an address', () => foldings(`ana@${huge}.org`)],
    ['beside the address that Clever sends', () => lookAlike('ana@school.org', huge)],
    ['on both sides', () => lookAlike(huge, huge)],
    ['as a given name', () => foldName(huge, 'Lee')],
    ['as a family name', () => foldName('Ann', huge)],
    ['shown beside another', () => markDifference('ana@school.org', huge)],
  ])('is not normalised whole: %s', (_name, fold) => {
    fold();
    expect(longestGiven).toBeLessThanOrEqual(18 * maxAddressLength);
  });

  it('is filed under no key as an address, and under that of its beginning as a name', () => {
    expect(foldings(`${huge}@school.org`)).toEqual([]);
    expect(foldName(huge, 'Lee')).toBe(foldName(`${huge}${huge}`, 'Lee'));
  });

  it('leaves the longest address as it was', () => {
    const longest = `${'a'.repeat(64)}@${'b'.repeat(185)}.org`;
    expect(foldings(longest.toUpperCase())).toContain(longest);
  });
});
