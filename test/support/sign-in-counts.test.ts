// People who failed and who signed in, by the district's day, counted by several servers in one store.
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { createSignInCounts } from '../../src/support/sign-in-counts.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { juniper, wexley } from '../sign-in/decider.ts';

const daySeconds = 86_400;
const pacific = { ...juniper, settings: { timeZone: 'America/Los_Angeles' } };

describe.each(engines)('counts of sign-ins in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let store: Store;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    // A Tuesday, 8:05 in California.
    clock = createClock(Date.parse('2026-11-24T16:05:00Z'));
    store = await storeFixture.place().open(clock);
    services = await createServices(store, clock);
    await services.districts.put(pacific);
  });

  const fail = (who: string, at = clock(), counts = services.counts) =>
    counts.failed({ district: juniper.id, at, code: 'email_mismatch' }, who);
  const today = async () => {
    await services.counts.flush();
    return (await services.counts.readToday([juniper.id])).get(juniper.id);
  };

  it('are of people and not of tries', async () => {
    for (const who of ['a', 'b', 'a']) fail(who);
    for (const account of ['x', 'x', 'y', 'z']) services.counts.signedIn(juniper.id, account);
    expect(await today()).toEqual({
      district: juniper.id,
      zone: 'America/Los_Angeles',
      day: '2026-11-24',
      failed: 2,
      signedIn: 3,
      usual: undefined,
    });
    expect((await services.counts.read(juniper.id))?.hours).toEqual([
      { hour: Math.floor(clock() / 3_600_000), codes: { email_mismatch: 3 } },
    ]);
  });

  it('of one person through two servers are one', async () => {
    const other = await createServices(store, clock);
    fail('a');
    fail('a', clock(), other.counts);
    fail('b', clock(), other.counts);
    await Promise.all([services.counts.flush(), other.counts.flush()]);
    expect(await today()).toMatchObject({ failed: 2 });
  });

  it('begin anew at midnight of the district', async () => {
    fail('a');
    await services.counts.flush();
    clock.advance(15 * 3600 + 54 * 60);
    expect(await today()).toMatchObject({ day: '2026-11-24', failed: 1 });
    clock.advance(120);
    expect(await today()).toMatchObject({ day: '2026-11-25', failed: 0 });
    fail('a');
    expect(await today()).toMatchObject({ day: '2026-11-25', failed: 1 });
  });

  it('know no usual day at first, then that of the days before, then that of the weekday', async () => {
    const failToday = async (people: number) => {
      for (let person = 0; person < people; person += 1) fail(`${person}`);
      return (await today())?.usual;
    };
    expect(await failToday(5)).toBeUndefined();
    clock.advance(daySeconds);
    expect(await failToday(7)).toEqual({ of: 'day', failed: 5, signedIn: 0 });
    clock.advance(6 * daySeconds);
    expect(await failToday(9)).toEqual({ of: 'day', failed: 6, signedIn: 0 });
    clock.advance(7 * daySeconds);
    expect(await failToday(42)).toEqual({ of: 'weekday', failed: 7, signedIn: 0 });
    clock.advance(7 * daySeconds);
    expect(await failToday(1)).toEqual({ of: 'weekday', failed: 9, signedIn: 0 });
    // Without later sign-ins: the usual count of a Tuesday is still known.
    clock.advance(7 * daySeconds);
    expect(await today()).toMatchObject({ failed: 0, usual: { of: 'weekday' } });
  });

  it('keep four weeks', async () => {
    fail('a');
    await services.counts.flush();
    clock.advance(29 * daySeconds);
    fail('a');
    await services.counts.flush();
    expect((await services.counts.read(juniper.id))?.days.map(({ day }) => day)).toEqual(['2026-12-23']);
  });

  it('take no command to the store until they are written', async () => {
    let calls = 0;
    const counted = new Proxy(store, {
      get(target, name, receiver) {
        calls += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const counts = createSignInCounts({ ...services, store: counted });
    for (const who of ['a', 'b']) fail(who, clock(), counts);
    counts.signedIn(juniper.id, 'x');
    expect(calls).toBe(0);
    await counts.flush();
    expect(calls).toBe(3);
    await counts.flush();
    expect(calls).toBe(3);
  });

  it('that the store does not take are written later', async () => {
    let isSilent = true;
    const counts = createSignInCounts({
      ...services,
      store: {
        ...store,
        get: (places) => (isSilent ? Promise.reject(new StoreUnavailable(new Error('test'))) : store.get(places)),
        commit: store.commit.bind(store),
        put: store.put.bind(store),
      },
    });
    fail('a', clock(), counts);
    await expect(counts.flush()).rejects.toBeInstanceOf(StoreUnavailable);
    fail('b', clock(), counts);
    isSilent = false;
    await counts.flush();
    expect(await today()).toMatchObject({ failed: 2 });
  });

  it('of all districts come together, and go with their district', async () => {
    await services.districts.put(wexley);
    fail('a');
    services.counts.signedIn(wexley.id, 'x');
    await services.counts.flush();
    const named = async () => (await services.counts.readAllToday()).map(({ district }) => district).sort();
    expect(await named()).toEqual([juniper.id, wexley.id].sort());
    await services.eraseDistrict(pacific, { by: 'command', reason: 'left Summit' });
    expect(await named()).toEqual([wexley.id]);
    fail('b');
    await services.counts.flush();
    expect(await named()).toEqual([wexley.id]);
    expect(await services.counts.read(juniper.id)).toBeUndefined();
  });
});
