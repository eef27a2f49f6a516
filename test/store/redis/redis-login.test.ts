// What a Redis user may do, and a handshake that fails, on real servers.
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { checkStore } from '../../../src/store/check-store.ts';
import { guardStore } from '../../../src/store/guard/guarded-store.ts';
import { openStoreIdentity } from '../../../src/store/guard/store-identity.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { type Store, StoreUnavailable, waitForReplica } from '../../../src/store/store.ts';
import { readStoreUrl, type StoreUrl } from '../../../src/store/store-url.ts';
import { openVault } from '../../../src/store/vault.ts';
import { until } from '../../helpers/bridge-process.ts';
import { patient, type RedisServer, startRedis } from '../../helpers/redis-server.ts';

const at = { partition: 'p', id: 'a' };
/** What docs/operating.md lists. */
const needed =
  /^ {4}\+get [^`]+/m.exec(readFileSync('docs/operating.md', 'utf8'))?.[0].trim().replace(/\s+/g, ' ') ?? '';
const user = (name: string, rules: string, keys = '~*') => [
  '--user',
  name,
  'on',
  `>pass@:/${name}`,
  keys,
  ...rules.split(' '),
];

let server: RedisServer;
const stores: Store[] = [];
beforeAll(async () => {
  server = await startRedis({
    args: [
      '--databases',
      '2',
      ...user('plain', '+@all -@dangerous'),
      ...user('least', needed, '~sso:*'),
      ...user('reader', '+@all -@write'),
    ],
  });
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});
afterAll(() => server.stop());

function urlOf(login: string, database = ''): Exclude<StoreUrl, { kind: 'invalid' }> {
  const url = readStoreUrl(`redis://${login}127.0.0.1:${server.port}${database}`);
  if (url.kind === 'invalid') throw new TypeError(url.reason);
  return url;
}

