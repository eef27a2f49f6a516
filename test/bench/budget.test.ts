// What a sign-in asks of others, counted by those who are asked and held against bench/budget.json: no timing, so the
// same on every machine. Who needs more changes the budget in the same commit and says why.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createDriver, type Driver } from '../../bench/drive-sign-ins.ts';
import { prepareDistricts } from '../../bench/prepare-district.ts';
import { type StubClever, startStubClever } from '../../bench/stub-clever.ts';
import { root } from '../support/bridge-build.ts';
import { type BridgeProcess, startBridgeProcess } from '../support/bridge-process.ts';
import { findFreePort, type RedisServer, startRedis } from '../support/redis-server.ts';

const budget: Record<string, number> = JSON.parse(readFileSync(join(root, 'bench', 'budget.json'), 'utf8'));
const app = { clientId: 'an-app', clientSecret: 'a-secret' };
const district = 'juniper-flats';
const signIns = 60;

let folder: string;
let clever: StubClever;
let redis: RedisServer;
let counter: Redis;
let bridge: BridgeProcess;
let driver: Driver;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-budget-'));
  [clever, redis] = await Promise.all([startStubClever(app), startRedis({ args: ['--appendonly', 'yes'] })]);
  const store = { STORE_URL: redis.url, STORE_KEYS: `test:${Buffer.alloc(32, 5).toString('base64')}` };
  await prepareDistricts(store, [{ id: district, pupils: signIns }]);
  const port = `${await findFreePort()}`;
  bridge = await startBridgeProcess({
    ...store,
    ...{ PORT: port, OPS_PORT: '0', PUBLIC_URL: `http://localhost:${port}`, PRODUCT_URL: 'http://localhost:4000' },
    ...{ CLEVER_ISSUER: clever.url, CLEVER_API_URL: clever.url },
    ...{ CLEVER_CLIENT_ID: app.clientId, CLEVER_CLIENT_SECRET: app.clientSecret },
  });
  driver = createDriver({ bridges: [bridge.url] });
  counter = new Redis(redis.url);
  await driver.signIn({ district, number: 0 });
}, 30_000);
afterAll(async () => {
  counter?.disconnect();
  await driver?.close();
  await bridge?.stop();
  await Promise.all([clever?.close(), redis?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** What Redis was asked during `work`. */
async function asked(
  work: () => Promise<unknown>,
): Promise<{ readonly roundTrips: number; readonly commands: number }> {
  const read = async () => {
    const info = await counter.info('stats');
    const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
    return { roundTrips: of('total_reads_processed'), commands: of('total_commands_processed') };
  };
  const before = await read();
  await work();
  const after = await read();
  // The second look is one of each itself.
  return { roundTrips: after.roundTrips - before.roundTrips - 1, commands: after.commands - before.commands - 1 };
}

const middleOf = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

it('a sign-in stays within its budget of round trips and commands to the store, and of requests to Clever', async () => {
  const requestsBefore = clever.tokenRequests();
  const each: { readonly roundTrips: number; readonly commands: number }[] = [];
  // One after the other: commands of two sign-ins would share a round trip.
  for (let number = 0; number < signIns; number += 1) {
    const one = async () => expect(await driver.signIn({ district, number })).toMatchObject({ outcome: 'signed-in' });
    each.push(await asked(one));
  }
  const used = {
    // The middle one: now and then a sign-in comes when a server reads again what it keeps for half a second.
    roundTripsPerSignIn: middleOf(each.map(({ roundTrips }) => roundTrips)),
    commandsPerSignIn: middleOf(each.map(({ commands }) => commands)),
    tokenRequestsPerSignIn: (clever.tokenRequests() - requestsBefore) / signIns,
  };
  // Named, so that a failure says which.
  for (const [name, value] of Object.entries(used))
    expect({ [name]: value <= (budget[name] ?? 0) ? 'kept' : value }).toEqual({ [name]: 'kept' });
  expect(used.roundTripsPerSignIn).toBeGreaterThan(1);
});

it('a start asks the store nothing and writes nothing', async () => {
  const { roundTrips } = await asked(async () => {
    for (let count = 0; count < 20; count += 1) {
      const { status } = await fetch(`${bridge.url}/login`, { redirect: 'manual' });
      expect(status).toBe(302);
    }
  });
  // What servers do by themselves, such as asking whether the store is still there, is not a start's.
  expect(roundTrips / 20).toBeLessThanOrEqual((budget['roundTripsPerStart'] ?? 0) + 0.2);
});
