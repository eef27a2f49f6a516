// Who of a staff file is an administrator, by the free text of its Role column.
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
 * `administrator` for: admin or administrator, alone or behind school, site, campus, building or district; principal,
 * alone or behind assistant, vice or associate; head of school; superintendent, alone or behind assistant, associate or
 * deputy. Capitals, spaces, underscores and hyphens make no difference. Anything else, and an empty cell, is `staff`:
 * "Administrative Assistant" and "Database Administrator" run no school.
 */
export function readStaffRole(text: string): 'staff' | 'administrator' {
  return administrators.has(normaliseWord(text)) ? 'administrator' : 'staff';
}
