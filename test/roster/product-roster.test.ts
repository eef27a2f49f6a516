// The main product reads the whole roster, follows the changes, and must end with the same picture as a fresh reading.
import type { FeedItem } from '../../src/formats/feed.ts';
import { type ChangesBatch, RosterOvertaken } from '../../src/roster/product-roster.ts';
import { createClock } from '../helpers/clock.ts';
import { enrollment, feed, section, staff, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const district = 'juniper';
type Line = Readonly<Record<string, unknown>>;

async function readAll(services: TestServices): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of services.readRoster(district)) lines.push(...batch.map((line): Line => ({ ...line })));
  return lines;
}

const cursorOf = (lines: readonly Line[]): string => String(lines.find((line) => 'cursor' in line)?.['cursor']);

async function follow(services: TestServices, cursor: string): Promise<Line[]> {
  const followed = await services.followRoster(district, cursor);
  if (followed.kind === 'refused') throw new Error(followed.code);
  const lines: ChangesBatch[number][] = [];
  for await (const batch of followed.batches) lines.push(...batch);
  return lines.map((line): Line => ({ ...line }));
}

/** What a product has after taking in the lines. */
function takeIn(known: Map<string, Line>, lines: readonly Line[]): Map<string, Line> {
  for (const line of lines) {
    const key = `${line['type']}.${line['id']}`;
    if (line['removed'] === true) known.delete(key);
    else if ('id' in line) known.set(key, line);
  }
  return known;
}

const sorted = (known: Map<string, Line>) => [...known].sort(([one], [other]) => (one < other ? -1 : 1));

