// Whom an action on a whole district touches: who is linked, and who signed in so lately that the session may live.
import { describeReach } from '../../src/admin/district-reach.ts';
import { createClock } from '../helpers/clock.ts';
import { createServices, sessionTtlSeconds } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { juniper, wexley } from '../sign-in/decider.ts';

const boss = { by: 'boss@admin.example', scope: 'admin', identities: ['boss'] } as const;

describe.each(engines)('whom an action on a district touches, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  async function createDistrict() {
    const clock = createClock();
    const store = await storeFixture.place().open(clock);
    const services = await createServices(store, clock);
    for (const district of [juniper, wexley]) await services.districts.put(district);
    const roster = await services.rosters.read(juniper.id, 0);
    for (const name of ['one', 'two'])
      await store.commit([], services.links.between(roster, `account-${name}`, `clever-${name}`).writes());
    services.counts.signedIn(juniper.id, 'long ago');
    clock.advance(sessionTtlSeconds + 1);
    for (const account of ['one', 'two', 'one', 'three']) services.counts.signedIn(juniper.id, account);
    services.counts.signedIn(wexley.id, 'four');
    return services;
  }

  it('is counted for this district alone, each person once', async () => {
    const { readDistrictReach } = await createDistrict();
    const reach = await readDistrictReach(juniper.id);
    expect(reach).toEqual({ linked: 2, signedIn: 3 });
    expect(describeReach(reach)).toEqual({ links: 2, signed_in: 3 });
    expect(await readDistrictReach('nobody-came')).toEqual({ linked: 0, signedIn: 0 });
  });

  it('reports what was done', async () => {
    const { staffActions, readDistrictReach } = await createDistrict();
    const request = (kind: 'end_sessions' | 'release_links') =>
      staffActions.request(juniper.id, { kind }, boss, { reason: 'why' });
    expect(await request('end_sessions')).toMatchObject({ kind: 'done', facts: { signed_in: 3 } });
    expect(await request('release_links')).toMatchObject({ kind: 'done', facts: { links: 2, signed_in: 3 } });
    expect((await readDistrictReach(juniper.id)).linked).toBe(0);
  });
});
