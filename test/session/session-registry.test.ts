// Which sessions live: ended ones are gone, and those of accounts that left end in the order of rosters, not of clocks.
import { partitionOf } from '../../src/district/district.ts';
import type { SessionRecord } from '../../src/session/session-record.ts';
import type { Write } from '../../src/store/store.ts';
import type { Vault } from '../../src/store/vault.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, sessionTtlSeconds, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const accountId = 'account-1';

function record(change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    sid: 'session-1',
    districtId,
    accountId,
    rosterVersion: 3,
    issuedAt: 1,
    expiresAt: 2,
    openedBy: 'blinded-state',
    returnTo: 'http://localhost:4000/',
    ...change,
  };
}

function storedBy(vault: Vault, write: Write) {
  if (write.kind !== 'put') throw new TypeError(write.kind);
  return { at: write.at, json: vault.open(write.at, write.value).toString() };
}

describe.each(engines)('the session registry in $name', ({ start }) => {
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

  const open = (session: SessionRecord) => services.store.commit([], [services.registry.write(session)]);
  const find = (session: SessionRecord) => services.registry.find(session);

  it('finds what was opened, whole', async () => {
    await open(record());
    expect(await find(record())).toEqual(record());
  });

  it('stores a session and an ending as earlier builds did, and reads theirs', async () => {
    const { vault, store, registry } = services;
    const { at, json } = storedBy(vault, registry.write(record({ sessionEpoch: 'epoch-1' })));
    const earlier =
      '{"sid":"session-1","districtId":"juniper-flats","accountId":"account-1","issuedAt":1,"expiresAt":2,"serial":3,' +
      '"gate":"epoch-1","openedBy":"blinded-state","returnTo":"http://localhost:4000/"}';
    expect(json).toBe(earlier);
    expect(storedBy(vault, registry.endDistrict(districtId, 4, 1_000)).json).toBe('{"serial":4,"at":1000}');
    await store.put(at, vault.seal(at, earlier.replace('"gate":"epoch-1",', '')));
    expect(await find(record())).toEqual(record());
  });

  it.each([
    ['another session id', { sid: 'session-2' }],
    ['another account', { accountId: 'account-2' }],
    ['another district', { districtId: 'port-wexley' }],
  ])('does not find it by %s', async (_name, change) => {
    await open(record());
    expect(await find(record(change))).toBeUndefined();
  });

  it('ends one session and leaves the account its others', async () => {
    await open(record());
    await open(record({ sid: 'session-2' }));
    await services.registry.end(districtId, 'session-1');
    expect(await find(record())).toBeUndefined();
    expect(await find(record({ sid: 'session-2' }))).toBeDefined();
  });

  it('ends all sessions of an account that were opened under an earlier version of the roster, and no later ones', async () => {
    await open(record({ sid: 'early', rosterVersion: 3 }));
    await services.registry.endAccounts(districtId, [accountId], 4, clock());
    await open(record({ sid: 'late-writer', rosterVersion: 3 }));
    await open(record({ sid: 'after', rosterVersion: 4 }));
    expect(await find(record({ sid: 'early' }))).toBeUndefined();
    expect(await find(record({ sid: 'late-writer' }))).toBeUndefined();
    expect(await find(record({ sid: 'after' }))).toBeDefined();
  });

  it('ends them also when the ending is done again, or an older one comes late', async () => {
    await open(record({ sid: 'between', rosterVersion: 4 }));
    await services.registry.endAccounts(districtId, [accountId], 6, clock());
    await services.registry.endAccounts(districtId, [accountId], 6, clock());
    await services.registry.endAccounts(districtId, [accountId], 4, clock());
    expect(await find(record({ sid: 'between' }))).toBeUndefined();
  });

  it('ends no other session', async () => {
    await open(record({ accountId: 'account-2' }));
    await services.registry.endAccounts(districtId, [accountId], 9, clock());
    expect(await find(record({ accountId: 'account-2' }))).toBeDefined();
  });

  describe('when the store loses acknowledged writes', () => {
    const opened = async (change: Partial<SessionRecord> = {}) => {
      const sessionEpoch = await services.registry.sessionEpoch(districtId, true);
      const session = record({ ...change, sessionEpoch: sessionEpoch.id });
      expect(await services.store.commit([sessionEpoch.unchanged], [services.registry.write(session)])).toBe(true);
      return session;
    };
    const loseEndings = () => services.store.drop(partitionOf(services.vault, districtId), 'ended');

    it('lets no session live whose ending is gone', async () => {
      const [ended, other] = [await opened({ sid: 'ended' }), await opened({ sid: 'other', accountId: 'account-2' })];
      await services.registry.endAccounts(districtId, [accountId], 9, clock());
      expect([await find(ended), await find(other)]).toEqual([undefined, other]);
      await loseEndings();
      expect([await find(ended), await find(other)]).toEqual([undefined, undefined]);
      const later = await opened({ sid: 'later' });
      expect([await find(ended), await find(later)]).toEqual([undefined, later]);
    });

    it('opens no session by a session epoch that is gone', async () => {
      const { unchanged } = await services.registry.sessionEpoch(districtId, true);
      await loseEndings();
      expect(await services.store.commit([unchanged], [services.registry.write(record())])).toBe(false);
    });

    it('gives endings no time to live, so that an eviction by age passes them over', async () => {
      await services.registry.endAccounts(districtId, [accountId], 9, clock());
      clock.advance(sessionTtlSeconds + 30);
      await opened({ rosterVersion: 3, sid: 'late' });
      expect(await find(record({ sid: 'late' }))).toBeUndefined();
    });
  });

  it('forgets an ending when no session can have outlived it, and the session epoch never', async () => {
    const sessionEpoch = await services.registry.sessionEpoch(districtId, true);
    await services.registry.endAccounts(districtId, [accountId], 9, clock());
    expect(await services.registry.sweep(districtId, clock())).toBe(0);
    clock.advance(sessionTtlSeconds + 61);
    // Another process may let its sessions live longer.
    expect(await services.registry.sweep(districtId, clock())).toBe(0);
    clock.advance(30 * 86_400);
    expect(await services.registry.sweep(districtId, clock())).toBe(1);
    expect(await services.registry.sessionEpoch(districtId, true)).toEqual(sessionEpoch);
  });

  it('takes no sealed record for another session of the same account', async () => {
    await open(record());
    await open(record({ sid: 'session-2', returnTo: 'http://localhost:4000/other' }));
    const partition = partitionOf(services.vault, districtId);
    const at = ['session-1', 'session-2'].map((sid) => ({
      partition,
      id: `session.${services.vault.blind('session', sid)}`,
    }));
    const [one, other] = await services.store.get(at);
    const [first, second] = at;
    if (one === undefined || other === undefined || first === undefined || second === undefined) throw new Error();
    await services.store.put(first, other);
    await services.store.put(second, one);
    await expect(find(record())).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

it('forgets sessions a minute after they could matter, by the store itself', async () => {
  const { embedded } = await import('../helpers/stores.ts');
  const storeFixture = await embedded.start();
  const clock = createClock();
  const services = await createServices(await storeFixture.place().open(clock), clock);
  await services.store.commit([], [services.registry.write(record())]);
  clock.advance(sessionTtlSeconds + 61);
  expect(await services.registry.find(record())).toBeUndefined();
  await storeFixture.stop();
});
