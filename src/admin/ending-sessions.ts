// Ends sessions on request, also by releasing the links that opened them; both audit logs record who did it and why.
// session/end-sessions.ts ends them.
import type { AuditEntry, AuditLog, StaffAuditLog } from '../audit/audit-log.ts';
import type { Links } from '../roster/links.ts';
import type { EndSessions } from '../session/end-sessions.ts';

export interface AuditContext {
  /** As in the audit log. */
  readonly by: string;
  readonly reason: string;
  /** The second person, if one was needed. */
  readonly approvedBy?: string | undefined;
}

/** For an audit log entry. */
export const approvalOf = ({ approvedBy }: Pick<AuditContext, 'approvedBy'>): Readonly<Record<string, string>> =>
  approvedBy === undefined ? {} : { approved_by: approvedBy };

export interface ReleaseLinks {
  /**
   * The next matching sign-in makes a new link. False if the account had none; its sessions are ended anyway, so that a
   * repeated call finishes after a crash.
   */
  ofAccount(districtId: string, accountId: string, auditContext: AuditContext): Promise<boolean>;
  ofDistrict(districtId: string, auditContext: AuditContext): Promise<void>;
}

interface ReleaseLinksNeeds {
  readonly links: Pick<Links, 'release' | 'releaseAll'>;
  readonly endSessions: EndSessions;
  readonly auditLog: Pick<AuditLog, 'write'>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export function createReleaseLinks({
  links,
  endSessions,
  auditLog,
  staffAuditLog,
  clock,
}: ReleaseLinksNeeds): ReleaseLinks {
  const entry = (account: string, auditContext: AuditContext): AuditEntry => ({
    action: 'link_released',
    at: clock(),
    by: auditContext.by,
    account,
    reason: auditContext.reason,
    ...approvalOf(auditContext),
  });
  const describeStaff = (
    action: 'link_released' | 'links_released',
    district: string,
    account: string,
    auditContext: AuditContext,
  ) =>
    staffAuditLog.record({
      action,
      at: clock(),
      by: auditContext.by,
      why: auditContext.reason,
      district,
      account,
      ...approvalOf(auditContext),
    });
  return {
    async ofAccount(districtId, accountId, auditContext) {
      const released = await links.release(districtId, accountId);
      // After the release: a later sign-in makes a new link, and its session must not be ended.
      const alongside = released ? [auditLog.write(districtId, entry(accountId, auditContext))] : [];
      await endSessions.ofAccount(districtId, accountId, alongside);
      if (released) await describeStaff('link_released', districtId, accountId, auditContext);
      return released;
    },
    async ofDistrict(districtId, auditContext) {
      await links.releaseAll(districtId);
      await endSessions.ofDistrict(districtId, [auditLog.write(districtId, entry('all', auditContext))]);
      await describeStaff('links_released', districtId, 'all', auditContext);
    },
  };
}

/**
 * False if the roster has no such account: an account that left the roster has no session.
 * @param accountId undefined for all accounts of the district
 */
export type EndSessionsBecause = (
  districtId: string,
  accountId: string | undefined,
  auditContext: AuditContext,
) => Promise<boolean>;

interface EndSessionsBecauseNeeds {
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