async function open(login: string, database = ''): Promise<Store> {
  const store = await openStore(urlOf(login, database), patient);
  stores.push(store);
  return store;
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

const as = (name: string) => `${name}:${encodeURIComponent(`pass@:/${name}`)}@`;

/** Why the store cannot be opened, or not be written to. */
async function reasonOf(url: Exclude<StoreUrl, { kind: 'invalid' }>): Promise<string> {
  const failure = await failureOf(
    openStore(url, patient).then((store) => {
      stores.push(store);
      return store.put(at, Buffer.from('1'));
    }),
  );
  return failure instanceof StoreUnavailable ? failure.reason : `no StoreUnavailable: ${failure}`;
}

describe('a user without INFO, CONFIG and CLUSTER (-@dangerous)', () => {
  it('reads, writes and ends: an ending is done, though no replica can be asked for', async () => {
    const store = await open(as('plain'));
    expect(await waitForReplica(store, ['p'], () => store.put(at, Buffer.from('1')))).toBe(true);
    expect(await store.replicaWait?.(['p'])()).toBe('not_known');
    expect(await store.take(at)).toEqual(Buffer.from('1'));
  });

  it('reports at the start what is not known then', async () => {
    const found = await checkStore(urlOf(as('plain')), true);
    expect(found.map(({ problem }) => problem)).toEqual(['not_checked']);
    expect(found[0]?.detail).toMatch(/INFO is not allowed/);
  });
});

it('a user with the commands of docs/operating.md and no more can do all that the store does', async () => {
  const store = await open(as('least'));
  await store.put(at, Buffer.from('1'), { ttlSeconds: 60 });
  expect(await store.commit([{ at, oneOf: [Buffer.from('1')] }], [{ kind: 'remove', at }])).toBe(true);
  await store.load('p', 't', [{ id: 'p0', value: Buffer.from('x') }]);
  expect(await store.count('p', 't')).toBe(1);
  for await (const rows of store.scan('p', 't', 10)) expect(rows.length).toBeGreaterThan(0);
  await store.drop('p', 't');
  expect(await store.time?.()).toBeGreaterThan(0);
  await store.erase('p');
  const second = await open(as('least'), '/1');
  expect(await second.put(at, Buffer.from('2'))).toBe(true);
  expect(await store.get([at])).toEqual([undefined]);
});

describe('the reason of a store that cannot be used', () => {
  it.each([
    ['a wrong password', 'plain:wrong@', '', 'WRONGPASS'],
    ['a user that does not exist', 'nobody:x@', '', 'WRONGPASS'],
    ['a user who may not write', as('reader'), '', 'NOPERM'],
    ['a database that does not exist', '', '/3', 'NO_SUCH_DATABASE'],
    ['the same for a user of docs/operating.md', as('least'), '/3', 'NO_SUCH_DATABASE'],
  ])('names %s', async (_what, login, database, reason) => {
    expect(await reasonOf(urlOf(login, database))).toBe(reason);
  });

  it('is the same within a script', async () => {
    const store = await open(as('reader'));
    const committed = failureOf(
      store.commit([{ at, oneOf: [undefined] }], [{ kind: 'put', at, value: Buffer.from('1') }]),
    );
    expect(Object(await committed).reason).toBe('NOPERM');
  });

  it('is that of the socket where nothing listens', async () => {
    const url = readStoreUrl('redis://127.0.0.1:1');
    if (url.kind === 'invalid') throw new TypeError();
    expect(await reasonOf(url)).toBe('ECONNREFUSED');
  });

  it('says no key, value or password', async () => {
    const failure = await failureOf(open('plain:wrong-secret@'));
    expect(String(failure)).toBe('StoreUnavailable: the store does not answer (WRONGPASS)');
    const refused = await failureOf((await open(as('reader'))).put(at, Buffer.from('value-secret')));
    expect(`${refused} ${Object(refused).cause}`).not.toMatch(/secret|pass@/);
  });
});

it('a database that does not exist is never exchanged for the first', async () => {
  const url = urlOf('', '/3');
  const stray = failureOf(
    openStore(url, patient).then((store) => store.put({ partition: 'p', id: 'stray' }, Buffer.from('1'))),
  );
  expect(await stray).toBeInstanceOf(StoreUnavailable);
  const first = await open('');
  expect(await first.get([{ partition: 'p', id: 'stray' }])).toEqual([undefined]);
  const one = await open('', '/1');
  expect(await one.put({ partition: 'p', id: 'own' }, Buffer.from('1'))).toBe(true);
  expect(await first.get([{ partition: 'p', id: 'own' }])).toEqual([undefined]);
});

describe('a server that takes no writes', () => {
  it('is read_only from the first look on, where its access list forbids writes', async () => {
    const whole = await open('');
    const { identities } = await openStoreIdentity(
      whole,
      await openVault(whole, [{ id: 'one', key: Buffer.alloc(32, 1) }]),
    );
    const guarded = guardStore(await open(as('reader')), identities);
    try {
      guarded.guard.start();
      await until(() => guarded.guard.health() === 'read_only', 'the first look');
      expect(guarded.guard.readOnlyReason()).toBe('NOPERM');
      await expect(guarded.get([at])).resolves.toBeDefined();
    } finally {
      await guarded.close();
    }
  });

  it('is read_only with its reason, and whole again at the next second', async () => {
    const store = await open('');
    const vault = await openVault(store, [{ id: 'one', key: Buffer.alloc(32, 1) }]);
    const { identities } = await openStoreIdentity(store, vault);
    const guarded = guardStore(store, identities);
    const operator = new Redis(server.url);
    try {
      guarded.guard.start();
      await operator.config('SET', 'maxmemory', '1');
      await expect(guarded.put(at, Buffer.from('1'))).rejects.toMatchObject({ reason: 'OOM' });
      expect([guarded.guard.health(), guarded.guard.readOnlyReason()]).toEqual(['read_only', 'OOM']);
      await expect(guarded.get([at])).resolves.toBeDefined();
      await operator.config('SET', 'maxmemory', '0');
      await until(() => guarded.guard.health() === 'whole', 'writes to be taken again');
      expect(guarded.guard.readOnlyReason()).toBeUndefined();
    } finally {
      operator.disconnect();
      await guarded.close();
    }
  });
});
