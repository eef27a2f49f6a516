// A publish that dies at any of its writes leaves the old roster or the new one, whole, and the next publish finishes
// what was left: sessions of those who left end, and no table stays behind.
import { partitionOf } from '../../src/district/district.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { keysOf } from '../helpers/at-rest.ts';
import { createClock } from '../helpers/clock.ts';
import { enrollment, feed, section, students, teachers } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { embedded, engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';

/** Lets `count` writes through, then fails each; `after` fails the next one only once it is done: its answer was lost. */
function failing(store: Store, count: number, after: boolean): { store: Store; readonly wasReached: () => boolean } {
  let left = count;
  let isDead = false;
  const died = () => new StoreUnavailable(new Error('died'));
  async function pass<Result>(write: () => Promise<Result>): Promise<Result> {
    if (isDead) throw died();
    if (left > 0) {
      left -= 1;
      return write();
    }
    isDead = true;
    if (after) await write();
    throw died();
  }
  const wrapped: Store = {
    ...store,
    put: (...args) => pass(() => store.put(...args)),
    take: (...args) => pass(() => store.take(...args)),
    remove: (...args) => pass(() => store.remove(...args)),
    commit: (...args) => pass(() => store.commit(...args)),
    load: (...args) => pass(() => store.load(...args)),
    drop: (...args) => pass(() => store.drop(...args)),
  };
  return { store: wrapped, wasReached: () => isDead };
}

/** Fails one write, its answer lost after it was done, and goes on as if nothing had been. */
function hiccup(store: Store, at: number): Store {
  let count = -1;
  async function pass<Result>(write: () => Promise<Result>): Promise<Result> {
    count += 1;
    const result = await write();
    if (count === at) throw new StoreUnavailable(new Error('the answer was lost'));
    return result;
  }
  return {
    ...store,
    put: (...args) => pass(() => store.put(...args)),
    commit: (...args) => pass(() => store.commit(...args)),
    load: (...args) => pass(() => store.load(...args)),
    drop: (...args) => pass(() => store.drop(...args)),
  };
}

const oldFeed = () => feed(...students(4), ...teachers(2), section('c1', ['t0']), enrollment('c1', 's0'));
/** s3 leaves, s9 comes, s0 gets another name. */
const newFeed = () =>
  feed(
    ...students(3, (index) => (index === 0 ? { givenName: 'Renamed' } : {})),
    ...students(1, () => ({ sisId: 's9' })),
    ...teachers(2),
    section('c1', ['t0']),
    enrollment('c1', 's0'),
  );

const idsOf = async ({ directory, rosters }: TestServices): Promise<string[]> => {
  const roster = await rosters.read(districtId, 0);
  const found = await Promise.all(
    ['s0', 's1', 's2', 's3', 's9'].map((sisId) => directory.findByEmail(roster, `student.${sisId}@juniper.example`)),
  );
  return found.flat().map(({ sisId, givenName }) => `${sisId} ${givenName}`);
};

const oldRoster = ['s0 Givens0', 's1 Givens1', 's2 Givens2', 's3 Givens3'];
const newRoster = ['s0 Renamed', 's1 Givens1', 's2 Givens2', 's9 Givens9'];

async function openSession(services: TestServices, sisId: string) {
  const roster = await services.rosters.read(districtId, 0);
  const [account] = await services.directory.findByEmail(roster, `student.${sisId}@juniper.example`);
  const session = {
    sid: `session-of-${sisId}`,
    districtId,
    accountId: account?.accountId ?? '',
    rosterVersion: roster.published.version,
    issuedAt: 0,
    expiresAt: 1,
    openedBy: '',
    returnTo: '',
  };
  await services.store.commit([], [services.registry.write(session)]);
  return session;
}

/** Tables of generations and aftermaths that the dump knows, by what comes after the method. */
async function generationsAtRest(store: Store): Promise<Set<string>> {
  const keys = await keysOf(store);
  return new Set(keys.flatMap((key) => /(?:sftp|manual|aftermath)\.[0-9a-z]{17}/.exec(key)?.[0] ?? []));
}

async function used({ rosters }: TestServices): Promise<Set<string>> {
  const roster = await rosters.read(districtId, 0);
  const { active, former, held } = roster.published.feeds.sftp ?? {};
  return new Set([active, former, held?.generation].flatMap((one) => (one === undefined ? [] : [`sftp.${one.id}`])));
}

describe.each([
  ['before it is done', false],
  ['after it is done, its answer lost', true],
])('a publish whose process dies at a write, %s', (_name, isDone) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  afterAll(() => storeFixture.stop());

  it('leaves one of the two rosters whole, wherever it dies, and the next publish leaves no remains', async () => {
    const seen = { old: 0, new: 0 };
    for (let count = 0; ; count += 1) {
      const clock = createClock();
      const store = await storeFixture.place().open(clock);
      const services = await createServices(store, clock);
      await services.publisher.publish(districtId, 'sftp', oldFeed());
      const leaver = await openSession(services, 's3');
      const stayer = await openSession(services, 's1');
      const dying = failing(store, count, isDone);
      const doomed = await createServices(dying.store, clock).catch(() => undefined);
      const result = await doomed?.publisher.publish(districtId, 'sftp', newFeed()).catch(() => undefined);
      if (result !== undefined && !dying.wasReached()) break;

      const reader = await createServices(store, clock);
      const roster = await idsOf(reader);
      seen[roster.includes('s9 Givens9') ? 'new' : 'old'] += 1;
      expect([oldRoster, newRoster]).toContainEqual(roster);

      clock.advance(1);
      const next = await reader.publisher.publish(districtId, 'sftp', newFeed());
      expect(next.kind).toBe('published');
      expect(await idsOf(reader)).toEqual(newRoster);
      expect(await reader.registry.find(leaver)).toBeUndefined();
      expect(await reader.registry.find(stayer)).toBeDefined();
      expect((await reader.rosters.read(districtId, 0)).published.aftermath).toBeUndefined();

      clock.advance(86_401);
      await reader.publisher.finish(districtId);
      expect(await generationsAtRest(store)).toEqual(await used(reader));
      await store.close();
    }
    expect(seen.old).toBeGreaterThan(5);
    expect(seen.new).toBeGreaterThan(3);
  }, 300_000);
});

