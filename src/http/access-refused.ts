// What the log says of refused access: of whoever shows a credential that is none, or has no leave, and of staff who are
// not let in. Holds nothing that was shown: no secret, no address, no name.
import type { Scope } from '../session/credentials.ts';
import type { StaffRefused } from '../support/staff-sign-in.ts';

export interface AccessRefused {
  readonly who: 'program' | 'staff';
  readonly reason: 'no_credential' | 'unknown_credential' | 'scope' | 'other_site' | StaffRefused['reason'];
  /** The scope that was needed. */
  readonly needs?: Scope;
  /** Id of a valid credential that may not do this. */
  readonly credential?: string;
}

export type OnAccessRefused = (refused: AccessRefused) => void;
