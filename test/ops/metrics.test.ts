// Every metric that docs/metrics.md promises is exposed, with these labels, and nothing else; and each has the right value.
import { readFileSync } from 'node:fs';
import { createMetrics, type Metrics } from '../../src/ops/metrics.ts';
import type { RosterCensus } from '../../src/roster/roster-census.ts';
import type { RosterPublisher } from '../../src/roster/roster-publisher.ts';
import { watchStore } from '../../src/store/guard/watch-store.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

const report = { accounts: {}, classes: 0, enrollments: 0, changes: {} };

const census: RosterCensus = {
  districts: 3,
  feeds: new Map([
    ['sftp', { active: 2, held: 1, missing: 1, stale: new Map([[2, 1] as const]), oldestAt: 1_000_000 }],
  ]),
  heldSince: 5_000,
  overdueSyncs: 1,
  lastSyncAt: 7_000,
};

async function tellAll(metrics: Metrics): Promise<void> {
  metrics.signIn({ outcome: 'signed_in', app: 'secure-sync', durationMs: 12 });
  metrics.attempt('lost');
  metrics.turnedAway();
  metrics.clever.record({ kind: 'call', endpoint: 'token', outcome: 'timeout', durationMs: 10_000 });
  metrics.clever.record({ kind: 'breaker', state: 'open' });
  metrics.clever.record({ kind: 'kept', endpoint: 'keys' });
  metrics.clever.follow(() => 'down');
  metrics.store.called({ verb: 'settle', seconds: 0.25, isAnswered: true, replicaState: 'late' });
  metrics.rosters.watchDrop(silent).warn('roster-held');
  metrics.rosters.dropChecked();
  metrics.rosters.synced('failed');
  metrics.rosters.counted(census);
  metrics.sessions.upkeepDone();
  metrics.sessions.keySignsSince(9_000);
  await metrics.sessions
    .watch({ append: async () => 1, read: async () => ({ cursor: '', revocations: [] }) })
    .append([{ kind: 'account', id: 'a' }]);
  metrics.http.handler(request, response, () => undefined);
}

const silent = { info: () => undefined, warn: () => undefined, failure: () => undefined };
const request = Object({ route: { path: '/session' } });
const response = Object({ statusCode: 200, once: (_event: string, finished: () => void) => finished() });

async function exposed(metrics: Metrics): Promise<Map<string, string>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
}

