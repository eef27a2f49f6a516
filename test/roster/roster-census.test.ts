// How all districts stand, counted from real standings.
import { createCountRosters } from '../../src/roster/roster-census.ts';
import { feed, students } from '../support/feeds.ts';
import { furnish } from '../support/office.ts';
import { embedded, type Ground } from '../support/stores.ts';

const dayMs = 86_400_000;

describe('the census of rosters', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await embedded.start();
  });
  afterAll(() => ground.stop());

  it('tells what is active, held, missing, old, and which syncs are overdue', async () => {
    let now = Date.UTC(2026, 8, 1);
    const clock = () => now;
    const office = await furnish(await ground.place().open(clock), clock);
    const put = (id: string, rostering: 'sftp' | 'secure-sync:full') =>
      office.districts.put({ id, cleverId: Buffer.from(id).toString('hex'), name: id, rostering: [rostering] });
    await put('fresh', 'sftp');
    await put('old', 'sftp');
    await put('empty', 'sftp');
    await put('synced', 'secure-sync:full');
    await office.publisher.publish('old', 'sftp', feed(...students(30)));
    await office.syncLog.record('synced', { startedAt: now, finishedAt: now, by: 'nightly', result: 'published' });
    const published = now;
    now += 3 * dayMs;
    await office.publisher.publish('fresh', 'sftp', feed(...students(30)));
    const held = await office.publisher.publish('fresh', 'sftp', feed(...students(3)));
    expect(held.kind).toBe('held');

    const census = await createCountRosters({ ...office, listDistricts: office.districts.list, clock })();
    expect(census).toMatchObject({ districts: 4, overdueSyncs: 1, lastSyncAt: published });
    expect(census.heldSince).toBeGreaterThanOrEqual(now);
    expect(census.feeds.get('sftp')).toMatchObject({ active: 2, held: 1, missing: 1, oldestAt: published });
    expect([...(census.feeds.get('sftp')?.stale ?? [])]).toEqual([[2, 1]]);
    expect(census.feeds.get('secure-sync')).toMatchObject({ active: 0, missing: 1 });
  });
});
