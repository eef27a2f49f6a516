// A store whose data went away under a running server: what is missing is never answered as "nothing there".
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { type GuardedStore, guardStore } from '../../../src/store/guard/guarded-store.ts';
import { openStoreIdentity } from '../../../src/store/guard/store-identity.ts';
import type { StoreHealth } from '../../../src/store/guard/store-inspection.ts';
import { openEmbeddedStore } from '../../../src/store/lmdb/embedded-store.ts';
import { clusterParts } from '../../../src/store/redis/redis-parts.ts';
import { openRedisStore } from '../../../src/store/redis/redis-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { openVault } from '../../../src/store/vault.ts';
import { describeStore } from '../../conformance/describe-store.ts';
import { until } from '../../helpers/bridge-process.ts';
import { patient, type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { startRedisCluster } from '../../helpers/redis-topology.ts';
import { storeKey } from '../../helpers/services.ts';
import { engines } from '../../helpers/stores.ts';

const at = (id: string, partition = 'p') => ({ partition, id });
const text = (value: string) => Buffer.from(value);
const unavailable = { code: 'STORE_UNAVAILABLE' };

async function openGuarded(store: Store): Promise<GuardedStore> {
  const vault = await openVault(store, [storeKey('one')]);
  return guardStore(store, (await openStoreIdentity(store, vault)).identities);
}

describeStore(
  'a guarded store',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sso-guarded-'));
    let skipped = 0;
    const clock = () => Date.now() + skipped;
    const reopen = async () => openGuarded(await openEmbeddedStore(join(folder, 'store'), { clock }));
    const store = await reopen();
    return {
      // The suite compares everything at rest; the marks are not its own.
      store: { ...store, dump: () => withoutMarks(store.dump()) },
      advance: async (seconds) => {
        skipped += seconds * 1000;
      },
      reopen,
      close: async () => {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
  { bulkRows: 1_000 },
);

async function* withoutMarks(items: AsyncIterable<readonly [Buffer, Buffer]>) {
  for await (const item of items) if (!/vault|mark/.test(item[0].toString('latin1'))) yield item;
}

describe.each(engines)('a guarded store on $name', ({ start }) => {
  it('costs nothing while there are answers, and one look where there is none', async () => {
    const storeFixture = await start();
    const plain = await storeFixture.place().open();
    let gets = 0;
    const counted: Store = {
      ...plain,
      get: (addresses) => {
        // Whether the store is being moved is asked every two seconds at most, whatever is asked of it.
        if (addresses[0]?.partition !== 'vault') gets += 1;
        return plain.get(addresses);
      },
    };
    const store = await openGuarded(counted);
    await store.put(at('a'), text('1'));
    await store.load('p', 't', [{ id: 'r', value: text('2'), index: ['k'] }]);
    gets = 0;
    expect(await store.get([at('a'), at('none')])).toEqual([text('1'), undefined]);
    expect(await store.find('p', ['t'], ['k'])).toHaveLength(1);
    expect(await store.put(at('b'), text('3'), { onlyIfAbsent: true })).toBe(true);
    expect(await store.commit([{ at: at('b'), oneOf: [text('3')] }], [])).toBe(true);
    expect(gets).toBe(1);
    expect(await store.find('p', ['t'], ['none'])).toEqual([]);
    expect(gets).toBe(2);
    await storeFixture.stop();
  });

  it('whose root key is gone and marks are not gets no other root key', async () => {
    const storeFixture = await start();
    const plain = await storeFixture.place().open();
    await openGuarded(plain);
    await plain.remove({ partition: 'vault', id: 'root' });
    await expect(openVault(plain, [storeKey('one')])).rejects.toMatchObject({ code: 'STORE_LOST' });
    await storeFixture.stop();
  });

  it('that lost a mark does not open until an operator goes on without', async () => {
    const storeFixture = await start();
    const plain = await storeFixture.place().open();
    await openGuarded(plain);
    await plain.remove(at('mark', 'mark'));
    await expect(openGuarded(plain)).rejects.toMatchObject({ code: 'STORE_LOST' });
    await plain.remove({ partition: 'vault', id: 'marked' });
    const store = await openGuarded(plain);
    await store.ping();
    await storeFixture.stop();
  });
});

describe('a Redis', () => {
  let server: RedisServer;
  let folder: string;
  let plain: Store;
  let store: GuardedStore;
  const reported: StoreHealth[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sso-data-'));
    server = await startRedis({ args: ['--dir', folder, '--appendonly', 'yes', '--appendfsync', 'always'] });
    plain = await openRedisStore(server.url, patient);
    store = await openGuarded(plain);
    reported.length = 0;
    store.guard.onChange((health) => reported.push(health));
    await store.put(at('a'), text('1'));
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('that is emptied answers nothing more, takes nothing more, and is whole again with its data', async () => {
    const client = new Redis(server.url);
    cpSync(join(folder, 'appendonlydir'), join(folder, 'backup'), { recursive: true });
    await client.flushall();
    await expect(store.get([at('a')])).rejects.toMatchObject(unavailable);
    await expect(store.find('p', ['t'], ['k'])).rejects.toMatchObject(unavailable);
    await expect(store.put(at('b'), text('2'))).rejects.toMatchObject(unavailable);
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    expect([await client.dbsize(), store.guard.health(), reported]).toEqual([0, 'lost', ['lost']]);
    client.disconnect();
    await server.kill9();
    rmSync(join(folder, 'appendonlydir'), { recursive: true });
    renameSync(join(folder, 'backup'), join(folder, 'appendonlydir'));
    await server.restart();
    const back = () =>
      store.get([at('a')]).then(
        ([value]) => value !== undefined,
        () => false,
      );
    await until(back, 'the store to be whole');
    expect(reported).toEqual(['lost', 'whole']);
  });

  it('that comes back empty never says that there is nothing', async () => {
    let isOver = false;
    const answers = new Set<string>();
    const readers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        answers.add(await store.get([at('a')]).then(String, (failure) => Object(failure).code));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    });
    try {
      await until(() => answers.has('1'), 'the first answers');
      await server.kill9();
      rmSync(join(folder, 'appendonlydir'), { recursive: true });
      await server.restart();
      await until(() => store.guard.health() === 'lost', 'the loss to be noticed');
      await expect(store.put(at('b'), text('2'))).rejects.toMatchObject(unavailable);
    } finally {
      isOver = true;
      await Promise.all(readers);
    }
    expect([...answers].sort()).toEqual(['1', 'STORE_UNAVAILABLE']);
    const client = new Redis(server.url);
    expect(await client.dbsize()).toBe(0);
    client.disconnect();
  });

  it('that is another store is noticed without being asked', async () => {
    const client = new Redis(server.url);
    store.guard.start();
    await client.flushall();
    const other = await openRedisStore(server.url, patient);
    await openGuarded(other);
    await until(() => store.guard.health() === 'other', 'the other store to be noticed');
    await expect(store.get([at('a')])).rejects.toMatchObject(unavailable);
    await other.close();
    client.disconnect();
  });

  it('that evicts keys is logged, and its empty answers are not accepted', async () => {
    const client = new Redis(server.url);
    store.guard.start();
    await client.config('SET', 'maxmemory-policy', 'volatile-random');
    await until(async () => {
      await client.set('of-somebody-else', 'x', 'EX', 1000);
      await client.config('SET', 'maxmemory', '100kb');
      await client.set('more', 'x').catch(() => undefined);
      await client.config('SET', 'maxmemory', '0');
      return store.guard.health() === 'evicting';
    }, 'the evictions to be noticed');
    expect(await store.get([at('a')])).toEqual([text('1')]);
    await expect(store.get([at('none')])).rejects.toMatchObject(unavailable);
    client.disconnect();
  });
});

describe('a Redis Cluster', () => {
  it('has a mark in every 256 slots, and notices one master that is empty', async () => {
    const cluster = await startRedisCluster();
    const clients = cluster.ports.map((port) => new Redis({ host: '127.0.0.1', port }));
    const [first] = clients;
    const slots = await Promise.all(
      clusterParts.map(async (part) => Number(await first?.cluster('KEYSLOT', `sso:{${part}}:v:mark`))),
    );
    expect(slots.map((slot) => Math.floor(slot / 256))).toEqual(Array.from({ length: 64 }, (_, index) => index));

    const plain = await openRedisStore(cluster.url, patient);
    const store = await openGuarded(plain);
    await store.ping();
    await first?.flushall();
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    expect(store.guard.health()).toBe('lost');
    await expect(openGuarded(plain)).rejects.toMatchObject({ code: 'STORE_LOST' });
    for (const client of clients) client.disconnect();
    await store.close();
    await cluster.stop();
  });
});

describe('the folder of an embedded store', () => {
  let root: string;
  let path: string;
  let store: GuardedStore;
  const read = () => store.get([at('a')]).then(String, (failure) => Object(failure).code);
  const becomes = (answer: string) => until(async () => (await read()) === answer, `the answer ${answer}`);
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'sso-folder-'));
    path = join(root, 'store');
    store = await openGuarded(await openEmbeddedStore(path));
    await store.put(at('a'), text('1'));
  });
  afterEach(async () => {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('that is moved away takes no write, and is good again when it is moved back', async () => {
    renameSync(path, join(root, 'away'));
    await expect(store.put(at('a'), text('2'))).rejects.toMatchObject(unavailable);
    await becomes('STORE_UNAVAILABLE');
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    renameSync(join(root, 'away'), path);
    await becomes('1');
    await store.put(at('a'), text('3'));
    expect(await read()).toBe('3');
  });

  it('that is removed and restored from a copy is opened again', async () => {
    cpSync(path, join(root, 'copy'), { recursive: true });
    rmSync(path, { recursive: true });
    await becomes('STORE_UNAVAILABLE');
    cpSync(join(root, 'copy'), path, { recursive: true });
    await becomes('1');
    await store.put(at('a'), text('4'));
    const other = await openEmbeddedStore(path);
    expect(await other.get([at('a')])).toEqual([text('4')]);
    await other.close();
  });

  it('in whose place another store is made is not taken for it', async () => {
    rmSync(path, { recursive: true });
    const other = await openEmbeddedStore(path);
    await openGuarded(other);
    await until(
      async () => (await read()) !== '1' && store.guard.health() === 'other',
      'the other store to be noticed',
    );
    expect(await read()).toBe('STORE_UNAVAILABLE');
    await expect(store.put(at('b'), text('2'))).rejects.toMatchObject(unavailable);
    expect(await other.get([at('b')])).toEqual([undefined]);
    await other.close();
  });
});
