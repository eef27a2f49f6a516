// Districts that an unknown id or name may mean.
import type { District } from '../district/district.ts';
import { countEdits } from './mark-difference.ts';

/**
 * Those with the text in their name; else those whose id, name, or as many words of the name, differ in a few characters.
 * @param isPart the text stands beside other words, which may be a person's name
 */
export function findResemblingDistricts(text: string, all: readonly District[], isPart = false): readonly District[] {
  const wanted = text.toLowerCase();
  if (wanted.length < 3) return [];
  const containing = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (containing.length > 0) return containing;
  const most = maxEdits(wanted.length, isPart);
  if (most === 0) return [];
  return all
    .map((district) => ({ district, edits: editsTo(wanted, district, most) }))
    .filter(({ edits }) => edits <= most)
    .sort((one, other) => one.edits - other.edits || one.district.id.localeCompare(other.district.id, 'en'))
    .map(({ district }) => district);
}

function maxEdits(length: number, isPart: boolean): number {
  if (length < 5) return isPart ? 0 : 1;
  if (isPart) return 1;
  return length < 9 ? 2 : 3;
}

/** At most so many words of a name are compared. */
const maxWords = 12;

function editsTo(wanted: string, { id, name }: District, most: number): number {
  const words = name.toLowerCase().split(' ').slice(0, maxWords);
  const count = wanted.split(' ').length;
  const parts = words.map((_word, from) => words.slice(from, from + count).join(' '));
  return [...new Set([id.toLowerCase(), name.toLowerCase(), ...parts])]
    .filter((each) => Math.abs(each.length - wanted.length) <= most)
    .reduce((least, each) => Math.min(least, countEdits(wanted, each)), Number.POSITIVE_INFINITY);
}
