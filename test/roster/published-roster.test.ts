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

it('is stored as earlier builds did, and keeps what a later one added', async () => {
  const storeFixture = await embedded.start();
  const store = await storeFixture.place().open();
  const vault = createVault(Buffer.alloc(32));
  const rosters = createPublishedRosters(store, vault);
  const { unchanged } = await rosters.read('juniper-flats', 0);
  const stored =
    '{"serial":7,"feeds":{},"linkEpoch":1,"added":"later","aftermath":{"table":"t","serial":7,"at":1,"accounts":"a","added":2}}';
  await store.put(unchanged.at, vault.seal(unchanged.at, stored));
  const { published } = await rosters.read('juniper-flats', 0);
  expect(published).toMatchObject({ version: 7, aftermath: { table: 't', version: 7 } });
  const write = rosters.write('juniper-flats', published);
  expect(write.kind === 'put' && vault.open(write.at, write.value).toString()).toBe(stored);
  await storeFixture.stop();
});
