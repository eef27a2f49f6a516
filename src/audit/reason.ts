// The reason for an action that the audit log records.

const most = 500;

/**
 * Control characters (interpreted by terminals), line separators, and bidirectional marks. Printed unchanged, one log
 * entry could read as two.
 */
export const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

export const reasonRule = `must be 1 to ${most} printable characters`;

/** The reason, trimmed; undefined if it is empty, too long, or contains unprintable characters. */
export function readReason(text: string): string | undefined {
  const reason = text.trim();
  return reason !== '' && reason.length <= most && !unprintable.test(reason) ? reason : undefined;
}
