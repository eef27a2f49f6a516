// One district synced from the stand-in Clever through the real publish path, on both engines.

import { cedarHollow, syncClassmates, syncPeople, willowBend } from '../../sandbox/clever/data-people.ts';
import { districtOfShape } from '../../sandbox/clever/made-data-district.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import { createSyncLeases, type SyncResult } from '../../src/secure-sync/sync-district.ts';
import { until } from '../helpers/bridge-process.ts';
import { startTestClever } from '../sandbox/start.ts';
import { createSyncServices, openEmbedded, openRedis, type SecureSyncServices } from './sync-services.ts';

const shape = {
  students: 300,
  teachers: 20,
  staff: 14,
  seed: 9,
  lineEnds: 'lf',
  headerStyle: 'School_id',
  classesPerStudent: 2,
} as const;
const made = districtOfShape(shape).id;
const person = (key: string) => {
  const found = syncPeople.find((one) => one.key === key);
  if (found === undefined) throw new Error(key);
  return found;
};

describe.each([
  ['embedded', openEmbedded],
  ['redis', openRedis],
])('a sync on the %s store', (_, openStore) => {
  let clever: Clever;
  let room: SecureSyncServices;
  beforeAll(async () => {
    clever = await startTestClever({ dataDistrict: shape });
  });
  beforeEach(async () => {
    clever.switches.clear();
    clever.setDataDistrict(shape);
    room = await createSyncServices({ clever, openStore });
  });
  afterEach(() => room.closeStore());
  afterAll(() => clever.close());

  const sync = async (
    cleverId: string,
    rostering?: Parameters<SecureSyncServices['putDistrict']>[1],
  ): Promise<SyncResult | undefined> => room.sync(await room.putDistrict(cleverId, rostering), { by: 'command' });

  const published = async () => (await room.services.rosters.read('d1', 0)).published;
  const findByCleverId = async (id: string) =>
    room.services.directory.findByCleverId(await room.services.rosters.read('d1', 0), id);

  it('publishes students, employees, classes and enrollments', async () => {
    const result = await sync(made);
    expect(result).toMatchObject({
      kind: 'published',
      report: {
        accounts: { student: 300, teacher: 20 },
        classes: 24,
        enrollments: 600,
        schools: 2,
        students_enrolled: 300,
      },
    });
    expect(await room.services.syncLog.read('d1')).toMatchObject({
      last: { result: 'published', by: 'command' },
      failedAt: [],
    });
    expect(await room.services.auditLog.list('d1', 5)).toMatchObject([
      {
        action: 'roster_published',
        method: 'secure-sync',
        students: 300,
        new: expect.any(Number),
        removed: 0,
        by: 'command',
      },
    ]);
  });

  it('finds a second sync with nothing new unchanged, and one with changes exactly changed', async () => {
    await sync(made);
    expect(await sync(made)).toMatchObject({
      report: { changes: { student: { new: 0, changed: 0, removed: 0, unchanged: 300 } } },
    });
    room.clever.setDataDistrict({ ...shape, newAddressEvery: 100 });
    expect(await sync(made)).toMatchObject({
      report: {
        changes: { student: { new: 0, changed: 3, address_changed: 3, unchanged: 297 }, employee: { changed: 0 } },
      },
    });
  });

  it('makes one account of an employee with several roles, and none of a contact', async () => {
    await sync(cedarHollow.id);
    expect(await findByCleverId(person('sync-several-roles').id)).toMatchObject([
      { record: 'teacher', sisId: 'T-4102', role: 'administrator' },
    ]);
    expect(await findByCleverId(person('sync-contact').id)).toEqual([]);
    expect(await findByCleverId(person('sync-no-email').id)).toMatchObject([{ record: 'student', sisId: '820002' }]);
  });

  it('takes students alone where the district provisions, and leaves sections alone', async () => {
    const result = await sync(willowBend.id, 'secure-sync:provisioning');
    const students = syncClassmates.filter(({ district }) => district === willowBend.id).length + 1;
    expect(result).toMatchObject({
      kind: 'published',
      report: { accounts: { student: students, teacher: 0, staff: 0, administrator: 0 }, classes: 0, enrollments: 0 },
    });
  });

  it('publishes nothing after a failure in the middle, and keeps what was', async () => {
    await sync(made);
    const before = await published();
    room.clever.switches.set({ dataApi: { failFromPage: 9 } });
    expect(await sync(made)).toEqual({ kind: 'failed', code: 'clever_unavailable', reason: 'status-5xx' });
    expect((await published()).feeds).toEqual(before.feeds);
    expect(await room.services.syncLog.read('d1')).toMatchObject({
      last: { result: 'failed', code: 'clever_unavailable', reason: 'status-5xx' },
      failedAt: [expect.any(Number)],
      publishedAt: expect.any(Number),
    });
  });

  it.each<[string, SwitchSettings]>([
    ['tokens rotate', { dataApi: { rotateAtPage: 8 } }],
    ['a connection breaks off', { dataApi: { cutPage: 8 } }],
    ['the rate is used up', { dataApi: { rate: { requests: 30, seconds: 1 } } }],
  ])('goes through to the end although %s in the middle', async (__, settings) => {
    room.clever.switches.set(settings);
    expect(await sync(made)).toMatchObject({
      kind: 'published',
      report: { accounts: { student: 300 }, enrollments: 600 },
    });
  });

  it.each(['paused', 'pending', 'error'] as const)(
    'leaves the last good roster standing while Clever says %s',
    async (state) => {
      await sync(made);
      const before = await published();
      room.clever.switches.set({ dataApi: { state } });
      expect(await sync(made)).toMatchObject({ kind: 'refused', code: `clever_district_${state}` });
      expect(await published()).toEqual(before);
      const { last } = await room.services.syncLog.read('d1');
      expect(last).toMatchObject({ result: 'refused', code: `clever_district_${state}` });
      expect(last?.says).toMatchObject(
        state === 'paused' ? { pauseEnd: expect.any(String) } : { error: expect.any(String) },
      );
      expect(await room.services.auditLog.list('d1', 1)).toMatchObject([{ action: 'roster_refused' }]);
    },
  );

  it('holds a sync that would lock a school out, such as after an un-share by accident', async () => {
    await sync(made);
    room.clever.setDataDistrict({ ...shape, students: 250 });
    expect(await sync(made)).toMatchObject({ kind: 'held', holds: [{ kind: 'student', removed: 50 }] });
    expect((await published()).feeds['secure-sync']?.active?.report.accounts.student).toBe(300);
    expect(await room.services.syncLog.read('d1')).toMatchObject({
      last: { result: 'held' },
      answeredAt: expect.any(Number),
    });
  });

  it('is done by one of two who begin at once', async () => {
    const district = await room.putDistrict(made);
    const both = await Promise.all([room.sync(district, { by: 'a' }), room.createSync()(district, { by: 'b' })]);
    const kinds = both.map((one) => (one?.kind === 'refused' ? one.code : one?.kind)).sort();
    expect(kinds).toEqual(['published', 'sync_running']);
  });

  it('is taken over when the one who held it died', async () => {
    const district = await room.putDistrict(made);
    const { store, vault } = room.services;
    const dead = createSyncLeases(store, vault, { ttlSeconds: 5, renewEverySeconds: 1_000 });
    const hang = new Promise<void>(() => undefined);
    let isHeld = false;
    void dead.hold('d1', new AbortController().signal, () => {
      isHeld = true;
      return hang;
    });
    await until(() => isHeld, 'the lease to be taken');
    expect(await room.sync(district, { by: 'b' })).toMatchObject({ code: 'sync_running' });
    await until(async () => (await room.sync(district, { by: 'b' }))?.kind === 'published', 'the lease to be over');
  });

  it('publishes nothing and counts no failure when it is broken off', async () => {
    const district = await room.putDistrict(made);
    room.clever.switches.set({ slow: { ms: 30, on: ['api'] } });
    const result = await room.sync(district, { by: 'nightly', signal: AbortSignal.timeout(200) });
    expect(result).toMatchObject({ kind: 'failed', reason: 'stopped' });
    expect((await published()).feeds).toEqual({});
    expect(await room.services.syncLog.read('d1')).toEqual({ failedAt: [] });
  });

  it('leaves nothing readable at rest', async () => {
    room.clever.switches.set({ dataApi: { state: 'pending' } });
    await sync(cedarHollow.id);
    room.clever.switches.clear();
    await sync(cedarHollow.id);
    const forbidden = /Leilani|Ferreira|cedarhollow|820001|approve changes/;
    for await (const [key, value] of room.services.store.dump()) {
      expect(key.toString('latin1')).not.toMatch(forbidden);
      expect(value.toString('latin1')).not.toMatch(forbidden);
    }
  });
});
