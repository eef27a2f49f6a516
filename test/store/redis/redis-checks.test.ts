// What a Redis server is refused or warned about for: the judgement by table, the questions on real servers.
import { Redis } from 'ioredis';
import { checkStore } from '../../../src/store/check-store.ts';
import { checkRedis } from '../../../src/store/redis/redis-checks.ts';
import { readFields } from '../../../src/store/redis/redis-info.ts';
import { judgeRedis, type RedisFacts } from '../../../src/store/redis/redis-verdict.ts';
import { type RedisAddress, readStoreUrl } from '../../../src/store/store-url.ts';
import { type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { startRedisCluster, startRedisSentinel } from '../../helpers/redis-topology.ts';

const sound = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', aof_enabled: '1', role: 'master' };
const factsOf = (info: Record<string, string | undefined>, rest: Partial<RedisFacts> = {}): RedisFacts => ({
  info: new Map(Object.entries({ ...sound, ...info }).flatMap(([name, value]) => (value ? [[name, value]] : []))),
  save: '',
  appendfsync: 'everysec',
  clusterState: undefined,
  isMaster: true,
  ...rest,
});
const problemsOf = (facts: RedisFacts) => judgeRedis(facts).map(({ problem }) => problem);

describe('a server', () => {
  it.each<[string, Record<string, string | undefined>, Partial<RedisFacts>, readonly string[]]>([
    ['that is sound', {}, {}, []],
    ['of Redis 6.2', { redis_version: '6.2.0' }, {}, []],
    ['of Redis 10', { redis_version: '10.0.0' }, {}, []],
    [
      'of Valkey, which names the Redis version it resembles',
      { redis_version: '7.2.4', valkey_version: '8.1.1' },
      {},
      [],
    ],
    ['of Redis 6.0', { redis_version: '6.0.16' }, {}, ['version_too_old']],
    ['of Redis 5', { redis_version: '5.0.14' }, {}, ['version_too_old']],
    ['without a version', { redis_version: undefined }, {}, ['not_checked']],
    ['that evicts anything', { maxmemory_policy: 'allkeys-lru' }, {}, ['eviction']],
    ['that evicts what expires', { maxmemory_policy: 'volatile-ttl' }, {}, ['eviction']],
    ['without a word about eviction', { maxmemory_policy: undefined }, {}, ['not_checked']],
    ['that keeps nothing', { aof_enabled: '0' }, {}, ['persistence_off']],
    ['that saves now and then', { aof_enabled: '0' }, { save: '3600 1' }, ['persistence_weak']],
    ['that never flushes', {}, { appendfsync: 'no' }, ['persistence_weak']],
    ['that forbids CONFIG and appends', {}, { save: undefined, appendfsync: undefined }, []],
    ['that forbids CONFIG and does not append', { aof_enabled: '0' }, { save: undefined }, ['not_checked']],
    ['whose disk is full', { aof_last_write_status: 'err' }, {}, ['write_failing']],
    ['that is a replica behind its master', { role: 'slave' }, { isMaster: false }, []],
    ['that is a replica and named as the store', { role: 'slave' }, {}, ['read_only']],
    ['of a broken cluster', {}, { clusterState: 'fail' }, ['cluster_not_ok']],
    ['of a whole cluster', {}, { clusterState: 'ok' }, []],
  ])('%s', (_, info, rest, problems) => {
    expect(problemsOf(factsOf(info, rest))).toEqual(problems);
  });

  it('that answers no INFO is said to be unknown', () => {
    expect(problemsOf({ ...factsOf({}), info: undefined })).toEqual(['not_checked']);
  });

  it('is not quoted: what it says of itself is no text of ours', () => {
    const problems = JSON.stringify(judgeRedis(factsOf({ maxmemory_policy: 'x\u001b[31m', redis_version: '5.1<b>' })));
    expect(problems).not.toMatch(/31m|<b>/);
  });

  it('prints its fields in lines', () => {
    expect(readFields('# Server\r\nredis_version:7.0.15\r\nexecutable:/a:b\r\n\r\n')).toEqual(
      new Map([
        ['redis_version', '7.0.15'],
        ['executable', '/a:b'],
      ]),
    );
  });
});

const addressOf = (url: string): RedisAddress => {
  const address = readStoreUrl(url);
  if (address.kind === 'invalid' || address.kind === 'embedded') throw new TypeError('no Redis');
  return address;
};
const found = async (url: string) => (await checkRedis(addressOf(url))).map(({ node, problem }) => [node, problem]);

describe('one server', () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis({ args: ['--appendonly', 'yes'] });
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });
  afterEach(async () => {
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    await client.config('SET', 'appendonly', 'yes');
  });

  it('that is sound is taken in silence, in production too', async () => {
    expect(await checkStore(addressOf(server.url), true)).toEqual([]);
  });

  it('that evicts is refused in production by name and setting, and warned about elsewhere', async () => {
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(checkStore(addressOf(server.url), true)).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringMatching(`^STORE_URL: 127.0.0.1:${server.port}: maxmemory-policy is allkeys-lru`),
    });
    expect(await checkStore(addressOf(server.url), false)).toMatchObject([{ problem: 'eviction' }]);
  });

  it('that keeps nothing is warned about, in production too', async () => {
    await client.config('SET', 'appendonly', 'no');
    expect(await checkStore(addressOf(server.url), true)).toMatchObject([{ problem: 'persistence_off' }]);
  });

  it.each([
    ['CONFIG', ['-config'], []],
    ['INFO', ['-info'], [['not_checked']]],
  ])('that forbids %s is no failure', async (_, rule, problems) => {
    await client.call('ACL', 'SETUSER', 'app', 'reset', 'on', '>secret', '~*', '&*', '+@all', ...rule);
    const url = server.url.replace('redis://', 'redis://app:secret@');
    expect((await found(url)).map(([, problem]) => [problem])).toEqual(problems);
  });

  it('that is down is no finding', async () => {
    const down = await startRedis();
    await down.kill9();
    await expect(checkStore(addressOf(down.url), true)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await down.stop();
  });
});

it('checks the replica of a master, which may become the master', async () => {
  const master = await startRedis({ args: ['--appendonly', 'yes'] });
  const replica = await startRedis({
    args: ['--appendonly', 'yes', '--maxmemory-policy', 'volatile-lru', '--replicaof', '127.0.0.1', `${master.port}`],
  });
  try {
    const node = `127.0.0.1:${replica.port}`;
    const deadline = Date.now() + 60_000;
    let problems = await found(master.url);
    while (problems.length === 0 && Date.now() < deadline) problems = await found(master.url);
    expect(problems).toEqual([[node, 'eviction']]);
    await expect(checkStore(addressOf(master.url), true)).rejects.toThrow(node);
    await expect(checkStore(addressOf(replica.url), false)).rejects.toThrow('this is a replica');
  } finally {
    await replica.stop();
    await master.stop();
  }
});

it('checks every node of a cluster', async () => {
  const cluster = await startRedisCluster();
  try {
    expect((await found(cluster.url)).sort()).toEqual(
      cluster.ports.map((port) => [`127.0.0.1:${port}`, 'persistence_off']).sort(),
    );
  } finally {
    await cluster.stop();
  }
});

it('checks the master that Sentinel names', async () => {
  const sentinel = await startRedisSentinel();
  try {
    expect(await found(sentinel.url)).toEqual([['the master main', 'persistence_off']]);
  } finally {
    await sentinel.stop();
  }
});
