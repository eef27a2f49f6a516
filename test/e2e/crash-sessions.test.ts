// Two bridges on one Redis that fsyncs every write; one bridge and then Redis are killed in the middle of sign-ins and
// endings. What was acknowledged holds. Sessions are opened by the write that a sign-in commits; endings go over HTTP.
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountIdOf } from '../../src/roster/account.ts';
import { createSessionTokens } from '../../src/session/session-token.ts';
import { openRedisStore } from '../../src/store/redis-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openVault } from '../../src/store/vault.ts';
import { furnish } from '../../src/wire-office.ts';
import { type BridgeProcess, startBridgeProcess, until } from '../support/bridge-process.ts';
import { feed, student } from '../support/feeds.ts';
import { findFreePort, type RedisServer, startRedis } from '../support/redis-server.ts';

const districtId = 'juniper-flats';
const pupils = 50;
const sessions = 2_000;
const sideBySide = 24;
const productUrl = 'http://localhost:4000';
const key = randomBytes(32);

let redis: RedisServer;
let store: Store;
let publicUrl: string;
let bridges: BridgeProcess[] = [];
let start: (port: number) => Promise<BridgeProcess>;
let authorization: string;
let office: ReturnType<typeof furnish>;

beforeAll(async () => {
  redis = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  const ports = [await findFreePort(), await findFreePort()];
  publicUrl = `http://localhost:${ports[0]}`;
  start = (port) =>
    startBridgeProcess({
      ...{ STORE_URL: redis.url, STORE_KEYS: `test:${key.toString('base64')}`, PORT: `${port}`, OPS_PORT: '0' },
      ...{ PUBLIC_URL: publicUrl, PRODUCT_URL: productUrl, LIMITS: 'off' },
      // Nobody listens there: no sign-in goes by Clever here.
      ...{ CLEVER_ISSUER: 'http://127.0.0.1:1', CLEVER_API_URL: 'http://127.0.0.1:1' },
      ...{ CLEVER_CLIENT_ID: 'app', CLEVER_CLIENT_SECRET: 'secret' },
    });
  store = await openRedisStore(redis.url);
  const vault = await openVault(store, [{ id: 'test', key }], Date.now);
  office = furnish(store, vault, { SESSION_TTL: 8 * 3600, ATTEMPT_RETENTION: 86_400 });
  await office.districts.put({ id: districtId, cleverId: 'c1', name: 'Juniper Flats', rostering: ['sftp'] });
  const rows = Array.from({ length: pupils }, (_, at) => student({ sisId: `${at}` }));
  await office.publisher.publish(districtId, 'sftp', feed(...rows));
  const { credential, secret } = await office.credentials.create('product', 'crash');
  authorization = `Basic ${Buffer.from(`${credential.id}:${secret}`).toString('base64')}`;
  bridges = await Promise.all(ports.map(start));
}, 60_000);
afterAll(async () => {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await store.close();
  await redis.stop();
});

interface Opened {
  readonly sid: string;
  readonly token: string;
}

/** Undefined when it was not acknowledged. */
async function open(at: number): Promise<Opened | undefined> {
  const tokens = createSessionTokens(office.keys, { issuer: publicUrl, audience: productUrl });
  try {
    const { standing, unchanged } = await office.standings.read(districtId, 500);
    const gate = await office.registry.gate(districtId, false);
    const iat = Math.floor(Date.now() / 1000);
    const ids = { sid: randomUUID(), accountId: accountIdOf(office.vault, districtId, 'student', `${at % pupils}`) };
    const times = { issuedAt: iat, expiresAt: iat + 3600 };
    const record = {
      ...ids,
      ...times,
      districtId,
      serial: standing.serial,
      gate: gate.id,
      openedBy: 's',
      returnTo: '/',
    };
    const done = await store.commit([unchanged, gate.unchanged], [office.registry.write(record)]);
    const claims = { sub: ids.accountId, sid: ids.sid, jti: randomUUID(), iat, exp: iat + 3600, district: districtId };
    const matched = { by: 'email', roster: 'sftp' } as const;
    return done ? { sid: ids.sid, token: await tokens.issue({ ...claims, role: 'student', matched }) } : undefined;
  } catch {
    return undefined;
  }
}

const post = (bridge: BridgeProcess | undefined, path: string, token: string) =>
  fetch(`${bridge?.url}${path}`, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ token }),
    signal: AbortSignal.timeout(8_000),
  });

async function sideBySideFor<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const rest = { [Symbol.iterator]: () => queue };
  await Promise.all(
    Array.from({ length: sideBySide }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

it('no acknowledged ending is undone and no live session is lost, whoever is killed', async () => {
  const live: Opened[] = [];
  const ended: Opened[] = [];
  const kills: Promise<void>[] = [];
  const killAt = new Map([
    [Math.floor(sessions / 3), async () => bridges[0]?.kill9()],
    [
      Math.floor((2 * sessions) / 3),
      async () => {
        await redis.kill9();
        await sleep(200);
        await redis.restart();
      },
    ],
  ]);
  await sideBySideFor(Array(sessions).keys(), async (at) => {
    const kill = killAt.get(at);
    if (kill !== undefined) kills.push(kill());
    const opened = await open(at);
    // While Redis is away there is nothing to acknowledge.
    if (opened === undefined) return void (await sleep(20));
    if (at % 2 === 0) return void live.push(opened);
    const answer = await post(bridges[Math.floor(at / 2) % 2], '/oauth/revoke', opened.token).catch(() => undefined);
    if (answer?.status === 200) ended.push(opened);
  });
  await Promise.all(kills);
  bridges[0] = await start(Number(new URL(publicUrl).port));
  for (const { opsUrl } of bridges)
    await until(async () => (await fetch(`${opsUrl}/readyz`)).status === 200, 'the bridge to be ready');

  expect([live.length > sessions / 4, ended.length > sessions / 8]).toEqual([true, true]);
  const judge = async (opened: Opened, at: number) =>
    Object(await (await post(bridges[at % 2], '/oauth/introspect', opened.token)).json()).active;
  const undone: string[] = [];
  const lost: string[] = [];
  await sideBySideFor(ended.entries(), async ([at, opened]) => {
    if ((await judge(opened, at)) !== false) undone.push(opened.sid);
  });
  await sideBySideFor(live.entries(), async ([at, opened]) => {
    if ((await judge(opened, at)) !== true) lost.push(opened.sid);
  });
  expect({ undone, lost }).toEqual({ undone: [], lost: [] });

  const told = new Set<string>();
  for (let cursor = ''; ; ) {
    const answer = await fetch(`${bridges[1]?.url}/session/revocations?after=${cursor}`, {
      headers: { authorization },
    });
    const page = Object(await answer.json());
    if (page.revocations.length === 0) break;
    for (const { id } of page.revocations) told.add(id);
    cursor = page.cursor;
  }
  expect(ended.filter(({ sid }) => !told.has(sid))).toEqual([]);
  expect(live.filter(({ sid }) => told.has(sid))).toEqual([]);
}, 60_000);
