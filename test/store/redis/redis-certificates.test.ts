// Redis over TLS with an authority, certificates and a server name of its own, for each form of STORE_URL; and a Unix socket.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Read, readCommandConfig } from '../../../src/config/config.ts';
import type { Environment } from '../../../src/config/gather-settings.ts';
import { checkStore } from '../../../src/store/check-store.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { StoreUnavailable } from '../../../src/store/store.ts';
import { createAuthority } from '../../helpers/certificates.ts';
import { findFreePort, patient, type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { askRedis } from '../../helpers/redis-topology.ts';

const authority = createAuthority();
const { path } = authority;
const servers: RedisServer[] = [];
const ports = { single: 0, cluster: 0, sentinel: 0 };

async function start(...args: readonly string[]): Promise<number> {
  const port = await findFreePort();
  const certificates = ['--tls-cert-file', path('server.pem'), '--tls-key-file', path('server.key')];
  const clients = ['--tls-ca-cert-file', path('ca.pem'), '--tls-auth-clients', 'yes'];
  servers.push(await startRedis({ args: ['--tls-port', `${port}`, ...certificates, ...clients, ...args] }));
  return port;
}

beforeAll(async () => {
  authority.certify('server', 'store.internal', 'subjectAltName=DNS:store.internal');
  authority.certify('client', 'bridge', 'extendedKeyUsage=clientAuth');
  const user = ['--user', 'bridge', 'on', '>a-password', '~*', '+@all'];
  ports.single = await start('--unixsocket', path('redis.sock'), ...user);
  ports.cluster = await start(
    '--cluster-enabled',
    'yes',
    '--tls-cluster',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
    '--cluster-port',
    `${await findFreePort()}`,
  );
  await askRedis(servers[1]?.port ?? 0, 'CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  ports.sentinel = await findFreePort();
  const sentinel = path('sentinel.conf');
  writeFileSync(
    sentinel,
    [
      `tls-port ${ports.sentinel}`,
      `tls-cert-file ${path('server.pem')}`,
      `tls-key-file ${path('server.key')}`,
      `tls-ca-cert-file ${path('ca.pem')}`,
      'tls-auth-clients yes',
      'tls-replication yes',
      'requirepass of-the-sentinel',
      `sentinel monitor main 127.0.0.1 ${ports.single} 1`,
    ].join('\n'),
  );
  servers.push(await startRedis({ args: ['--sentinel'], configFile: sentinel }));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  authority.remove();
});

const settings = (more: Environment): Environment => ({
  STORE_KEYS: `one:${Buffer.alloc(32, 1).toString('base64')}`,
  SESSION_TTL: '8h',
  ATTEMPT_RETENTION: '90d',
  STORE_TLS_CA: path('ca.pem'),
  STORE_TLS_CERT: path('client.pem'),
  STORE_TLS_KEY: path('client.key'),
  STORE_TLS_SERVERNAME: 'store.internal',
  ...more,
});

function configOf<Config>(read: Read<Config>): Config {
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  return read.config;
}
const problemsOf = (more: Environment) => {
  const read = readCommandConfig(settings(more), []);
  return read.kind === 'problems' ? read.problems.map(({ setting }) => setting) : [];
};

const urls = {
  single: () => `rediss://bridge:a-password@127.0.0.1:${ports.single}`,
  cluster: () => `rediss+cluster://127.0.0.1:${ports.cluster}`,
  sentinel: () => `rediss+sentinel://bridge:a-password@127.0.0.1:${ports.sentinel}/main`,
};
const forms = ['single', 'cluster', 'sentinel'] as const;
const login = { sentinel: { STORE_SENTINEL_PASSWORD: 'of-the-sentinel' }, single: {}, cluster: {} };

const at = { partition: 'p', id: 'a' };

it.each(forms)('%s: reads and writes with the authority, the certificate and the name', async (form) => {
  const { STORE_URL } = configOf(readCommandConfig(settings({ STORE_URL: urls[form](), ...login[form] }), []));
  const store = await openStore(STORE_URL, patient);
  await store.put(at, Buffer.from(form));
  expect(await store.get([at])).toEqual([Buffer.from(form)]);
  await store.close();
  expect(Array.isArray(await checkStore(STORE_URL, false, patient))).toBe(true);
});

it.each(
  forms.flatMap(
    (form) =>
      [
        [form, 'another authority', { STORE_TLS_CA: 'client.pem' }],
        [form, 'no certificate of its own', { STORE_TLS_CERT: '', STORE_TLS_KEY: '' }],
        [form, 'another name', { STORE_TLS_SERVERNAME: 'other.internal' }],
      ] as const,
  ),
)('%s: is not reached with %s', async (form, _, { ...changes }) => {
  const paths = Object.entries(changes).map(([name, value]) => [name, value.endsWith('.pem') ? path(value) : value]);
  const own = settings({ STORE_URL: urls[form](), ...login[form], ...Object.fromEntries(paths) });
  const { STORE_URL } = configOf(readCommandConfig(own, []));
  await expect(openStore(STORE_URL, { answerMs: 3_000 })).rejects.toThrow(StoreUnavailable);
});

it.each<[string, Environment, readonly string[]]>([
  ['an authority that is a key', { STORE_TLS_CA: path('ca.key') }, ['STORE_TLS_CA']],
  ['an authority that is something else', { STORE_TLS_CA: path('sentinel.conf') }, ['STORE_TLS_CA']],
  [
    'certificate and key exchanged',
    { STORE_TLS_CERT: path('client.key'), STORE_TLS_KEY: path('client.pem') },
    ['STORE_TLS_CERT', 'STORE_TLS_KEY'],
  ],
  ['the key of another certificate', { STORE_TLS_KEY: path('server.key') }, ['STORE_TLS_KEY']],
])('%s is refused before anything is connected', (_, more, names) => {
  expect(problemsOf({ STORE_URL: urls.single(), ...more })).toEqual(names);
});

it('a Unix socket is reached by its path', async () => {
  const own = { STORE_URL: `redis+unix://bridge:a-password@${path('redis.sock')}` };
  const none = { STORE_TLS_CA: '', STORE_TLS_CERT: '', STORE_TLS_KEY: '', STORE_TLS_SERVERNAME: '' };
  const { STORE_URL } = configOf(readCommandConfig(settings({ ...own, ...none }), []));
  const store = await openStore(STORE_URL, patient);
  await store.put(at, Buffer.from('x'));
  expect(await store.get([at])).toEqual([Buffer.from('x')]);
  await store.close();
});

describe('settings', () => {
  it.each([
    ['redis://h', ['STORE_TLS_CA', 'STORE_TLS_CERT', 'STORE_TLS_KEY', 'STORE_TLS_SERVERNAME']],
    ['rediss://h', []],
    ['rediss+cluster://h', []],
  ])('of TLS with %s are refused where they have no effect', (STORE_URL, names) => {
    expect(problemsOf({ STORE_URL })).toEqual(names);
  });

  it('name a file that does not exist, and half of a pair', () => {
    expect(problemsOf({ STORE_URL: 'rediss://h', STORE_TLS_CA: path('none') })).toEqual(['STORE_TLS_CA']);
    expect(problemsOf({ STORE_URL: 'rediss://h', STORE_TLS_KEY: '' })).toEqual(['STORE_TLS_KEY']);
    expect(problemsOf({ STORE_URL: 'rediss://h', STORE_SENTINEL_PASSWORD: 'x' })).toEqual(['STORE_SENTINEL_PASSWORD']);
  });

  it('hold the files, and the address holds them', () => {
    const { STORE_URL } = configOf(readCommandConfig(settings({ STORE_URL: 'rediss://h' }), []));
    expect(STORE_URL).toMatchObject({
      certificates: { ca: readFileSync(path('ca.pem'), 'utf8'), servername: 'store.internal' },
    });
  });
});
