// A refusal as it leaves the use case. The refusals decided in other folders are united here; outcome-codes.ts has the codes.

import type { RosterSource } from '../district/roster-source.ts';
import type { Difference } from '../identity/explain-mismatch.ts';
import type { Code } from './outcome-codes.ts';

/** Who is looking at the page: it decides the words, never the outcome. `unknown` until Clever has said who it is. */
export type Audience = 'student' | 'employee' | 'unknown';

export function audienceOf(userType: string | undefined): Audience {
  if (userType === 'student') return 'student';
  return userType !== undefined && /teacher|staff|admin/.test(userType) ? 'employee' : 'unknown';
}

/** Clever's apps that people come by. */
export const apps = ['summit-k12', 'secure-sync'] as const;
export type App = (typeof apps)[number];

/** A refusal as it leaves the use case: what the person may be told, and nothing else. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: Code;
  readonly audience: Audience;
  readonly app?: App;
  /** Milliseconds since the epoch; absent where the contract records no attempt. */
  readonly at?: number;
  /** 8 signs of Crockford base32; absent where the contract records no attempt. */
  readonly reference?: string;
  readonly difference?: Difference;
  /** Which of the two addresses is not as addresses usually are, where one is. */
  readonly side?: 'clever' | 'roster';
  /** The visitor's own address, masked. */
  readonly maskedEmail?: string;
  /** Name of the district that the person comes from. */
  readonly districtName?: string;
  /** Who can bring the person into the roster, where it is not the district by files of its own. */
  readonly rosterSource?: RosterSource;
}
