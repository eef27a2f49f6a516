// Every way a sign-in can end. The refusals decided in other rooms are united here; http/problems.ts says what each
// means to people. A code that is added here without a text there does not compile.
import type { Difference } from '../identity/explain-mismatch.ts';
import type { RosterSource } from '../roster/roster-source.ts';

/** Contract section 3: the closed set. */
export type Code =
  | 'user_type_unsupported'
  | 'district_not_linked'
  | 'roster_pending'
  | 'email_missing'
  | 'email_invalid'
  | 'ambiguous'
  | 'role_conflict'
  | 'account_inactive'
  | 'email_mismatch'
  | 'not_rostered'
  | 'identity_changed'
  | 'app_not_shared'
  | 'clever_denied'
  | 'sign_in_expired'
  | 'cookies_blocked'
  | 'malformed_request'
  | 'clever_misconfigured'
  | 'clever_rejected'
  | 'clever_unavailable'
  | 'service_unavailable'
  | 'rate_limited';

/** Who is looking at the page: it decides the words, never the outcome. */
export type Audience = 'student' | 'employee' | 'unknown';

export function audienceOf(userType: string | undefined): Audience {
  if (userType === 'student') return 'student';
  return userType !== undefined && /teacher|staff|admin/.test(userType) ? 'employee' : 'unknown';
}

export type App = 'summit-k12' | 'secure-sync';

/** A refusal as it leaves the use case: what the person may be told, and nothing else. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: Code;
  readonly audience: Audience;
  readonly app?: App;
  /** 8 signs of Crockford base32; absent where the contract records no attempt. */
  readonly reference?: string;
  readonly difference?: Difference;
  /** The visitor's own address, masked. */
  readonly maskedEmail?: string;
  /** Who can bring the person into the roster, where it is not the district by files of its own. */
  readonly rosterSource?: RosterSource;
}
