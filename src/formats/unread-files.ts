// Files of a set that its format does not read, but which the district may expect to be read.
import type { Finding } from './feed.ts';
import { warningAt } from './finding.ts';
import { printableName, type RosterFiles } from './roster-files.ts';

/**
 * @param knows includes those that are deliberately not read
 * @param read the names that the format reads, in lower case
 */
export const unreadFiles = (
  { names }: RosterFiles,
  knows: (name: string) => boolean,
  read: readonly string[],
): readonly Finding[] =>
  names
    .filter((name) => /\.(csv|tsv|txt|xlsx?|zip)$/i.test(name) && !knows(name))
    .map((name) => unreadFile(name, read));

/** Names the file that it is likely to be. */
export function unreadFile(name: string, read: readonly string[]): Finding {
  const place = { file: printableName(name) };
  const meant = findMeant(name, read);
  return meant === undefined ? warningAt('file_not_used', place) : { ...warningAt('file_misnamed', place), meant };
}

/** `students_20261128.csv`, `section.csv`, `Enrollments (1).csv`, `students.csv.txt`, `OneRoster users.csv`. */
function findMeant(name: string, read: readonly string[]): string | undefined {
  const words = name
    .replace(/\.(csv|txt|xlsx?|zip)\b/gi, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const joined = words.join('');
  const isSame = (word: string, file: string) => singular(word) === singular(file);
  const known = read.map((file) => ({ file, stem: file.replace(/\.csv$/, '') }));
  const fits = known.filter(({ stem }) => isSame(joined, stem) || words.some((word) => isSame(word, stem)));
  return fits.length === 1 ? fits[0]?.file : undefined;
}

const irregular: Readonly<Record<string, string>> = { class: 'class', classes: 'class', staffs: 'staff' };
const singular = (word: string): string => irregular[word] ?? word.replace(/s$/, '');
