// An hour of looking for a way into a different person's account: ids, addresses, links and methods that move between
// people. docs/security.md has the whole list, with the titles of other tests.
import { randomUUID } from 'node:crypto';
import type { AccountRow } from '../../src/formats/feed.ts';
import { feed, staff, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { createDecider, opening } from './decider.ts';

const district = {
  id: 'wexley',
  cleverId: '5a5a',
  name: 'Wexley',
  rostering: ['sftp', 'manual', 'secure-sync:full'],
} as const;
type Method = 'sftp' | 'manual' | 'secure-sync';

const accountId = /^[0-9a-f]{8}-/;
const mail = (name: string) => `${name}@wexley.example`;
/** As a file has them: without a Clever id. */
const filed = (name: string, sisId: string, make = student): AccountRow =>
  make({ sisId, email: mail(name), givenName: name, familyName: 'Lee' });
/** As Clever shares them. */
const shared = (name: string, sisId: string, make = student): AccountRow =>
  make({ sisId, email: mail(name), givenName: name, familyName: 'Lee', cleverId: `clever-${name}` });
const filler = students(20, (index) => ({ sisId: `f${index}`, email: mail(`f${index}`) }));

describe.each(engines)('no user gets a different person’s account in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open());
    await services.districts.put(district);
  });
  afterAll(() => storeFixture.stop());

  const publish = async (method: Method, ...rows: readonly AccountRow[]) => {
    const result = await services.publisher.publish(district.id, method, feed(...rows, ...filler), { approve: true });
    expect(result.kind).toBe('published');
  };

  const decide = (name: string, claims: object = {}, now?: AccountRow) =>
    createDecider(services, {
      refreshPerson: async () => now !== undefined && services.publisher.refreshPerson(district.id, 'secure-sync', now),
      readRecords: async () => (now === undefined ? [] : [{ record: now.record, sisId: now.sisId }]),
    })(
      { sub: `clever-${name}`, district: district.cleverId, user_type: 'student', email: mail(name), ...claims },
      opening,
    );

  async function signIn(name: string, claims: object = {}, now?: AccountRow) {
    const outcome = await decide(name, claims, now);
    if (outcome.kind === 'refused') return { account: outcome.code, isLive: async () => false };
    const token = await services.tokens.issue(outcome.claims);
    return {
      account: outcome.claims.sub,
      isLive: async () => (await services.findLiveSession(token)) !== undefined,
    };
  }

  it('by an id that the next roster gives to another person', async () => {
    await publish('sftp', filed('ana', '12'));
    const ana = await signIn('ana');
    await publish('sftp', filed('ben', '12'));
    expect((await signIn('ben')).account).toBe('identity_changed');
    expect(await ana.isLive()).toBe(false);
  });

  it('by an id that was free for a while', async () => {
    await publish('sftp', filed('ana', '12'));
    await signIn('ana');
    await publish('sftp');
    await publish('sftp', filed('ben', '12'));
    expect((await signIn('ben')).account).toBe('identity_changed');
  });

  it('by ids that two people exchange, as when another column gives the id', async () => {
    await publish('sftp', filed('ana', '12'), filed('ben', '900'));
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    await publish('sftp', filed('ana', '900'), filed('ben', '12'));
    expect([await ana.isLive(), await ben.isLive()]).toEqual([false, false]);
    expect((await signIn('ana')).account).toBe('identity_changed');
    expect((await signIn('ben')).account).toBe('identity_changed');
  });

  it('by addresses that two people exchange', async () => {
    await publish('sftp', filed('ana', '12'), filed('ben', '13'));
    await signIn('ana');
    await publish('sftp', { ...filed('ana', '12'), email: mail('ben') }, { ...filed('ben', '13'), email: mail('ana') });
    expect((await signIn('ana')).account).toBe('identity_changed');
    expect((await signIn('ben')).account).toBe('identity_changed');
  });

  it('and a person who marries, or whose address alone changes, stays signed in', async () => {
    await publish('sftp', filed('ana', '12'), filed('ben', '13'));
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    await publish('sftp', { ...filed('ana', '12'), familyName: 'Ray' }, { ...filed('ben', '13'), email: mail('ben2') });
    expect([await ana.isLive(), await ben.isLive()]).toEqual([true, true]);
  });

  it('by coming back with a new id, when a file gave the old one to a person who uses the account', async () => {
    await publish('secure-sync', shared('ana', '12'));
    const former = await signIn('ana');
    await publish('secure-sync');
    await publish('sftp', filed('ben', '12'));
    await services.links.release(district.id, former.account);
    const ben = await signIn('ben');
    expect(ben.account).toBe(former.account);
    const now = shared('ana', '34');
    expect((await signIn('ana', {}, now)).account).not.toBe(ben.account);
    await publish('secure-sync', now);
    expect((await signIn('ana')).account).toMatch(accountId);
    expect((await signIn('ana')).account).not.toBe(ben.account);
    expect(await ben.isLive()).toBe(true);
  });

  it('by coming back with a new id, when a file gave the old one to a person who has not signed in', async () => {
    await publish('secure-sync', shared('ana', '12'));
    await publish('secure-sync');
    await publish('sftp', filed('ben', '12'));
    await publish('secure-sync', shared('ana', '34'));
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    expect([ana.account, ben.account]).toEqual([expect.stringMatching(accountId), expect.stringMatching(accountId)]);
    expect(ana.account).not.toBe(ben.account);
  });

  it('by coming back with a new id, when Clever gave the old one to a person who has left again', async () => {
    await publish('secure-sync', shared('ana', '12'));
    await signIn('ana');
    await publish('secure-sync', shared('ben', '12'));
    const ben = await signIn('ben');
    await publish('secure-sync');
    await publish('secure-sync', shared('ana', '34'));
    expect((await signIn('ana')).account).toMatch(accountId);
    expect((await signIn('ana')).account).not.toBe(ben.account);
  });

  it('by coming back with a new id, beside the one who has the old one at Clever', async () => {
    await publish('secure-sync', shared('ana', '12'));
    await publish('secure-sync', shared('ben', '12'));
    await publish('secure-sync', shared('ben', '12'), shared('ana', '34'));
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    expect([ana.account, ben.account]).toEqual([expect.stringMatching(accountId), expect.stringMatching(accountId)]);
    expect(ana.account).not.toBe(ben.account);
  });

  it('and a person who gets a new id at Clever, and is in a file under the old one, keeps the account', async () => {
    await publish('sftp', filed('ana', '12'));
    await publish('secure-sync', shared('ana', '12'));
    const ana = await signIn('ana');
    await publish('secure-sync', shared('ana', '34'));
    expect((await signIn('ana')).account).toBe(ana.account);
  });

  it.each([
    ['before', (ana: AccountRow, ben: AccountRow) => [ana, ben]],
    ['behind', (ana: AccountRow, ben: AccountRow) => [ben, ana]],
  ] as const)('by an id that its holder gives up in the same night, listed %s', async (_where, order) => {
    await publish('secure-sync', shared('ana', '12'));
    const ana = await signIn('ana');
    const rows = order(shared('ana', '34'), shared('ben', '12'));
    await publish('secure-sync', ...rows);
    expect((await signIn('ana')).account).toBe(ana.account);
    expect((await signIn('ben', {}, shared('ben', '12'))).account).not.toBe(ana.account);
    await publish('secure-sync', ...rows);
    expect((await signIn('ben')).account).toMatch(accountId);
    expect((await signIn('ben')).account).not.toBe(ana.account);
    expect((await signIn('ana')).account).toBe(ana.account);
  });

  describe('by an id that Clever gives to two people', () => {
    const both = [shared('ana', '12'), shared('ben', '12')] as const;
    const atDoor = async (name: string) => (await signIn(name, {}, shared(name, '12'))).account;

    it.each([
      ['ana', 'ben'],
      ['ben', 'ana'],
    ] as const)('neither of two newcomers gets in, %s before %s, until one is corrected', async (first, second) => {
      await publish('secure-sync', ...both);
      expect([await atDoor(first), await atDoor(second)]).toEqual(['not_rostered', 'not_rostered']);
      await publish('secure-sync', shared('ana', '12'), shared('ben', '13'));
      const [ana, ben] = [await signIn('ana'), await signIn('ben')];
      expect([ana.account, ben.account]).toEqual([expect.stringMatching(accountId), expect.stringMatching(accountId)]);
      expect(ana.account).not.toBe(ben.account);
    });

    it('the other does not get the account of the person who had it in the former roster and never signed in', async () => {
      await publish('secure-sync', shared('ana', '12'));
      await publish('secure-sync', ...both);
      expect([await atDoor('ben'), await atDoor('ana')]).toEqual(['not_rostered', 'account_inactive']);
      await publish('secure-sync', shared('ana', '12'), shared('ben', '13'));
      expect(await atDoor('ana')).toMatch(accountId);
    });

    it('a rollback restores the former roster, in which no account was left out', async () => {
      await publish('secure-sync', shared('eva', '14'));
      await publish('secure-sync', shared('eva', '14'), ...both);
      await services.publisher.rollback(district.id, 'secure-sync');
      expect(await atDoor('ben')).toMatch(accountId);
      expect(await atDoor('ana')).toBe('not_rostered');
    });
  });

  describe('by an id that two methods give to two people', () => {
    it('neither signs in, in either order, until one of the rosters is corrected', async () => {
      await publish('sftp', filed('ana', '12'));
      await publish('manual', filed('ben', '12'));
      expect([(await signIn('ben')).account, (await signIn('ana')).account]).toEqual(['ambiguous', 'ambiguous']);
      await publish('manual', filed('ben', '13'));
      const [ben, ana] = [await signIn('ben'), await signIn('ana')];
      expect([ben.account, ana.account]).toEqual([expect.stringMatching(accountId), expect.stringMatching(accountId)]);
      expect(ben.account).not.toBe(ana.account);
    });

    it.each([
      ['manual', 'sftp'],
      ['secure-sync', 'sftp'],
      ['sftp', 'secure-sync'],
    ] as const)(
      'who signed in by %s before %s named the other is signed out, and stays out with the link',
      async (first, second) => {
        const row = (method: Method, name: string) => (method === 'secure-sync' ? shared : filed)(name, '12');
        await publish(first, row(first, 'ana'));
        const ana = await signIn('ana');
        expect(await ana.isLive()).toBe(true);
        await publish(second, row(second, 'ben'));
        expect(await ana.isLive()).toBe(false);
        expect([(await signIn('ana')).account, (await signIn('ben')).account]).toEqual(['ambiguous', 'ambiguous']);
        await publish(first);
        expect((await signIn('ana')).account).not.toBe(ana.account);
        if (second === 'sftp') expect((await signIn('ben')).account).toBe('identity_changed');
        await publish(second);
        await publish(first, row(first, 'ana'));
        expect((await signIn('ana')).account).toBe(ana.account);
      },
    );

    it('a session that an earlier build opened in such an account does not live', async () => {
      await publish('sftp', filed('ana', '12'));
      const outcome = await decide('ana');
      if (outcome.kind === 'refused') throw new Error(outcome.code);
      await publish('manual', filed('ben', '12'));
      const { sub: accountId, iat: issuedAt, exp: expiresAt } = outcome.claims;
      const [{ published }, { id: sessionEpoch }] = await Promise.all([
        services.rosters.read(district.id, 0),
        services.registry.sessionEpoch(district.id, true),
      ]);
      const sid = randomUUID();
      const opened = {
        sid,
        districtId: district.id,
        accountId,
        issuedAt,
        expiresAt,
        rosterVersion: published.version,
        sessionEpoch,
      };
      await services.store.commit([], [services.registry.write({ ...opened, openedBy: 'x', returnTo: 'y' })]);
      const token = await services.tokens.issue({ ...outcome.claims, sid });
      expect(await services.findLiveSession(token)).toBeUndefined();
      // The account is the reason: with one person again the session is valid.
      await publish('manual', filed('ana', '12'));
      await services.store.commit(
        [],
        [
          services.registry.write({
            ...opened,
            rosterVersion: (await services.rosters.read(district.id, 0)).published.version,
            openedBy: 'x',
            returnTo: 'y',
          }),
        ],
      );
      expect(await services.findLiveSession(token)).toBeDefined();
    });

    it('by a row that is renamed, a rollback, and what Clever returns for one person at a sign-in', async () => {
      await publish('manual', { ...filed('ana', '12'), email: mail('ana2') });
      await publish('sftp', filed('ana', '12'));
      const first = await signIn('ana');
      await publish('manual', { ...filed('ben', '12'), email: mail('ana2') });
      expect(await first.isLive()).toBe(false);
      expect([(await signIn('ana')).account, (await signIn('ana2')).account]).toEqual(['ambiguous', 'ambiguous']);
      await services.publisher.rollback(district.id, 'manual');
      const second = await signIn('ana');
      expect(await second.isLive()).toBe(true);
      await publish('secure-sync');
      await services.publisher.refreshPerson(district.id, 'secure-sync', shared('cleo', '12'));
      expect(await second.isLive()).toBe(false);
      expect((await signIn('cleo')).account).toBe('ambiguous');
    });

    it.each<[string, Partial<AccountRow>]>([
      ['the address alone', { email: mail('ana2') }],
      ['the name alone', { givenName: 'anabel', familyName: 'Ray', email: mail('ana') }],
      ['the name, and one has no address', { givenName: 'anabel', familyName: 'Ray', email: undefined }],
      ['the name, and one has what is no address', { givenName: 'anabel', familyName: 'Ray', email: 'see office' }],
      ['the address, and capitals of the name', { givenName: 'ANA', familyName: 'LEE', email: mail('ana2') }],
    ])('and where they differ in %s, they are one, whose sessions go on', async (_what, change) => {
      await publish('sftp', filed('ana', '12'));
      const ana = await signIn('ana');
      await publish('manual', { ...filed('ana', '12'), ...change });
      expect(await ana.isLive()).toBe(true);
      expect((await signIn('ana')).account).toBe(ana.account);
      if (change.email === mail('ana2'))
        expect((await signIn('ana2', { sub: 'clever-ana' })).account).toBe(ana.account);
    });
  });

  it('by a rollback to the night before the id moved', async () => {
    await publish('secure-sync', shared('ana', '12'));
    await publish('secure-sync', shared('ana', '34'));
    await publish('secure-sync', shared('ana', '34'), shared('ben', '12'));
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    expect(ben.account).not.toBe(ana.account);
    await services.publisher.rollback(district.id, 'secure-sync');
    expect(await ben.isLive()).toBe(false);
    expect((await signIn('ben', {}, shared('ben', '12'))).account).toBe(ben.account);
    expect((await signIn('ana')).account).toBe(ana.account);
  });

  it('by what Clever says of an account later: the session of the one who was linked to it ends', async () => {
    await publish('sftp', filed('ana', '12'));
    const ana = await signIn('ana');
    // With another name as well it is an id of two people and matches neither: above.
    await publish('secure-sync', { ...shared('ben', '12'), givenName: 'ana' });
    expect(await ana.isLive()).toBe(false);
    expect((await signIn('ana')).account).toBe('identity_changed');
  });

  it('by ids that look alike, or that hold a line end', async () => {
    await publish('secure-sync', shared('ana', '12'));
    await publish('secure-sync', shared('ana', '34'));
    await publish('secure-sync', shared('ana', '34'), shared('ben', '12'));
    const ids = ['012', '１２', '12.0', 'a1', 'A1', 'а1', '12\n1', '12\n\n1', '12 1', 'é', 'e\u0301'];
    await publish('sftp', ...ids.map((id, index) => filed(`p${index}`, id)));
    const got = [(await signIn('ana')).account, (await signIn('ben')).account];
    for (const index of ids.keys()) got.push((await signIn(`p${index}`)).account);
    expect(got.every((each) => accountId.test(each))).toBe(true);
    expect(new Set(got).size).toBe(ids.length + 2);
  });

  it('by a roster that was held, and approved after its people had changed', async () => {
    await publish('sftp', filed('ana', '12'));
    const ana = await signIn('ana');
    const held = await services.publisher.publish(district.id, 'sftp', feed(filed('ben', '12')));
    expect(held.kind).toBe('held');
    await publish('sftp', filed('ana', '12'), filed('ben', '13'));
    expect((await services.publisher.approve(district.id, 'sftp')).kind).toBe('refused');
    expect((await signIn('ben')).account).not.toBe(ana.account);
    expect(await ana.isLive()).toBe(true);
  });

  it('by an employee’s address that an export gives to a colleague', async () => {
    const byAddress = (name: string) => filed(name, `address:${mail(name)}`, staff);
    const employee = { user_type: 'staff' };
    await publish('manual', byAddress('tina'));
    const tina = await signIn('tina', employee);
    // The colleague's row has her address by mistake, and then their own.
    await publish('sftp', { ...filed('tom', '77', teacher), email: mail('tina') });
    await publish('sftp', filed('tom', '77', teacher));
    expect((await signIn('tom', employee)).account).not.toBe(tina.account);
    await publish('manual', byAddress('tina'));
    expect((await signIn('tom', employee)).account).not.toBe(tina.account);
  });
});
