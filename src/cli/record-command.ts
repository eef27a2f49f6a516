// The entry of a command in the staff audit log. Whose shell it was adds the log itself.
import type { StaffAuditEntry } from '../audit/audit-log.ts';
import type { CommandGroups } from '../compose/commands.ts';

/** @param reason what --reason says; without it, and where it is blank, `not said` */
export const recordCommand = (
  { staffAuditLog, clock }: Pick<CommandGroups['read'], 'staffAuditLog' | 'clock'>,
  action: StaffAuditEntry['action'],
  facts: Readonly<Record<string, string | number>>,
  reason = '',
): Promise<void> =>
  staffAuditLog.record({ action, at: clock(), by: 'command', why: reason.trim() || 'not said', ...facts });
