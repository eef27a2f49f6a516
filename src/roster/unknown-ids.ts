// Why the rows of a file name users or classes that the roster does not have: the file writes the ids differently.
// Checks a sample; explains, and never substitutes one id for another.
import type { Finding, Place, WarningCode } from '../formats/feed.ts';
import { warningAt } from '../formats/finding.ts';

type Named = 'student' | 'teacher' | 'class';

/** Which of the ids the roster has. */
export type FindIds = (named: Named, ids: readonly string[]) => Promise<{ has(id: string): boolean }>;

interface UnknownIds {
  note(place: Place, named: Named, id: string): void;
  /** The likely cause in a file or sheet; none if the ids resemble none of the roster. */
  explain(place: Place, find: FindIds): Promise<readonly Finding[]>;
}

const sampleSize = 50;
/** Maximum digits of a number, including leading zeros. */
const mostDigits = 12;

const spellings: Readonly<Partial<Record<WarningCode, (id: string) => readonly string[]>>> = {
  leading_zeros_lost: (id) =>
    /^\d+$/.test(id)
      ? Array.from({ length: Math.max(mostDigits - id.length, 0) }, (_none, zeros) => `${'0'.repeat(zeros + 1)}${id}`)
      : [],
  leading_zeros_added: (id) => (/^0+\d/.test(id) ? [id.replace(/^0+(?=\d)/, '')] : []),
  ids_in_other_case: (id) => [...new Set([id.toLowerCase(), id.toUpperCase()])].filter((spelled) => spelled !== id),
};

export function createUnknownIds(): UnknownIds {
  const samples = new Map<string, Map<Named, Set<string>>>();
  return {
    note(place, named, id) {
      const ofPlace = samples.get(keyOf(place)) ?? new Map<Named, Set<string>>();
      const sample = ofPlace.get(named) ?? new Set<string>();
      if (sample.size < sampleSize) sample.add(id);
      samples.set(keyOf(place), ofPlace.set(named, sample));
    },
    async explain({ file, sheet }, find) {
      const place = { file, ...(sheet === undefined ? {} : { sheet }) };
      const found = new Set<WarningCode>();
      for (const [named, sample] of samples.get(keyOf(place)) ?? []) {
        const code = await explainSample([...sample], (ids) => find(named, ids));
        if (code !== undefined) found.add(code);
      }
      return [...found].map((code) => warningAt(code, place));
    },
  };
}

/** The change that turns at least half of them into ids of the roster. */
async function explainSample(
  sample: readonly string[],
  find: (ids: readonly string[]) => ReturnType<FindIds>,
): Promise<WarningCode | undefined> {
  for (const [code, spell] of Object.entries(spellings) as [WarningCode, (id: string) => readonly string[]][]) {
    const spelled = sample.map(spell);
    const known = await find(spelled.flat());
    const matching = spelled.filter((ids) => ids.some((id) => known.has(id))).length;
    if (matching * 2 >= sample.length && matching > 0) return code;
  }
  return 'ids_of_another_column';
}

const keyOf = ({ file, sheet }: Place): string => `${file}\n${sheet ?? ''}`;
