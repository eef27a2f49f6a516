// Random sequences of changes of a district's methods, publishes, rollbacks and approvals, by all methods, against the
// simplest model there is: which people the rosters of its present methods have. Whatever comes, no address outside of them
// matches, and who is in none of them is signed out.
import fc from 'fast-check';
import { createPutDistrict } from '../../src/admin/put-district.ts';
import type { Rostering } from '../../src/district/district.ts';
import type { Method } from '../../src/identity/candidate.ts';
import { methodsOf } from '../../src/roster/adopt-methods.ts';
import { feed, students } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { embedded, redis, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';

const sisIds = ['1', '2', '3', '4'] as const;
type SisId = (typeof sisIds)[number];
const names = ['Ana', 'Ben'] as const;
const addresses = ['a@x.example', 'b@x.example', 'c@x.example', 'd@x.example'] as const;
const methods = ['sftp', 'manual', 'secure-sync'] as const satisfies readonly Method[];

/** Enough that losing them is held. */
const crowd = 12;

interface Person {
  readonly email: string;
  readonly name: string;
}

interface Sheet {
  /** Each person that is there. */
  readonly people: Readonly<Partial<Record<SisId, Person>>>;
  readonly isCrowded: boolean;
}
interface Feed {
  readonly active?: Sheet | undefined;
  readonly former?: Sheet | undefined;
  readonly held?: Sheet | undefined;
}

type Step =
  | { readonly do: 'put'; readonly rostering: readonly Rostering[]; readonly approve: boolean }
  | { readonly do: 'publish'; readonly method: Method; readonly sheet: Sheet; readonly approve: boolean }
  | { readonly do: 'rollback' | 'approve'; readonly method: Method };

const method = fc.constantFrom(...methods);
const rostering = fc.constantFrom<readonly Rostering[]>(
  ['sftp'],
  ['manual'],
  ['sftp', 'manual'],
  ['sftp', 'secure-sync:full'],
  ['manual', 'secure-sync:full'],
  ['secure-sync:provisioning'],
  ['sftp', 'secure-sync:provisioning'],
);
const sheet: fc.Arbitrary<Sheet> = fc.record({
  people: fc.dictionary(
    fc.constantFrom(...sisIds),
    fc.record({ email: fc.constantFrom(...addresses), name: fc.constantFrom(...names) }),
    { maxKeys: 4 },
  ),
  isCrowded: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), rostering, approve: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish' as const), method, sheet, approve: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('rollback' as const, 'approve' as const), method }) },
);

const ana = { email: 'a@x.example', name: 'Ana' };
const ben = { email: 'b@x.example', name: 'Ben' };

/** So that every run has a removal that is held, one that is done, a session that it ends, and an id of two people. */
const everyKind: Step[] = [
  { do: 'publish', method: 'manual', sheet: { people: { 1: ana }, isCrowded: true }, approve: true },
  { do: 'publish', method: 'sftp', sheet: { people: { 1: ben, 2: ben }, isCrowded: false }, approve: true },
  { do: 'publish', method: 'sftp', sheet: { people: { 1: ben, 3: ana }, isCrowded: false }, approve: true },
  { do: 'publish', method: 'sftp', sheet: { people: { 2: ben }, isCrowded: false }, approve: true },
  { do: 'put', rostering: ['sftp'], approve: false },
  { do: 'put', rostering: ['sftp'], approve: true },
  { do: 'put', rostering: ['sftp', 'manual'], approve: false },
  { do: 'rollback', method: 'manual' },
];

const feedOf = ({ people, isCrowded }: Sheet) =>
  feed(
    ...Object.entries(people).flatMap(([sisId, { email, name }]) =>
      students(1, () => ({ sisId, email, givenName: name })),
    ),
    ...students(isCrowded ? crowd : 0, (index) => ({ sisId: `crowd-${index}` })),
  );

/** A district and what the model has of it; what is held or refused comes from the bridge, what follows from the model. */
async function createHouse(services: TestServices) {
  const putDistrict = createPutDistrict({ ...services, propagationMs: 0 });
  let feeds: Partial<Record<Method, Feed>> = {};
  let present: readonly Method[] = methodsOf(juniper);
  const counts = { removed: 0, held: 0 };
  await putDistrict(juniper, 'command');

  async function put(next: Extract<Step, { do: 'put' }>): Promise<void> {
    const result = await putDistrict({ ...juniper, rostering: next.rostering }, 'command', { approve: next.approve });
    if (result.kind === 'held') counts.held += 1;
    if (result.kind !== 'done') return;
    counts.removed += result.removed.methods.length;
    present = methodsOf(next);
    feeds = Object.fromEntries(Object.entries(feeds).filter(([each]) => present.some((kept) => kept === each)));
  }

  async function publish(next: Extract<Step, { do: 'publish' }>): Promise<void> {
    const { approve } = next;
    const result = await services.publisher.publish(juniper.id, next.method, feedOf(next.sheet), { approve });
    expect(result.kind === 'refused').toBe(!present.includes(next.method));
    const { active, ...rest } = feeds[next.method] ?? {};
    if (result.kind === 'published') feeds = { ...feeds, [next.method]: { active: next.sheet, former: active } };
    if (result.kind === 'held') feeds = { ...feeds, [next.method]: { ...rest, active, held: next.sheet } };
  }

  async function switchTo(next: Extract<Step, { do: 'rollback' | 'approve' }>): Promise<void> {
    const result = await services.publisher[next.do](juniper.id, next.method);
    if (result.kind === 'refused') return;
    const { active, former, held } = feeds[next.method] ?? {};
    const after = next.do === 'approve' ? { active: held, former: active } : { active: former, held };
    expect(after.active).toBeDefined();
    feeds = { ...feeds, [next.method]: after };
  }

  return {
    counts,
    async take(next: Step): Promise<void> {
      if (next.do === 'put') return put(next);
      return next.do === 'publish' ? publish(next) : switchTo(next);
    },
    /** The people that a roster of a present method gives the address. */
    holders: (address: string): SisId[] =>
      sisIds.filter((sisId) => present.some((each) => feeds[each]?.active?.people[sisId]?.email === address)),
    /** The rosters of two present methods have another name and another address for it. */
    isOfTwoPeople(sisId: SisId): boolean {
      const people = present.flatMap((each) => feeds[each]?.active?.people[sisId] ?? []);
      return people.some((one) => people.some((other) => one.email !== other.email && one.name !== other.name));
    },
    isRostered: (sisId: SisId): boolean => present.some((each) => feeds[each]?.active?.people[sisId] !== undefined),
  };
}

describe.each([
  [embedded, 40],
  [redis, 10],
] as const)('the methods of a district, whatever comes, in $name', (engine, numRuns) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  it('only rosters of the present methods match a sign-in', async () => {
    const seen = { removed: 0, held: 0, signedIn: 0, ended: 0, ofTwo: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const services = await createServices(await storeFixture.place().open());
        const fixture = await createHouse(services);
        const decide = createDecider(services);
        let sessions: { readonly sisId: SisId; readonly sid: string; readonly accountId: string }[] = [];
        for (const next of steps) {
          await fixture.take(next);
          for (const { sisId, sid, accountId } of sessions) {
            const isOpen = (await services.registry.find({ districtId: juniper.id, sid, accountId })) !== undefined;
            expect(isOpen && !fixture.isRostered(sisId)).toBe(false);
            expect(isOpen && fixture.isOfTwoPeople(sisId)).toBe(false);
            if (!isOpen) seen.ended += 1;
          }
          for (const email of addresses) {
            const outcome = await decide(claimsOf({ email, sub: `clever-${email}` }), opening);
            const holders = fixture.holders(email);
            const isOfTwo = holders.some(fixture.isOfTwoPeople);
            if (isOfTwo) expect(outcome).toMatchObject({ kind: 'refused', code: 'ambiguous' });
            if (isOfTwo) seen.ofTwo += 1;
            if (outcome.kind === 'refused') continue;
            expect(holders).toHaveLength(1);
            const roster = await services.rosters.read(juniper.id, 0);
            const account = await services.directory.find(roster, outcome.claims.sub);
            expect(account?.sisId).toBe(holders[0]);
            seen.signedIn += 1;
            const { sid, sub: accountId } = outcome.claims;
            sessions.push({ sisId: holders[0] ?? '1', sid, accountId });
          }
          sessions = sessions.slice(-6);
          await services.links.releaseAll(juniper.id);
        }
        seen.removed += fixture.counts.removed;
        seen.held += fixture.counts.held;
      }),
      { numRuns, examples: [[everyKind]] },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  }, 300_000);
});
