// Links: made once, released, moved, and never believed when they were copied from elsewhere.
import { partitionOf } from '../../src/roster/district.ts';
import type { Pair } from '../../src/roster/links.ts';
import { feed, student } from '../support/feeds.ts';
import { furnish, type TestOffice } from '../support/office.ts';
import { engines, type Ground, type Place } from '../support/stores.ts';

const districtId = 'juniper-flats';
const pair = (accountId: string, cleverId: string, district = districtId): Pair => ({
  districtId: district,
  accountId,
  cleverId,
});

describe.each(engines)('links in $name', ({ start }) => {
  let ground: Ground;
  let place: Place;
  let office: TestOffice;

  beforeAll(async () => {
    ground = await start();
  });
  beforeEach(async () => {
    place = ground.place();
    office = await furnish(await place.open());
  });
  afterAll(() => ground.stop());

  const standingNow = async () => (await office.standings.read(districtId, 0)).standing;
  const state = async (wanted: Pair) => office.links.state(await standingNow(), wanted);
  async function link(wanted: Pair, by: TestOffice = office): Promise<boolean> {
    const standing = await standingNow();
    return by.store.commit(by.links.conditions(standing, wanted), by.links.writes(standing, wanted));
  }

  it('are made once and stay as they are when made again', async () => {
    expect(await state(pair('a', 'x'))).toBe('free');
    expect(await link(pair('a', 'x'))).toBe(true);
    expect(await link(pair('a', 'x'))).toBe(true);
    expect(await state(pair('a', 'x'))).toBe('linked');
    expect(await office.links.findAccountId(districtId, await standingNow(), 'x')).toBe('a');
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
    const other = await furnish(await place.open());
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => link(pair('a', `racer-${index}`), index % 2 ? office : other)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await state(pair('a', `racer-${results.indexOf(true)}`))).toBe('linked');
  });

  it('are released one by one, both sides', async () => {
    await link(pair('a', 'x'));
    await link(pair('b', 'y'));
    expect(await office.links.release(districtId, 'a')).toBe(true);
    expect(await office.links.release(districtId, 'a')).toBe(false);
    expect(await link(pair('a', 'z'))).toBe(true);
    expect(await link(pair('c', 'x'))).toBe(true);
    expect(await state(pair('b', 'y'))).toBe('linked');
  });

  it('are released all at once, and one under way meanwhile is not made', async () => {
    await link(pair('a', 'x'));
    const seen = await office.standings.read(districtId, 0);
    await office.links.releaseAll(districtId);
    expect(await state(pair('a', 'y'))).toBe('free');
    const late = office.links.writes(seen.standing, pair('a', 'x'));
    expect(
      await office.store.commit([seen.unchanged, ...office.links.conditions(seen.standing, pair('a', 'x'))], late),
    ).toBe(false);
    expect(await office.store.count(partitionOf(office.vault, districtId), `links.${seen.standing.linkEpoch}`)).toBe(0);
  });

  it('move with both former partners freed', async () => {
    await link(pair('a', 'x'));
    await link(pair('b', 'y'));
    const moved = office.trail.write(districtId, { action: 'link_moved', at: 1, by: 'clever', account: 'a' });
    expect(await office.links.move(await office.standings.read(districtId, 0), pair('a', 'y'), moved)).toBe(true);
    expect(await office.trail.list(districtId, 1)).toMatchObject([{ action: 'link_moved', account: 'a' }]);
    expect(await state(pair('a', 'y'))).toBe('linked');
    expect(await state(pair('b', 'z'))).toBe('free');
    expect(await state(pair('c', 'x'))).toBe('free');
  });

  it.each([
    ['links were released at once', () => office.links.releaseAll(districtId)],
    ['the roster was published', () => office.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' })))],
  ])('do not move, and nothing tells that they did, after %s meanwhile', async (_what, change) => {
    await link(pair('a', 'x'));
    const seen = await office.standings.read(districtId, 0);
    await change();
    const moved = office.trail.write(districtId, { action: 'link_moved', at: 1, by: 'clever', account: 'a' });
    expect(await office.links.move(seen, pair('a', 'y'), moved)).toBe(false);
    expect(await office.trail.list(districtId, 1)).toEqual([]);
    expect(await office.links.findAccountId(districtId, await standingNow(), 'y')).toBeUndefined();
  });

  it('are not believed when bytes of another link are put in their place', async () => {
    await link(pair('a', 'x'));
    await link(pair('b', 'y'));
    const partition = partitionOf(office.vault, districtId);
    const table = `links.${(await standingNow()).linkEpoch}`;
    const at = ['x', 'y'].map((id) => ({ partition, table, id: `c.${office.vault.blind('clever-id', id)}` }));
    const [first, second] = at;
    const [one, other] = await office.store.get(at);
    if (!first || !second || !one || !other) throw new Error('no links');
    await office.store.put(first, other);
    await office.store.put(second, one);
    expect(await office.links.findAccountId(districtId, await standingNow(), 'x')).toBeUndefined();
    expect(await state(pair('a', 'x'))).toBe('taken');
    expect(await state(pair('b', 'x'))).toBe('taken');
    expect(await link(pair('b', 'x'))).toBe(false);
  });
});
