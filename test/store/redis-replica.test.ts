// Endings wait for a replica: what was acknowledged is there when the master is gone.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { replicaWaitMs } from '../../src/store/redis-replica.ts';
import { openRedisStore } from '../../src/store/redis-store.ts';
import type { Store } from '../../src/store/store.ts';
import { until } from '../support/bridge-process.ts';
import { furnish } from '../support/office.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

const districtId = 'juniper-flats';

describe('a Redis with a replica', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let direct: Redis;
  const open: Store[] = [];

  beforeEach(async () => {
    master = await startRedis({ args: ['--repl-diskless-sync-delay', '0'] });
    replica = await startRedis({
      args: ['--replicaof', '127.0.0.1', `${master.port}`, '--enable-debug-command', 'local'],
    });
    direct = new Redis({ host: '127.0.0.1', port: replica.port });
    direct.on('error', () => {});
    await until(async () => /master_link_status:up/.test(await direct.info('replication')), 'the replica to follow');
  });
  afterEach(async () => {
    direct.disconnect();
    for (const store of open.splice(0)) await store.close();
    await Promise.all([master.stop(), replica.stop()]);
  });

  const storeOf = async ({ url }: RedisServer) => {
    const store = await openRedisStore(url);
    open.push(store);
    return store;
  };

  /** How much of the stream of writes the server has. */
  async function offsetOf({ port }: RedisServer): Promise<number> {
    const ask = new Redis({ host: '127.0.0.1', port });
    const told = await ask.info('replication').finally(() => ask.disconnect());
    return Number(/(?:slave|master)_repl_offset:(\d+)/.exec(told)?.[1] ?? 0);
  }

  it('keeps every acknowledged ending when the master dies in the middle of many', async () => {
    const office = await furnish(await storeOf(master));
    const records = Array.from({ length: 600 }, (_, at) => ({
      ...{ sid: randomUUID(), districtId, accountId: `account-${at}`, serial: 1, issuedAt: 1, expiresAt: 2 },
      ...{ openedBy: 'state', returnTo: '/' },
    }));
    for (const record of records) await office.store.commit([], [office.registry.write(record)]);
    await office.store.settle?.();
    const ended: typeof records = [];
    const queue = records.slice(0, 500)[Symbol.iterator]();
    const rest = { [Symbol.iterator]: () => queue };
    let isKilled = false;
    const killed = until(() => ended.length > 150, 'some endings').then(async () => {
      await master.kill9();
      isKilled = true;
    });
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const record of rest) {
          if (isKilled) return;
          await office.registry.end(districtId, record.sid).then(
            () => ended.push(record),
            () => undefined,
          );
        }
      }),
    );
    await killed;
    await direct.replicaof('NO', 'ONE');
    const after = await furnish(await storeOf(replica));
    const isLive = async (record: (typeof records)[number]) => (await after.registry.find(record)) !== undefined;
    expect(ended.length).toBeGreaterThan(150);
    for (const record of ended) expect(await isLive(record)).toBe(false);
    for (const record of records.slice(500)) expect(await isLive(record)).toBe(true);
  });

  it('keeps them through a failover by Sentinel, with every session that was opened before them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sso-failover-'));
    const configFile = join(folder, 'sentinel.conf');
    const settings = [`monitor main 127.0.0.1 ${master.port} 1`, 'down-after-milliseconds main 500'];
    writeFileSync(configFile, [...settings, 'failover-timeout main 3000'].map((one) => `sentinel ${one}\n`).join(''));
    const sentinel = await startRedis({ args: ['--sentinel'], configFile });
    try {
      // A Sentinel learns of replicas from the master, every ten seconds at worst.
      const ask = new Redis({ host: '127.0.0.1', port: sentinel.port });
      const replicas = async () => [await ask.call('SENTINEL', 'REPLICAS', 'main')].flat().length;
      await until(async () => (await replicas()) > 0, 'Sentinel to know the replica');
      ask.disconnect();
      const office = await furnish(
        await storeOf({ ...master, url: `redis+sentinel://127.0.0.1:${sentinel.port}/main` }),
      );
      const open = async (at: number) => {
        const ids = { sid: randomUUID(), districtId, accountId: `account-${at}`, serial: 1 };
        const record = { ...ids, issuedAt: 1, expiresAt: 2, openedBy: 'state', returnTo: '/' };
        await office.store.commit([], [office.registry.write(record)]);
        return record;
      };
      const live = await Promise.all(Array.from({ length: 100 }, (_, at) => open(at)));
      const ended = await Promise.all(Array.from({ length: 100 }, (_, at) => open(at)));
      await Promise.all(ended.map(({ sid }) => office.registry.end(districtId, sid)));
      // An ending waits a quarter of a second for the replica; a busy machine may need longer, and that is not asked here.
      await until(async () => (await offsetOf(replica)) >= (await offsetOf(master)), 'the replica to have it all');
      await master.kill9();
      const isBack = () =>
        open(0).then(
          () => true,
          () => false,
        );
      await until(isBack, 'Sentinel to promote the replica', 20_000);
      for (const record of ended) expect(await office.registry.find(record)).toBeUndefined();
      for (const record of live) expect(await office.registry.find(record)).toBeDefined();
    } finally {
      await sentinel.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('holds an ending up for a quarter of a second at most when the replica does not keep up', async () => {
    const store = await storeOf(master);
    expect(await store.settle?.()).toBe('copied');
    const asleep = direct.call('DEBUG', 'SLEEP', '1').catch(() => undefined);
    const began = performance.now();
    await store.put({ partition: 'p', id: 'a' }, Buffer.from('a'));
    expect(await store.settle?.()).toBe('late');
    const took = performance.now() - began;
    expect([took >= replicaWaitMs - 20, took < replicaWaitMs + 500]).toEqual([true, true]);
    await asleep;
  });

  it('costs next to nothing where there is no replica', async () => {
    const alone = await startRedis();
    const store = await storeOf(alone);
    expect(await store.settle?.()).toBe('no_replica');
    const began = performance.now();
    await Promise.all(Array.from({ length: 200 }, () => store.settle?.()));
    expect(performance.now() - began).toBeLessThan(200);
    await store.close();
    await alone.stop();
  });
});
