// A store that starts to refuse writes without traffic: the probes notice it within ten seconds, and also its recovery.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openStoreIdentity } from '../../../src/store/guard/store-identity.ts';
import { createStoreInspection } from '../../../src/store/guard/store-inspection.ts';
import { openEmbeddedStore } from '../../../src/store/lmdb/embedded-store.ts';
import { openRedisStore } from '../../../src/store/redis/redis-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { openVault } from '../../../src/store/vault.ts';
import { until } from '../../helpers/bridge-process.ts';
import { patient, type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { startRedisCluster } from '../../helpers/redis-topology.ts';
import { storeKey } from '../../helpers/services.ts';

async function inspect(store: Store) {
  const vault = await openVault(store, [storeKey('one')]);
  let now = 0;
  const inspection = createStoreInspection(store, (await openStoreIdentity(store, vault)).identities, () => now);
  await inspection.inspect();
  expect(inspection.health()).toBe('whole');
  const seen = () => [inspection.health(), inspection.readOnlyReason()];
  return {
    /** A look after so many seconds. */
    async after(seconds: number) {
      now += seconds * 1_000;
      await inspection.inspect();
      return seen();
    },
  };
}

describe('an idle embedded store', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sso-idle-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('whose disk is full is read_only, and whole again when there is room', async () => {
    let free = 2 ** 30;
    const store = await openEmbeddedStore(join(root, 'store'), { freeBytes: () => free });
    try {
      const look = await inspect(store);
      free = 0;
      expect(await look.after(1)).toEqual(['whole', undefined]);
      expect(await look.after(9)).toEqual(['read_only', 'ENOSPC']);
      free = 2 ** 30;
      expect(await look.after(1)).toEqual(['whole', undefined]);
    } finally {
      await store.close();
    }
  });
});

describe('an idle Redis', () => {
  let root: string;
  let server: RedisServer;
  let operator: Redis;
  let store: Store;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'sso-idle-'));
    mkdirSync(join(root, 'data'));
    server = await startRedis({ folder: join(root, 'data') });
    operator = new Redis(server.url);
    store = await openRedisStore(server.url, patient);
  });
  afterEach(async () => {
    operator.disconnect();
    await store.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it.each([
    {
      what: 'without memory',
      reason: 'OOM',
      begin: () => operator.config('SET', 'maxmemory', '1'),
      end: () => operator.config('SET', 'maxmemory', '0'),
    },
    {
      what: 'that cannot save to its disk',
      reason: 'MISCONF',
      async begin() {
        rmSync(join(root, 'data'), { recursive: true });
        await operator.config('SET', 'save', '3600 1');
        await operator.bgsave();
        await until(
          async () => /rdb_last_bgsave_status:err/.test(await operator.info('persistence')),
          'the save to have failed',
        );
      },
      end: () => operator.config('SET', 'stop-writes-on-bgsave-error', 'no'),
    },
    {
      what: 'without the replicas that it is set to need',
      reason: 'NOREPLICAS',
      begin: () => operator.config('SET', 'min-replicas-to-write', '1'),
      end: () => operator.config('SET', 'min-replicas-to-write', '0'),
    },
    {
      what: 'whose access list was narrowed',
      reason: 'NOPERM',
      begin: () => operator.call('ACL', 'SETUSER', 'default', '-set'),
      end: () => operator.call('ACL', 'SETUSER', 'default', '+set'),
    },
  ])('$what is read_only, and whole again at the next look after its end', async ({ reason, begin, end }) => {
    const look = await inspect(store);
    await begin();
    expect(await look.after(1)).toEqual(['whole', undefined]);
    expect(await look.after(9)).toEqual(['read_only', reason]);
    await end();
    expect(await look.after(1)).toEqual(['whole', undefined]);
  });
});

it('an idle Redis Cluster of which one master is without memory is read_only', async () => {
  const cluster = await startRedisCluster();
  const masters = cluster.ports.map((port) => new Redis({ host: '127.0.0.1', port }));
  const store = await openRedisStore(cluster.url, patient);
  try {
    const look = await inspect(store);
    for (const master of masters) {
      await master.config('SET', 'maxmemory', '1');
      expect(await look.after(10)).toEqual(['read_only', 'OOM']);
      await master.config('SET', 'maxmemory', '0');
      expect(await look.after(1)).toEqual(['whole', undefined]);
    }
  } finally {
    for (const master of masters) master.disconnect();
    await store.close();
    await cluster.stop();
  }
});