describe('docs/metrics.md', () => {
  it('lists every metric of the bridge with its kind and labels, and no other', async () => {
    const metrics = createMetrics('1.2.3');
    await tellAll(metrics);
    const text = await metrics.text();
    const found = [...text.matchAll(/^# TYPE (sso_bridge_\w+) (\w+)$/gm)].map(([, name = '', kind = '']) => {
      const series = text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?(?:\\{(.*)\\})? `, 'gm'));
      const labels = [...series].flatMap(([, pairs = '']) => [...pairs.matchAll(/(\w+)="/g)].map(([, label]) => label));
      return [name, kind, ...[...new Set(labels)].filter((label) => label !== 'le')].join(' ');
    });
    const table = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const promised = [...table.matchAll(/^\| `(sso_bridge_\w+)` \| (\w+) \|([^|]*)\|/gm)].map(
      ([, name, kind, labels = '']) => [name, kind, ...(labels.match(/\w+/g) ?? [])].join(' '),
    );
    expect(found.sort()).toEqual(promised.sort());
  });
});

describe('the metrics', () => {
  it('report what was counted', async () => {
    const metrics = createMetrics('1.2.3');
    await tellAll(metrics);
    const values = await exposed(metrics);
    expect(Object.fromEntries(values)).toMatchObject({
      'sso_bridge_build_info{version="1.2.3"}': '1',
      'sso_bridge_sign_ins_total{outcome="signed_in",app="secure-sync"}': '1',
      'sso_bridge_attempts_total{result="lost"}': '1',
      sso_bridge_turned_away_total: '1',
      sso_bridge_clever_up: '0',
      sso_bridge_clever_breaker_open: '1',
      'sso_bridge_clever_failures_total{endpoint="token",reason="timeout"}': '1',
      'sso_bridge_replica_waits_total{result="late"}': '1',
      'sso_bridge_drop_sets_total{result="held"}': '1',
      'sso_bridge_syncs_total{result="failed"}': '1',
      'sso_bridge_rosters{method="sftp",state="held"}': '1',
      'sso_bridge_rosters_stale{method="sftp",days="2"}': '1',
      'sso_bridge_rosters_stale{method="sftp",days="7"}': '0',
      'sso_bridge_rosters_oldest_publish_timestamp_seconds{method="sftp"}': '1000',
      sso_bridge_rosters_held_since_timestamp_seconds: '5',
      'sso_bridge_sessions_ended_total{kind="account"}': '1',
      'sso_bridge_http_request_seconds_count{route="/session",status="200"}': '1',
    });
  });

  it('expose no time before it happened, which would read as fifty years ago', async () => {
    const metrics = createMetrics();
    expect(await metrics.text()).not.toMatch(/^sso_bridge_\w+_timestamp_seconds/m);
    metrics.rosters.counted(census);
    metrics.rosters.counted({ ...census, heldSince: undefined });
    expect(await metrics.text()).not.toMatch(/^sso_bridge_rosters_held_since_timestamp_seconds/m);
  });

  it.each([
    ['published', { kind: 'published', generation: 'g', report, findings: {}, holds: [] }],
    ['held', { kind: 'held', generation: 'g', report, findings: {}, holds: [] }],
    ['refused', { kind: 'refused', code: 'errors_found', report, findings: {} }],
  ])('count a publish that is %s, and no dry run', async (result, outcome) => {
    const metrics = createMetrics();
    const publisher: RosterPublisher = metrics.rosters.watch(Object({ publish: async () => outcome }));
    await publisher.publish('d', 'sftp', noRows());
    await publisher.publish('d', 'sftp', noRows(), { dryRun: true });
    expect((await exposed(metrics)).get(`sso_bridge_publishes_total{method="sftp",result="${result}"}`)).toBe('1');
  });

  it('count a publish that broke off as failed, and let it fail', async () => {
    const metrics = createMetrics();
    const failing = async () => {
      throw new TypeError('broken');
    };
    const publisher: RosterPublisher = metrics.rosters.watch(Object({ publish: failing }));
    await expect(publisher.publish('d', 'manual', noRows())).rejects.toThrow('broken');
    expect((await exposed(metrics)).get('sso_bridge_publishes_total{method="manual",result="failed"}')).toBe('1');
  });
});

async function* noRows() {
  yield* [];
}

describe('a watched store', () => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  afterAll(() => storeFixture.stop());

  it('answers as before, and is timed by verb', async () => {
    const metrics = createMetrics();
    const store = watchStore(await storeFixture.place().open(), metrics.store.called);
    metrics.store.follow(store.ping);
    const at = { partition: 'p', id: 'one' };
    await store.put(at, Buffer.from('1'));
    expect(await store.get([at])).toEqual([Buffer.from('1')]);
    const values = await exposed(metrics);
    expect(values.get('sso_bridge_store_up')).toBe('1');
    expect(values.get('sso_bridge_store_seconds_count{verb="get"}')).toBe('1');
    expect(values.get('sso_bridge_store_failures_total{verb="get"}')).toBe('0');
  });

  it('is down at the next scrape once it does not answer, and every failed call counts', async () => {
    const metrics = createMetrics();
    const store = watchStore(await storeFixture.place().open(), metrics.store.called);
    metrics.store.follow(store.ping);
    await store.close();
    await expect(store.get([{ partition: 'p', id: 'one' }])).rejects.toThrow(StoreUnavailable);
    const values = await exposed(metrics);
    expect(values.get('sso_bridge_store_up')).toBe('0');
    expect(values.get('sso_bridge_store_failures_total{verb="get"}')).toBe('1');
  });
});