describe.each(engines)('reading and following a roster on $name', (engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());
  const open = async () => createServices(await storeFixture.place().open());

  it('sends accounts, classes and enrollments between a first line with the cursor and a last with the counts', async () => {
    const services = await open();
    await services.publisher.publish(
      district,
      'sftp',
      feed(...students(2), teacher({ sisId: 't1' }), section('c1', ['t1']), enrollment('c1', 's0')),
    );
    const lines = await readAll(services);
    expect(lines[0]).toMatchObject({ type: 'roster', district });
    expect(lines.at(-1)).toEqual({ type: 'end', accounts: 3, classes: 1, enrollments: 1 });
    const [account] = lines.filter(({ sis_id }) => sis_id === 's0');
    expect(account).toEqual({
      type: 'account',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      district,
      record: 'student',
      role: 'student',
      sis_id: 's0',
      given_name: 'Givens0',
      family_name: 'Familys0',
      email: 'student.s0@juniper.example',
      school_ids: ['school-1'],
      grade: null,
      sources: [{ method: 'sftp', email: 'student.s0@juniper.example' }],
    });
    const [teaching] = lines.filter(({ sis_id }) => sis_id === 't1');
    const [taught] = lines.filter(({ type }) => type === 'class');
    expect(taught).toMatchObject({
      sis_id: 'c1',
      name: 'Class c1',
      course: null,
      terms: [],
      teachers: [teaching?.['id']],
    });
    expect(lines.find(({ type }) => type === 'enrollment')).toMatchObject({
      class: taught?.['id'],
      student: account?.['id'],
    });
  });

  it('says of a class what its roster says', async () => {
    const facts = {
      course: { id: 'alg', title: 'Algebra', code: undefined },
      subject: 'Math',
      period: '3',
      terms: [{ id: 'fall', title: 'Fall', start: '2026-08-17', end: undefined }],
      grades: ['07', '08'],
    };
    const services = await open();
    await services.publisher.publish(
      district,
      'sftp',
      feed(teacher({ sisId: 't0' }), { ...section('c1', ['t0']), ...facts }),
    );
    expect((await readAll(services)).find(({ type }) => type === 'class')).toMatchObject({
      course: { id: 'alg', title: 'Algebra', code: null },
      subject: 'Math',
      period: '3',
      terms: [{ id: 'fall', title: 'Fall', start: '2026-08-17', end: null }],
      grades: ['07', '08'],
    });
  });

  it('sends the position where a roster gives one, and of every administrator', async () => {
    const services = await open();
    const rows = [
      staff({ sisId: 'a1', role: 'administrator' }),
      staff({ sisId: 'a2', role: 'administrator', position: 'district_admin' }),
      teacher({ sisId: 't1', position: 'lead_teacher' }),
      teacher({ sisId: 't2' }),
    ];
    await services.publisher.publish(district, 'manual', feed(...rows));
    const lines = await readAll(services);
    const positions = lines.flatMap(({ sis_id, position }) => (sis_id === undefined ? [] : [[sis_id, position]]));
    expect(Object.fromEntries(positions)).toEqual({
      a1: 'school_admin',
      a2: 'district_admin',
      t1: 'lead_teacher',
      t2: undefined,
    });
  });

  it('sends an account of two feeds once, with both sources', async () => {
    const services = await open();
    await services.publisher.publish(district, 'sftp', feed(student({ sisId: 's1', email: 'one@juniper.example' })));
    await services.publisher.publish(district, 'manual', feed(student({ sisId: 's1', email: 'two@juniper.example' })));
    const lines = await readAll(services);
    expect(lines.filter(({ type }) => type === 'account')).toMatchObject([
      {
        email: 'one@juniper.example',
        sources: [
          { method: 'sftp', email: 'one@juniper.example' },
          { method: 'manual', email: 'two@juniper.example' },
        ],
      },
    ]);
    expect(lines.at(-1)).toMatchObject({ accounts: 1 });
  });

  it('misses nothing that is published after the cursor was given', async () => {
    const services = await open();
    const before = await readAll(services);
    await services.publisher.publish(district, 'sftp', feed(...students(3)));
    const known = takeIn(new Map(), before);
    const changes = await follow(services, cursorOf(before));
    expect(changes.at(-1)).toMatchObject({ type: 'cursor', more: false });
    expect(sorted(takeIn(known, changes))).toEqual(sorted(takeIn(new Map(), await readAll(services))));
  });

  it('goes on from each cursor, over removal and coming back', async () => {
    const services = await open();
    const publish = (...items: readonly FeedItem[]) => services.publisher.publish(district, 'sftp', feed(...items));
    await publish(...students(3));
    const first = await readAll(services);
    const [{ id: removedId } = { id: undefined }] = first.filter(({ sis_id }) => sis_id === 's2');
    await publish(...students(2));
    const gone = await follow(services, cursorOf(first));
    expect(gone.filter(({ removed }) => removed)).toEqual([
      { type: 'account', id: removedId, district, removed: true },
    ]);
    await publish(...students(3));
    const back = await follow(services, cursorOf(gone));
    expect(back.filter(({ id }) => id === removedId)).toMatchObject([{ type: 'account', sis_id: 's2' }]);
    expect(await follow(services, cursorOf(back))).toEqual([{ type: 'cursor', cursor: cursorOf(back), more: false }]);
    const known = takeIn(takeIn(takeIn(new Map(), first), gone), back);
    expect(sorted(known)).toEqual(sorted(takeIn(new Map(), await readAll(services))));
  });

  it('sends removed classes and enrollments', async () => {
    const services = await open();
    const publish = (...items: readonly FeedItem[]) => services.publisher.publish(district, 'sftp', feed(...items));
    await publish(...students(1), section('c1', []), enrollment('c1', 's0'));
    const first = await readAll(services);
    await publish(...students(1));
    const changes = await follow(services, cursorOf(first));
    expect(changes.filter(({ removed }) => removed).map(({ type }) => type)).toEqual(['class', 'enrollment']);
  });

  it('says present, not removed, of an account that another feed still has', async () => {
    const services = await open();
    await services.publisher.publish(district, 'sftp', feed(...students(2)));
    await services.publisher.publish(
      district,
      'manual',
      feed(student({ sisId: 's1', email: 'other@juniper.example' })),
    );
    const first = await readAll(services);
    await services.publisher.publish(district, 'sftp', feed(...students(1)), { approve: true });
    const changes = await follow(services, cursorOf(first));
    expect(changes.filter(({ sis_id }) => sis_id === 's1')).toMatchObject([{ sources: [{ method: 'manual' }] }]);
    expect(changes.some(({ removed }) => removed)).toBe(false);
  });

  it('has the picture of a fresh reading after many publishes and a rollback', async () => {
    const services = await open();
    const publish = (...items: readonly FeedItem[]) =>
      services.publisher.publish(district, 'sftp', feed(...items), { approve: true });
    await publish(...students(5));
    const first = await readAll(services);
    let cursor = cursorOf(first);
    const known = takeIn(new Map(), first);
    const step = async () => {
      const changes = await follow(services, cursor);
      cursor = cursorOf(changes);
      takeIn(known, changes);
    };
    await publish(...students(5, (index) => ({ grade: String(index) })));
    await publish(...students(3));
    await step();
    await services.publisher.rollback(district, 'sftp');
    await publish(...students(8, (index) => (index === 1 ? { givenName: 'Another' } : {})));
    await step();
    expect(sorted(known)).toEqual(sorted(takeIn(new Map(), await readAll(services))));
  });

  it('cuts a reading that two publishes overtook', async () => {
    const services = await open();
    await services.publisher.publish(district, 'sftp', feed(...students(3)));
    const reading = services.readRoster(district);
    await reading.next();
    for (const grade of ['1', '2']) {
      await services.publisher.publish(district, 'sftp', feed(...students(3, () => ({ grade }))));
    }
    await expect(async () => {
      for await (const _batch of reading);
    }).rejects.toThrow(RosterOvertaken);
  });

  it.each(['', 'x', 'cursor', '0000000000000000', '0000000000000000.', `${'0'.repeat(16)}.1-2`, 'z'.repeat(80)])(
    'says of %j that it is no cursor',
    async (cursor) => {
      const services = await open();
      expect(await services.followRoster(district, cursor)).toEqual({ kind: 'refused', code: 'cursor_malformed' });
    },
  );

  it('answers an unknown, future or outdated cursor with a request to read the whole roster', async () => {
    const services = await open();
    await services.districts.put({ id: district, cleverId: 'a1', name: 'Juniper', rostering: ['sftp'] });
    await services.publisher.publish(district, 'sftp', feed(...students(1)));
    const cursor = cursorOf(await readAll(services));
    const [epoch] = cursor.split('.');
    const gone = { kind: 'refused', code: 'cursor_gone' };
    const place = `${'9'.repeat(15)}-${'0'.repeat(10)}`;
    for (const unknown of [
      `${'0'.repeat(16)}.${place}`,
      `${epoch}.${place}`,
      `${epoch}.${'0'.repeat(15)}-${'0'.repeat(10)}`,
    ]) {
      expect(await services.followRoster(district, unknown)).toEqual(gone);
    }
    expect(await services.followRoster(district, cursor)).toMatchObject({ kind: 'changes' });
    const found = await services.districts.find(district);
    if (found !== undefined) await services.eraseDistrict(found, { by: 'command', reason: 'left Summit' });
    expect(await services.followRoster(district, cursor)).toEqual(gone);
  });

  it('takes no cursor of an empty log for good for ever', async () => {
    const clock = createClock();
    const services = await createServices(await storeFixture.place().open(), clock);
    const cursor = cursorOf(await readAll(services));
    expect(await services.followRoster(district, cursor)).toMatchObject({ kind: 'changes' });
    clock.advance(400 * 86_400);
    expect(await services.followRoster(district, cursor)).toEqual({ kind: 'refused', code: 'cursor_gone' });
  });

  it('ends an answer after ten thousand changes and says that there is more', async () => {
    const services = await open();
    const before = await readAll(services);
    await services.publisher.publish(district, 'sftp', feed(...students(10_400)));
    const first = await follow(services, cursorOf(before));
    expect(first.at(-1)).toMatchObject({ type: 'cursor', more: true });
    const second = await follow(services, cursorOf(first));
    expect(second.at(-1)).toMatchObject({ more: false });
    expect(takeIn(takeIn(new Map(), first), second).size).toBe(10_400);
  });
});
