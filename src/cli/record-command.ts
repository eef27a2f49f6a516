// The staff audit log entry of a command. The log adds the operator.
import type { StaffAuditEntry } from '../audit/audit-log.ts';
import type { CommandGroups } from '../compose/commands.ts';

/** @param reason from --reason; `not said` if absent or blank */
export const recordCommand = (
  { staffAuditLog, clock }: Pick<CommandGroups['read'], 'staffAuditLog' | 'clock'>,
  action: StaffAuditEntry['action'],
  facts: Readonly<Record<string, string | number>>,
  reason = '',
): Promise<void> =>
  staffAuditLog.record({ action, at: clock(), by: 'command', why: reason.trim() || 'not said', ...facts });
