// What a sign-in asks of others, counted by those who are asked and held against bench/budget.json: no timing, so the
// same on every machine. Who needs more changes the budget in the same commit and says why.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { createDriver, type Driver } from '../../bench/drive-sign-ins.ts';
import { prepareDistricts } from '../../bench/prepare-district.ts';
import { type StubClever, startStubClever } from '../../bench/stub-clever.ts';
import { watchRedis } from '../../bench/watch-redis.ts';
import { scripts } from '../../src/store/redis/redis-scripts.ts';
import { findBuilt, root } from '../helpers/bridge-build.ts';
import { type BridgeProcess, startBridgeProcess, until } from '../helpers/bridge-process.ts';
import { findFreePort, patientStore, type RedisServer, startRedis } from '../helpers/redis-server.ts';

const budget: Record<string, number> = JSON.parse(readFileSync(join(root, 'bench', 'budget.json'), 'utf8'));
const app = { clientId: 'an-app', clientSecret: 'a-secret' };
const district = 'juniper-flats';
const signIns = 60;
const slack = 0.5;
/** What servers exchange by time (counts of the limits, each second): more for each sign-in on a busy machine. */
const perSecond = 12;
/** For the same, and for pages that end a few rows earlier or later, as keyed hashes fall. */
const publishSlack = 10;
/** Reads by address. Rosters, districts, keys and marks are read again every half second or second, by time. */
const read = createHash('sha1').update(scripts.ssoRead).digest('hex');
const readsPerSecond = 12;
/** Of what Redis receives: cookies and addresses differ in length. */
const byteSlack = 100;
/** Of the same, and of the heap, by time: what servers ask each second, timers, metrics. */
const bytesPerSecond = 2_000;
const allocatedPerSecond = 500_000;
/** V8 compiles and optimizes at its own time. */
const allocationSlack = 40_000;
const slackOf = (seconds: number) => slack + (perSecond * seconds) / signIns;

