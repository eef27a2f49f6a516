// The state of all districts, counted from real published rosters.
import { createCountRosters } from '../../src/roster/roster-census.ts';
import { feed, students } from '../helpers/feeds.ts';
import { createServices } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

const dayMs = 86_400_000;

describe('the census of rosters', () => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  afterAll(() => storeFixture.stop());

  it('counts what is active, held, missing, old, and which syncs are overdue', async () => {
    let now = Date.UTC(2026, 8, 1);
    const clock = () => now;
    const services = await createServices(await storeFixture.place().open(clock), clock);
    const put = (id: string, rostering: 'sftp' | 'secure-sync:full') =>
      services.districts.put({ id, cleverId: Buffer.from(id).toString('hex'), name: id, rostering: [rostering] });
    await put('fresh', 'sftp');
    await put('old', 'sftp');
    await put('empty', 'sftp');
    await put('synced', 'secure-sync:full');
    await services.publisher.publish('old', 'sftp', feed(...students(30)));
    await services.syncLog.record('synced', { startedAt: now, finishedAt: now, by: 'nightly', result: 'published' });
    const published = now;
    now += 3 * dayMs;
    await services.publisher.publish('fresh', 'sftp', feed(...students(30)));
    const held = await services.publisher.publish('fresh', 'sftp', feed(...students(3)));
    expect(held.kind).toBe('held');

    const census = await createCountRosters({ ...services, listDistricts: services.districts.list, clock })();
    expect(census).toMatchObject({ districts: 4, overdueSyncs: 1, lastSyncAt: published });
    expect(census.heldSince).toBeGreaterThanOrEqual(now);
    expect(census.feeds.get('sftp')).toMatchObject({ active: 2, held: 1, missing: 1, oldestAt: published });
    expect([...(census.feeds.get('sftp')?.stale ?? [])]).toEqual([[2, 1]]);
    expect(census.feeds.get('secure-sync')).toMatchObject({ active: 0, missing: 1 });
  });
});
