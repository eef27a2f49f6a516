// Links: made once, released, moved, and never believed when they were copied from elsewhere.
import { partitionOf } from '../../src/district/district.ts';
import { feed, student } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const pair = (accountId: string, cleverId: string, district = districtId) => ({ accountId, cleverId, district });
type Pair = ReturnType<typeof pair>;

describe.each(engines)('links in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    place = storeFixture.place();
    services = await createServices(await place.open());
  });
  afterAll(() => storeFixture.stop());

  const rosterNow = (district = districtId) => services.rosters.read(district, 0);
  const between = async ({ accountId, cleverId, district }: Pair, by: TestServices = services) =>
    by.links.between(await rosterNow(district), accountId, cleverId);
  const state = async (wanted: Pair) => (await between(wanted)).state();
  async function link(wanted: Pair, by: TestServices = services): Promise<boolean> {
    const made = await between(wanted, by);
    return by.store.commit(made.conditions(), made.writes());
  }

  it('are made once and stay as they are when made again', async () => {
    expect(await state(pair('a', 'x'))).toBe('free');
    expect(await link(pair('a', 'x'))).toBe(true);
    expect(await link(pair('a', 'x'))).toBe(true);
    expect(await state(pair('a', 'x'))).toBe('linked');
    expect(await services.links.findAccountId(await rosterNow(), 'x')).toBe('a');
  });

  it.each([
    ['another Clever id', pair('a', 'y')],
    ['another account', pair('b', 'x')],
  ])('do not let %s in', async (_name, wanted) => {
    await link(pair('a', 'x'));
    expect(await link(wanted)).toBe(false);
    expect(await state(wanted)).toBe('taken');
    expect(await state(pair('a', 'x'))).toBe('linked');
  });

  it('of one district say nothing about another', async () => {
    await link(pair('a', 'x'));
    expect(await state(pair('a', 'y', 'port-wexley'))).toBe('free');
  });

  it('are won by one of twenty Clever ids that race for an account on two servers', async () => {
    const other = await createServices(await place.open());
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => link(pair('a', `racer-${index}`), index % 2 ? services : other)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await state(pair('a', `racer-${results.indexOf(true)}`))).toBe('linked');
  });

  it('are released one by one, both sides', async () => {
    await link(pair('a', 'x'));
    await link(pair('b', 'y'));
    expect(await services.links.release(districtId, 'a')).toBe(true);
    expect(await services.links.release(districtId, 'a')).toBe(false);
    expect(await link(pair('a', 'z'))).toBe(true);
    expect(await link(pair('c', 'x'))).toBe(true);
    expect(await state(pair('b', 'y'))).toBe('linked');
  });

  it('are released all at once, and one under way meanwhile is not made', async () => {
    await link(pair('a', 'x'));
    const seen = await rosterNow();
    const late = services.links.between(seen, 'a', 'x');
    await services.links.releaseAll(districtId);
    expect(await state(pair('a', 'y'))).toBe('free');
    expect(await services.store.commit([seen.unchanged, ...late.conditions()], late.writes())).toBe(false);
    expect(
      await services.store.count(partitionOf(services.vault, districtId), `links.${seen.published.linkEpoch}`),
    ).toBe(0);
  });

  it('move with both former partners freed', async () => {
    await link(pair('a', 'x'));
    await link(pair('b', 'y'));
    const moved = services.auditLog.write(districtId, { action: 'link_moved', at: 1, by: 'clever', account: 'a' });
    expect(await services.links.between(await rosterNow(), 'a', 'y').move(moved)).toBe(true);
    expect(await services.auditLog.list(districtId, 1)).toMatchObject([{ action: 'link_moved', account: 'a' }]);
    expect(await state(pair('a', 'y'))).toBe('linked');
    expect(await state(pair('b', 'z'))).toBe('free');
    expect(await state(pair('c', 'x'))).toBe('free');
  });

  it.each([
    ['links were released at once', () => services.links.releaseAll(districtId)],
    ['the roster was published', () => services.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' })))],
  ])('do not move, and no log says that they did, after %s meanwhile', async (_what, change) => {
    await link(pair('a', 'x'));
    const late = services.links.between(await rosterNow(), 'a', 'y');
    await change();
    const moved = services.auditLog.write(districtId, { action: 'link_moved', at: 1, by: 'clever', account: 'a' });
    expect(await late.move(moved)).toBe(false);
    expect(await services.auditLog.list(districtId, 1)).toEqual([]);
    expect(await services.links.findAccountId(await rosterNow(), 'y')).toBeUndefined();
  });

  it('are not believed when bytes of another link are put in their place', async () => {
    await link(pair('a', 'x'));
    await link(pair('b', 'y'));
    const partition = partitionOf(services.vault, districtId);
    const table = `links.${(await rosterNow()).published.linkEpoch}`;
    const at = ['x', 'y'].map((id) => ({ partition, table, id: `c.${services.vault.blind('clever-id', id)}` }));
    const [first, second] = at;
    const [one, other] = await services.store.get(at);
    if (!first || !second || !one || !other) throw new Error('no links');
    await services.store.put(first, other);
    await services.store.put(second, one);
    expect(await services.links.findAccountId(await rosterNow(), 'x')).toBeUndefined();
    expect(await state(pair('a', 'x'))).toBe('taken');
    expect(await state(pair('b', 'x'))).toBe('taken');
    expect(await link(pair('b', 'x'))).toBe(false);
  });
});
