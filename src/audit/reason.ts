// The reason for an action that the audit log records.

const most = 500;

/**
 * Control characters, which a terminal obeys, line separators, and marks that change the order of what is read. Not to be
 * printed as they are: one line of the log would read as two.
 */
export const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

export const reasonRule = `must be 1 to ${most} printable characters`;

/** The reason without white space around it; undefined if it is empty, too long, or has a sign that cannot be printed. */
export function readReason(text: string): string | undefined {
  const reason = text.trim();
  return reason !== '' && reason.length <= most && !unprintable.test(reason) ? reason : undefined;
}
