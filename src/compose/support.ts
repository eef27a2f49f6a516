// What support reads: failed sign-ins, the state of each, and the rosters' data of the user.
import { createIncidentStore } from '../incidents/incident-store.ts';
import { createIncidents, createReadIncident, type Incidents } from '../incidents/incidents.ts';
import { makeReference } from '../outcome/reference.ts';
import { recordTypes } from '../roster/account.ts';
import { createAccountIds } from '../roster/account-ids.ts';
import { ignoreSilence } from '../store/store.ts';
import { createOpenAttempt } from '../support/attempt-detail.ts';
import { type AttemptLog, createAttemptLog } from '../support/attempt-log.ts';
import { createJudgeAttempts, createResolveAttempts } from '../support/attempt-state.ts';
import { createFindInRosters } from '../support/find-in-rosters.ts';
import { createLastSuccesses } from '../support/last-success.ts';
import { createReadPersonHistory } from '../support/person-history.ts';
import { createSearchAttempts } from '../support/search-attempts.ts';
import { createSignInCounts, type SignInCounts } from '../support/sign-in-counts.ts';
import { createStaffFacts } from '../support/staff-facts.ts';
import { createFindUnreadRoster } from '../support/unread-roster.ts';
import type { Audit } from './audit.ts';
import type { Rosters } from './rosters.ts';
import type { Storage } from './storage.ts';

export type Support = ReturnType<typeof createSupport>;

export function createSupport(
  { store, vault, clock }: Storage,
  { auditLog }: Pick<Audit, 'auditLog'>,
  { districts, rosters, readDistrictRoster, changes, syncLog }: Rosters,
  retentionSeconds: number,
) {
  const attempts = createAttemptLog(store, vault, { retentionSeconds, clock });
  const lastSuccesses = createLastSuccesses(store, vault, retentionSeconds);
  const findInRosters = createFindInRosters({
    districts,
    readDistrictRoster,
    async accountIds(districtId, sisId) {
      const ids = await createAccountIds({ store, vault, districtId });
      const found = await Promise.all(recordTypes.map((record) => ids.resolveRecords(record, [sisId])));
      return found.flat();
    },
  });
  const staffFacts = createStaffFacts({ changes, findInRosters });
  const resolve = createResolveAttempts({ lastSuccesses, findByCleverId: districts.findByCleverId });
  const judge = createJudgeAttempts({ resolve, districts, readDistrictRoster, clock });
  const counts = createSignInCounts({ store, vault, districts, clock });
  const incidents = createIncidents({
    incidentStore: createIncidentStore(store, vault, retentionSeconds),
    attempts,
    lastSuccesses,
    judge,
    counts,
    readDistrictRoster,
    rosters,
    hashOf: lastSuccesses.hashOf,
    blindAddress: (address) => vault.blind('incident-address', address),
    clock,
  });
  return {
    attempts: countAttempts(attempts, counts, incidents),
    counts,
    judge,
    incidents,
    readIncident: createReadIncident({ incidents, attempts, districts }),
    lastSuccesses,
    resolve,
    findInRosters,
    searchAttempts: createSearchAttempts({ attempts, findInRosters, judge }),
    openAttempt: createOpenAttempt({
      districts,
      readDistrictRoster,
      staffFacts,
      findUnreadRoster: createFindUnreadRoster(syncLog, clock),
      judge,
      lastSuccesses,
    }),
    readPersonHistory: createReadPersonHistory({
      attempts,
      changes,
      auditLog,
      readDistrictRoster,
      lastSuccesses,
    }),
  };
}

/**
 * In parallel, so that a refused sign-in waits for only one of them. If the store rejects a count, the attempt is still
 * recorded.
 */
const countAttempts = (
  attempts: AttemptLog,
  counts: Pick<SignInCounts, 'failed'>,
  incidents: Pick<Incidents, 'record'>,
): AttemptLog => ({
  ...attempts,
  async record(attempt, reference = makeReference()) {
    const { clever } = attempt;
    counts.failed(attempt, clever?.clever_id ?? clever?.email ?? reference);
    const counted = incidents.record({ ...attempt, reference }).catch(ignoreSilence);
    const recorded = await attempts.record(attempt, reference);
    await counted;
    return recorded;
  },
});
