// What the commands that the audit log records have in common: the option --reason, the entry, and the refusal where a
// second person is needed.
import { InvalidArgumentError } from 'commander';
import type { StaffAuditEntry } from '../audit/audit-log.ts';
import { readReason, reasonRule } from '../audit/reason.ts';
import type { CommandGroups } from '../compose/commands.ts';
import type { ExitCode, Output } from './output.ts';

/** An empty one is passed on: the command knows whether it needs a reason. */
export function readReasonOption(text: string): string {
  const reason = text.trim() === '' ? '' : readReason(text);
  if (reason !== undefined) return reason;
  throw new InvalidArgumentError(`It ${reasonRule}.`);
}

/**
 * Writes the entry of the staff audit log, which adds the operator.
 * @param reason from --reason; `not said` if absent or blank
 */
export const recordCommand = (
  { staffAuditLog, clock }: Pick<CommandGroups['read'], 'staffAuditLog' | 'clock'>,
  action: StaffAuditEntry['action'],
  facts: Readonly<Record<string, string | number>>,
  reason = '',
): Promise<void> =>
  staffAuditLog.record({ action, at: clock(), by: 'command', why: reason.trim() || 'not said', ...facts });

interface Alone {
  readonly services: { readonly hasFourEyes: boolean };
  readonly output: Output;
}

/**
 * For commands that need a second person where STAFF_FOUR_EYES is on, since the shell has one user only: docs/adr/0043.
 * Undefined if the command may continue; else the exit code after the refusal was printed.
 */
export const refuseAlone = ({ services, output }: Alone): ExitCode | undefined =>
  services.hasFourEyes
    ? output.problem({
        code: 'second_person_needed',
        detail:
          'STAFF_FOUR_EYES is on: one member of staff asks for this on the pages of support or administration, and a second one approves it there. Where that is not possible, run this command with STAFF_FOUR_EYES=off; it is recorded as done by "command".',
      })
    : undefined;
