// One address, or one name, for thousands of people: what a look-up reads stays small, and is refused as ambiguous all the
// same; who shares the address with another kind of account only, gets in.
import type { Kind } from '../../src/identity/identity.ts';
import { maxFoundAlike } from '../../src/identity/match-account.ts';
import { decideMatch } from '../../src/roster/decide-match.ts';
import type { Store } from '../../src/store/store.ts';
import { feed, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const address = 'office@juniper.example';
const crowd = 2_000;
/** Of each kind, and by each of the two foldings of an address. */
const maxFound = 2 * 2 * (maxFoundAlike + 1);

describe.each(engines)('an address and a name of thousands, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let accountsRead = 0;

  beforeAll(async () => {
    storeFixture = await start();
    const store = await storeFixture.place().open();
    const counting: Store = {
      ...store,
      async lookUp(...asked) {
        const found = await store.lookUp(...asked);
        accountsRead += found.reduce((sum, { ids }) => sum + ids.length, 0);
        return found;
      },
    };
    services = await createServices(counting);
    const alike = { email: address, givenName: 'Ann', familyName: 'Lee' };
    const result = await services.publisher.publish(
      districtId,
      'sftp',
      feed(
        ...students(crowd, () => alike),
        student({ sisId: 'capital', email: 'Office@juniper.example' }),
        teacher({ sisId: 't1', email: address, givenName: 'Ann', familyName: 'Lee' }),
      ),
    );
    expect(result).toMatchObject({ kind: 'published', report: { finding_counts: { email_shared: crowd } } });
  });
  beforeEach(() => {
    accountsRead = 0;
  });
  afterAll(() => storeFixture.stop());

  async function decide(email: string, kind: Kind) {
    const names = { givenName: 'Ann', familyName: 'Lee' };
    const identity = { kind, userType: kind, cleverId: 'c', cleverDistrict: 'd', ...names };
    return decideMatch(await services.readDistrictRoster(districtId, 0), {
      ...identity,
      email: { kind: 'plain', address: email },
    });
  }

  it('refuses each of them as ambiguous, having read a few', async () => {
    const decided = await decide(address, 'student');
    expect(decided).toMatchObject({ kind: 'refused', code: 'ambiguous' });
    expect('about' in decided && decided.about.length).toBeLessThanOrEqual(maxFound);
    expect(accountsRead).toBeLessThanOrEqual(maxFound);
  });

  it('lets in the one employee who has the address of all the students', async () => {
    expect(await decide(address, 'employee')).toMatchObject({ kind: 'matched', candidate: { sisId: 't1' } });
  });

  it('never matches one among so many look-alikes, since another with the same address may not have been found', async () => {
    expect((await decide('Office@juniper.example', 'student')).kind).toBe('refused');
  });

  it('says of an address that some of so many look-alikes may have that it is ambiguous, not how it differs', async () => {
    for (const alike of ['Office@juniper.example', 'oFFice@juniper.example'])
      expect(await decide(alike, 'student')).toMatchObject({ kind: 'refused', code: 'ambiguous' });
    expect(await decide('Office@juniper.example', 'employee')).toMatchObject({ code: 'email_mismatch' });
  });

  it('takes a name of thousands for no evidence, having read a few', async () => {
    expect(await decide('somebody@juniper.example', 'student')).toMatchObject({ code: 'not_rostered' });
    expect(accountsRead).toBeLessThanOrEqual(2 * maxFound);
  });
});
