// A removed rostering method removes its roster: no sign-in matches by it any more, sessions of its accounts end,
// and it never comes back without a publish. Wherever a process dies, it is all or nothing after the next server has checked.

import { createFinishDistricts } from '../../src/admin/finish-districts.ts';
import { createPutDistrict } from '../../src/admin/put-district.ts';
import type { Rostering } from '../../src/district/district.ts';
import type { AccountRow } from '../../src/formats/feed.ts';
import { methodsOf } from '../../src/roster/adopt-methods.ts';
import type { PublishedRoster } from '../../src/roster/published-roster.ts';
import type { SignedIn } from '../../src/sign-in/open-session.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { keysOf } from '../helpers/at-rest.ts';
import { createClock } from '../helpers/clock.ts';
import { enrollment, feed, section, student, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';

const by = (...rostering: Rostering[]) => ({ ...juniper, rostering });
const twelve = (email: string) => student({ sisId: '12', email });
const gone = student({ sisId: '13', email: 'gone@juniper.example' });
const oldSheet = () =>
  feed(twelve('old@juniper.example'), gone, teacher({ sisId: 't1' }), section('c1', ['t1']), enrollment('c1', '13'));
const newFile = () => feed(twelve('new@juniper.example'));

describe.each(engines)('a rostering method that is removed, in $name', (engine) => {
  let storeFixture: StoreFixture;
  let store: Store;
  let services: TestServices;
  const clock = createClock();
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  beforeEach(async () => {
    store = await storeFixture.place().open(clock);
    services = await createServices(store, clock);
  });
  afterAll(() => storeFixture.stop());

  const put = (at: TestServices, ...rostering: Rostering[]) =>
    createPutDistrict({ ...at, propagationMs: 0 })(by(...rostering), 'command', { approve: true });
  const publishedOf = async (at: TestServices): Promise<PublishedRoster> =>
    (await at.rosters.read(juniper.id, 0)).published;
  const decide = (email: string, sub: string, at = services) => createDecider(at)(claimsOf({ email, sub }), opening);
  async function signIn(email: string, sub: string): Promise<SignedIn['claims']> {
    const outcome = await decide(email, sub);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    return outcome.claims;
  }
  async function finish(at: TestServices): Promise<void> {
    const failures: unknown[] = [];
    const work = createFinishDistricts({ ...at, onFailure: (failure) => failures.push(failure) });
    await work.task();
    expect(failures).toEqual([]);
  }
  const tablesOf = async (method: string) =>
    (await keysOf(store)).filter((key) => new RegExp(`${method}\\.[0-9a-z]{17}`).test(key));

  it('matches no sign-in any more: a user with an address of the old sheet gets no account of it', async () => {
    await put(services, 'manual');
    await services.publisher.publish(juniper.id, 'manual', oldSheet());
    await put(services, 'sftp');
    expect(await decide('old@juniper.example', 'another')).toMatchObject({ code: 'roster_pending' });
    await services.publisher.publish(juniper.id, 'sftp', newFile());
    expect(await decide('old@juniper.example', 'another')).toMatchObject({ code: 'not_rostered' });
    expect(await decide('gone@juniper.example', 'gone')).toMatchObject({ code: 'not_rostered' });
    expect((await signIn('new@juniper.example', 'twelve')).sub).toBeDefined();
  });

  it('ends the sessions of accounts that are in no other roster, and writes the change feed', async () => {
    await put(services, 'manual', 'sftp');
    await services.publisher.publish(juniper.id, 'manual', oldSheet());
    await services.publisher.publish(juniper.id, 'sftp', newFile());
    const leaver = await signIn('gone@juniper.example', 'gone');
    const stayer = await signIn('new@juniper.example', 'twelve');
    const { newest } = await services.changes.bounds(juniper.id);
    await put(services, 'sftp');
    expect(await services.findLiveSession(await services.tokens.issue(leaver))).toBeUndefined();
    expect(await services.findLiveSession(await services.tokens.issue(stayer))).toBeDefined();
    expect((await services.revocations.read(undefined, 10)).revocations).toContainEqual(
      expect.objectContaining({ kind: 'account', id: leaver.sub }),
    );
    const reported = (await services.changes.read(juniper.id, newest, 10)).flatMap(({ differences }) => differences);
    expect(reported).toContainEqual({ type: 'account', id: leaver.sub, op: 'remove' });
    expect(reported).toContainEqual({ type: 'account', id: stayer.sub, op: 'put' });
    expect(reported.map(({ type, op }) => `${type} ${op}`).sort()).toEqual([
      'account put',
      'account remove',
      'account remove',
      'class remove',
      'enrollment remove',
    ]);
    expect(await tablesOf('manual')).toEqual([]);
  });

  it.each<[string, Partial<AccountRow>, boolean]>([
    ['another person of the same id', { email: 'new@juniper.example', givenName: 'Noor', familyName: 'Quist' }, false],
    ['the same person with another address', { email: 'new@juniper.example' }, true],
    ['the same address under another name', { email: 'old@juniper.example', givenName: 'Noor' }, true],
  ])('leaves the session of the old sheet only to the same person: %s', async (_name, left, isLeft) => {
    await put(services, 'manual', 'sftp');
    await services.publisher.publish(juniper.id, 'manual', oldSheet());
    const holder = await signIn('old@juniper.example', 'twelve');
    await services.publisher.publish(juniper.id, 'sftp', feed({ ...twelve('old@juniper.example'), ...left }));
    await put(services, 'sftp');
    expect((await services.findLiveSession(await services.tokens.issue(holder))) !== undefined).toBe(isLeft);
  });

  it('is never taken up again by adding the method, a rollback or an approval', async () => {
    await put(services, 'manual', 'sftp');
    await services.publisher.publish(juniper.id, 'manual', feed(gone));
    await services.publisher.publish(juniper.id, 'manual', oldSheet());
    await services.publisher.publish(juniper.id, 'sftp', newFile());
    await put(services, 'sftp');
    await put(services, 'manual', 'sftp');
    expect(await publishedOf(services)).toMatchObject({ methods: ['sftp', 'manual'] });
    expect(Object.keys((await publishedOf(services)).feeds)).toEqual(['sftp']);
    expect(await decide('old@juniper.example', 'another')).toMatchObject({ code: 'not_rostered' });
    expect(await services.publisher.rollback(juniper.id, 'manual')).toMatchObject({ code: 'nothing_to_roll_back_to' });
    expect(await services.publisher.approve(juniper.id, 'manual')).toMatchObject({ code: 'nothing_held' });
    await services.publisher.publish(juniper.id, 'manual', feed(gone));
    expect((await signIn('gone@juniper.example', 'gone')).matched.roster).toBe('manual');
  });

  it('lets no sign-in in that had matched before it was removed', async () => {
    await put(services, 'manual', 'sftp');
    await services.publisher.publish(juniper.id, 'manual', oldSheet());
    await services.publisher.publish(juniper.id, 'sftp', newFile());
    let isRemoved = false;
    const racing: Store = {
      ...store,
      async commit(...given) {
        if (!isRemoved) await put(services, 'sftp');
        isRemoved = true;
        return store.commit(...given);
      },
    };
    const outcome = await createDecider(services, { store: racing })(
      claimsOf({ email: 'old@juniper.example', sub: 'another' }),
      opening,
    );
    expect(isRemoved).toBe(true);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'not_rostered' });
  });

  it('refuses a roster that was still being read', async () => {
    await put(services, 'manual', 'sftp');
    async function* slow() {
      yield gone;
      await put(services, 'sftp');
    }
    const result = await services.publisher.publish(juniper.id, 'manual', slow());
    expect(result).toMatchObject({ kind: 'refused', findings: { list: [{ code: 'method_removed' }] } });
    expect(await tablesOf('manual')).toEqual([]);
  });

  describe('in a store of an earlier version, which kept its roster', () => {
    let leaver: SignedIn['claims'];
    beforeEach(async () => {
      // Without a district no methods are adopted: the published roster is as earlier versions wrote it.
      await services.publisher.publish(juniper.id, 'manual', oldSheet());
      await services.publisher.publish(juniper.id, 'sftp', newFile());
      expect(await publishedOf(services)).not.toHaveProperty('methods');
      const before = {
        findDistrict: async () => by('manual', 'sftp'),
        adoptMethods: () => services.rosters.read(juniper.id, 0),
      };
      const outcome = await createDecider(services, before)(
        claimsOf({ email: 'gone@juniper.example', sub: 'gone' }),
        opening,
      );
      if (outcome.kind === 'refused') throw new Error(outcome.code);
      leaver = outcome.claims;
      await services.districts.put(by('sftp'));
    });

    it('matches no sign-in from the first request on', async () => {
      expect(await decide('old@juniper.example', 'another')).toMatchObject({ code: 'not_rostered' });
      expect(await publishedOf(services)).toMatchObject({ methods: ['sftp'] });
      expect(await services.findLiveSession(await services.tokens.issue(leaver))).toBeUndefined();
    });

    it('is retired by the first server that starts', async () => {
      await finish(services);
      expect(await services.findLiveSession(await services.tokens.issue(leaver))).toBeUndefined();
      expect((await services.revocations.read(undefined, 10)).revocations).toContainEqual(
        expect.objectContaining({ kind: 'account', id: leaver.sub }),
      );
      expect(await services.auditLog.list(juniper.id, 1)).toMatchObject([
        { action: 'roster_retired', by: 'bridge', method: 'manual', removed: 2 },
      ]);
      expect(await publishedOf(services)).not.toHaveProperty('retired');
      expect(await tablesOf('manual')).toEqual([]);
    });
  });

  it('is removed whole or not at all, at whichever write the process dies', async () => {
    const seen = { kept: 0, removed: 0 };
    for (let count = 0; ; count += 1) {
      store = await storeFixture.place().open(clock);
      services = await createServices(store, clock);
      await put(services, 'manual', 'sftp');
      await services.publisher.publish(juniper.id, 'manual', oldSheet());
      await services.publisher.publish(juniper.id, 'sftp', newFile());
      const leaver = await signIn('gone@juniper.example', 'gone');
      const dying = dyingAfter(store, count);
      const doomed = await createServices(dying.store, clock).catch(() => undefined);
      if (doomed !== undefined) await put(doomed, 'sftp').catch(() => undefined);

      const after = await createServices(store, clock);
      const isRemoved = !methodsOf((await after.districts.find(juniper.id)) ?? juniper).includes('manual');
      seen[isRemoved ? 'removed' : 'kept'] += 1;
      const first = await decide('old@juniper.example', 'another', after);
      expect(first.kind).toBe(isRemoved ? 'refused' : 'signed-in');
      await finish(after);
      const session = await after.findLiveSession(await after.tokens.issue(leaver));
      expect(session === undefined).toBe(isRemoved);
      const entries = await after.auditLog.list(juniper.id, 10);
      expect(entries.filter(({ action }) => action === 'roster_retired')).toHaveLength(isRemoved ? 1 : 0);
      expect((await tablesOf('manual')).length > 0).toBe(!isRemoved);
      expect(await publishedOf(after)).not.toHaveProperty('aftermath');
      if (!dying.wasReached()) break;
    }
    expect(seen.kept).toBeGreaterThan(0);
    expect(seen.removed).toBeGreaterThan(3);
  }, 300_000);
});

/** Lets `count` writes through; the process dies at the next. */
function dyingAfter(store: Store, count: number): { store: Store; readonly wasReached: () => boolean } {
  let left = count;
  const pass = <Result>(write: () => Promise<Result>): Promise<Result> => {
    left -= 1;
    return left >= 0 ? write() : Promise.reject(new StoreUnavailable(new Error('died')));
  };
  const wrapped: Store = {
    ...store,
    put: (...args) => pass(() => store.put(...args)),
    take: (...args) => pass(() => store.take(...args)),
    remove: (...args) => pass(() => store.remove(...args)),
    commit: (...args) => pass(() => store.commit(...args)),
    load: (...args) => pass(() => store.load(...args)),
    drop: (...args) => pass(() => store.drop(...args)),
  };
  return { store: wrapped, wasReached: () => left < 0 };
}
