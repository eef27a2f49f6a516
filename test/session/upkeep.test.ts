// What a server does about sessions by itself: one of many rotates an old key, endings that are over are forgotten.

import { keyMaxAgeDays } from '../../src/session/signing-keys.ts';
import { createSessionUpkeep } from '../../src/session/upkeep.ts';
import { createClock, type MovableClock } from '../support/clock.ts';
import { furnish, sessionTtlSeconds, type TestOffice } from '../support/office.ts';
import { embedded, type Ground } from '../support/stores.ts';

const districtId = 'juniper-flats';

let ground: Ground;
let clock: MovableClock;
let offices: readonly TestOffice[];
let rotated: string[];
let failures: unknown[];

beforeEach(async () => {
  ground = await embedded.start();
  clock = createClock();
  const place = ground.place();
  offices = [await furnish(await place.open(clock), clock), await furnish(await place.open(clock), clock)];
  rotated = [];
  failures = [];
  await offices[0]?.districts.put({ id: districtId, cleverId: 'c1', name: 'J', rostering: ['sftp'] });
});
afterEach(() => ground.stop());

const upkeeps = () =>
  offices.map(({ keys, registry, districts }) =>
    createSessionUpkeep({
      ...{ keys, registry, listDistricts: districts.list, clock },
      onRotation: ({ kid }) => rotated.push(kid),
      onFailure: (failure) => failures.push(failure),
    }),
  );
const look = () => Promise.all(upkeeps().map((upkeep) => upkeep.look()));

it('one of two servers rotates a key that has signed for its time, and none before', async () => {
  await offices[0]?.keys.current();
  await look();
  expect(rotated).toEqual([]);
  clock.advance(keyMaxAgeDays * 86_400);
  await look();
  await look();
  expect([rotated.length, failures]).toEqual([1, []]);
  expect((await offices[1]?.keys.list())?.map(({ status }) => status)).toEqual(['current', 'next']);
});

it('endings are forgotten when no session can have outlived them', async () => {
  await offices[0]?.registry.endAccounts(districtId, ['account-1'], 1, clock());
  await look();
  expect(await offices[1]?.registry.sweep(districtId, clock() + (sessionTtlSeconds + 61 + 30 * 86_400) * 1000)).toBe(1);
});

it('a store that does not answer is told, and ends nothing', async () => {
  const [upkeep] = [...upkeeps()];
  await offices[0]?.store.close();
  await upkeep?.look();
  expect(failures).toHaveLength(1);
});

it('is begun by the server and waits for its look when it ends', async () => {
  const [upkeep] = upkeeps();
  await offices[0]?.keys.current();
  clock.advance(keyMaxAgeDays * 86_400);
  upkeep?.start();
  await upkeep?.close();
  expect([rotated.length, failures]).toEqual([1, []]);
});
