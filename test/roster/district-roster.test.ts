// The handle over one district's published roster: one state for every look-up, and the condition of commits.
import type { DistrictRoster } from '../../src/roster/district-roster.ts';
import { feed, student } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const address = 'ann@juniper.example';

describe.each(engines)("one district's published roster, $name", ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open());
    await publish(student({ sisId: '1', email: address, givenName: 'Ann', familyName: 'Lee' }));
  });
  afterAll(() => storeFixture.stop());

  const publish = async (person: ReturnType<typeof student>) => {
    const result = await services.publisher.publish(districtId, 'sftp', feed(person), { approve: true });
    expect(result.kind).toBe('published');
  };
  const read = () => services.readDistrictRoster(districtId, 0);
  const accountOf = async (roster: DistrictRoster) => {
    const [account] = await roster.findByEmail(address);
    if (account === undefined) throw new Error('not found');
    return account;
  };
  const commit = (roster: DistrictRoster) => services.store.commit([roster.unchanged], []);

  it('answers every look-up from the roster that was read, also after another was published', async () => {
    const before = await read();
    const { accountId } = await accountOf(before);
    await publish(student({ sisId: '2', email: 'bo@juniper.example', givenName: 'Bo', familyName: 'Ray' }));

    expect(await before.find(accountId)).toMatchObject({ sisId: '1' });
    expect(await before.findByName('Ann', 'Lee')).toMatchObject([{ sisId: '1' }]);
    expect(await before.findByEmail('bo@juniper.example')).toEqual([]);
    const after = await read();
    expect(await after.find(accountId)).toBeUndefined();
    expect(await after.findFormerByEmail(address)).toMatchObject([{ sisId: '1' }]);
    expect(await after.findByEmail('bo@juniper.example')).toMatchObject([{ sisId: '2' }]);
  });

  it('lets no commit through that rests on a roster which was replaced', async () => {
    const before = await read();
    expect(await commit(before)).toBe(true);
    await publish(student({ sisId: '2', email: 'bo@juniper.example' }));
    expect([await commit(before), await commit(await read())]).toEqual([false, true]);
  });

  it('links an account to a Clever id by one commit, and finds it back', async () => {
    const roster = await read();
    const { accountId } = await accountOf(roster);
    const link = roster.link(accountId, 'clever-1');
    expect(await link.state()).toBe('free');
    expect(await services.store.commit([roster.unchanged, ...link.conditions()], link.writes())).toBe(true);
    expect(await link.state()).toBe('linked');
    expect(await roster.findLinkedAccountId('clever-1')).toBe(accountId);

    const other = roster.link(accountId, 'clever-2');
    expect([await other.state(), await other.findTaken()]).toEqual(['taken', ['account']]);
    expect(await services.store.commit(other.conditions(), other.writes())).toBe(false);
  });
});
