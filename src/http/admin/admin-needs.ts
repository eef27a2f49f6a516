// The dependencies of the administration pages.
import type { ReadDistrictReach } from '../../admin/district-reach.ts';
import type { PutDistrict } from '../../admin/put-district.ts';
import type { RecordedAccess } from '../../admin/recorded-access.ts';
import type { StaffActions } from '../../admin/staff-actions.ts';
import type { AuditLog, StaffAuditEntry, StaffAuditLog } from '../../audit/audit-log.ts';
import type { District, Districts } from '../../district/district.ts';
import type { LastReports } from '../../roster/last-report.ts';
import type { ReadRosterState } from '../../roster/roster-documents.ts';
import type { RosterPublisher } from '../../roster/roster-publisher.ts';
import type { SyncDistrict } from '../../secure-sync/sync-district.ts';
import type { Clients } from '../../session/clients.ts';
import type { Credentials } from '../../session/credentials.ts';
import type { SigningKeys } from '../../session/signing-keys.ts';
import type { StaffSession } from '../../staff/staff-sign-in.ts';
import type { createPreflightPages } from '../roster/preflight-pages.ts';
import type { RosterPages } from '../roster/roster-pages.ts';
import type { AdminAccess } from './admin-access.ts';

export interface AdminPagesNeeds {
  readonly access: AdminAccess;
  readonly districts: Pick<Districts, 'find' | 'list'>;
  readonly putDistrict: PutDistrict;
  /** All actions on a district go through it: with a second person if configured. */
  readonly staffActions: StaffActions;
  /** Counts the users that an action on the whole district affects. */
  readonly readDistrictReach: ReadDistrictReach;
  readonly readRosterState: ReadRosterState;
  readonly lastReports: Pick<LastReports, 'read'>;
  readonly compareKept: RosterPublisher['compareKept'];
  readonly sync: SyncDistrict;
  /** What Clever shows with the bridge's credentials; one line per check. */
  readonly checkClever: CheckClever;
  readonly credentials: Pick<Credentials, 'list'>;
  readonly clients: Pick<Clients, 'list'>;
  readonly keys: Pick<SigningKeys, 'list'>;
  readonly recordedAccess: RecordedAccess;
  readonly auditLog: Pick<AuditLog, 'record'>;
  readonly staffAuditLog: Pick<StaffAuditLog, 'record' | 'page'>;
  readonly rosterPages: RosterPages;
  readonly preflightPages: ReturnType<typeof createPreflightPages>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export type CheckClever = (district: District) => Promise<readonly CheckedThing[]>;

export interface CheckedThing {
  readonly ok: boolean;
  /** Only a user of the Clever dashboard can check this. */
  readonly unchecked?: boolean;
  readonly detail: string;
  /** What to do about it; only if something is wrong. */
  readonly ask?: string;
}

/** Records what a member of staff did, after it is done. */
export const recordStaff = (
  { staffAuditLog, clock }: Pick<AdminPagesNeeds, 'staffAuditLog' | 'clock'>,
  { email }: StaffSession,
  action: StaffAuditEntry['action'],
  why: string,
  facts: Readonly<Record<string, string | number>> = {},
) => staffAuditLog.record({ action, at: clock(), by: email, why, ...facts });
