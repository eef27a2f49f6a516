// Why the rows of a file name users or classes that the roster does not have: the file writes the ids differently.
// Checks a sample; explains, and never substitutes one id for another.
import type { Finding, Place, WarningCode } from '../formats/feed.ts';
import { warningAt } from '../formats/finding.ts';

type Named = 'student' | 'teacher' | 'class';

/** Which of the ids the roster has. */
export type FindIds = (named: Named, ids: readonly string[]) => Promise<{ has(id: string): boolean }>;

interface UnknownIds {
  note(place: Place, named: Named, id: string): void;
  /**
   * The likely causes, for each file or sheet. That the ids resemble none of the roster is a cause only where most rows
   * cannot be used.
   */
  explain(unusable: readonly Place[], find: FindIds): Promise<readonly Finding[]>;
}

interface Samples {
  readonly place: Place;
  readonly ids: Map<Named, Set<string>>;
}

type Cause = Pick<Finding, 'spelled'> & { readonly code: WarningCode };

const sampleSize = 50;
/** Maximum digits of a number, including leading zeros. */
const maxDigits = 12;

const spellings: Readonly<Partial<Record<WarningCode, (id: string) => readonly string[]>>> = {
  leading_zeros_lost: (id) =>
    /^\d+$/.test(id)
      ? Array.from({ length: Math.max(maxDigits - id.length, 0) }, (_none, zeros) => `${'0'.repeat(zeros + 1)}${id}`)
      : [],
  leading_zeros_added: (id) => {
    const { length } = /^0{0,11}(?=\d)/.exec(id)?.[0] ?? '';
    return Array.from({ length }, (_none, zeros) => id.slice(zeros + 1));
  },
  ids_in_other_case: (id) => [...new Set([id.toLowerCase(), id.toUpperCase()])].filter((spelled) => spelled !== id),
};

export function createUnknownIds(): UnknownIds {
  const samples = new Map<string, Samples>();
  return {
    note({ file, sheet }, named, id) {
      const place = { file, ...(sheet === undefined ? {} : { sheet }) };
      const ofPlace = samples.get(keyOf(place)) ?? { place, ids: new Map<Named, Set<string>>() };
      const sample = ofPlace.ids.get(named) ?? new Set<string>();
      if (sample.size < sampleSize) sample.add(id);
      ofPlace.ids.set(named, sample);
      samples.set(keyOf(place), ofPlace);
    },
    async explain(unusable, find) {
      const isUnusable = new Set(unusable.map(keyOf));
      const findings: Finding[] = [];
      for (const [key, { place, ids }] of samples) {
        const causes = new Map<WarningCode, Finding>();
        for (const [named, sample] of ids) {
          const cause = await explainSample([...sample], (wanted) => find(named, wanted));
          if (cause === undefined && !isUnusable.has(key)) continue;
          const { code, ...facts } = cause ?? { code: 'ids_of_another_column' };
          if (!causes.has(code)) causes.set(code, { ...warningAt(code, place), ...facts });
        }
        findings.push(...causes.values());
      }
      return findings;
    },
  };
}

/** The change that turns at least half of them into ids of the roster. */
async function explainSample(
  sample: readonly string[],
  find: (ids: readonly string[]) => ReturnType<FindIds>,
): Promise<Cause | undefined> {
  for (const [code, spell] of Object.entries(spellings) as [WarningCode, (id: string) => readonly string[]][]) {
    const spelled = sample.map((here) => ({ here, all: spell(here) }));
    const known = await find(spelled.flatMap(({ all }) => all));
    const matching = spelled.flatMap(({ here, all }) => {
      const there = all.find((id) => known.has(id));
      return there === undefined ? [] : [{ here, there }];
    });
    const [first] = matching;
    if (first !== undefined && matching.length * 2 >= sample.length) return { code, spelled: first };
  }
  return undefined;
}

const keyOf = ({ file, sheet }: Place): string => `${file}\n${sheet ?? ''}`;
