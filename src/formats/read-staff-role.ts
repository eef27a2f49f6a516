// Detects the administrators of a staff file by the free text of its Role column.
import { normaliseWord } from './read-header.ts';

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
