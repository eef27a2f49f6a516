// A district that leaves takes everything with it: seen in the bytes of the store.
import { partitionOf } from '../../src/roster/district.ts';
import type { RosterRow } from '../../src/roster/feed.ts';
import { dump } from '../support/at-rest.ts';
import { enrollment, feed, section, student, students, teacher } from '../support/feeds.ts';
import { furnish } from '../support/office.ts';
import { engines, type Ground } from '../support/stores.ts';

const leaving = { id: 'leaving', cleverId: 'a1', name: 'Leaving', rostering: ['sftp', 'manual'] } as const;
const staying = { id: 'staying', cleverId: 'b2', name: 'Staying', rostering: ['sftp'] } as const;

describe.each(engines)('a district that leaves, on $name', (engine) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await engine.start();
  });
  afterAll(() => ground.stop());

  async function live() {
    const store = await ground.place().open();
    const office = await furnish(store);
    for (const district of [leaving, staying]) {
      await office.districts.put(district);
      const people = [...students(30), teacher({ sisId: 't1' })];
      const classes = [section('c1', ['t1']), enrollment('c1', 's0')];
      const sent = (...rows: readonly RosterRow[]) => ({ method: 'sftp' as const, feed: feed(...rows), digests: [] });
      await office.recordedPublisher.publish(district.id, sent(...people, ...classes), 'command');
      await office.recordedPublisher.publish(
        district.id,
        sent(...people, student({ sisId: 'new' }), ...classes),
        'command',
      );
      await office.recordedPublisher.publish(district.id, sent(...students(2)), 'command');
      const { standing } = await office.standings.read(district.id, 0);
      const pair = { districtId: district.id, accountId: 'an-account', cleverId: 'a-clever-id' };
      await store.commit(
        [],
        [
          ...office.links.writes(standing, pair),
          office.registry.write({
            sid: 'a-session',
            districtId: district.id,
            accountId: 'an-account',
            serial: 1,
            issuedAt: 1,
            expiresAt: 4_000_000_000,
            openedBy: 'x',
            returnTo: '/',
          }),
        ],
      );
      await office.syncLog.record(district.id, { startedAt: 1, finishedAt: 2, by: 'command', result: 'published' });
      await office.attempts.record({
        at: Date.now(),
        code: 'not_rostered',
        app: 'summit-k12',
        district: district.id,
        clever: { email: `somebody@${district.id}.example` },
      });
    }
    return { store, office };
  }

  it('leaves no key of its partition behind, and nothing of another district goes with it', async () => {
    const { store, office } = await live();
    const keysOf = async (id: string) => {
      const partition = partitionOf(office.vault, id);
      return (await dump(store)).filter(([key]) => key.includes(partition)).map(([key]) => key.toString('hex'));
    };
    const before = await keysOf(staying.id);
    expect((await keysOf(leaving.id)).length).toBeGreaterThan(100);
    await office.eraseDistrict(leaving);
    expect(await keysOf(leaving.id)).toEqual([]);
    expect((await keysOf(staying.id)).sort()).toEqual(before.sort());
    expect(await office.districts.find(leaving.id)).toBeUndefined();
    expect(await office.districts.findByCleverId(leaving.cleverId)).toBeUndefined();
    expect((await office.attempts.search({ district: leaving.id })).attempts).toEqual([]);
    expect((await office.attempts.search({ district: staying.id })).attempts).toHaveLength(1);
    expect(await office.trail.list(leaving.id, 10)).toEqual([]);
  });

  it('says what was erased, in numbers', async () => {
    const { office } = await live();
    expect(await office.eraseDistrict(leaving)).toEqual({
      generations: 3,
      accounts: 31 + 32 + 2,
      classes: 2,
      enrollments: 2,
      links: 1,
      attempts: 1,
    });
  });

  it('begins anew when it comes back', async () => {
    const { office } = await live();
    await office.eraseDistrict(leaving);
    await office.districts.put(leaving);
    const result = await office.publisher.publish(leaving.id, 'sftp', feed(...students(1)));
    expect(result).toMatchObject({ kind: 'published', report: { changes: { student: { new: 1, before: 0 } } } });
  });
});
