// Endings wait for a replica: what was acknowledged is there when the master is gone.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createReplicaWait, replicaWaitMs } from '../../../src/store/redis/redis-replica.ts';
import { openRedisStore, type RedisStoreOptions } from '../../../src/store/redis/redis-store.ts';
import { type Store, StoreUnavailable } from '../../../src/store/store.ts';
import { until } from '../../helpers/bridge-process.ts';
import { patient, type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { askRedis } from '../../helpers/redis-topology.ts';
import { createServices } from '../../helpers/services.ts';

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

  const storeOf = async ({ url }: RedisServer, options: RedisStoreOptions = {}) => {
    const store = await openRedisStore(url, { ...patient, ...options });
    open.push(store);
    return store;
  };

  async function replicationOf({ port }: RedisServer, fact: RegExp): Promise<number> {
    const ask = new Redis({ host: '127.0.0.1', port });
    const info = await ask.info('replication').finally(() => ask.disconnect());
    return Number(fact.exec(info)?.[1] ?? 0);
  }
  /** How much of the stream of writes the server has. */
  const offsetOf = (server: RedisServer) => replicationOf(server, /(?:slave|master)_repl_offset:(\d+)/);
  const replicasOf = (server: RedisServer) => replicationOf(server, /connected_slaves:(\d+)/);

  it('keeps every acknowledged ending when the master dies in the middle of many', async () => {
    const services = await createServices(await storeOf(master));
    const records = Array.from({ length: 600 }, (_, at) => ({
      sid: randomUUID(),
      districtId,
      accountId: `account-${at}`,
      rosterVersion: 1,
      issuedAt: 1,
      expiresAt: 2,
      openedBy: 'state',
      returnTo: '/',
    }));
    for (const record of records) await services.store.commit([], [services.registry.write(record)]);
    await until(async () => (await offsetOf(replica)) >= (await offsetOf(master)), 'the replica to have them all');
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
          // On a busy machine the replica may be late; then nothing was acknowledged and it is asked for again.
          while (!isKilled && !ended.includes(record)) {
            await services.registry.end(districtId, record.sid).then(
              () => ended.push(record),
              () => undefined,
            );
          }
        }
      }),
    );
    await killed;
    await direct.replicaof('NO', 'ONE');
    const after = await createServices(await storeOf(replica));
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
      const services = await createServices(
        await storeOf({ ...master, url: `redis+sentinel://127.0.0.1:${sentinel.port}/main` }),
      );
      const open = async (at: number) => {
        const ids = { sid: randomUUID(), districtId, accountId: `account-${at}`, rosterVersion: 1 };
        const record = { ...ids, issuedAt: 1, expiresAt: 2, openedBy: 'state', returnTo: '/' };
        await services.store.commit([], [services.registry.write(record)]);
        return record;
      };
      const live = await Promise.all(Array.from({ length: 100 }, (_, at) => open(at)));
      const ended = await Promise.all(Array.from({ length: 100 }, (_, at) => open(at)));
      const end = (sid: string): Promise<void> =>
        services.registry.end(districtId, sid).catch((failure) => {
          if (!(failure instanceof StoreUnavailable)) throw failure;
          return end(sid);
        });
      await Promise.all(ended.map(({ sid }) => end(sid)));
      await until(async () => (await offsetOf(replica)) >= (await offsetOf(master)), 'the replica to have it all');
      await master.kill9();
      const isBack = () =>
        open(0).then(
          () => true,
          () => false,
        );
      await until(isBack, 'Sentinel to promote the replica', 120_000);
      for (const record of ended) expect(await services.registry.find(record)).toBeUndefined();
      for (const record of live) expect(await services.registry.find(record)).toBeDefined();
    } finally {
      await sentinel.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** Nothing is answered by the replica from here on, for longer than any of these tests. */
  async function putToSleep(): Promise<void> {
    direct.call('DEBUG', 'SLEEP', '60').catch(() => undefined);
    const asked = new Redis({ host: '127.0.0.1', port: replica.port, commandTimeout: 200, enableReadyCheck: false });
    asked.on('error', () => {});
    const isAsleep = () =>
      asked.ping().then(
        () => false,
        () => true,
      );
    await until(isAsleep, 'the replica to sleep').finally(() => asked.disconnect());
  }

  const settled = async (store: Store, between: () => Promise<unknown> = async () => undefined) => {
    const settle = store.replicaWait?.(['p']);
    await store.put({ partition: 'p', id: 'a' }, Buffer.from('a'));
    await between();
    return settle?.();
  };

  it('does not acknowledge an ending that no replica has, and holds it up for a quarter of a second', async () => {
    const services = await createServices(await storeOf(master));
    await until(async () => (await settled(services.store)) === 'copied', 'the replica to answer in time');
    await putToSleep();
    const began = performance.now();
    await expect(services.registry.end(districtId, randomUUID())).rejects.toThrow(StoreUnavailable);
    expect(performance.now() - began).toBeGreaterThan(replicaWaitMs - 20);
    expect(await settled(services.store)).toBe('late');
  });

  it('does not believe that a master is alone when its replica was there a moment ago', async () => {
    const store = await storeOf(master);
    await until(async () => (await settled(store)) === 'copied', 'the replica to answer in time');
    await replica.kill9();
    expect(await settled(store)).toBe('late');
  });

  it('does not believe it at first sight either: a server that has just started remembers no replica', async () => {
    expect(await settled(await storeOf(master))).not.toBe('no_replica');
    await replica.kill9();
    await until(async () => (await replicasOf(master)) === 0, 'the master to have lost it');
    expect(await settled(await storeOf(master))).toBe('late');
  });

  it('waits as long as a command does until a master is known to be alone', async () => {
    await replica.kill9();
    await until(async () => (await replicasOf(master)) === 0, 'the master to have lost it');
    expect(await settled(await storeOf(master, { replicaPatienceMs: 12_000 }))).toBe('no_replica');
  }, 300_000);

  it('believes at once that a replica that was promoted is alone', async () => {
    await master.kill9();
    await direct.replicaof('NO', 'ONE');
    expect(await settled(await storeOf(replica))).toBe('no_replica');
  });

  it.each(['keys', 'credentials'])('a withdrawal in %s is not acknowledged while no replica has it', async (room) => {
    const services = await createServices(await storeOf(master));
    const { credential } = await services.credentials.create('product', 'one');
    await services.keys.current();
    await until(async () => (await settled(services.store)) === 'copied', 'the replica to answer in time');
    await putToSleep();
    const withdraw =
      room === 'keys' ? services.keys.dangerouslyReplaceAll() : services.credentials.revoke(credential.id);
    await expect(withdraw).rejects.toThrow(StoreUnavailable);
  });

  it('says that the server changed between a write and the wait for it', async () => {
    const store = await storeOf(master);
    const answers = () =>
      store.ping().then(
        () => true,
        () => false,
      );
    const changed = settled(store, async () => {
      await master.restart();
      await until(answers, 'the new server to answer');
    });
    expect(await changed).toBe('moved');
    await until(async () => (await settled(store)) === 'copied', 'the replica to follow the new server');
  });

  const commandsOf = async ({ port }: RedisServer) =>
    Number(/total_commands_processed:(\d+)/.exec(String(await askRedis(port, 'INFO', 'stats')))?.[1]);

  it('costs next to nothing where there is no replica', async () => {
    const alone = await startRedis();
    const store = await storeOf(alone);
    expect(await settled(store)).toBe('no_replica');
    const before = await commandsOf(alone);
    const settle = store.replicaWait?.(['p']);
    await Promise.all(Array.from({ length: 200 }, () => settle?.()));
    // Two looks, each a few questions, are shared by all.
    expect((await commandsOf(alone)) - before).toBeLessThan(20);
    await store.close();
    await alone.stop();
  });
});

it('that is closed twice keeps no process from ending', async () => {
  const server = await startRedis();
  const timers = () => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  const node = new Redis({ host: '127.0.0.1', port: server.port });
  const wait = createReplicaWait(node, (send) => send());
  expect(await wait.wait('one')).toBe('no_replica');
  const before = timers();
  wait.close();
  // ioredis waits 2 s for a connection that is closed again.
  await until(() => timers() <= before, 'the connection to have closed');
  wait.close();
  expect(timers()).toBeLessThanOrEqual(before);
  node.disconnect();
  await server.stop();
});
