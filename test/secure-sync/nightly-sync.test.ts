// When the nightly run syncs and when it does not; the work itself is a small function here, the records are real.

import { districtOfShape } from '../../sandbox/clever/made-data-district.ts';
import type { District } from '../../src/district/district.ts';
import type { LastSync, SyncLog, SyncState } from '../../src/district/sync-log.ts';
import type { Loop } from '../../src/schedule/loop.ts';
import { createNightlySync, isDueSince } from '../../src/secure-sync/nightly-sync.ts';
import {
  createSyncDistrict,
  createSyncLeases,
  type SyncDistrict,
  type SyncResult,
} from '../../src/secure-sync/sync-district.ts';
import { runWithTracer } from '../../src/trace/request-context.ts';
import { until } from '../helpers/bridge-process.ts';
import { tracerTo } from '../helpers/tracer.ts';
import { startTestClever } from '../sandbox/start.ts';
import { createSyncServices, type SecureSyncServices } from './sync-services.ts';

const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);
const night = at('21T02:00');

describe('whether a district is due', () => {
  const none: SyncState = { failedAt: [] };
  const last: LastSync = { startedAt: 0, finishedAt: 0, by: 'nightly', result: 'failed' };
  const minutes = (n: number) => n * 60_000;

  it.each<[string, SyncState, number, boolean]>([
    ['answered last night, before this one', { ...none, last, answeredAt: night - 1 }, night + 1, true],
    ['answered since this night began', { ...none, last, answeredAt: night + 1 }, night + 2, false],
    ['never seen before: it has missed no night', none, night + 1, false],
    ['first seen after the night began', { ...none, firstSeenAt: night + 1 }, night + 2, false],
    ['first seen before the night began', { ...none, firstSeenAt: night - 1 }, night + 1, true],
    ['failed a moment ago', { last, failedAt: [night + 1] }, night + 2, false],
    ['failed five minutes ago', { last, failedAt: [night] }, night + minutes(5), true],
    ['failed twice, the second time five minutes ago', { last, failedAt: [night, night] }, night + minutes(5), false],
    ['failed twice, the second time ten minutes ago', { last, failedAt: [night, night] }, night + minutes(10), true],
    ['failed eight times this night', { last, failedAt: Array<number>(8).fill(night) }, night + minutes(600), false],
    ['failed eight times the night before', { last, failedAt: Array<number>(8).fill(night - 1) }, night, true],
  ])('%s', (_, state, now, expected) => {
    expect(isDueSince(state, night, now)).toBe(expected);
  });
});

interface Fixture {
  now: number;
  readonly districts: District[];
  readonly states: Map<string, SyncState>;
  readonly synced: string[];
  readonly failures: unknown[];
  outcome: (district: District) => Promise<LastSync['result']>;
}

function open(): { fixture: Fixture; nightly: Loop } {
  const fixture: Fixture = {
    now: at('20T12:00'),
    districts: [
      district('full', 'secure-sync:full'),
      district('files', 'sftp'),
      district('some', 'secure-sync:provisioning'),
    ],
    states: new Map(),
    synced: [],
    failures: [],
    outcome: async () => 'published',
  };
  const syncLog: SyncLog = {
    read: async (id) => fixture.states.get(id) ?? { failedAt: [] },
    record: async (id, last) => {
      const { failedAt, ...rest } = fixture.states.get(id) ?? { failedAt: [] };
      const failed = last.result === 'failed';
      const next = failed
        ? { failedAt: [...failedAt, last.finishedAt] }
        : { failedAt: [], answeredAt: last.finishedAt };
      fixture.states.set(id, { ...rest, last, ...next });
    },
    recordAlongside: async () => ({ conditions: [], writes: [] }),
    markSeen: async (id, firstSeenAt) => void fixture.states.set(id, { failedAt: [], firstSeenAt }),
  };
  const sync: SyncDistrict = async (one, { by }) => {
    const result = await fixture.outcome(one);
    fixture.synced.push(one.id);
    await syncLog.record(one.id, { startedAt: fixture.now, finishedAt: fixture.now, by, result });
    return { kind: 'refused', code: 'sync_running' } satisfies SyncResult;
  };
  const nightly = createNightlySync({
    syncAt: '02:00',
    listDistricts: async () => fixture.districts,
    syncLog,
    sync,
    onResult: () => undefined,
    onFailure: (failure) => fixture.failures.push(failure),
    clock: () => fixture.now,
  });
  return { fixture, nightly };
}

const district = (id: string, rostering: District['rostering'][number]): District => ({
  id,
  cleverId: id,
  name: id,
  rostering: [rostering],
});

