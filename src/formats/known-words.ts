// The words of a district's files that have a meaning here: grades, as users and other systems write them, become the
// values of Clever's Data API; the free text of a Role column distinguishes administrators from other staff.
import { normaliseWord } from './read-header.ts';

const ordinals = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
];

const words: ReadonlyMap<string, string> = new Map([
  ...['k', 'kg', 'kinder', 'kindergarten', '0', '00'].map((word) => [word, 'Kindergarten'] as const),
  ...['pk', 'prek', 'pre_k', 'pre_kindergarten', 'prekindergarten'].map((word) => [word, 'PreKindergarten'] as const),
  ...['tk', 'transitional_kindergarten', 'transitionalkindergarten'].map(
    (word) => [word, 'TransitionalKindergarten'] as const,
  ),
  // OneRoster's values, from CEDS: https://ceds.ed.gov/CEDSElementDetails.aspx?TermId=7100.
  ...['it', 'infanttoddler'].map((word) => [word, 'InfantToddler'] as const),
  ...['pr', 'preschool'].map((word) => [word, 'Preschool'] as const),
  ...['ps', 'postgraduate'].map((word) => [word, 'PostGraduate'] as const),
  ...['ug', 'ungraded'].map((word) => [word, 'Ungraded'] as const),
  ...ordinals.map((word, index) => [word, `${index + 1}`] as const),
]);

/**
 * `3`, `03`, `3rd`, `Grade 3`, `3rd Grade`, `third` become `3`; `K` and `KG` become `Kindergarten`. Anything else stays
 * unchanged. An account has the same grade in every roster format.
 */
export function readGrade(text: string): string {
  const word = normaliseWord(text).replace(/^grade_|_grade$/g, '');
  const known = words.get(word);
  if (known !== undefined) return known;
  const number = /^0?(\d{1,2})(st|nd|rd|th)?$/.exec(word)?.[1];
  return number !== undefined && Number(number) >= 1 && Number(number) <= 13 ? `${Number(number)}` : text;
}

const administrators: ReadonlySet<string> = new Set(
  [
    'admin',
    'administrator',
    'school admin',
    'school administrator',
    'site admin',
    'site administrator',
    'campus admin',
    'campus administrator',
    'building admin',
    'building administrator',
    'district admin',
    'district administrator',
    'principal',
    'assistant principal',
    'vice principal',
    'associate principal',
    'head of school',
    'superintendent',
    'assistant superintendent',
    'associate superintendent',
    'deputy superintendent',
  ].map(normaliseWord),
);

/**
 * `administrator` for: admin or administrator, alone or after school, site, campus, building or district; principal,
 * alone or after assistant, vice or associate; head of school; superintendent, alone or after assistant, associate or
 * deputy. Ignores case, spaces, underscores and hyphens. Anything else, and an empty cell, is `staff`: an
 * "Administrative Assistant" or "Database Administrator" does not run a school.
 */
export function readStaffRole(text: string): 'staff' | 'administrator' {
  return administrators.has(normaliseWord(text)) ? 'administrator' : 'staff';
}
