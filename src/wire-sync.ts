// The Secure Sync part of the composition root: the Data API adapter and what stands on it. Same rule as wire.ts: here
// adapters are built, everything else is handed what it needs.
import { createDataApi } from './clever/data-api.ts';
import type { SyncConfig } from './config.ts';
import type { Log } from './ops/log.ts';
import { createNightlySync, type NightlySync } from './roster/secure-sync/nightly-sync.ts';
import type { DataApi } from './roster/secure-sync/ports.ts';
import { createReadPerson, createReadRecords, createRefreshFromClever } from './roster/secure-sync/read-person.ts';
import { createSyncDistrict, type SyncDistrict, type SyncResult } from './roster/secure-sync/sync-district.ts';
import { createSyncLeases } from './roster/secure-sync/sync-lease.ts';
import type { Office } from './wire-office.ts';

export interface SyncRoom {
  readonly dataApi: DataApi;
  readonly sync: SyncDistrict;
  close(): Promise<void>;
}

type SyncOffice = Pick<Office, 'store' | 'vault' | 'publisher' | 'syncLog' | 'trail' | 'districts' | 'clock'>;

/** The Secure Sync app's credentials; where there are none, the first app has both tasks. */
export function openSyncRoom({ store, vault, publisher, syncLog, trail }: SyncOffice, config: SyncConfig): SyncRoom {
  const dataApi = createDataApi({
    issuer: config.CLEVER_ISSUER,
    apiUrl: config.CLEVER_API_URL,
    app: {
      clientId: config.CLEVER_SECURE_SYNC_CLIENT_ID ?? config.CLEVER_CLIENT_ID,
      clientSecret: config.CLEVER_SECURE_SYNC_CLIENT_SECRET ?? config.CLEVER_CLIENT_SECRET,
    },
  });
  const leases = createSyncLeases(store, vault);
  const sync = createSyncDistrict({ dataApi, publisher, leases, syncLog, trailWrite: trail.write, store });
  return { dataApi, sync, close: dataApi.close };
}

export type ServerSync = ReturnType<typeof createServerSync>;

/** What a server does with Clever's Data API: the nightly run, and persons read while they wait. */
export function createServerSync(
  office: SyncOffice,
  config: SyncConfig & { readonly SYNC_AT: string },
  log: Log,
  onSynced: (result: string) => void,
) {
  const { dataApi, sync, close } = openSyncRoom(office, config);
  const nightly: NightlySync = createNightlySync({
    syncAt: config.SYNC_AT,
    listDistricts: () => office.districts.list(),
    syncLog: office.syncLog,
    sync,
    onResult: ({ id }, result) => {
      onSynced(result.kind);
      tellResult(log, id, result);
    },
    onFailure: log.failure,
  });
  return {
    dataApi,
    start: nightly.start,
    readRecords: createReadRecords(dataApi, office.clock),
    refreshPerson: createRefreshFromClever(createReadPerson(dataApi), office.publisher.refreshPerson, office.clock),
    async close() {
      await nightly.close();
      await close();
    },
  };
}

function tellResult(log: Log, district: string, result: SyncResult): void {
  const facts = { district, result: result.kind };
  if (result.kind === 'refused' || result.kind === 'failed') {
    log.warn('sync', { ...facts, code: result.code, ...(result.kind === 'failed' ? { reason: result.reason } : {}) });
  } else if (result.kind === 'held') log.warn('sync', facts);
  else log.info('sync', facts);
}