describe('the nightly run', () => {
  it('syncs every Secure Sync district once a night', async () => {
    const { fixture, nightly } = open();
    await nightly.task();
    expect(fixture.synced).toEqual([]);
    for (const time of ['21T01:59', '21T02:00', '21T02:01', '21T23:59', '22T02:00', '22T02:01']) {
      fixture.now = at(time);
      await nightly.task();
    }
    expect(fixture.synced.sort()).toEqual(['full', 'full', 'some', 'some']);
    await nightly.close();
  });

  it('is a span for each district that is read, with its result, and none for a run in which no district is due', async () => {
    const { fixture, nightly } = open();
    const spans: string[] = [];
    const run = () => new Promise<void>((resolve) => runWithTracer(tracerTo(spans), () => resolve(nightly.task())));
    await run();
    expect(spans).toEqual([]);
    fixture.now = night;
    fixture.outcome = async ({ id }) => (id === 'full' ? Promise.reject(new TypeError('unforeseen')) : 'published');
    await run();
    const ends = ['nightly sync ends', 'nightly sync ends TypeError'];
    const begin = 'nightly sync under none';
    expect(spans.sort()).toEqual([...ends, begin, begin, 'nightly sync {"sso_bridge.outcome":"sync_running"}'].sort());
    await nightly.close();
  });

  it('catches up a night on which no server ran', async () => {
    const { fixture, nightly } = open();
    const yesterday: LastSync = { startedAt: 0, finishedAt: at('20T02:03'), by: 'nightly', result: 'published' };
    fixture.states.set('full', { last: yesterday, answeredAt: yesterday.finishedAt, failedAt: [] });
    fixture.now = at('21T09:30');
    await nightly.task();
    expect(fixture.synced).toEqual(['full']);
    await nightly.close();
  });

  it('comes back after a failure, later each time, and stops at eight a night', async () => {
    const { fixture, nightly } = open();
    await nightly.task();
    fixture.outcome = async () => 'failed';
    const times: string[] = [];
    for (fixture.now = night; fixture.now < night + 12 * 3_600_000; fixture.now += 60_000) {
      const before = fixture.synced.filter((id) => id === 'full').length;
      await nightly.task();
      if (fixture.synced.filter((id) => id === 'full').length > before)
        times.push(new Date(fixture.now).toISOString().slice(11, 16));
    }
    expect(times).toEqual(['02:00', '02:05', '02:15', '02:35', '03:15', '04:15', '05:15', '06:15']);
    await nightly.close();
  });

  it('does not let one district that fails unforeseen keep the others waiting', async () => {
    const { fixture, nightly } = open();
    await nightly.task();
    fixture.now = night;
    fixture.outcome = async ({ id }) => (id === 'full' ? Promise.reject(new Error('unforeseen')) : 'published');
    await nightly.task();
    expect(fixture.synced).toEqual(['some']);
    expect(fixture.failures).toHaveLength(1);
    await nightly.close();
  });

  it('looks as soon as it is started', async () => {
    const { fixture, nightly } = open();
    await nightly.task();
    fixture.now = night;
    nightly.start();
    await nightly.task();
    expect(fixture.synced).toHaveLength(2);
    await nightly.close();
  });

  it('begins nothing after it was closed, and waits for what is under way', async () => {
    const { fixture, nightly } = open();
    await nightly.task();
    fixture.now = night;
    const releases: (() => void)[] = [];
    fixture.outcome = () => new Promise((resolve) => releases.push(() => resolve('published')));
    const looking = nightly.task();
    await until(() => releases.length === 2, 'both to be under way');
    const closing = nightly.close();
    for (const release of releases) release();
    await Promise.all([looking, closing]);
    expect(fixture.synced).toHaveLength(2);
    fixture.districts.push(district('late', 'secure-sync:full'));
    await nightly.task();
    expect(fixture.synced).not.toContain('late');
  });
});

describe('two servers at night', () => {
  const shape = { students: 60, teachers: 3, staff: 2, seed: 12, lineEnds: 'lf', headerStyle: 'School_id' } as const;
  let room: SecureSyncServices;
  let now = at('20T12:00');
  beforeAll(async () => {
    now = at('20T12:00');
    room = await createSyncServices({ clever: await startTestClever({ dataDistrict: shape }), clock: () => now });
  });
  afterAll(() => room.close());

  function server(results: SyncResult[]): Loop {
    const services = room.otherServices();
    const sync = createSyncDistrict({
      ...services,
      dataApi: room.dataApi,
      leases: createSyncLeases(services.store, services.vault),
      auditWrite: services.auditLog.write,
      clock: () => now,
    });
    return createNightlySync({
      syncAt: '02:00',
      listDistricts: () => services.districts.list(),
      syncLog: services.syncLog,
      sync,
      onResult: (_, result) => results.push(result),
      onFailure: (failure) => {
        throw failure;
      },
      clock: () => now,
    });
  }

  it('do each district once', async () => {
    await room.putDistrict(districtOfShape(shape).id);
    const results: SyncResult[] = [];
    const servers = [server(results), server(results), server(results)];
    const checkAll = () => Promise.all(servers.map((one) => one.task()));
    await checkAll();
    now = at('21T02:00');
    await checkAll();
    await checkAll();
    now = at('21T02:01');
    await checkAll();
    expect(results.filter(({ kind }) => kind === 'published')).toHaveLength(1);
    expect(await room.services.auditLog.list('d1', 9)).toHaveLength(1);
    await Promise.all(servers.map((one) => one.close()));
  });
});
