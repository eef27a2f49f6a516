// Secure Sync: the Data API adapter and its use cases.

import { readOutgoingProxy } from '../clever/connection.ts';
import { createDataApi } from '../clever/data-api.ts';
import type { Config, SyncConfig } from '../config/config.ts';
import type { Log } from '../ops/log.ts';
import { createNightlySync } from '../secure-sync/nightly-sync.ts';
import type { DataApi } from '../secure-sync/ports.ts';
import { createReadPerson, createReadRecords, createRefreshFromClever } from '../secure-sync/read-person.ts';
import {
  createSyncDistrict,
  createSyncLeases,
  type SyncDistrict,
  type SyncResult,
} from '../secure-sync/sync-district.ts';
import type { Audit } from './audit.ts';
import type { Rosters } from './rosters.ts';
import type { Services } from './services.ts';
import type { Storage } from './storage.ts';

export interface SecureSyncServices {
  readonly dataApi: DataApi;
  readonly sync: SyncDistrict;
  close(): Promise<void>;
}

type SyncServicesNeeds = Pick<Storage, 'store' | 'vault'> &
  Pick<Rosters, 'publisher' | 'syncLog'> &
  Pick<Audit, 'auditLog'>;

/** The Secure Sync app's credentials; without them, the first app has both tasks. */
export function createSyncServices(
  { store, vault, publisher, syncLog, auditLog }: SyncServicesNeeds,
  config: SyncConfig,
): SecureSyncServices {
  const dataApi = createDataApi({
    issuer: config.CLEVER_ISSUER,
    apiUrl: config.CLEVER_API_URL,
    proxy: readOutgoingProxy(config),
    app: {
      clientId: config.CLEVER_SECURE_SYNC_CLIENT_ID ?? config.CLEVER_CLIENT_ID,
      clientSecret: config.CLEVER_SECURE_SYNC_CLIENT_SECRET ?? config.CLEVER_CLIENT_SECRET,
    },
  });
  const leases = createSyncLeases(store, vault);
  const sync = createSyncDistrict({ dataApi, publisher, leases, syncLog, auditWrite: auditLog.write, store });
  return { dataApi, sync, close: dataApi.close };
}

export type ServerSync = ReturnType<typeof createServerSync>;

/** A server's uses of Clever's Data API: the nightly run, and reading one user during a sign-in. */
export function createServerSync(
  { storage, audit, rosters }: Pick<Services, 'storage' | 'audit' | 'rosters'>,
  config: SyncConfig & Pick<Config, 'SYNC_AT' | 'CLEVER_TIMEOUT'>,
  log: Log,
  onSynced: (result: string) => void,
) {
  const { store, vault, clock } = storage;
  const { districts, publisher, syncLog } = rosters;
  const { dataApi, sync, close } = createSyncServices(
    { store, vault, publisher, syncLog, auditLog: audit.auditLog },
    config,
  );
  // The other half of a sign-in's time is for redeeming its code.
  const reading = { clock, ...(config.CLEVER_TIMEOUT === undefined ? {} : { timeoutMs: config.CLEVER_TIMEOUT * 500 }) };
  const nightly = createNightlySync({
    syncAt: config.SYNC_AT,
    listDistricts: () => districts.list(),
    syncLog,
    sync,
    onResult: ({ id }, result) => {
      onSynced(result.kind);
      describeResult(log, id, result);
    },
    onFailure: log.failure,
  });
  return {
    dataApi,
    sync,
    start: nightly.start,
    readRecords: createReadRecords(dataApi, reading),
    refreshPerson: createRefreshFromClever(createReadPerson(dataApi), publisher.refreshPerson, reading),
    async close() {
      await nightly.close();
      await close();
    },
  };
}

function describeResult(log: Log, district: string, result: SyncResult): void {
  const facts = { district, result: result.kind };
  if (result.kind === 'refused' || result.kind === 'failed') {
    log.warn('sync', { ...facts, code: result.code, ...(result.kind === 'failed' ? { reason: result.reason } : {}) });
  } else if (result.kind === 'held') log.warn('sync', facts);
  else log.info('sync', facts);
}
