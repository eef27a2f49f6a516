// The main promise of the bridge, over generated rosters and identities: no user gets an account whose email differs
// by a single code unit (email-less Secure Sync students by Clever id apart), or of another district, kind or Clever id.
import fc from 'fast-check';
import type { Method } from '../../src/identity/candidate.ts';
import { foldings } from '../../src/identity/folding.ts';
import type { Account } from '../../src/roster/account.ts';
import type { Directory } from '../../src/roster/directory.ts';
import type { Links } from '../../src/roster/links.ts';
import { accountTables, type PublishedRoster, type PublishedRosters } from '../../src/roster/published-roster.ts';
import type { SessionRegistry } from '../../src/session/session-registry.ts';
import { createDecideSignIn } from '../../src/sign-in/decide-sign-in.ts';
import type { Store, Write } from '../../src/store/store.ts';
import { opening } from './decider.ts';

const districts = ['juniper', 'wexley', 'unpublished'] as const;
type DistrictId = (typeof districts)[number];

interface Placed extends Account {
  readonly districtId: DistrictId;
}

// Addresses that are near each other in every way that ever fooled a matcher.
const addresses = [
  'ann@x.example',
  'Ann@x.example',
  'ann@X.example',
  'ann@x.example ',
  ' ann@x.example',
  'аnn@x.example',
  'ａnn@x.example',
  'ann\u200b@x.example',
  'an.n@x.example',
  'ann+1@x.example',
  'ann@x.exampIe',
  'ann@y.example',
  'ána@x.example',
  'a\u0301na@x.example',
  'ﬁ@x.example',
  'fi@x.example',
  'ı@x.example',
  'i@x.example',
  'ß@x.example',
  'ss@x.example',
  'bob@x.example',
];

const email = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...addresses) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }).map((local) => `${local}@x.example`) },
);
const cleverId = fc.constantFrom('c1', 'c2', 'c3', 'C1');
const name = fc.constantFrom('Ann', 'ann', 'Bob');

