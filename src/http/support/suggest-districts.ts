// Districts that an unknown word of a search may mean: a part of several names, or a misspelled id or name.
import type { District } from '../../district/district.ts';
import { findResemblingDistricts } from '../../support/resembling-districts.ts';
import { type DistrictFinders, findDistrictByWords, mayIdentifyUser, splitFilters } from './read-filters.ts';

export interface DistrictSuggestion {
  readonly district: District;
  /** The search with the district's id in place of the words that resemble it. */
  readonly q: string;
}

const maxSuggested = 5;
const maxWords = 8;

/** Empty if the text names a district, or may identify a user. */
export async function suggestDistricts(q: string, districts: DistrictFinders): Promise<readonly DistrictSuggestion[]> {
  const { named, code, when } = splitFilters(q);
  const words = named.split(' ').filter(Boolean);
  if (words.length === 0 || words.length > maxWords || mayIdentifyUser(named)) return [];
  const all = await districts.list();
  for (let count = words.length; count > 0; count -= 1) {
    const sides = [
      { words: words.slice(0, count), others: words.slice(count) },
      { words: words.slice(-count), others: words.slice(0, -count) },
    ];
    for (const side of sides) {
      const wanted = side.words.join(' ');
      if ((await findDistrictByWords(wanted, { ...districts, list: async () => all })) !== undefined) return [];
      const found = findResemblingDistricts(wanted, all, side.others.length > 0);
      if (found.length === 0) continue;
      return found.slice(0, maxSuggested).map((district) => ({
        district,
        q: [district.id, ...side.others, code, when].filter(Boolean).join(' '),
      }));
    }
  }
  return [];
}
