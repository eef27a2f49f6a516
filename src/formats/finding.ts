// Constructors of findings. Codes of errors go with errors and codes of warnings with warnings; feed.ts lists both.
import type { ErrorCode, FeedItem, Finding, PersonWithoutId, Place, WarningCode } from './feed.ts';

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

export type LeftOut = Finding & { readonly code: WarningCode; readonly rowLeftOut: true };

/** The row is left out because of it. */
export const leftOutAt = (code: WarningCode, place: Place): LeftOut => ({
  kind: 'finding',
  severity: 'warning',
  code,
  place,
  rowLeftOut: true,
});

/** The row is left out because a program changed its id; no user loses an account for that. */
export const leavePersonOut = (flaw: LeftOut, person: PersonWithoutId): readonly FeedItem[] => [
  { ...flaw, personStays: true },
  person,
];
