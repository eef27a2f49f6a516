// Ends sessions because a person says so, and keeps who and why in both trails. How sessions end is session/end-sessions.ts.
import type { EndSessions } from '../session/end-sessions.ts';
import type { Said } from './release-links.ts';
import type { StaffTrail } from './staff-trail.ts';
import type { Trail } from './trail.ts';

/**
 * False if the district's roster has no such account: whoever left it has no session.
 * @param accountId undefined for everybody of the district
 */
export type EndSessionsBecause = (districtId: string, accountId: string | undefined, said: Said) => Promise<boolean>;

export interface EndSessionsBecauseNeeds {
  readonly endSessions: EndSessions;
  readonly isRostered: (districtId: string, accountId: string) => Promise<boolean>;
  readonly trail: Pick<Trail, 'write'>;
  readonly staffTrail: Pick<StaffTrail, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createEndSessionsBecause({
  endSessions,
  isRostered,
  trail,
  staffTrail,
  clock,
}: EndSessionsBecauseNeeds): EndSessionsBecause {
  return async (districtId, accountId, { by, reason }) => {
    if (accountId !== undefined && !(await isRostered(districtId, accountId))) return false;
    const facts = { action: 'sessions_ended', at: clock(), by, account: accountId ?? 'all', reason } as const;
    const alongside = [trail.write(districtId, facts)];
    if (accountId === undefined) await endSessions.ofDistrict(districtId, alongside);
    else await endSessions.ofAccount(districtId, accountId, alongside);
    const told = { district: districtId, account: accountId ?? 'all' };
    await staffTrail.record({ action: 'sessions_ended', at: clock(), by, why: reason || 'not said', ...told });
    return true;
  };
}
