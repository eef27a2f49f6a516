// The commands that move a store, for each form of place there is: from the embedded store there and back, by a move and by
// files. The servers over TLS give the bridge what docs/operating.md says, and no more.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareStore } from '../../sandbox/demo/prepare-store.ts';
import { type CommandResult, runBridgeCommand } from '../helpers/bridge-command.ts';
import type { Environment } from '../helpers/bridge-process.ts';
import { type Authority, createAuthority } from '../helpers/certificates.ts';
import { findFreePort, patientStore, type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { askRedis, startRedisCluster, startRedisSentinel } from '../helpers/redis-topology.ts';

/** Where a store can be, with the settings that reach it. */
interface Place {
  readonly env: Environment;
  stop(): Promise<void>;
}

let authority: Authority;
let folder: string;
beforeAll(() => {
  authority = createAuthority();
  authority.certify('server', 'store.internal', 'subjectAltName=DNS:store.internal');
  authority.certify('client', 'bridge', 'extendedKeyUsage=clientAuth');
  folder = mkdtempSync(join(tmpdir(), 'sso-places-'));
});
afterAll(() => {
  authority.remove();
  rmSync(folder, { recursive: true, force: true });
});

const rule = /ACL SETUSER bridge on >PASSWORD ((?:.|\n)*?)\n```/.exec(readFileSync('docs/operating.md', 'utf8'))?.[1];
const allowed = (rule ?? '').trim().split(/\s+/);

/** One server that speaks TLS to who has a certificate. @param cluster of this server alone */
async function startTls(cluster: boolean): Promise<Place> {
  const { path } = authority;
  const port = await findFreePort();
  const asCluster = ['--cluster-enabled', 'yes', '--tls-cluster', 'yes', '--cluster-announce-ip', '127.0.0.1'];
  const server: RedisServer = await startRedis({
    args: [
      ...['--tls-port', `${port}`, '--tls-cert-file', path('server.pem'), '--tls-key-file', path('server.key')],
      ...['--tls-ca-cert-file', path('ca.pem'), '--tls-auth-clients', 'yes'],
      ...(cluster ? [...asCluster, '--cluster-port', `${await findFreePort()}`] : []),
      ...['--user', 'bridge', 'on', '>a-password', ...allowed],
    ],
  });
  if (cluster) await askRedis(server.port, 'CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  const tls = { CA: 'ca.pem', CERT: 'client.pem', KEY: 'client.key' };
  return {
    env: {
      STORE_URL: `${cluster ? 'rediss+cluster' : 'rediss'}://bridge:a-password@127.0.0.1:${port}`,
      STORE_TLS_SERVERNAME: 'store.internal',
      ...Object.fromEntries(Object.entries(tls).map(([name, file]) => [`STORE_TLS_${name}`, path(file)])),
    },
    async stop() {
      const refused = await askRedis(server.port, 'ACL', 'LOG');
      await server.stop();
      expect(refused).toEqual([]);
    },
  };
}

async function startPlain(start: typeof startRedisCluster): Promise<Place> {
  const { url, stop } = await start();
  return { env: { STORE_URL: url }, stop };
}

const forms: readonly (readonly [string, () => Promise<Place>])[] = [
  ['a Cluster', () => startPlain(startRedisCluster)],
  ['a Sentinel', () => startPlain(startRedisSentinel)],
  ['a server with TLS and a user of its own', () => startTls(false)],
  ['a Cluster with TLS and a user of its own', () => startTls(true)],
];

const newKeys = () => ({ STORE_KEYS: `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}` });
let count = 0;
const embedded = (): Environment => {
  count += 1;
  return { STORE_URL: `embedded:${join(folder, `store-${count}`)}`, ...newKeys() };
};
/** An address with a password is refused on the command line, so it is in a file. */
function inFile(url = ''): string {
  count += 1;
  const file = join(folder, `url-${count}`);
  writeFileSync(file, url);
  return file;
}
const withoutUrl = ({ STORE_URL, ...rest }: Environment) => rest;
const asTarget = (env: Environment): Environment => ({
  ...Object.fromEntries(Object.entries(withoutUrl(env)).map(([name, value]) => [`${name}_TO`, value])),
  STORE_URL_TO_FILE: inFile(env['STORE_URL']),
});
const asStore = (env: Environment): Environment => ({ ...withoutUrl(env), STORE_URL_FILE: inFile(env['STORE_URL']) });

/** The mover waits as long as a server may wait for an answer. */
const run = (env: Environment, ...words: string[]) =>
  runBridgeCommand({ STORE_TIMEOUT: '3s', ...env }, [...words, '--json']);
async function done(env: Environment, ...words: string[]): Promise<CommandResult['json']> {
  const { exitCode, json, stderr } = await run({ ...env }, ...words);
  expect([words, exitCode, json['error'], stderr]).toEqual([words, 0, undefined, expect.anything()]);
  return json;
}

/** What has to be the same wherever the store is: the audit log grows by each move. */
async function lookAt(env: Environment) {
  const { items, districts, wrong } = await done(asStore(env), 'store', 'check');
  expect(wrong).toEqual([]);
  const { accounts, index, standing } = Object(items);
  const { credentials } = await done(asStore(env), 'credential', 'list');
  return { accounts, index, standing, districts, credentials };
}

async function migrate(from: Environment, to: Environment): Promise<void> {
  await done({ ...asStore(from), ...asTarget(to) }, 'store', 'migrate');
}
async function carry(from: Environment, to: Environment): Promise<void> {
  count += 1;
  const path = join(folder, `export-${count}`);
  const { STORE_KEYS_TO = '' } = asTarget(to);
  await done({ ...asStore(from), STORE_KEYS_TO }, 'store', 'export', path);
  await done(asStore(to), 'store', 'import', path);
}

/** There and back; the same at each place. */
async function goRound(place: Place, source: Environment, there: typeof migrate, back: typeof migrate): Promise<void> {
  const [target, last] = [{ ...place.env, ...newKeys() }, embedded()];
  const before = await lookAt(source);
  expect(before).toMatchObject({ accounts: { count: expect.any(Number) }, credentials: [expect.anything()] });
  await there(source, target);
  expect(await lookAt(target)).toEqual(before);
  await done(asStore(target), 'store', 'backup');
  await back(target, last);
  expect(await lookAt(last)).toEqual(before);
  const left = await run(asStore(target), 'credential', 'create', '--scope', 'admin', '--name', 'x');
  expect([left.exitCode, Object(left.json['error']).code]).toEqual([1, 'store_moved']);
}

it.each(forms)(
  'a store that goes to %s by a move or by files, and back by the other, is the same',
  async (_form, start) => {
    const ways = [
      [migrate, carry],
      [carry, migrate],
    ] as const;
    const places: Place[] = [];
    try {
      const rounds: (() => Promise<void>)[] = [];
      for (const [there, back] of ways) {
        const [place, source] = [await start(), embedded()];
        places.push(place);
        await prepareStore({ ...patientStore, ...source });
        await done(source, 'credential', 'create', '--scope', 'product', '--name', 'Main product');
        rounds.push(() => goRound(place, source, there, back));
      }
      // Side by side: a move waits for some seconds until no server writes.
      await Promise.all(rounds.map((go) => go()));
    } finally {
      for (const place of places) await place.stop();
    }
  },
);
