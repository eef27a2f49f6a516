// The changes that administrators can make, each with an audit log entry: districts, rosters, links, sessions, keys.
import { createReadDistrictMismatches } from '../admin/district-mismatches.ts';
import { createReadDistrictReach } from '../admin/district-reach.ts';
import { createEndSessionsBecause, createReleaseLinks } from '../admin/ending-sessions.ts';
import { createEraseDistrict } from '../admin/erase-district.ts';
import { createKeptActions } from '../admin/kept-actions.ts';
import { createKeptUploads } from '../admin/kept-uploads.ts';
import { createMoveLinks } from '../admin/move-links.ts';
import { createPerformAction } from '../admin/perform-action.ts';
import { createPutDistrict } from '../admin/put-district.ts';
import { createRecordedAccess } from '../admin/recorded-access.ts';
import { createRecordedPublisher } from '../admin/recorded-publisher.ts';
import { createStaffActions } from '../admin/staff-actions.ts';
import { createPreflight } from '../preflight/preflight.ts';
import { createHandleRestore } from '../session/after-restore.ts';
import { createEndSessions } from '../session/end-sessions.ts';
import { createReplaceCompromisedKeys } from '../session/replace-compromised-keys.ts';
import { restoredCopyAt } from '../store/backup/restored-copy-marker.ts';
import type { Audit } from './audit.ts';
import type { Rosters } from './rosters.ts';
import type { Sessions } from './sessions.ts';
import type { Storage } from './storage.ts';
import type { Support } from './support.ts';

export type Admin = ReturnType<typeof createAdmin>;

interface AdminNeeds {
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly rosters: Rosters;
  readonly support: Pick<Support, 'attempts' | 'counts' | 'incidents' | 'judge'>;
}

interface AdminOptions {
  /** STAFF_FOUR_EYES. */
  readonly hasFourEyes: boolean;
  readonly sessionTtlSeconds: number;
}

export function createAdmin(
  { store, vault, clock }: Storage,
  needs: AdminNeeds,
  { hasFourEyes, sessionTtlSeconds }: AdminOptions,
) {
  // Long because it lists each service of the administration with its ports.
  const { auditLog, staffAuditLog } = needs.audit;
  const { registry, revocations, keys, credentials, clients } = needs.sessions;
  const { districts, rosters, directory, links, readDistrictRoster, publisher } = needs.rosters;
  const endSessions = createEndSessions({ store, rosters, registry, revocations, clock });
  const endSessionsBecause = createEndSessionsBecause({
    endSessions,
    isRostered: async (districtId, accountId) =>
      (await (await readDistrictRoster(districtId, 0)).find(accountId)) !== undefined,
    auditLog,
    staffAuditLog,
    clock,
  });
  const replaceCompromisedKeys = createReplaceCompromisedKeys({
    keys,
    listDistricts: districts.list,
    endDistrict: async (id, said) => void (await endSessionsBecause(id, undefined, said)),
  });
  const { counts } = needs.support;
  const readDistrictReach = createReadDistrictReach({ rosters, links, counts, sessionTtlSeconds, clock });
  const keptActions = createKeptActions(store, vault, clock);
  const actions = {
    endSessionsBecause,
    releaseLinks: createReleaseLinks({ links, endSessions, auditLog, staffAuditLog, clock }),
    moveLinks: createMoveLinks({
      store,
      vault,
      readRoster: readDistrictRoster,
      links,
      endSessions,
      auditLog,
      staffAuditLog,
      clock,
    }),
    putDistrict: createPutDistrict({ districts, publisher, endSessionsBecause, staffAuditLog, clock }),
    eraseDistrict: createEraseDistrict({
      store,
      vault,
      districts,
      rosters,
      links,
      attempts: needs.support.attempts,
      revocations,
      forgetIncidents: needs.support.incidents.forget,
      forgetCounts: needs.support.counts.forget,
      forgetActions: keptActions.forget,
      staffAuditLog,
      clock,
    }),
    recordedPublisher: createRecordedPublisher({ publisher, auditLog, staffAuditLog, clock }),
  };
  return {
    endSessions,
    ...actions,
    hasFourEyes,
    readDistrictReach,
    staffActions: createStaffActions({
      hasFourEyes,
      keptActions,
      readDistrictRoster,
      links,
      moveLinks: actions.moveLinks,
      readDistrictReach,
      staffAuditLog,
      clock,
      perform: createPerformAction({ districts, links, readDistrictRoster, readDistrictReach, ...actions }),
    }),
    keptUploads: createKeptUploads(store, vault),
    readDistrictMismatches: createReadDistrictMismatches({ ...needs.support, readDistrictRoster }),
    preflight: createPreflight({ store, vault, rosters, directory, links }),
    recordedAccess: createRecordedAccess({ credentials, clients, keys, replaceCompromisedKeys, staffAuditLog, clock }),
    handleRestore: createHandleRestore({
      store,
      credentials,
      replaceKeys: () => replaceCompromisedKeys({ by: 'command', reason: 'restored from a backup' }),
      removeMarker: () => store.remove(restoredCopyAt),
    }),
  };
}
