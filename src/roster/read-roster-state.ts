// The state of a district's rosters: what is published, held and synced, and the last audit log entries.
import type { AuditLog } from '../audit/audit-log.ts';
import type { District } from '../district/district.ts';
import type { SyncLog } from '../district/sync-log.ts';
import type { PublishedRosters } from './published-roster.ts';
import type { RosterState } from './roster-documents.ts';

export interface RosterStateNeeds {
  readonly rosters: PublishedRosters;
  readonly syncLog: SyncLog;
  readonly auditLog: AuditLog;
}

export type ReadRosterState = (district: District) => Promise<RosterState>;

const entriesShown = 20;
/** Includes page reads by the district's own administrators; /district/trail and the staff audit log show those. */
const entriesRead = 200;
const looks: readonly string[] = ['district_page_read', 'report_exported', 'template_read', 'mismatches_exported'];

export function createReadRosterState({ rosters, syncLog, auditLog }: RosterStateNeeds): ReadRosterState {
  return async (district) => {
    const [{ published }, sync, entries] = await Promise.all([
      rosters.read(district.id, 0),
      syncLog.read(district.id),
      auditLog.list(district.id, entriesRead),
    ]);
    return {
      district,
      published,
      lastSync: sync.last,
      trail: entries.filter(({ action }) => !looks.includes(action)).slice(0, entriesShown),
    };
  };
}
