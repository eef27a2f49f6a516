// Further ids of a person: kept, sealed, found where they name one person, and evidence only.

import { type AccountRow, type FeedItem, toAddressKey } from '../../src/formats/feed.ts';
import { fromLine, toLine } from '../../src/roster/account.ts';
import { createAccountIds } from '../../src/roster/account-ids.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { feed, student, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';

describe('a line of an account', () => {
  const account = {
    accountId: '00000000-0000-8000-8000-000000000000',
    record: 'teacher' as const,
    role: 'teacher' as const,
    position: undefined,
    sisId: '7',
    givenName: 'Ada',
    familyName: 'Moss',
    email: 'a@b.example',
    cleverId: undefined,
    schoolIds: ['1'],
    grade: undefined,
    place: { file: 'users.csv', line: 2 },
  };

  it('keeps further ids, with a position and without', () => {
    for (const position of [undefined, 'lead_teacher'] as const) {
      const given = { ...account, position, furtherIds: ['70010', 'amoss'] };
      expect(fromLine(toLine(given))).toEqual(given);
    }
  });

  it('without further ids is as an earlier version writes and reads it', () => {
    const earlier = '["7","Ada","Moss","a@b.example",null,["1"],null]';
    expect(toLine(account)).toContain(`tt${earlier}\t`);
    expect(toLine({ ...account, furtherIds: [] })).toBe(toLine(account));
    expect(fromLine(toLine(account)).furtherIds).toBeUndefined();
  });
});

describe.each(engines)('further ids in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let clock: MovableClock;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    services = await createServices(await storeFixture.place().open(clock), clock);
    await services.districts.put(juniper);
  });
  afterAll(() => storeFixture.stop());

  async function publish(...rows: readonly FeedItem[]): Promise<void> {
    clock.advance(1000);
    const result = await services.publisher.publish(juniper.id, 'sftp', feed(...rows), { approve: true });
    expect(result.kind).toBe('published');
  }
  const find = async (id: string, kind: 'student' | 'employee' = 'student') =>
    (await (await services.readDistrictRoster(juniper.id, 0)).findByFurtherId(id, kind))?.sisId;
  const one = (sisId: string, furtherIds: readonly string[]): AccountRow => student({ sisId, furtherIds });

  it('finds the one person of a kind, by a further id or by the SIS id', async () => {
    await publish(one('u1', ['70010', 'amoss']), one('u2', ['70011']), teacher({ sisId: 't1', furtherIds: ['70010'] }));
    expect(await find('70010')).toBe('u1');
    expect(await find('amoss')).toBe('u1');
    expect(await find('u2')).toBe('u2');
    expect(await find('70010', 'employee')).toBe('t1');
    expect(await find('70012')).toBeUndefined();
  });

  it('finds no account where two have it, as a further id or as the SIS id', async () => {
    await publish(one('u1', ['70010', 'same']), one('u2', ['same', 'u3']), one('u3', ['70012']));
    expect(await find('same')).toBeUndefined();
    expect(await find('u3')).toBeUndefined();
    expect(await find('70012')).toBe('u3');
    // Also where the other has no further id at all.
    await publish(one('u1', ['70010', '70099']), student({ sisId: '70010' }), teacher({ sisId: '70099' }));
    expect(await find('70010')).toBeUndefined();
    expect(await find('70099')).toBe('u1');
  });

  it('finds no account where one has it as the SIS id alone', async () => {
    await publish(one('u1', ['u2']), student({ sisId: 'u2' }), student({ sisId: 'u3' }));
    expect(await find('u2')).toBeUndefined();
    expect(await find('u3')).toBeUndefined();
  });

  it('finds by its SIS id who has the account of an address', async () => {
    const email = 'ada@juniper.example';
    await services.districts.put({ ...juniper, rostering: ['sftp', 'manual'] });
    const byAddress = teacher({ sisId: toAddressKey(email), email });
    await services.publisher.publish(juniper.id, 'manual', feed(byAddress), { approve: true });
    // The second time the account is the one that was remembered, the third time a line that is kept.
    const adopted = teacher({ sisId: 't1', email, furtherIds: ['70010'] });
    const kept = { kind: 'person_without_id', record: 'teacher', email, cleverId: undefined } as const;
    const names = { givenName: adopted.givenName, familyName: adopted.familyName, place: adopted.place };
    for (const row of [adopted, adopted, { ...kept, ...names }]) {
      await publish(row);
      expect(await find('t1', 'employee')).toBe('t1');
      expect(await find('70010', 'employee')).toBe('t1');
    }
  });

  it('lets a link move where Clever’s SIS id is the further id of the account alone', async () => {
    const signIn = async (sub: string, sisId: string) => {
      const readRecords = async () => [{ record: 'student' as const, sisId }];
      const outcome = await createDecider(services, { readRecords })(claimsOf({ sub }), opening);
      return outcome.kind === 'refused' ? outcome.code : outcome.claims.sub;
    };
    await publish(
      one('s0', ['70010', '70013']),
      one('s1', ['70011']),
      one('s2', ['70012', 'both']),
      one('s3', ['both']),
      student({ sisId: '70013' }),
    );
    const [account] = await (await createAccountIds({ ...services, districtId: juniper.id })).resolveRecords(
      'student',
      ['s0'],
    );
    expect(await signIn('first', '70010')).toBe(account);
    expect(await signIn('second', '70011')).toBe('identity_changed');
    expect(await signIn('second', 'both')).toBe('identity_changed');
    // The other's own id, who has no further one.
    expect(await signIn('second', '70013')).toBe('identity_changed');
    expect(await signIn('second', '70010')).toBe(account);
  });

  it('lets no link move where Clever’s SIS id is the account’s and also a further id of another person', async () => {
    const readRecords = async () => [{ record: 'student' as const, sisId: 's0' }];
    const signIn = async (sub: string) =>
      (await createDecider(services, { readRecords })(claimsOf({ sub }), opening)).kind;
    await publish(one('s0', ['70010']), one('s1', ['s0']));
    expect([await signIn('first'), await signIn('second')]).toEqual(['signed-in', 'refused']);
    await publish(one('s0', ['70010']), one('s1', ['70011']));
    expect(await signIn('second')).toBe('signed-in');
  });

  it('names accounts for a move of links', async () => {
    await publish(one('s0', ['70010']));
    expect((await createDecider(services)(claimsOf(), opening)).kind).toBe('signed-in');
    await publish(student({ sisId: '70010', email: 'student.s0@juniper.example', furtherIds: ['s0'] }));
    const said = { by: 'command', reason: 'the id column was changed' };
    expect(await services.moveLinks.one(juniper.id, 's0', '70010', said)).toMatchObject({ kind: 'moved' });
    expect(await services.moveLinks.one(juniper.id, 's0', '70010', said)).toMatchObject({ kind: 'moved_before' });
  });
});