describe.each(engines)('in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  it('a publish that loses the answer to one write never loses the roster that became active', async () => {
    for (let at = 0; at < 40; at += 1) {
      const store = await storeFixture.place().open();
      await (await createServices(store)).publisher.publish(districtId, 'sftp', oldFeed());
      const shaken = await createServices(hiccup(store, at + 1));
      await shaken.publisher.publish(districtId, 'sftp', newFeed()).catch(() => undefined);
      const reader = await createServices(store);
      expect([oldRoster, newRoster]).toContainEqual(await idsOf(reader));
      await store.close();
    }
  }, 300_000);

  it('a switch that arrives after its tables were cleaned away does not happen', async () => {
    const clock = createClock();
    const store = await storeFixture.place().open(clock);
    const services = await createServices(store, clock);
    await services.publisher.publish(districtId, 'sftp', oldFeed());
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const late: Store = {
      ...store,
      async commit(conditions, writes) {
        const isSwitch = conditions.length >= 3;
        if (isSwitch) await arrived;
        return store.commit(conditions, writes);
      },
    };
    const slow = (await createServices(late, clock)).publisher.publish(districtId, 'sftp', newFeed());
    const outcome = slow.then(
      () => 'published',
      (failure: unknown) => failure,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    clock.advance(86_401);
    await services.publisher.finish(districtId);
    arrive();
    expect(await outcome).toBeInstanceOf(StoreUnavailable);
    expect(await idsOf(await createServices(store, clock))).toEqual(oldRoster);
    expect(await generationsAtRest(store)).toEqual(await used(services));
    expect(await store.count(partitionOf(services.vault, districtId), 'made-tables')).toBe(1);
  });
});
