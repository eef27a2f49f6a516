// The source of a user's row in a district's roster, and so the party that can add a missing user.
import type { Kind } from '../identity/identity.ts';
import type { District, Rostering } from './district.ts';

/**
 * `district`: its own files. `clever`: Secure Sync. `both`: either of them. `spreadsheet`: the one of teachers and
 * staff that complements a Secure Sync of students only (Roster Account Provisioning).
 */
export type RosterSource = 'district' | 'clever' | 'both' | 'spreadsheet';

/** A district of unknown rostering is assumed to send its own files. */
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
