// Ends sessions on request and records who did it and why in both audit logs. session/end-sessions.ts ends them.

import type { AuditLog, StaffAuditLog } from '../audit/audit-log.ts';
import type { EndSessions } from '../session/end-sessions.ts';
import type { AuditContext } from './release-links.ts';

/**
 * False if the roster has no such account: an account that left the roster has no session.
 * @param accountId undefined for all accounts of the district
 */
export type EndSessionsBecause = (
  districtId: string,
  accountId: string | undefined,
  auditContext: AuditContext,
) => Promise<boolean>;

export interface EndSessionsBecauseNeeds {
  readonly endSessions: EndSessions;
  readonly isRostered: (districtId: string, accountId: string) => Promise<boolean>;
  readonly auditLog: Pick<AuditLog, 'write'>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createEndSessionsBecause({
  endSessions,
  isRostered,
  auditLog,
  staffAuditLog,
  clock,
}: EndSessionsBecauseNeeds): EndSessionsBecause {
  return async (districtId, accountId, { by, reason }) => {
    if (accountId !== undefined && !(await isRostered(districtId, accountId))) return false;
    const facts = { action: 'sessions_ended', at: clock(), by, account: accountId ?? 'all', reason } as const;
    const alongside = [auditLog.write(districtId, facts)];
    if (accountId === undefined) await endSessions.ofDistrict(districtId, alongside);
    else await endSessions.ofAccount(districtId, accountId, alongside);
    const scope = { district: districtId, account: accountId ?? 'all' };
    await staffAuditLog.record({ action: 'sessions_ended', at: clock(), by, why: reason || 'not said', ...scope });
    return true;
  };
}