const account: fc.Arbitrary<Placed> = fc
  .record({
    districtId: fc.constantFrom<DistrictId>('juniper', 'wexley'),
    record: fc.constantFrom('student', 'teacher', 'staff'),
    sisId: fc.constantFrom('1', '2', '3'),
    givenName: name,
    familyName: name,
    sources: fc.uniqueArray(
      fc.record({
        method: fc.constantFrom<Method>('sftp', 'manual', 'secure-sync'),
        email: fc.option(email, { nil: undefined, freq: 4 }),
        cleverId: fc.option(cleverId, { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3, selector: ({ method }) => method },
    ),
  })
  .map(({ districtId, record, sisId, sources, ...names }) => ({
    districtId,
    record,
    kind: record === 'student' ? ('student' as const) : ('employee' as const),
    role: record,
    sisId,
    ...names,
    accountId: `${districtId}/${record}/${sisId}`,
    // Only Secure Sync gives a Clever id.
    sources: sources.map(({ method, email, cleverId }) => ({
      method,
      email,
      cleverId: method === 'secure-sync' ? cleverId : undefined,
      place: { file: 'f' },
    })),
    schoolIds: [],
    grade: undefined,
    furtherIds: [],
  }));

const world = fc.record({
  accounts: fc.uniqueArray(account, { maxLength: 7, selector: ({ accountId }) => accountId }),
  dropped: fc.array(account, { maxLength: 2 }),
  links: fc.array(fc.record({ account: fc.nat(6), cleverId }), { maxLength: 3 }),
  people: fc.array(
    fc.record({
      district: fc.constantFrom('juniper', 'wexley', 'unpublished', 'nowhere', undefined),
      user_type: fc.constantFrom('student', 'student', 'teacher', 'staff', 'district_admin', 'contact'),
      sub: cleverId,
      email: fc.oneof(
        { weight: 8, arbitrary: email },
        { weight: 1, arbitrary: fc.constantFrom(undefined, null, '', 7) },
      ),
      given_name: name,
      family_name: name,
      /** A person of the roster whom this person is like, except for the given differences. */
      like: fc.record({
        account: fc.nat(9),
        source: fc.nat(2),
        but: fc.subarray(['district', 'user_type', 'sub', 'email'], { maxLength: 2 }),
      }),
    }),
    { minLength: 10, maxLength: 12 },
  ),
});

/** Everything behind the ports, in memory; nothing here decides. */
function createWorld({ accounts, dropped, links: given }: { accounts: Placed[]; dropped: Placed[]; links: Link[] }) {
  const linked = new Map<string, string>();
  for (const { account: index, cleverId } of given) {
    const found = accounts[index];
    if (found !== undefined) join({ districtId: found.districtId, accountId: found.accountId, cleverId });
  }
  const before = new Map(linked);

  function keys({ districtId, accountId, cleverId }: Pair) {
    return [`${districtId} a ${accountId}`, `${districtId} c ${cleverId}`] as const;
  }
  function stateOf(pair: Pair) {
    const [ofAccount, ofClever] = keys(pair);
    const [toClever, toAccount] = [linked.get(ofAccount), linked.get(ofClever)];
    if (toClever === undefined && toAccount === undefined) return 'free' as const;
    return toClever === pair.cleverId && toAccount === pair.accountId ? ('linked' as const) : ('taken' as const);
  }
  function join(pair: Pair): void {
    if (stateOf(pair) === 'taken') return;
    const [ofAccount, ofClever] = keys(pair);
    linked.set(ofAccount, pair.cleverId);
    linked.set(ofClever, pair.accountId);
  }

  const inDistrict = (all: readonly Placed[], districtId: string) =>
    all.filter((each) => each.districtId === districtId);
  const looksLike = ({ sources }: Account, address: string) =>
    sources.some((source) => source.email !== undefined && overlap(foldingsOf(source.email), foldingsOf(address)));
  const byEmail = (districtId: string, address: string) =>
    inDistrict(accounts, districtId).filter((each) => looksLike(each, address));
  const byCleverId = (districtId: string, id: string) =>
    inDistrict(accounts, districtId).filter(({ sources }) => sources.some((source) => source.cleverId === id));
  const directory: Directory = {
    findByEmail: async ({ districtId }, address) => byEmail(districtId, address),
    findByEmails: async ({ districtId }, addresses) => addresses.map((address) => byEmail(districtId, address)),
    findFormerByEmail: async ({ districtId }, address) =>
      inDistrict(dropped, districtId).filter((each) => looksLike(each, address)),
    findByCleverId: async ({ districtId }, id) => byCleverId(districtId, id),
    findByCleverIds: async ({ districtId }, ids) => ids.map((id) => byCleverId(districtId, id)),
    findByName: async ({ districtId }, givenName, familyName) =>
      inDistrict(accounts, districtId).filter((each) => each.givenName === givenName && each.familyName === familyName),
    findByNameAlike: async () => [],
    findByFurtherId: async () => [],
    findMany: async ({ districtId }, accountIds) =>
      inDistrict(accounts, districtId).filter((each) => accountIds.includes(each.accountId)),
    find: async ({ districtId }, accountId) =>
      inDistrict(accounts, districtId).find((each) => each.accountId === accountId),
  };

  let wanted: Pair | undefined;
  const noWrite: Write = { kind: 'remove', at: { partition: 'p', id: 'x' } };
  const links: Links = {
    between({ districtId }, accountId, cleverId) {
      const pair = { districtId, accountId, cleverId };
      return {
        conditions() {
          wanted = pair;
          return [];
        },
        writes: () => [],
        state: async () => stateOf(pair),
        findTaken: async () => [],
        confirm: async () => undefined,
        async move() {
          const [ofAccount, ofClever] = keys(pair);
          linked.delete(`${districtId} c ${linked.get(ofAccount)}`);
          linked.delete(`${districtId} a ${linked.get(ofClever)}`);
          linked.delete(ofAccount);
          linked.delete(ofClever);
          join(pair);
          return true;
        },
      };
    },
    areTaken: async ({ districtId }, pairs) => pairs.map((pair) => stateOf({ districtId, ...pair }) === 'taken'),
    count: async () => 0,
    findLinkedToOthers: async () => new Set(),
    findAccountId: async ({ districtId }, id) => linked.get(`${districtId} c ${id}`),
    release: async () => false,
    releaseAll: async () => undefined,
    carry: async () => 'not_linked',
    findLinked: async () => [],
    findHolder: async () => undefined,
  };
  const registry: Pick<SessionRegistry, 'write' | 'sessionEpoch'> = {
    write: () => noWrite,
    sessionEpoch: async () => ({
      id: 'gate',
      unchanged: { at: { partition: 'p', table: 'ended', id: 'gate' }, oneOf: [] },
    }),
  };
  const store: Pick<Store, 'commit'> = {
    async commit() {
      if (wanted === undefined || stateOf(wanted) === 'taken') return false;
      join(wanted);
      return true;
    },
  };
  const rosters: Pick<PublishedRosters, 'read'> = {
    read: async (districtId) => ({
      districtId,
      published: districtId === 'unpublished' ? unpublished : published,
      unchanged: { at: { partition: 'p', id: 'standing' }, oneOf: [] },
    }),
  };
  const unused = new Proxy({}, { get: () => () => Promise.reject(new Error('not expected')) });
  const decide = createDecideSignIn({
    store: Object.assign(Object.create(unused), store),
    rosters: Object.assign(Object.create(unused), rosters),
    registry: Object.assign(Object.create(unused), registry),
    directory,
    links,
    auditLog: Object.assign(Object.create(unused), { write: () => noWrite }),
    endSessions: { ofAccount: async () => undefined },
    lastSuccesses: { writes: () => [noWrite] },
    sessionTtlSeconds: 60,
    findDistrict: async (id) =>
      districts.some((each) => each === id)
        ? { id, cleverId: id, name: id, rostering: ['sftp', 'manual', 'secure-sync:full'] }
        : undefined,
    adoptMethods: async () => Promise.reject(new Error('not expected')),
    readRecords: async () => [],
    refreshPerson: async () => false,
  });
  return { decide, linkedBefore: before, linked };
}

interface Pair {
  readonly districtId: string;
  readonly accountId: string;
  readonly cleverId: string;
}

interface Link {
  readonly account: number;
  readonly cleverId: string;
}

function resemble(
  accounts: readonly Placed[],
  { account: index, source, but }: { account: number; source: number; but: readonly string[] },
): { district?: string; user_type?: string; sub?: string; email?: string | undefined } {
  const found = accounts[index];
  if (found === undefined) return {};
  const { email, cleverId } = found.sources[source % found.sources.length] ?? {};
  return {
    ...(but.includes('district') ? {} : { district: found.districtId }),
    ...(but.includes('user_type') ? {} : { user_type: found.record }),
    ...(but.includes('email') ? {} : { email }),
    ...(but.includes('sub') || cleverId === undefined ? {} : { sub: cleverId }),
  };
}

const everyMethod: readonly Method[] = ['sftp', 'manual', 'secure-sync'];
const report = {} as never;
const generation = { id: 'g', at: 0, report };
const unpublished: PublishedRoster = { version: 0, feeds: {}, methods: everyMethod, linkEpoch: 0 };
const published: PublishedRoster = {
  version: 1,
  linkEpoch: 0,
  methods: everyMethod,
  feeds: { sftp: { active: generation }, manual: { active: generation }, 'secure-sync': { active: generation } },
};

const folded = new Map<string, readonly string[]>();
function foldingsOf(address: string): readonly string[] {
  const known = folded.get(address) ?? foldings(address);
  if (folded.size < 10_000) folded.set(address, known);
  return known;
}
const overlap = (some: readonly string[], others: readonly string[]) => some.some((each) => others.includes(each));

it('has a fake that publishes what it says', () => {
  expect(accountTables(published, 'active')).toHaveLength(3);
});

it('gives no user an account that is not exactly theirs', async () => {
  let decisions = 0;
  const counts = { email: 0, clever_id: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(world, async ({ people, ...given }) => {
      const { decide, linked } = createWorld(given);
      for (const { like, ...other } of people) {
        const claims = { ...other, ...resemble(given.accounts, like) };
        decisions += 1;
        const before = new Map(linked);
        const outcome = await decide(claims, opening);
        if (outcome.kind === 'refused') {
          counts.refused += 1;
          expectSame(linked, before);
          continue;
        }
        const { sub, district, matched, role } = outcome.claims;
        counts[matched.by] += 1;
        const got = given.accounts.find(({ accountId }) => accountId === sub);
        if (got === undefined) throw new Error('an unknown account');
        // A Secure Sync roster is the link itself, whatever was linked before.
        const isPinned = got.sources.some((source) => source.cleverId === claims.sub);
        const holds = [
          claims.district === got.districtId && district === got.districtId,
          (claims.user_type === 'student') === (got.kind === 'student') && claims.user_type !== 'contact',
          role === got.role,
          matched.by === 'email'
            ? got.sources.some((source) => source.email !== undefined && source.email === claims.email)
            : !claims.email &&
              got.sources.every((source) => source.email === undefined) &&
              got.sources.some((source) => source.method === 'secure-sync' && source.cleverId === claims.sub),
          given.accounts.filter(
            (each) =>
              matched.by === 'email' &&
              each.districtId === got.districtId &&
              each.kind === got.kind &&
              each.sources.some((source) => source.email === claims.email),
          ).length <= 1,
          isPinned || (before.get(`${district} a ${sub}`) ?? claims.sub) === claims.sub,
          isPinned || (before.get(`${district} c ${claims.sub}`) ?? sub) === sub,
          linked.get(`${district} a ${sub}`) === claims.sub,
          given.accounts.every(
            (each) =>
              each.districtId !== got.districtId ||
              each === got ||
              isPinned ||
              !each.sources.some((source) => source.cleverId === claims.sub),
          ),
        ];
        if (holds.includes(false)) throw new Error(`rule ${holds.indexOf(false)} is broken`);
      }
    }),
    { numRuns: 20_000 },
  );
  expect(decisions).toBeGreaterThanOrEqual(200_000);
  expect(counts.email).toBeGreaterThan(5_000);
  expect(counts.clever_id).toBeGreaterThan(50);
}, 300_000);

function expectSame(some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): void {
  if (some.size !== others.size) throw new Error('a refusal made a link');
}
