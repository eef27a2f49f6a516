// The main product reads the whole roster, follows the changes, and must end with the same picture as a fresh reading.
import type { FeedItem } from '../../src/roster/feed.ts';
import type { ChangesBatch } from '../../src/roster/follow-roster.ts';
import { RosterOvertaken } from '../../src/roster/read-roster.ts';
import { createClock } from '../support/clock.ts';
import { enrollment, feed, section, student, students, teacher } from '../support/feeds.ts';
import { furnish, type TestOffice } from '../support/office.ts';
import { engines, type Ground } from '../support/stores.ts';

const district = 'juniper';
type Line = Readonly<Record<string, unknown>>;

async function readAll(office: TestOffice): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of office.readRoster(district)) lines.push(...batch.map((line): Line => ({ ...line })));
  return lines;
}

const cursorOf = (lines: readonly Line[]): string => String(lines.find((line) => 'cursor' in line)?.['cursor']);

async function follow(office: TestOffice, cursor: string): Promise<Line[]> {
  const followed = await office.followRoster(district, cursor);
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
  let ground: Ground;
  beforeAll(async () => {
    ground = await engine.start();
  });
  afterAll(() => ground.stop());
  const open = async () => furnish(await ground.place().open());

  it('tells accounts, classes and enrollments between a first line with the cursor and a last with the counts', async () => {
    const office = await open();
    await office.publisher.publish(
      district,
      'sftp',
      feed(...students(2), teacher({ sisId: 't1' }), section('c1', ['t1']), enrollment('c1', 's0')),
    );
    const lines = await readAll(office);
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
    expect(taught).toMatchObject({ sis_id: 'c1', name: 'Class c1', teachers: [teaching?.['id']] });
    expect(lines.find(({ type }) => type === 'enrollment')).toMatchObject({
      class: taught?.['id'],
      student: account?.['id'],
    });
  });

  it('tells an account of two feeds once, with both sources', async () => {
    const office = await open();
    await office.publisher.publish(district, 'sftp', feed(student({ sisId: 's1', email: 'one@juniper.example' })));
    await office.publisher.publish(district, 'manual', feed(student({ sisId: 's1', email: 'two@juniper.example' })));
    const lines = await readAll(office);
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
    const office = await open();
    const before = await readAll(office);
    await office.publisher.publish(district, 'sftp', feed(...students(3)));
    const known = takeIn(new Map(), before);
    const changes = await follow(office, cursorOf(before));
    expect(changes.at(-1)).toMatchObject({ type: 'cursor', more: false });
    expect(sorted(takeIn(known, changes))).toEqual(sorted(takeIn(new Map(), await readAll(office))));
  });

  it('goes on from each cursor, over removal and coming back', async () => {
    const office = await open();
    const publish = (...items: readonly FeedItem[]) => office.publisher.publish(district, 'sftp', feed(...items));
    await publish(...students(3));
    const first = await readAll(office);
    const [{ id: removedId } = { id: undefined }] = first.filter(({ sis_id }) => sis_id === 's2');
    await publish(...students(2));
    const gone = await follow(office, cursorOf(first));
    expect(gone.filter(({ removed }) => removed)).toEqual([
      { type: 'account', id: removedId, district, removed: true },
    ]);
    await publish(...students(3));
    const back = await follow(office, cursorOf(gone));
    expect(back.filter(({ id }) => id === removedId)).toMatchObject([{ type: 'account', sis_id: 's2' }]);
    expect(await follow(office, cursorOf(back))).toEqual([{ type: 'cursor', cursor: cursorOf(back), more: false }]);
    const known = takeIn(takeIn(takeIn(new Map(), first), gone), back);
    expect(sorted(known)).toEqual(sorted(takeIn(new Map(), await readAll(office))));
  });

  it('tells removed classes and enrollments', async () => {
    const office = await open();
    const publish = (...items: readonly FeedItem[]) => office.publisher.publish(district, 'sftp', feed(...items));
    await publish(...students(1), section('c1', []), enrollment('c1', 's0'));
    const first = await readAll(office);
    await publish(...students(1));
    const changes = await follow(office, cursorOf(first));
    expect(changes.filter(({ removed }) => removed).map(({ type }) => type)).toEqual(['class', 'enrollment']);
  });

  it('says present, not removed, of an account that another feed still has', async () => {
    const office = await open();
    await office.publisher.publish(district, 'sftp', feed(...students(2)));
    await office.publisher.publish(district, 'manual', feed(student({ sisId: 's1', email: 'other@juniper.example' })));
    const first = await readAll(office);
    await office.publisher.publish(district, 'sftp', feed(...students(1)), { approve: true });
    const changes = await follow(office, cursorOf(first));
    expect(changes.filter(({ sis_id }) => sis_id === 's1')).toMatchObject([{ sources: [{ method: 'manual' }] }]);
    expect(changes.some(({ removed }) => removed)).toBe(false);
  });

  it('has the picture of a fresh reading after many publishes and a rollback', async () => {
    const office = await open();
    const publish = (...items: readonly FeedItem[]) =>
      office.publisher.publish(district, 'sftp', feed(...items), { approve: true });
    await publish(...students(5));
    const first = await readAll(office);
    let cursor = cursorOf(first);
    const known = takeIn(new Map(), first);
    const step = async () => {
      const changes = await follow(office, cursor);
      cursor = cursorOf(changes);
      takeIn(known, changes);
    };
    await publish(...students(5, (index) => ({ grade: String(index) })));
    await publish(...students(3));
    await step();
    await office.publisher.rollback(district, 'sftp');
    await publish(...students(8, (index) => (index === 1 ? { givenName: 'Another' } : {})));
    await step();
    expect(sorted(known)).toEqual(sorted(takeIn(new Map(), await readAll(office))));
  });

  it('cuts a reading that two publishes overtook', async () => {
    const office = await open();
    await office.publisher.publish(district, 'sftp', feed(...students(3)));
    const reading = office.readRoster(district);
    await reading.next();
    for (const grade of ['1', '2']) {
      await office.publisher.publish(district, 'sftp', feed(...students(3, () => ({ grade }))));
    }
    await expect(async () => {
      for await (const _batch of reading);
    }).rejects.toThrow(RosterOvertaken);
  });

  it.each(['', 'x', 'cursor', '0000000000000000', '0000000000000000.', `${'0'.repeat(16)}.1-2`, 'z'.repeat(80)])(
    'says of %j that it is no cursor',
    async (cursor) => {
      const office = await open();
      expect(await office.followRoster(district, cursor)).toEqual({ kind: 'refused', code: 'cursor_malformed' });
    },
  );

  it('sends whoever brings an unknown, a future or another life’s cursor to the whole roster', async () => {
    const office = await open();
    await office.districts.put({ id: district, cleverId: 'a1', name: 'Juniper', rostering: ['sftp'] });
    await office.publisher.publish(district, 'sftp', feed(...students(1)));
    const cursor = cursorOf(await readAll(office));
    const [epoch] = cursor.split('.');
    const gone = { kind: 'refused', code: 'cursor_gone' };
    const place = `${'9'.repeat(15)}-${'0'.repeat(10)}`;
    for (const unknown of [
      `${'0'.repeat(16)}.${place}`,
      `${epoch}.${place}`,
      `${epoch}.${'0'.repeat(15)}-${'0'.repeat(10)}`,
    ]) {
      expect(await office.followRoster(district, unknown)).toEqual(gone);
    }
    expect(await office.followRoster(district, cursor)).toMatchObject({ kind: 'changes' });
    const found = await office.districts.find(district);
    if (found !== undefined) await office.eraseDistrict(found);
    expect(await office.followRoster(district, cursor)).toEqual(gone);
  });

  it('takes no cursor of an empty log for good for ever', async () => {
    const clock = createClock();
    const office = await furnish(await ground.place().open(), clock);
    const cursor = cursorOf(await readAll(office));
    expect(await office.followRoster(district, cursor)).toMatchObject({ kind: 'changes' });
    clock.advance(400 * 86_400);
    expect(await office.followRoster(district, cursor)).toEqual({ kind: 'refused', code: 'cursor_gone' });
  });

  it('ends an answer after ten thousand changes and says that there is more', async () => {
    const office = await open();
    const before = await readAll(office);
    await office.publisher.publish(district, 'sftp', feed(...students(10_400)));
    const first = await follow(office, cursorOf(before));
    expect(first.at(-1)).toMatchObject({ type: 'cursor', more: true });
    const second = await follow(office, cursorOf(first));
    expect(second.at(-1)).toMatchObject({ more: false });
    expect(takeIn(takeIn(new Map(), first), second).size).toBe(10_400);
  });
});
