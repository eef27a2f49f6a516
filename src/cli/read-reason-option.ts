// The option --reason of every command that is recorded in the audit log.
import { InvalidArgumentError } from 'commander';
import { readReason, reasonRule } from '../audit/reason.ts';

/** An empty one is passed on: the command knows whether it needs a reason. */
export function readReasonOption(text: string): string {
  const reason = text.trim() === '' ? '' : readReason(text);
  if (reason !== undefined) return reason;
  throw new InvalidArgumentError(`It ${reasonRule}.`);
}
