// Changing a district: who may sign in through it changes with the Clever district it is linked to.
import { createPutDistrict } from '../../src/admin/put-district.ts';
import { feed, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening } from '../sign-in/decider.ts';

describe('a district', () => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let token: string;
  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  beforeEach(async () => {
    services = await createServices(await storeFixture.place().open());
    await services.districts.put(juniper);
    await services.publisher.publish(juniper.id, 'sftp', feed(...students(2)));
    const outcome = await createDecider(services)(claimsOf(), opening);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    token = await services.tokens.issue(outcome.claims);
  });
  afterAll(() => storeFixture.stop());

  const put = () => createPutDistrict({ ...services, propagationMs: 10 });

  it('that is linked to another Clever district ends the sessions of whom the former one let in, and says why', async () => {
    const other = { ...juniper, cleverId: 'bbbb1c1571758a8688d55e57' };
    expect(await put()(other, 'command')).toMatchObject({ kind: 'done', isRelinked: true });
    expect(await services.findLiveSession(token)).toBeUndefined();
    expect(await services.auditLog.list(juniper.id, 1)).toMatchObject([
      { action: 'sessions_ended', account: 'all', by: 'command', reason: 'linked to another Clever district' },
    ]);
  });

  it('that gets another name ends no session', async () => {
    expect(await put()({ ...juniper, name: 'Juniper' }, 'command')).toMatchObject({ kind: 'done', isRelinked: false });
    expect(await services.findLiveSession(token)).toBeDefined();
  });

  it('that loses a rostering method reports how many accounts lose access, and logs who did it', async () => {
    await services.publisher.publish(
      juniper.id,
      'manual',
      feed(...students(1), ...people(3), teacher({ sisId: 't1' })),
    );
    const result = await put()({ ...juniper, rostering: ['sftp'] }, 'credential-1');
    expect(result).toMatchObject({
      kind: 'done',
      removed: { methods: ['manual'], accounts: { student: 3, employee: 1 } },
    });
    expect(await services.auditLog.list(juniper.id, 1)).toMatchObject([
      { action: 'roster_retired', method: 'manual', by: 'credential-1', removed: 4 },
    ]);
    expect((await services.staffAuditLog.page(1)).entries).toMatchObject([
      { action: 'roster_retired', by: 'credential-1', district: juniper.id, method: 'manual' },
    ]);
  });

  it('keeps the settings of its files that are left out', async () => {
    const settings = { oneRosterEmail: 'username', districtAdmins: 'allow' } as const;
    await put()({ ...juniper, settings }, 'command');
    const renamed = {
      ...juniper,
      name: 'Juniper',
      settings: { oneRosterId: 'identifier', districtAdmins: 'deny' },
    } as const;
    const now = { oneRosterEmail: 'username', oneRosterId: 'identifier', districtAdmins: 'deny' };
    expect(await put()(renamed, 'command')).toMatchObject({
      kind: 'done',
      district: { name: 'Juniper', settings: now },
    });
    expect(await put()(juniper, 'command')).toMatchObject({ kind: 'done', district: { settings: now } });
    expect((await services.districts.find(juniper.id))?.settings).toEqual(now);
  });

  it('is not changed at all where too many would lose access, until it is approved', async () => {
    await services.publisher.publish(juniper.id, 'manual', feed(...people(11)));
    const changed = { ...juniper, name: 'Juniper', rostering: ['sftp'] } as const;
    expect(await put()(changed, 'command')).toMatchObject({
      kind: 'held',
      removed: { methods: ['manual'], accounts: { student: 11, employee: 0 } },
      holds: [{ kind: 'student', removed: 11, of: 13 }],
    });
    expect(await services.districts.find(juniper.id)).toEqual(juniper);
    expect(Object.keys((await services.rosters.read(juniper.id, 0)).published.feeds)).toContain('manual');
    expect(await put()(changed, 'command', { approve: true })).toMatchObject({ kind: 'done' });
    expect(await services.districts.find(juniper.id)).toEqual(changed);
  });

  it('counts an account of two rosters once when it loses both', async () => {
    await services.publisher.publish(juniper.id, 'manual', feed(...students(2)));
    const result = await put()({ ...juniper, rostering: ['secure-sync:full'] }, 'command');
    expect(result).toMatchObject({ removed: { methods: ['sftp', 'manual'], accounts: { student: 2, employee: 0 } } });
    expect((await services.rosters.read(juniper.id, 0)).published).toMatchObject({
      feeds: {},
      methods: ['secure-sync'],
    });
  });
});

/** Students of no other roster here. */
const people = (count: number) => students(count, (index) => ({ sisId: `m${index}`, email: `m${index}@old.example` }));
