// Sessions end with a released link, by support, or with a compromised key; each ending is stored and listed for offline checkers.
import { randomUUID } from 'node:crypto';
import { accountIdOf } from '../../src/roster/account.ts';
import type { SessionRecord } from '../../src/session/session-record.ts';
import { feed, student } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const districtId = 'juniper-flats';
const said = { by: 'command', reason: 'a new student information system' };

describe.each(engines)('ending sessions on request, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let other: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    const place = storeFixture.place();
    [services, other] = [await createServices(await place.open()), await createServices(await place.open())];
    await services.districts.put({ id: districtId, cleverId: 'c1', name: 'Juniper Flats', rostering: ['sftp'] });
    await services.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' }), student({ sisId: '2' })));
  });
  afterAll(() => storeFixture.stop());

  const accountOf = (sisId: string) => accountIdOf(services.vault, districtId, 'student', sisId);

  async function open(sisId: string, at = services): Promise<SessionRecord> {
    const { published } = await at.rosters.read(districtId, 0);
    const sessionEpoch = await at.registry.sessionEpoch(districtId, true);
    const issuedAt = Math.floor(Date.now() / 1000);
    const session = {
      sid: randomUUID(),
      districtId,
      accountId: accountOf(sisId),
      rosterVersion: published.version,
      sessionEpoch: sessionEpoch.id,
      issuedAt,
      expiresAt: issuedAt + 60,
      openedBy: 'state',
      returnTo: 'http://localhost:4000/',
    };
    await at.store.commit([sessionEpoch.unchanged], [at.registry.write(session)]);
    return session;
  }
  const isLive = async (session: SessionRecord, at = other) => (await at.registry.find(session)) !== undefined;
  /** A district is listed twice when a new second began meanwhile. */
  const revoked = async () => {
    const { revocations } = await other.revocations.read(undefined, 100);
    const lines = new Set(revocations.map(({ kind, id }) => `${kind} ${id}`));
    return [...lines].map((line) => line.split(' '));
  };
  const link = async (sisId: string) => {
    const roster = await services.rosters.read(districtId, 0);
    const made = services.links.between(roster, accountOf(sisId), `clever-${sisId}`);
    await services.store.commit([], made.writes());
  };

  it('a released link ends the sessions of its account, at every server at once, and no other account’s', async () => {
    await link('1');
    const [hers, his] = [await open('1'), await open('2')];
    expect(await services.releaseLinks.ofAccount(districtId, accountOf('1'), said)).toBe(true);
    expect([await isLive(hers), await isLive(his)]).toEqual([false, true]);
    expect(await revoked()).toEqual([['account', accountOf('1')]]);
    const [entry] = await services.auditLog.list(districtId, 1);
    expect(entry).toMatchObject({ action: 'link_released', account: accountOf('1'), ...said });
    expect(await isLive(await open('1'))).toBe(true);
  });

  it('a second release of the same link finishes what a crash broke off', async () => {
    await link('1');
    const hers = await open('1');
    await services.links.release(districtId, accountOf('1'));
    expect(await isLive(hers)).toBe(true);
    expect(await services.releaseLinks.ofAccount(districtId, accountOf('1'), said)).toBe(false);
    expect(await isLive(hers)).toBe(false);
  });

  it('all links released end every session of the district', async () => {
    const sessions = [await open('1'), await open('2', other)];
    await services.releaseLinks.ofDistrict(districtId, said);
    expect(await Promise.all(sessions.map((session) => isLive(session)))).toEqual([false, false]);
    expect(await revoked()).toEqual([['district', districtId]]);
  });

  it.each(['1', undefined])('sessions ended for account %s are kept in the audit log', async (sisId) => {
    const hers = await open('1');
    const account = sisId === undefined ? undefined : accountOf(sisId);
    expect(await services.endSessionsBecause(districtId, account, { by: 'a-credential', reason: 'lost tablet' })).toBe(
      true,
    );
    expect(await isLive(hers)).toBe(false);
    const [entry] = await services.auditLog.list(districtId, 1);
    const facts = { action: 'sessions_ended', account: account ?? 'all', by: 'a-credential', reason: 'lost tablet' };
    expect(entry).toMatchObject(facts);
  });

  it('an account that is not in the roster is not taken for one whose sessions were ended', async () => {
    expect(await services.endSessionsBecause(districtId, accountOf('3'), said)).toBe(false);
    expect(await revoked()).toEqual([]);
  });

  it('compromised keys end every session of every district', async () => {
    await services.keys.current();
    const hers = await open('1');
    const { key, districts } = await services.recordedAccess.replaceCompromisedKeys('command');
    expect([districts, await isLive(hers), await revoked()]).toEqual([[districtId], false, [['district', districtId]]]);
    expect((await other.keys.jwks()).keys.map(({ kid }) => kid)).toEqual([key.kid]);
  });

  it('the removal of a district is in the list for offline checkers', async () => {
    const district = await services.districts.find(districtId);
    const hers = await open('1');
    if (district !== undefined) await services.eraseDistrict(district, { by: 'command', reason: 'left Summit' });
    expect([await isLive(hers), await revoked()]).toEqual([false, [['district', districtId]]]);
  });

  it('two servers list every ending once, in one order', async () => {
    const sessions = await Promise.all(Array.from({ length: 60 }, (_, at) => open('1', at % 2 ? other : services)));
    await Promise.all(sessions.map(({ sid }, at) => (at % 2 ? services : other).registry.end(districtId, sid)));
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await (seen.length % 2 ? services : other).revocations.read(cursor, 7);
      if (page.revocations.length === 0) break;
      seen.push(...page.revocations.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect([...seen].sort()).toEqual(sessions.map(({ sid }) => sid).sort());
    expect((await services.revocations.read(undefined, 100)).revocations.map(({ id }) => id)).toEqual(seen);
  });
});
