// Why a Cluster or Sentinels cannot be used: what the last server that was asked says, and what an operator does about it.
import { writeFileSync } from 'node:fs';
import { connectRedis } from '../../../src/store/redis/redis-connection.ts';
import { StoreUnavailable, storeHint } from '../../../src/store/store.ts';
import { type RedisAddress, readStoreUrl } from '../../../src/store/store-url.ts';
import { createAuthority } from '../../helpers/certificates.ts';
import { findFreePort, type RedisServer, startRedis } from '../../helpers/redis-server.ts';
import { askRedis, untilFound } from '../../helpers/redis-topology.ts';

const authority = createAuthority();
const { path } = authority;
const servers: RedisServer[] = [];
const ports = { plain: 0, cluster: 0, sentinel: 0, tls: 0, none: 1 };

async function start(options: Parameters<typeof startRedis>[0]): Promise<number> {
  const server = await startRedis(options);
  servers.push(server);
  return server.port;
}

beforeAll(async () => {
  authority.certify('server', 'store.internal', 'subjectAltName=DNS:store.internal');
  const user = ['--user', 'bridge', 'on', '>right', '~*', '+@all'];
  const bus = ['--cluster-port', `${await findFreePort()}`, '--cluster-announce-ip', '127.0.0.1'];
  ports.plain = await start({ args: user });
  ports.cluster = await start({ args: ['--cluster-enabled', 'yes', ...bus, ...user] });
  await askRedis(ports.cluster, 'CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await untilFound(async () => /cluster_state:ok/.test(String(await askRedis(ports.cluster, 'CLUSTER', 'INFO'))));
  const configFile = path('sentinel.conf');
  writeFileSync(configFile, `requirepass right\nsentinel monitor main 127.0.0.1 ${ports.plain} 1\n`);
  ports.sentinel = await start({ args: ['--sentinel'], configFile });
  ports.tls = await findFreePort();
  const certificates = ['--tls-cert-file', path('server.pem'), '--tls-key-file', path('server.key')];
  await start({ args: ['--tls-port', `${ports.tls}`, ...certificates, '--tls-ca-cert-file', path('ca.pem')] });
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  authority.remove();
});

function addressOf(text: string, sentinelPassword?: string): RedisAddress {
  const url = readStoreUrl(text);
  if (url.kind === 'invalid' || url.kind === 'embedded') throw new TypeError(text);
  return url.kind === 'sentinel' && sentinelPassword !== undefined
    ? { ...url, sentinelLogin: { password: sentinelPassword } }
    : url;
}

/** Asks until a reason is known; a busy machine may first be late. */
async function failureAt(address: RedisAddress): Promise<StoreUnavailable> {
  const connection = connectRedis(address, { answerMs: 1_000 });
  try {
    for (;;) {
      // Of two slots of a Cluster.
      const asked = connection.answer(() => connection.client.mget('sso:a', 'sso:b'));
      const failure = await asked.catch((thrown: unknown) => thrown);
      if (!(failure instanceof StoreUnavailable)) throw new TypeError(`no failure: ${failure}`);
      if (failure.reason !== 'SILENT') return failure;
    }
  } finally {
    await connection.close();
  }
}

const at = (server: keyof typeof ports, scheme: string, login = '', path = '') =>
  `${scheme}://${login}127.0.0.1:${ports[server]}${path}`;
const ofMain = (server: keyof typeof ports, name = 'main', scheme = 'redis') =>
  at(server, `${scheme}+sentinel`, '', `/${name}`);

it.each<[string, () => RedisAddress, string, RegExp]>([
  [
    'a Cluster, a wrong password',
    () => addressOf(at('cluster', 'redis+cluster', 'bridge:no@')),
    'WRONGPASS',
    /STORE_URL/,
  ],
  [
    'a Cluster, a server that is none',
    () => addressOf(at('plain', 'redis+cluster')),
    'NOT_A_CLUSTER',
    /redis: or rediss:/,
  ],
  ['a Cluster, nothing there', () => addressOf(at('none', 'redis+cluster')), 'NOT_CONNECTED', /addresses/],
  ['one server, part of a Cluster', () => addressOf(at('cluster', 'redis')), 'PART_OF_A_CLUSTER', /redis\+cluster:/],
  ['one server, without TLS where it is spoken', () => addressOf(at('tls', 'redis')), 'ECONNRESET', /rediss/],
  [
    'one server, an unknown authority',
    () => addressOf(at('tls', 'rediss')),
    'SELF_SIGNED_CERT_IN_CHAIN',
    /STORE_TLS_CA/,
  ],
  ['Sentinels, no password', () => addressOf(ofMain('sentinel')), 'NOAUTH', /STORE_SENTINEL_PASSWORD/],
  ['Sentinels, a wrong password', () => addressOf(ofMain('sentinel'), 'no'), 'WRONGPASS', /Sentinels/],
  ['Sentinels, another name', () => addressOf(ofMain('sentinel', 'x'), 'right'), 'NO_SUCH_MASTER', /name in STORE_URL/],
  ['Sentinels, a server that is none', () => addressOf(ofMain('plain')), 'UNKNOWN_COMMAND', /Sentinel/],
  ['Sentinels, nothing there', () => addressOf(ofMain('none')), 'NOT_CONNECTED', /addresses/],
])('%s', async (_, address, reason, hint) => {
  const failure = await failureAt(address());
  expect(failure.reason).toBe(reason);
  expect(storeHint(failure)).toMatch(hint);
});
