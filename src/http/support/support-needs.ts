// The dependencies of the support routes.
import type { ReadDistrictMismatches } from '../../admin/district-mismatches.ts';
import type { StaffActions } from '../../admin/staff-actions.ts';
import type { StaffAuditLog } from '../../audit/audit-log.ts';
import type { Districts } from '../../district/district.ts';
import type { Incidents, ReadIncident } from '../../incidents/incidents.ts';
import type { ReadRosterState } from '../../roster/roster-documents.ts';
import type { RosterPublisher } from '../../roster/roster-publisher.ts';
import type { Credentials } from '../../session/credentials.ts';
import type { OpenAttempt } from '../../support/attempt-detail.ts';
import type { AttemptLog } from '../../support/attempt-log.ts';
import type { JudgeAttempts } from '../../support/attempt-state.ts';
import type { ReadPersonHistory } from '../../support/person-history.ts';
import type { SearchAttempts } from '../../support/search-attempts.ts';
import type { SignInCounts } from '../../support/sign-in-counts.ts';
import type { OnAccessRefused } from '../kit/authenticate.ts';
import type { StaffAccess } from './staff-access.ts';

export interface SupportRoutesNeeds {
  readonly access: StaffAccess;
  readonly onRefused: OnAccessRefused;
  readonly attempts: AttemptLog;
  readonly searchAttempts: SearchAttempts;
  readonly judge: JudgeAttempts;
  readonly counts: Pick<SignInCounts, 'flush' | 'read' | 'readToday' | 'readAllToday'>;
  readonly incidents: Pick<Incidents, 'list'>;
  readonly readIncident: ReadIncident;
  readonly openAttempt: OpenAttempt;
  readonly readPersonHistory: ReadPersonHistory;
  readonly staffAuditLog: StaffAuditLog;
  readonly credentials: Pick<Credentials, 'list'>;
  readonly districts: Districts;
  /** Users of a district who cannot sign in, with schools from the current roster. */
  readonly readMismatches: ReadDistrictMismatches;
  readonly readRosterState: ReadRosterState;
  /** All actions go through it: with a second person if configured. */
  readonly staffActions: StaffActions;
  readonly compareKept: RosterPublisher['compareKept'];
  /** Called with errors after a response began. */
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}
