// Schools identified by name only: names that differ only in case and spacing are the same school.
import type { FeedItem, Place } from '../feed.ts';
import { warningAt } from '../finding.ts';

/** No hand-made roster has more schools than this; further ones are not compared. */
const mostSpellings = 10_000;

export function createSchoolNames() {
  const schools = new Map<string, string>();
  const spellings = new Set<string>();
  return {
    /** The school's first spelling, and the findings about this one. @param name trimmed */
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
