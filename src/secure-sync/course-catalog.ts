// The courses and terms of a district, by Clever id, kept until its sections are processed. Outside of the heap, with
// limits on number and text length.
import { readCell } from '../formats/clean-cell.ts';
import type { ClassFacts, Course, Term } from '../formats/feed.ts';
import { createTextIndex, createTextList } from '../formats/text-list.ts';
import type { CleverCourse, CleverSection, CleverTerm } from './ports.ts';

export interface CourseCatalog {
  addCourse(course: CleverCourse): void;
  addTerm(term: CleverTerm): void;
  /** The facts of a section, with its course and its term. An unknown course is represented by its id alone. */
  factsOf(section: CleverSection): ClassFacts;
}

/** More than any district has; further ones are represented by their id alone. */
export const mostEntries = 200_000;
const longestText = 256;

export function createCourseCatalog(): CourseCatalog {
  const courses = createCatalog<Course>();
  const terms = createCatalog<Term>();
  return {
    addCourse: ({ id, name, number }) => courses.add(id, { id, title: readText(name), code: readText(number) }),
    addTerm: ({ id, name, start, end }) => terms.add(id, { id, title: readText(name), start, end }),
    factsOf({ course, term, subject, period, grade }) {
      const read = readText(grade);
      return {
        course:
          course === undefined
            ? undefined
            : (courses.find(course) ?? { id: course, title: undefined, code: undefined }),
        subject: readText(subject),
        period: readText(period),
        terms:
          term === undefined
            ? []
            : [terms.find(term) ?? { id: term, title: undefined, start: undefined, end: undefined }],
        grades: read === undefined ? [] : [read],
      };
    },
  };
}

const readText = (text: string | undefined): string | undefined => readCell((text ?? '').slice(0, longestText));

function createCatalog<Entry extends object>() {
  const ids = createTextList();
  const positions = createTextIndex(ids);
  const entries = createTextList();
  return {
    add(id: string, entry: Entry): void {
      if (ids.size() >= mostEntries || positions.find(id) !== undefined) return;
      positions.add(id);
      entries.push(JSON.stringify(entry));
    },
    find(id: string): Entry | undefined {
      const position = positions.find(id);
      return position === undefined ? undefined : JSON.parse(entries.at(position));
    },
  };
}
