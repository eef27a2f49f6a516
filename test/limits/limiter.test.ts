// Counting, and two servers that count as one; a silent store delays no request.
import {
  type Counts,
  createCountSharing,
  createLimiter,
  type RuleLimits,
  ruleLimits,
} from '../../src/limits/limiter.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { openVault } from '../../src/store/vault.ts';
import { until } from '../helpers/bridge-process.ts';
import { storeKey } from '../helpers/services.ts';
import { engines } from '../helpers/stores.ts';

const limits: RuleLimits = { ...ruleLimits, browser: 3, address: 32, reference: 2 };
const blind = (rule: string, key: string) => `${rule}-${Buffer.from(key).toString('hex')}`;
const limiterOf = (onLimited: (rule: string) => void = () => undefined) => createLimiter({ blind, limits, onLimited });

describe('a limiter', () => {
  it('promises 60 sign-ins a minute of one browser and 600 of one address, of three requests each', () => {
    expect(ruleLimits.browser).toBeGreaterThanOrEqual(60 * 3);
    expect(ruleLimits.address).toBeGreaterThanOrEqual(600 * 3);
  });

  it('accepts up to the limit and returns for the next one when to retry', async () => {
    const limited: string[] = [];
    const limiter = limiterOf((rule) => limited.push(rule));
    const verdicts = [];
    for (let count = 0; count < 5; count += 1) verdicts.push(await limiter.count('browser', 'one'));
    expect(verdicts).toEqual([undefined, undefined, undefined, 60, 60]);
    expect(await limiter.count('browser', 'other')).toBeUndefined();
    expect(limited).toEqual(['browser', 'browser']);
  });

  it('looks without counting', async () => {
    const limiter = limiterOf();
    for (let count = 0; count < 2; count += 1) {
      expect(await limiter.peek('reference', 'one')).toBeUndefined();
      await limiter.count('reference', 'one');
    }
    expect(await limiter.peek('reference', 'one')).toBeGreaterThan(0);
  });

  it('has news of what is on its way to a limit, once, by blinded keys', async () => {
    const limiter = limiterOf();
    await limiter.count('address', '192.0.2.1');
    expect(await limiter.takeCounts()).toEqual({});
    await limiter.count('address', '192.0.2.1');
    expect(await limiter.takeCounts()).toEqual({ [`address ${blind('address', '192.0.2.1')}`]: 2 });
    expect(await limiter.takeCounts()).toEqual({});
    await limiter.count('address', '192.0.2.1');
    expect(Object.values(await limiter.takeCounts())).toEqual([1]);
  });

  it('adds what it hears, and leaves out rules it does not know', async () => {
    const limiter = limiterOf();
    const heard: Counts = { [`browser ${blind('browser', 'one')}`]: 3, 'strange key': 5, [`address x`]: -4 };
    await limiter.mergeCounts(heard);
    expect(await limiter.count('browser', 'one')).toBe(60);
  });
});

describe.each(engines)('two servers on $name', ({ start }) => {
  it('have one limit, and keep no address', async () => {
    const storeFixture = await start();
    const place = storeFixture.place();
    const stores = [await place.open(), await place.open()];
    const limiters = [limiterOf(), limiterOf()];
    const [one, other] = limiters;
    const sharings = await Promise.all(
      stores.map(async (store, index) =>
        createCountSharing(store, await openVault(store, [storeKey('one')]), limiters[index] ?? limiterOf()),
      ),
    );
    await Promise.all(sharings.map((sharing) => sharing.start()));
    for (let count = 0; count < 32; count += 1) await one?.count('address', '192.0.2.1');
    await until(async () => (await other?.peek('address', '192.0.2.1')) !== undefined, 'the count to be heard');
    expect(await other?.peek('address', '192.0.2.2')).toBeUndefined();
    const [store] = stores;
    if (store !== undefined) {
      for await (const [key, value] of store.dump()) expect(`${key}${value}`).not.toMatch(/192\.0\.2|3139322e/);
    }
    await Promise.all(sharings.map((sharing) => sharing.close()));
    await storeFixture.stop();
  });

  it('count by themselves while the store is silent', async () => {
    const storeFixture = await start();
    const store = await storeFixture.place().open();
    const vault = await openVault(store, [storeKey('one')]);
    let asked = 0;
    const silent: Store = {
      ...store,
      page: async () => {
        asked += 1;
        throw new StoreUnavailable(new Error('silent'));
      },
    };
    const limiter = limiterOf();
    const sharing = createCountSharing(silent, vault, limiter);
    await sharing.start();
    expect(asked).toBe(1);
    for (let count = 0; count < 3; count += 1) expect(await limiter.count('browser', 'one')).toBeUndefined();
    expect(await limiter.count('browser', 'one')).toBeGreaterThan(0);
    await sharing.close();
    await storeFixture.stop();
  });
});
