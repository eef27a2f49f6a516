// Rosters on which a careless look-up would be slow: thousands with one address, thousands with one name, a domain that was
// renamed. One such sign-in costs at most three times an ordinary miss: counted in the commands to the store and the pages
// of the roster that are read, opened and gone through, which is where its CPU goes. Not timed.
import type { Store } from '../../src/store/store.ts';
import { feed, student, students } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from './decider.ts';

const maxTimesMiss = 3;
const asked = { commands: 0, pages: 0 };

const counting = (store: Store): Store => ({
  ...store,
  get(...given) {
    asked.commands += 1;
    return store.get(...given);
  },
  find(...given) {
    asked.commands += 1;
    return store.find(...given);
  },
  page(...given) {
    asked.commands += 1;
    return store.page(...given);
  },
  put(...given) {
    asked.commands += 1;
    return store.put(...given);
  },
  commit(...given) {
    asked.commands += 1;
    return store.commit(...given);
  },
  async lookUp(...given) {
    asked.commands += 1;
    const found = await store.lookUp(...given);
    asked.pages += found.reduce((sum, { pages }) => sum + pages.length, 0);
    return found;
  },
});

const one = (of: string, count: number, same: { email?: string; givenName?: string; familyName?: string }) =>
  Array.from({ length: count }, (_, index) =>
    student({ sisId: `${of}${index}`, email: `${of}${index}@juniper.example`, ...same }),
  );

describe.each(engines)('a sign-in in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let miss: number;

  beforeAll(async () => {
    storeFixture = await start();
    services = await createServices(counting(await storeFixture.place().open()));
    await services.districts.put(juniper);
    const result = await services.publisher.publish(
      juniper.id,
      'sftp',
      feed(
        ...students(500),
        ...one('placed', 2_000, { email: 'office@juniper.example' }),
        ...one('named', 20_000, { givenName: 'Ann', familyName: 'Lee' }),
      ),
    );
    expect(result).toMatchObject({ kind: 'published' });
    const ordinary = await signIn({ email: 'nobody@juniper.example', given_name: 'No', family_name: 'Body' });
    expect(ordinary.code).toBe('not_rostered');
    miss = ordinary.cost;
    expect(miss).toBeGreaterThan(5);
  }, 120_000);
  afterAll(() => storeFixture.stop());

  async function signIn(change: Record<string, unknown>) {
    Object.assign(asked, { commands: 0, pages: 0 });
    const decided = await createDecider(services)(claimsOf({ sub: 'a-newcomer', ...change }), opening);
    return { code: 'code' in decided ? decided.code : decided.kind, cost: asked.commands + asked.pages };
  }

  it.each([
    ['with the address of 2,000', 'ambiguous', { email: 'office@juniper.example' }],
    ['with that address in capitals', 'ambiguous', { email: 'Office@juniper.example' }],
    ['with the name of 20,000', 'not_rostered', { email: 'x@juniper.example', given_name: 'Ann', family_name: 'Lee' }],
    ['from a renamed domain', 'email_mismatch', { email: 'student.s0@renamed.example' }],
    [
      'from a renamed domain, with the name of 20,000',
      'not_rostered',
      { email: 'named7@renamed.example', given_name: 'Ann', family_name: 'Lee' },
    ],
  ])('%s is %s and costs no more than three ordinary misses', async (_, code, change) => {
    const { cost, ...decided } = await signIn(change);
    expect(decided).toEqual({ code });
    expect(cost).toBeLessThanOrEqual(maxTimesMiss * miss);
  });
});
