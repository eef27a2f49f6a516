// Whose account a roster record is, when SIS ids and Clever ids move between people: never another person's.

import type { AccountRow } from '../../src/formats/feed.ts';
import { createAccountIds } from '../../src/roster/account-ids.ts';
import { feed, staff, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { createDecider, opening } from '../sign-in/decider.ts';

const district = { id: 'wexley', cleverId: '5a5a', name: 'Wexley', rostering: ['secure-sync:full', 'sftp'] } as const;

const mail = (name: string) => `${name}@wexley.example`;
const person = (name: string, sisId: string, make: typeof student = student): AccountRow =>
  make({ sisId, email: mail(name), cleverId: `clever-${name}`, givenName: name, familyName: 'Lee' });
const filler = students(20, (index) => ({
  sisId: `f${index}`,
  cleverId: `clever-f${index}`,
  email: mail(`f${index}`),
}));

describe.each(engines)('account ids in $name', ({ start }) => {
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

  const sync = async (...rows: readonly AccountRow[]) =>
    (await services.publisher.publish(district.id, 'secure-sync', feed(...rows, ...filler), { approve: true })).kind;

  /** The account the person gets, or why not. @param now their record at Clever, if last night's is another */
  async function signIn(name: string, userType = 'student', now?: AccountRow): Promise<string> {
    const decide = createDecider(services, {
      refreshPerson: async () => now !== undefined && services.publisher.refreshPerson(district.id, 'secure-sync', now),
      readRecords: async () => (now === undefined ? [] : [{ record: now.record, sisId: now.sisId }]),
    });
    const claims = { sub: `clever-${name}`, district: district.cleverId, user_type: userType, email: mail(name) };
    const outcome = await decide(claims, opening);
    return outcome.kind === 'signed-in' ? outcome.claims.sub : outcome.code;
  }

  it('are looked up without counting all that is remembered of a district', async () => {
    await sync(person('pia', '1'));
    const count = () => Promise.reject(new Error('a walk over every row'));
    const ids = await createAccountIds({ ...services, store: { ...services.store, count }, districtId: district.id });
    expect(ids.areAllOwn).toBe(false);
  });

  it('stays with a person whose SIS id changes', async () => {
    await sync(person('pia', '1'));
    const account = await signIn('pia');
    await sync(person('pia', '2'));
    expect(await signIn('pia')).toBe(account);
  });

  it('of an SIS id that a person had by mistake is not theirs any more when its owner comes', async () => {
    await sync(person('pia', '1'));
    const pia = await signIn('pia');
    await sync(person('pia', '2'));
    await sync(person('pia', '1'));
    const rob = await signIn('rob', 'student', person('rob', '2'));
    expect(rob).toMatch(/^[0-9a-f-]{36}$/);
    expect(rob).not.toBe(pia);
    expect(await signIn('pia')).toBe(pia);
    expect(await sync(person('pia', '1'), person('rob', '2'))).toBe('published');
    expect([await signIn('pia'), await signIn('rob')]).toEqual([pia, rob]);
  });

  it('of a former SIS id is not given to the next student while its former holder has another', async () => {
    await sync(person('pia', '1'));
    const pia = await signIn('pia');
    await sync(person('pia', '2'));
    await sync(person('pia', '3'));
    expect(await sync(person('pia', '3'), person('nell', '1'), person('rob', '2'))).toBe('published');
    const others = [await signIn('nell'), await signIn('rob')];
    expect(new Set([pia, ...others]).size).toBe(3);
    expect(await signIn('pia')).toBe(pia);
  });

  it('of a teacher who was staff for a while is not the next staff member’s', async () => {
    await sync(person('tina', 'T1', teacher));
    const tina = await signIn('tina', 'teacher');
    await sync(person('tina', 'S7', staff));
    await sync(person('tina', 'T1', teacher));
    await sync(person('ugo', 'S7', staff));
    expect(await signIn('ugo', 'staff')).not.toBe(tina);
  });

  it('cannot be taken at a sign-in while another Clever id holds it', async () => {
    await sync(person('pia', '1'));
    const pia = await signIn('pia');
    expect(await signIn('nell', 'student', person('nell', '1'))).toBe('not_rostered');
    expect(await signIn('pia')).toBe(pia);
  });

  it('names the same account by another method', async () => {
    await sync(person('pia', '1'));
    await sync(person('pia', '2'));
    const pia = await signIn('pia');
    const files = feed(
      student({ sisId: '2', email: mail('pia'), givenName: 'pia', familyName: 'Lee' }),
      student({ sisId: '1', email: mail('nell') }),
    );
    await services.publisher.publish(district.id, 'sftp', files);
    expect(await signIn('pia')).toBe(pia);
    const roster = await services.rosters.read(district.id, 0);
    const [nell] = await services.directory.findByEmail(roster, mail('nell'));
    expect(nell?.accountId).not.toBe(pia);
  });

  it('ends the sessions of the former holder when the roster passes the account on', async () => {
    await sync(person('ann', '1'));
    const decide = createDecider(services);
    const claims = { sub: 'clever-ann', district: district.cleverId, user_type: 'student', email: mail('ann') };
    const outcome = await decide(claims, opening);
    if (outcome.kind !== 'signed-in') throw new Error('Ann is not signed in');
    const { sid, sub: accountId } = outcome.claims;
    const session = { districtId: district.id, sid, accountId };
    expect(await services.registry.find(session)).toBeDefined();
    await sync({ ...person('ann', '1'), cleverId: 'clever-bob' });
    expect(await services.registry.find(session)).toBeUndefined();
  });
});
