// Whether many people get in, asked together: the same answer as for each alone, in as many reads as for one.
import { countingReads } from '../../bench/counting-reads.ts';
import type { Identity, Kind } from '../../src/identity/identity.ts';
import { decideMatch, wouldMatch } from '../../src/roster/decide-match.ts';
import { feed, staff, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const at = (name: string): Identity['email'] => ({ kind: 'plain', address: `${name}@juniper.example` });

describe.each(engines)('whether many get in, in $name', ({ start }) => {
  const seen = { reads: 0 };
  let storeFixture: StoreFixture;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
    services = await createServices(countingReads(await storeFixture.place().open(), seen));
    const crowd = students(40, () => ({ email: 'office@juniper.example' }));
    await services.publisher.publish(
      districtId,
      'sftp',
      feed(
        ...crowd,
        student({ sisId: 'ann', email: 'ann@juniper.example' }),
        student({ sisId: 'bo', email: 'bo@juniper.example' }),
        student({ sisId: 'cy', email: 'cy@juniper.example' }),
        teacher({ sisId: 'ann', email: 'ANN@juniper.example' }),
        staff({ sisId: 'dot', email: 'dot@juniper.example' }),
      ),
    );
    await services.publisher.publish(
      districtId,
      'secure-sync',
      feed(
        student({ sisId: 'cy', email: 'cy@juniper.example', cleverId: 'clever-cy' }),
        student({ sisId: 'eve', email: undefined, cleverId: 'clever-eve' }),
      ),
    );
    const roster = await services.readDistrictRoster(districtId, 0);
    const [bo] = await roster.findByEmail('bo@juniper.example');
    const link = roster.link(bo?.accountId ?? '', 'clever-bo');
    expect(await services.store.commit(link.conditions(), link.writes())).toBe(true);
  });
  afterAll(() => storeFixture.stop());

  const identity = (kind: Kind, cleverId: string, email: Identity['email']): Identity => ({
    kind,
    userType: kind === 'student' ? 'student' : 'teacher',
    cleverId,
    cleverDistrict: 'd',
    email,
    givenName: undefined,
    familyName: undefined,
  });
  const people: readonly (readonly [getsIn: boolean, Identity])[] = [
    [true, identity('student', 'clever-ann', at('ann'))],
    [false, identity('employee', 'clever-ann', at('ann'))],
    [true, identity('employee', 'clever-dot', at('dot'))],
    [false, identity('student', 'clever-dot', at('dot'))],
    [true, identity('student', 'clever-bo', at('bo'))],
    [false, identity('student', 'another', at('bo'))],
    [false, identity('student', 'clever-bo', at('ann'))],
    [true, identity('student', 'clever-cy', at('cy'))],
    [false, identity('student', 'another', at('cy'))],
    [false, identity('student', 'clever-cy', at('ann'))],
    [true, identity('student', 'clever-eve', { kind: 'absent' })],
    [false, identity('employee', 'clever-eve', { kind: 'absent' })],
    [false, identity('student', 'clever-nobody', { kind: 'absent' })],
    [false, identity('student', 'clever-crowd', at('office'))],
    [false, identity('student', 'clever-none', at('nobody'))],
    [false, identity('student', 'clever-none', { kind: 'invalid' })],
  ];

  it('says of each what is said of it alone', async () => {
    const roster = await services.readDistrictRoster(districtId, 0);
    const all = people.map(([, each]) => each);
    const expected = people.map(([getsIn]) => getsIn);
    expect(await wouldMatch(roster, all)).toEqual(expected);
    expect(await wouldMatch(roster, all.toReversed())).toEqual(expected.toReversed());
    for (const [getsIn, each] of people) {
      expect([each, await wouldMatch(roster, [each])]).toEqual([each, [getsIn]]);
      expect([each, (await decideMatch(roster, each)).kind === 'matched']).toEqual([each, getsIn]);
    }
    expect(await wouldMatch(roster, [])).toEqual([]);
  });

  it('takes as many reads for fifty as for one', async () => {
    const roster = await services.readDistrictRoster(districtId, 0);
    const readsOf = async (asked: readonly Identity[]) => {
      seen.reads = 0;
      await wouldMatch(roster, asked);
      return seen.reads;
    };
    const one = await readsOf([identity('student', 'clever-ann', at('ann'))]);
    expect(await readsOf(Array.from({ length: 50 }, () => identity('student', 'clever-ann', at('ann'))))).toBe(one);
  });

  it('matches no user where no roster is published', async () => {
    const roster = await services.readDistrictRoster('unpublished', 0);
    expect(await wouldMatch(roster, [identity('student', 'clever-ann', at('ann'))])).toEqual([false]);
  });
});
