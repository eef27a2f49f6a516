import { createPublishedRosters } from '../../src/roster/published-roster.ts';
import { createVault } from '../../src/store/vault.ts';
import { embedded } from '../helpers/stores.ts';

it('is read again, however young it seems, when the clock was set back since', async () => {
  const storeFixture = await embedded.start();
  const store = await storeFixture.place().open();
  let reads = 0;
  const counting = {
    ...store,
    get: (...given: Parameters<typeof store.get>) => {
      reads += 1;
      return store.get(...given);
    },
  };
  let now = 1_000_000;
  const rosters = createPublishedRosters(counting, createVault(Buffer.alloc(32)), () => now);
  await rosters.read('juniper-flats', 500);
  now += 499;
  await rosters.read('juniper-flats', 500);
  expect(reads).toBe(1);
  now -= 300_000;
  await rosters.read('juniper-flats', 500);
  expect(reads).toBe(2);
  await storeFixture.stop();
});
