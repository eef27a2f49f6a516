// How a finding is made. Codes of errors go with errors and codes of warnings with warnings; feed.ts lists both.
import type { ErrorCode, Finding, Place, WarningCode } from './feed.ts';

export const errorAt = (code: ErrorCode, place: Place): Finding => ({
  kind: 'finding',
  severity: 'error',
  code,
  place,
});

export const warningAt = (code: WarningCode, place: Place): Finding => ({
  kind: 'finding',
  severity: 'warning',
  code,
  place,
});

/** The row is left out for it. */
export const leftOutAt = (code: WarningCode, place: Place): Finding => ({
  ...warningAt(code, place),
  rowLeftOut: true,
});
