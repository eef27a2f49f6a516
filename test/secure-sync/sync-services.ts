// Services on an embedded store, a stand-in Clever, and the sync between them, for a test file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import { createDataApi } from '../../src/clever/data-api.ts';
import * as composed from '../../src/compose/services.ts';
import type { District, Rostering } from '../../src/district/district.ts';
import type { DataApi } from '../../src/secure-sync/ports.ts';
import { createSyncDistrict, createSyncLeases, type SyncDistrict } from '../../src/secure-sync/sync-district.ts';
import type { LeaseTimes } from '../../src/store/lease.ts';
import { openEmbeddedStore } from '../../src/store/lmdb/embedded-store.ts';
import { openRedisStore } from '../../src/store/redis/redis-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { patient, startRedis } from '../helpers/redis-server.ts';
import { flatten } from '../helpers/services.ts';
import { syncApp } from '../sandbox/start.ts';

export type SecureSyncServices = Awaited<ReturnType<typeof createSyncServices>>;

export interface SyncServicesOptions {
  readonly clever: Clever;
  readonly openStore?: () => Promise<{ readonly store: Store; readonly close: () => Promise<void> }>;
  readonly leaseTimes?: LeaseTimes;
  readonly clock?: () => number;
}

const settings = { SESSION_TTL: 3600, ATTEMPT_RETENTION: 3600 };

export async function createSyncServices({
  clever,
  openStore = openEmbedded,
  leaseTimes,
  clock = Date.now,
}: SyncServicesOptions) {
  const { store, close } = await openStore();
  const vault = createVault(Buffer.alloc(32, 7));
  const createServices = () => flatten(composed.createServices({ store, vault, clock }, settings));
  const services = createServices();
  const dataApi = openDataApi(clever);

  const createSync = (api: DataApi = dataApi): SyncDistrict =>
    createSyncDistrict({
      dataApi: api,
      publisher: services.publisher,
      leases: createSyncLeases(store, vault, leaseTimes),
      syncLog: services.syncLog,
      auditWrite: services.auditLog.write,
      store,
      clock,
    });

  return {
    clever,
    services,
    dataApi,
    createSync,
    sync: createSync(),
    /** A second server on the same store. */
    otherServices: createServices,
    async putDistrict(cleverId: string, rostering: Rostering = 'secure-sync:full', id = 'd1'): Promise<District> {
      const district: District = { id, cleverId, name: id, rostering: [rostering] };
      await services.districts.put(district);
      return district;
    },
    /** All but Clever, which the next room may use. */
    async closeStore() {
      await dataApi.close();
      await close();
    },
    async close() {
      await dataApi.close();
      await close();
      await clever.close();
    },
  };
}

export function openDataApi(clever: Clever): DataApi {
  const address = new URL(clever.url);
  const patience = { retries: 2, firstPauseMs: 5, maxWaitMs: 2_000 };
  return createDataApi({ issuer: address, apiUrl: address, app: syncApp, patience, pageSize: 20 });
}

export async function openEmbedded() {
  const folder = await mkdtemp(join(tmpdir(), 'sso-sync-'));
  const store = await openEmbeddedStore(folder);
  return {
    store,
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same on a real Redis of its own. */
export async function openRedis() {
  const server = await startRedis();
  const store = await openRedisStore(server.url, patient);
  return {
    store,
    close: async () => {
      await store.close();
      await server.stop();
    },
  };
}
