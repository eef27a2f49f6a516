// Who got in last, by Clever id and by account.
import { openVault } from '../../src/store/vault.ts';
import { createLastSuccesses } from '../../src/support/last-success.ts';
import { storeKey } from '../helpers/services.ts';
import { engines } from '../helpers/stores.ts';

describe.each(engines)('last successes on $name', ({ start }) => {
  it('are found by either, and not under the account of a person who has another one now', async () => {
    const storeFixture = await start();
    const store = await storeFixture.place().open();
    const successes = createLastSuccesses(store, await openVault(store, [storeKey('one')]), 60);
    const getsIn = async (cleverId: string, account: string, at: number) => {
      await store.commit([], successes.writes('oak', { at, account, cleverId }));
      return { at, account, cleverId };
    };
    const first = await getsIn('ada', 'account-1', 1);
    expect(await successes.read('oak', ['ada', 'ben'])).toEqual([first, undefined]);
    expect(await successes.readOfAccount('oak', 'account-1')).toEqual(first);
    expect(await successes.readOfAccount('elm', 'account-1')).toBeUndefined();
    const moved = await getsIn('ada', 'account-2', 2);
    expect(await successes.readOfAccount('oak', 'account-1')).toBeUndefined();
    expect(await successes.readOfAccount('oak', 'account-2')).toEqual(moved);
    const other = await getsIn('ben', 'account-2', 3);
    expect(await successes.readOfAccount('oak', 'account-2')).toEqual(other);
    await store.close();
    await storeFixture.stop();
  });
});
