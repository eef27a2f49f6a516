// The list of ended sessions for offline checkers: complete, in order, small; and endings on request.
import type { SessionRecord } from '../../src/session/session-record.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, sessionTtlSeconds, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';

describe.each(engines)('revocations in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let clock: MovableClock;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    services = await createServices(await storeFixture.place().open(clock), clock);
  });
  afterAll(() => storeFixture.stop());

  async function open(sid: string, accountId: string): Promise<SessionRecord> {
    const { published } = await services.rosters.read(districtId, 0);
    const session = {
      sid,
      districtId,
      accountId,
      rosterVersion: published.version,
      issuedAt: Math.floor(clock() / 1000),
      expiresAt: 2,
      openedBy: 'blinded-state',
      returnTo: 'http://localhost:4000/',
    };
    await services.store.commit([], [services.registry.write(session)]);
    return session;
  }

  it('lists an ended session once, and no session that never existed', async () => {
    await open('session-1', 'account-1');
    await services.registry.end(districtId, 'session-1');
    await services.registry.end(districtId, 'session-1');
    await services.registry.end(districtId, 'session-2');
    const before = Math.floor(clock() / 1000) + 1;
    const { revocations } = await services.revocations.read(undefined, 10);
    expect(revocations).toEqual([{ kind: 'session', id: 'session-1', before }]);
  });

  it('gives a cursor also before the first ending, and lists later endings after it', async () => {
    const { cursor, revocations } = await services.revocations.read(undefined, 2);
    expect(revocations).toEqual([]);
    await services.revocations.append([{ kind: 'session', id: 'a' }]);
    expect((await services.revocations.read(cursor, 2)).revocations.map(({ id }) => id)).toEqual(['a']);
  });

  it('lists the endings after a cursor, in order, and keeps the cursor if there is none', async () => {
    await services.revocations.append(['a', 'b', 'c'].map((id) => ({ kind: 'session', id })));
    const first = await services.revocations.read(undefined, 2);
    expect(first.revocations.map(({ id }) => id)).toEqual(['a', 'b']);
    const second = await services.revocations.read(first.cursor, 2);
    expect(second.revocations.map(({ id }) => id)).toEqual(['c']);
    expect(await services.revocations.read(second.cursor, 2)).toEqual({ cursor: second.cursor, revocations: [] });
  });

  it('ends every session of an account that is open now, and none that is opened after', async () => {
    const [earlier, other] = [await open('session-1', 'account-1'), await open('session-2', 'account-2')];
    await services.endSessions.ofAccount(districtId, 'account-1');
    const later = await open('session-3', 'account-1');
    expect(await services.registry.find(earlier)).toBeUndefined();
    expect(await services.registry.find(other)).toEqual(other);
    expect(await services.registry.find(later)).toEqual(later);
    const { revocations } = await services.revocations.read(undefined, 10);
    expect(revocations).toMatchObject([{ kind: 'account', id: 'account-1' }]);
  });

  it('ends every session of a district that is open now, and none that is opened after', async () => {
    const earlier = await open('session-1', 'account-1');
    await services.endSessions.ofDistrict(districtId);
    const later = await open('session-2', 'account-1');
    expect(await services.registry.find(earlier)).toBeUndefined();
    expect(await services.registry.find(later)).toEqual(later);
    expect((await services.revocations.read(undefined, 10)).revocations).toMatchObject([
      { kind: 'district', id: districtId },
    ]);
  });

  it('keeps an ended session ended when the roster is published on', async () => {
    const earlier = await open('session-1', 'account-1');
    await services.endSessions.ofAccount(districtId, 'account-1');
    const { published, unchanged } = await services.rosters.read(districtId, 0);
    const raised = services.rosters.write(districtId, { ...published, version: published.version + 1 });
    await services.store.commit([unchanged], [raised]);
    expect(await services.registry.find(earlier)).toBeUndefined();
  });

  it('forgets what no token can outlive', async () => {
    await services.revocations.append([{ kind: 'session', id: 'old' }]);
    clock.advance(sessionTtlSeconds + 61);
    await services.revocations.append([{ kind: 'session', id: 'new' }]);
    const { revocations } = await services.revocations.read(undefined, 10);
    expect(revocations.map(({ id }) => id)).toEqual(['new']);
  });
});
