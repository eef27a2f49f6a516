// Districts and their published rosters: reading, matching, publishing, and the roster as the main product reads it.

import { createDistricts } from '../district/district.ts';
import { createSyncLog } from '../district/sync-log.ts';
import { adoptMethods, type FindMethods, methodsOf } from '../roster/adopt-methods.ts';
import { createChangeLog, createRosterCursors } from '../roster/change-log.ts';
import { createDirectory } from '../roster/directory.ts';
import { createReadDistrictRoster } from '../roster/district-roster.ts';
import { createLastReports } from '../roster/last-report.ts';
import { createLinks } from '../roster/links.ts';
import { createFollowRoster, createReadRoster } from '../roster/product-roster.ts';
import { retiredEntry } from '../roster/publish-entry.ts';
import { createPublishedRosters } from '../roster/published-roster.ts';
import type { RecordRetired } from '../roster/publishing-needs.ts';
import { createReadRosterState } from '../roster/roster-documents.ts';
import { createRosterLines } from '../roster/roster-lines.ts';
import { createRosterPublisher, type RosterPublisher } from '../roster/roster-publisher.ts';
import type { Audit } from './audit.ts';
import type { Sessions } from './sessions.ts';
import type { Storage } from './storage.ts';

export type Rosters = ReturnType<typeof createRosters>;

/** @param watch wraps the publisher, to measure it */
export function createRosters(
  { store, vault, clock }: Storage,
  { auditLog }: Pick<Audit, 'auditLog'>,
  { registry }: Pick<Sessions, 'registry'>,
  watch?: (publisher: RosterPublisher) => RosterPublisher,
) {
  const districts = createDistricts(store, vault);
  const syncLog = createSyncLog(store, vault);
  const rosters = createPublishedRosters(store, vault, clock);
  const directory = createDirectory(store, vault);
  const links = createLinks(store, vault, rosters);
  const changes = createChangeLog(store, vault);
  const cursors = createRosterCursors(changes, clock);
  const lines = createRosterLines({ store, vault, directory });
  const findMethods: FindMethods = async (districtId) => {
    const district = await districts.find(districtId);
    return district && methodsOf(district);
  };
  const recordRetired: RecordRetired = (districtId, facts) => auditLog.write(districtId, retiredEntry(facts, clock()));
  const lastReports = createLastReports(store, vault, clock);
  const publisher = createRosterPublisher({
    store,
    vault,
    rosters,
    links,
    changes,
    findMethods,
    recordRetired,
    endSessions: registry.endAccounts,
    clock,
  });
  return {
    districts,
    syncLog,
    rosters,
    directory,
    links,
    changes,
    findMethods,
    recordRetired,
    readDistrictRoster: createReadDistrictRoster({ rosters, directory, links }),
    adoptMethods: (districtId: string) => adoptMethods({ store, rosters, findMethods }, districtId),
    lastReports,
    publisher: lastReports.keepReportsOf(watch?.(publisher) ?? publisher),
    readRoster: createReadRoster({ store, vault, rosters, cursors, lines }),
    followRoster: createFollowRoster({ rosters, changes, cursors, lines }),
    readRosterState: createReadRosterState({ rosters, syncLog, auditLog }),
  };
}
