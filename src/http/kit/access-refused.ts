// The log fields of refused access: unknown credentials, credentials without the scope, and refused staff. Contains no
// secret, no address, no name.
import type { Scope } from '../../session/credentials.ts';
import type { StaffRefused } from '../../staff/staff-sign-in.ts';

export interface AccessRefused {
  readonly who: 'program' | 'staff';
  readonly reason: 'no_credential' | 'unknown_credential' | 'scope' | 'other_site' | StaffRefused['reason'];
  /** The required scope. */
  readonly needs?: Scope;
  /** Id of a valid credential without the scope. */
  readonly credential?: string;
}

export type OnAccessRefused = (refused: AccessRefused) => void;
