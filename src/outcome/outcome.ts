// A refusal as it leaves the use case: the union of the refusals decided in other folders. outcome-codes.ts has the
// codes.
import type { RosterSource } from '../district/district.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Code } from './outcome-codes.ts';

/** The reader of the page: selects the texts, never the outcome. `unknown` until Clever has identified the user. */
export type Audience = 'student' | 'employee' | 'unknown';

export function audienceOf(userType: string | undefined): Audience {
  if (userType === 'student') return 'student';
  return userType !== undefined && /teacher|staff|admin/.test(userType) ? 'employee' : 'unknown';
}

/** Clever's apps from which users arrive. */
export const apps = ['summit-k12', 'secure-sync'] as const;
export type App = (typeof apps)[number];

/** A refusal as it leaves the use case: only facts that may be shown to the visitor. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: Code;
  readonly audience: Audience;
  readonly app?: App;
  /** Milliseconds since the epoch; absent where the contract records no attempt. */
  readonly at?: number;
  /** 8 characters of Crockford base32; absent where the contract records no attempt. */
  readonly reference?: string;
  readonly difference?: Difference;
  /** The address that has an unusual form, if one has. */
  readonly side?: 'clever' | 'roster';
  /** The visitor's own address, masked. */
  readonly maskedEmail?: string;
  /** Name of the user's district. */
  readonly districtName?: string;
  /** Its time zone (IANA), if it has set one. */
  readonly timeZone?: string;
  /** Who can add the user to the roster, if it is not the district with files of its own. */
  readonly rosterSource?: RosterSource;
}
