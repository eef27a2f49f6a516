// A person read from Clever while they wait: what is read, what is not, and that no sign-in waits too long.
import { cedarHollow, syncPeople, willowBend } from '../../sandbox/clever/data-people.ts';
import type { AccountRow } from '../../src/formats/feed.ts';
import { createReadPerson, createReadRecords, createRefreshFromClever } from '../../src/secure-sync/read-person.ts';
import { startTestClever, tokensOf } from '../sandbox/start.ts';
import { createSyncServices, type SecureSyncServices } from './sync-services.ts';

const idOf = (key: string) => syncPeople.find((one) => one.key === key)?.id ?? '';
const soon = () => Date.now() + 10_000;

describe('a person read during sign-in', () => {
  let room: SecureSyncServices;
  beforeAll(async () => {
    room = await createSyncServices({ clever: await startTestClever() });
  });
  afterEach(() => room.clever.switches.clear());
  afterAll(() => room.close());

  const read = (
    key: string,
    changes: { cleverDistrict?: string; option?: 'full' | 'provisioning' } = {},
    ms = 60_000,
  ) =>
    createReadPerson(room.dataApi)(
      { cleverDistrict: cedarHollow.id, option: 'full', ...changes, cleverId: idOf(key) },
      AbortSignal.timeout(ms),
    );

  it('is the row a sync at this moment would make', async () => {
    expect(await read('sync-new-address')).toEqual({
      kind: 'account',
      record: 'student',
      sisId: '820003',
      role: 'student',
      givenName: 'Ifeoma',
      familyName: 'Larsen',
      email: 'ifeoma.larsen@students.cedarhollow.example',
      cleverId: idOf('sync-new-address'),
      schoolId: 'SCHOOL-1',
      grade: undefined,
      place: { file: 'clever:user' },
    });
  });

  it.each([
    ['a contact', 'sync-contact', {}],
    ['a person without a SIS id', 'sync-no-sis-id', {}],
    ['a person of another district', 'provisioned-student', {}],
    [
      'an employee of a district that provisions',
      'provisioned-teacher',
      { cleverDistrict: willowBend.id, option: 'provisioning' },
    ],
  ] as const)('is not found for %s', async (_, key, changes) => {
    expect(await read(key, changes)).toBeUndefined();
  });

  it.each(['404', 'text'] as const)(
    'is unavailable, not unshared, where the token has no right (%s)',
    async (refusal) => {
      const fresh = await createSyncServices({ clever: await startTestClever() });
      try {
        fresh.clever.switches.set({ dataApi: { noRights: true, refusal } });
        const person = { cleverDistrict: cedarHollow.id, option: 'full', cleverId: idOf('sync-student') } as const;
        expect(await createReadPerson(fresh.dataApi)(person, AbortSignal.timeout(60_000))).toBe('unavailable');
      } finally {
        await fresh.close();
      }
    },
  );

  it('is unavailable when Clever is slow, and in time', async () => {
    room.clever.switches.set({ dataApi: { slowRecordMs: 600_000 } });
    expect(await read('sync-student', {}, 150)).toBe('unavailable');
  });

  it.each([
    ['503', { fail: { on: ['api' as const] } }],
    ['a page', { html: { on: ['api' as const] } }],
    ['a closed connection', { drop: { on: ['api' as const] } }],
  ])('is unavailable when Clever answers with %s', async (_, settings) => {
    room.clever.switches.set(settings);
    expect(await read('sync-student')).toBe('unavailable');
  });

  const district = { id: 'd1', cleverId: cedarHollow.id, name: 'd1', rostering: ['secure-sync:full'] } as const;

  it('brings the roster up to date once for many who wait for the same person', async () => {
    const rows: AccountRow[] = [];
    const refresh = createRefreshFromClever(createReadPerson(room.dataApi), async (_, __, row) => {
      rows.push(row);
      return true;
    });
    const identity = { cleverId: idOf('sync-new-student') };
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh(district, identity, { deadline: soon() })));
    expect(all).toEqual([true, true, true, true, true]);
    expect(rows).toMatchObject([{ sisId: '820004', cleverId: identity.cleverId }]);
  });

  it.each([
    ['the time is up', district, () => Date.now() + 100],
    ['the district sends files', { ...district, rostering: ['sftp'] as const }, soon],
  ])('makes no request to Clever when %s', async (_, asked, deadline) => {
    const refresh = createRefreshFromClever(
      () => Promise.reject(new Error('asked')),
      () => Promise.reject(new Error('refreshed')),
    );
    expect(await refresh(asked, { cleverId: 'a' }, { deadline: deadline() })).toBe(false);
  });

  it('finds an account for a person who was shared since last night, through the real roster', async () => {
    await room.sync(await room.putDistrict(cedarHollow.id), { by: 'command' });
    const { publisher, rosters, directory } = room.services;
    const find = async () => {
      const roster = await rosters.read('d1', 0);
      return directory.findByEmail(roster, 'mochoa@students.cedarhollow.example');
    };
    expect(await find()).toEqual([]);
    const refresh = createRefreshFromClever(createReadPerson(room.dataApi), publisher.refreshPerson);
    expect(await refresh(district, { cleverId: idOf('sync-new-student') }, { deadline: soon() })).toBe(true);
    expect(await find()).toMatchObject([{ sisId: '820004', record: 'student' }]);
  });

  it('gives the records of a person by their own token, with what each record is', async () => {
    const readRecords = createReadRecords(room.dataApi);
    const { access_token: accessToken } = await tokensOf(room.clever, 'sync-several-roles');
    const identity = { cleverId: idOf('sync-several-roles'), cleverDistrict: cedarHollow.id };
    expect(await readRecords(identity, { accessToken, deadline: soon() })).toEqual([
      { record: 'teacher', sisId: 'T-4102' },
      { record: 'staff', sisId: 'E-4202' },
    ]);
    const other = { ...identity, cleverId: idOf('sync-student') };
    expect(await readRecords(other, { accessToken, deadline: soon() })).toEqual([]);
    expect(await readRecords(identity, { deadline: soon() })).toEqual([]);
  });

  it.each(['another', undefined])(
    'gives no record of a district other than the token’s (%s): its SIS ids are other people’s',
    async (cleverDistrict) => {
      const readRecords = createReadRecords(room.dataApi);
      const { access_token: accessToken } = await tokensOf(room.clever, 'sync-several-roles');
      const identity = { cleverId: idOf('sync-several-roles'), cleverDistrict };
      expect(await readRecords(identity, { accessToken, deadline: soon() })).toEqual([]);
    },
  );
});
