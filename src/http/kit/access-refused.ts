// What the log records of refused access: credentials that are unknown or lack the scope, and staff who are
// not let in. Holds nothing that was shown: no secret, no address, no name.
import type { Scope } from '../../session/credentials.ts';
import type { StaffRefused } from '../../staff/staff-sign-in.ts';

export interface AccessRefused {
  readonly who: 'program' | 'staff';
  readonly reason: 'no_credential' | 'unknown_credential' | 'scope' | 'other_site' | StaffRefused['reason'];
  /** The scope that was needed. */
  readonly needs?: Scope;
  /** Id of a valid credential that may not do this. */
  readonly credential?: string;
}

export type OnAccessRefused = (refused: AccessRefused) => void;