let store: Readonly<Record<string, string>>;
let folder: string;
let clever: StubClever;
let redis: RedisServer;
let bridge: BridgeProcess;
let driver: Driver;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-budget-'));
  [clever, redis] = await Promise.all([startStubClever(app), startRedis({ args: ['--appendonly', 'yes'] })]);
  store = { ...patientStore, STORE_URL: redis.url, STORE_KEYS: `test:${Buffer.alloc(32, 5).toString('base64')}` };
  await prepareDistricts(store, [{ id: district, students: signIns }]);
  const port = `${await findFreePort()}`;
  const env = {
    ...store,
    PORT: port,
    OPS_PORT: '0',
    PUBLIC_URL: `http://localhost:${port}`,
    PRODUCT_URL: 'http://localhost:4000',
    CLEVER_ISSUER: clever.url,
    CLEVER_API_URL: clever.url,
    CLEVER_CLIENT_ID: app.clientId,
    CLEVER_CLIENT_SECRET: app.clientSecret,
    NODE_OPTIONS: `--import ${pathToFileURL(findBuilt('bench/count-calls.js'))}`,
    COUNT_CALLS: '/store/vault.js',
  };
  bridge = await startBridgeProcess(env, 'src');
  driver = createDriver({ bridges: [bridge.url] });
  await driver.signIn({ district, number: 0 });
}, 300_000);
afterAll(async () => {
  await driver?.close();
  await bridge?.stop();
  await Promise.all([clever?.close(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  /** What the bridge sent. */
  readonly commands: number;
  /** What its scripts asked of Redis in turn. */
  readonly inner: number;
  /** Reads by address above those that come by time, and not among the others. */
  readonly reads: number;
  readonly seconds: number;
}

/** What Redis was asked during `work`. */
async function asked(work: () => Promise<unknown>): Promise<Asked> {
  let [commands, inner, reads, isRead] = [0, 0, 0, false];
  const startedAt = performance.now();
  const stop = await watchRedis(redis.port, ({ words: [name = '', script = ''], isInner }) => {
    // The lines of a script come behind it.
    if (!isInner) isRead = name.toLowerCase() === 'evalsha' && script === read;
    if (isRead && !isInner) reads += 1;
    if (isRead || /^(ping|info|auth|time|config)$/i.test(name)) return;
    if (isInner) inner += 1;
    else commands += 1;
  });
  await work();
  await stop();
  const seconds = (performance.now() - startedAt) / 1000;
  return { commands, inner, reads: Math.max(0, reads - readsPerSecond * seconds), seconds };
}

/** Named, so that a failure says which. */
function expectKept(used: Readonly<Record<string, number>>, allowed: number): void {
  for (const [name, value] of Object.entries(used))
    expect({ [name]: value <= (budget[name] ?? 0) + allowed ? 'kept' : value }).toEqual({ [name]: 'kept' });
}

/** Of the vault, and on V8's heap, since the last time. */
async function takeCounts(): Promise<{
  readonly calls: Readonly<Record<string, number>>;
  readonly allocatedBytes: number;
}> {
  const printed = bridge.raw.length;
  const counted = () => bridge.raw.slice(printed).find((line) => line.startsWith('{"calls":'));
  bridge.signal('SIGUSR2');
  await until(() => counted() !== undefined, 'the counted calls');
  return JSON.parse(counted() ?? '{"calls":{},"allocatedBytes":0}');
}

/** What Redis has received. */
async function receivedBytes(): Promise<number> {
  const client = new Redis(redis.url);
  const info = await client.info('stats');
  client.disconnect();
  return Number(/^total_net_input_bytes:(\d+)/m.exec(info)?.[1]);
}

it('a sign-in stays within its budget of commands to the store, and of requests to Clever', async () => {
  const requestsBefore = clever.tokenRequests();
  const { commands, inner, reads, seconds } = await asked(async () => {
    for (let number = 0; number < signIns; number += 1) {
      expect(await driver.signIn({ district, number })).toMatchObject({ outcome: 'signed-in' });
    }
  });
  const used = {
    commandsPerSignIn: commands / signIns,
    innerCommandsPerSignIn: inner / signIns,
    readsPerSignIn: reads / signIns,
    tokenRequestsPerSignIn: (clever.tokenRequests() - requestsBefore) / signIns,
  };
  expect(used.commandsPerSignIn).toBeGreaterThanOrEqual(3);
  expectKept(used, slackOf(seconds));
});

it('writes no link again for who has signed in before', async () => {
  const { inner, seconds } = await asked(async () => {
    for (let number = 0; number < signIns; number += 1) await driver.signIn({ district, number });
  });
  expectKept({ innerCommandsPerReturn: inner / signIns }, slackOf(seconds));
});

it('a start asks the store nothing and writes nothing', async () => {
  const { commands, reads, seconds } = await asked(async () => {
    for (let count = 0; count < 20; count += 1) {
      const { status } = await fetch(`${bridge.url}/login`, { redirect: 'manual' });
      expect(status).toBe(302);
    }
  });
  expectKept({ commandsPerStart: (commands + reads) / 20 }, slackOf(3 * seconds));
});

it('a sign-in stays within its budget of seals, keyed hashes, bytes to the store and bytes of memory', async () => {
  await takeCounts();
  const [startedAt, receivedBefore] = [performance.now(), await receivedBytes()];
  for (let number = 0; number < signIns; number += 1) await driver.signIn({ district, number });
  const {
    calls: { seal = 0, open = 0, blind = 0 },
    allocatedBytes,
  } = await takeCounts();
  const seconds = (performance.now() - startedAt) / 1000;
  const received = (await receivedBytes()) - receivedBefore;
  const used = {
    sealsPerSignIn: seal / signIns,
    opensPerSignIn: open / signIns,
    keyedHashesPerSignIn: blind / signIns,
  };
  expect(used.sealsPerSignIn).toBeGreaterThanOrEqual(1);
  expectKept(used, slackOf(seconds));
  expectKept({ bytesToStorePerSignIn: received / signIns }, byteSlack + (bytesPerSecond * seconds) / signIns);
  const perSecond = (allocatedPerSecond * seconds) / signIns;
  expectKept({ allocatedBytesPerSignIn: allocatedBytes / signIns }, allocationSlack + perSecond);
});

it('a publish of 3,000 students stays within its budget of commands to the store', async () => {
  const { commands, inner, seconds } = await asked(() => prepareDistricts(store, [{ id: 'large', students: 3_000 }]));
  expectKept({ commandsPerPublish: commands, innerCommandsPerPublish: inner }, publishSlack + 2 * perSecond * seconds);
});
