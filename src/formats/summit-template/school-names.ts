// Schools that are known by their names only: one name, however it is capitalised and spaced, is one school.
import type { FeedItem, Place } from '../feed.ts';
import { warningAt } from '../finding.ts';

/** A roster of more schools than this is none that a person made; what comes behind them is not compared. */
const mostSpellings = 10_000;

export function createSchoolNames() {
  const schools = new Map<string, string>();
  const spellings = new Set<string>();
  return {
    /** The school's first spelling, and what is to be said of this one. @param name without white space around it */
    read(name: string, place: Place): { readonly schoolId: string; readonly items: readonly FeedItem[] } {
      const key = name.toLowerCase().replace(/\s+/g, ' ');
      const schoolId = schools.get(key) ?? name;
      if (spellings.has(name) || spellings.size >= mostSpellings) return { schoolId, items: [] };
      spellings.add(name);
      if (schools.has(key)) return { schoolId, items: [warningAt('school_spelled_differently', place)] };
      schools.set(key, name);
      return { schoolId, items: [{ kind: 'school', schoolId, name, place }] };
    },
  };
}

export type SchoolNames = ReturnType<typeof createSchoolNames>;
