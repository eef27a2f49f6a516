// The option --reason of every command that the audit log keeps.
import { InvalidArgumentError } from 'commander';
import { readReason, reasonRule } from '../audit/reason.ts';

/** An empty one is left to the command, which says whether it needs a reason. */
export function readReasonOption(text: string): string {
  const reason = text.trim() === '' ? '' : readReason(text);
  if (reason !== undefined) return reason;
  throw new InvalidArgumentError(`It ${reasonRule}.`);
}
