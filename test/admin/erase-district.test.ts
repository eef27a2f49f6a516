// A district that leaves takes everything with it: seen in the bytes of the store.
import { partitionOf } from '../../src/district/district.ts';
import type { RosterRow } from '../../src/formats/feed.ts';
import { dump } from '../helpers/at-rest.ts';
import { enrollment, feed, section, student, students, teacher } from '../helpers/feeds.ts';
import { createServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const leaving = { id: 'leaving', cleverId: 'a1', name: 'Leaving', rostering: ['sftp', 'manual'] } as const;
const staying = { id: 'staying', cleverId: 'b2', name: 'Staying', rostering: ['sftp'] } as const;

describe.each(engines)('a district that leaves, on $name', (engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  async function live() {
    const store = await storeFixture.place().open();
    const services = await createServices(store);
    for (const district of [leaving, staying]) {
      await services.districts.put(district);
      const people = [...students(30), teacher({ sisId: 't1' })];
      const classes = [section('c1', ['t1']), enrollment('c1', 's0')];
      const sent = (...rows: readonly RosterRow[]) => ({ method: 'sftp' as const, feed: feed(...rows), digests: [] });
      await services.recordedPublisher.publish(district.id, sent(...people, ...classes), 'command');
      await services.recordedPublisher.publish(
        district.id,
        sent(...people, student({ sisId: 'new' }), ...classes),
        'command',
      );
      await services.recordedPublisher.publish(district.id, sent(...students(2)), 'command');
      const roster = await services.rosters.read(district.id, 0);
      await store.commit(
        [],
        [
          ...services.links.between(roster, 'an-account', 'a-clever-id').writes(),
          services.registry.write({
            sid: 'a-session',
            districtId: district.id,
            accountId: 'an-account',
            rosterVersion: 1,
            issuedAt: 1,
            expiresAt: 4_000_000_000,
            openedBy: 'x',
            returnTo: '/',
          }),
        ],
      );
      await services.syncLog.record(district.id, { startedAt: 1, finishedAt: 2, by: 'command', result: 'published' });
      await services.attempts.record({
        at: Date.now(),
        code: 'not_rostered',
        app: 'summit-k12',
        district: district.id,
        clever: { email: `somebody@${district.id}.example` },
      });
    }
    return { store, services };
  }

  it('leaves no key of its partition behind, and nothing of another district goes with it', async () => {
    const { store, services } = await live();
    const keysOf = async (id: string) => {
      const partition = partitionOf(services.vault, id);
      return (await dump(store)).filter(([key]) => key.includes(partition)).map(([key]) => key.toString('hex'));
    };
    const before = await keysOf(staying.id);
    expect((await keysOf(leaving.id)).length).toBeGreaterThan(100);
    await services.eraseDistrict(leaving, { by: 'command', reason: 'left Summit' });
    expect(await keysOf(leaving.id)).toEqual([]);
    expect((await keysOf(staying.id)).sort()).toEqual(before.sort());
    expect(await services.districts.find(leaving.id)).toBeUndefined();
    expect(await services.districts.findByCleverId(leaving.cleverId)).toBeUndefined();
    expect((await services.attempts.search({ district: leaving.id })).attempts).toEqual([]);
    expect((await services.attempts.search({ district: staying.id })).attempts).toHaveLength(1);
    expect(await services.auditLog.list(leaving.id, 10)).toEqual([]);
  });

  it('says what was erased, in numbers', async () => {
    const { services } = await live();
    expect(await services.eraseDistrict(leaving, { by: 'command', reason: 'left Summit' })).toEqual({
      generations: 3,
      accounts: 31 + 32 + 2,
      classes: 2,
      enrollments: 2,
      links: 1,
      attempts: 1,
    });
  });

  it('begins anew when it comes back', async () => {
    const { services } = await live();
    await services.eraseDistrict(leaving, { by: 'command', reason: 'left Summit' });
    await services.districts.put(leaving);
    const result = await services.publisher.publish(leaving.id, 'sftp', feed(...students(1)));
    expect(result).toMatchObject({ kind: 'published', report: { changes: { student: { new: 1, before: 0 } } } });
  });
});
