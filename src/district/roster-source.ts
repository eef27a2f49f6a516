// Where a person's row in a district's roster comes from, and so who can bring a missing person in.
import type { Kind } from '../identity/identity.ts';
import type { District, Rostering } from './district.ts';

/**
 * `district`: files of its own. `clever`: Secure Sync. `both`: one or the other. `spreadsheet`: the one of teachers and
 * staff that goes beside a Secure Sync of students alone (Roster Account Provisioning).
 */
export type RosterSource = 'district' | 'clever' | 'both' | 'spreadsheet';

/** A district whose rostering is not known is taken to send its own. */
export function rosterSourceOf(
  district: Pick<District, 'rostering'> | undefined,
  kind: Kind | 'unknown',
): RosterSource {
  const sources = new Set(district?.rostering.map((rostering) => sourceOf(rostering, kind)));
  if (sources.has('clever')) return sources.size === 1 ? 'clever' : 'both';
  return sources.has('district') || sources.size === 0 ? 'district' : 'spreadsheet';
}

function sourceOf(rostering: Rostering, kind: Kind | 'unknown'): Exclude<RosterSource, 'both'> {
  switch (rostering) {
    case 'sftp':
    case 'manual':
      return 'district';
    case 'secure-sync:full':
      return 'clever';
    case 'secure-sync:provisioning':
      return kind === 'employee' ? 'spreadsheet' : 'clever';
  }
}
