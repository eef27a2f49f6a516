// The hourly upkeep of sessions: one of many servers rotates an old key, and old endings are removed.

import { keyMaxAgeDays } from '../../src/session/signing-keys.ts';
import { createSessionUpkeep } from '../../src/session/upkeep.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, sessionTtlSeconds, type TestServices } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';

let storeFixture: StoreFixture;
let clock: MovableClock;
let allServices: readonly TestServices[];
let rotated: string[];
let failures: unknown[];

beforeEach(async () => {
  storeFixture = await embedded.start();
  clock = createClock();
  const place = storeFixture.place();
  allServices = [
    await createServices(await place.open(clock), clock),
    await createServices(await place.open(clock), clock),
  ];
  rotated = [];
  failures = [];
  await allServices[0]?.districts.put({ id: districtId, cleverId: 'c1', name: 'J', rostering: ['sftp'] });
});
afterEach(() => storeFixture.stop());

const upkeeps = () =>
  allServices.map(({ keys, registry, districts }) =>
    createSessionUpkeep({
      keys,
      registry,
      listDistricts: districts.list,
      clock,
      onRotation: ({ kid }) => rotated.push(kid),
      onFailure: (failure) => failures.push(failure),
    }),
  );
const task = () => Promise.all(upkeeps().map((upkeep) => upkeep.task()));

it('one of two servers rotates a key that has signed for its time, and none before', async () => {
  await allServices[0]?.keys.current();
  await task();
  expect(rotated).toEqual([]);
  clock.advance(keyMaxAgeDays * 86_400);
  await task();
  await task();
  expect([rotated.length, failures]).toEqual([1, []]);
  expect((await allServices[1]?.keys.list())?.map(({ status }) => status)).toEqual(['current', 'next']);
});

it('endings are forgotten when no session can have outlived them', async () => {
  await allServices[0]?.registry.endAccounts(districtId, ['account-1'], 1, clock());
  await task();
  expect(
    await allServices[1]?.registry.sweep(districtId, clock() + (sessionTtlSeconds + 61 + 30 * 86_400) * 1000),
  ).toBe(1);
});

it('a store that does not answer is logged, and ends nothing', async () => {
  const [upkeep] = [...upkeeps()];
  await allServices[0]?.store.close();
  await upkeep?.task();
  expect(failures).toHaveLength(1);
});

it('is begun by the server and waits for its look when it ends', async () => {
  const [upkeep] = upkeeps();
  await allServices[0]?.keys.current();
  clock.advance(keyMaxAgeDays * 86_400);
  upkeep?.start();
  await upkeep?.close();
  expect([rotated.length, failures]).toEqual([1, []]);
});
