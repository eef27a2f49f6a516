// The audit log of staff: read back page by page over all the months it is kept, while new entries arrive.
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('the audit log of staff in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    clock = createClock();
    services = await createServices(await storeFixture.place().open(clock), clock);
  });

  const record = (why: string) => services.staffAuditLog.record({ action: 'signed_in', at: clock(), by: 'casey', why });
  async function readAll(limit: number, meanwhile: () => Promise<void> = async () => undefined): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await services.staffAuditLog.page(limit, cursor);
      seen.push(...page.entries.map(({ why }) => why));
      cursor = page.cursor;
      await meanwhile();
    } while (cursor !== undefined);
    return seen;
  }

  it('is read newest first, none twice and none left out, over months, while new entries arrive', async () => {
    const written: string[] = [];
    for (let count = 0; count < 13; count += 1) {
      written.unshift(`${count}`);
      await record(`${count}`);
      if (count % 4 === 3) clock.advance(31 * 86_400);
    }
    expect(await readAll(3, () => record('late'))).toEqual(written);
  });

  it('is read as far back as it is kept', async () => {
    await record('a year ago');
    clock.advance(396 * 86_400);
    expect(await readAll(5)).toEqual(['a year ago']);
  });

  it.each(['', 'x', '2026-13.1', '2026-01.', '..', '9999-12.x'])('has nothing behind the cursor %j', async (cursor) => {
    await record('one');
    expect(await services.staffAuditLog.page(5, cursor)).toEqual({ entries: [], cursor: undefined });
  });

  it('is filtered by action, by who in any letter case, and by time, over months', async () => {
    const { staffAuditLog } = services;
    const write = (by: string, action: 'signed_in' | 'signed_out', why: string) =>
      staffAuditLog.record({ action, at: clock(), by, why });
    await write('Casey@support.example', 'signed_in', 'first');
    await write('boss@admin.example', 'signed_in', 'second');
    const between = clock();
    clock.advance(40 * 86_400);
    await write('casey@support.example', 'signed_out', 'third');
    const by = staffAuditLog.keyOf('CASEY@support.example');
    expect(by).not.toContain('casey');
    const found = async (filter: object, cursor?: string, limit = 10) => {
      const page = await staffAuditLog.page(limit, cursor, filter);
      return { whys: page.entries.map(({ why }) => why), cursor: page.cursor };
    };
    expect((await found({ by })).whys).toEqual(['third', 'first']);
    expect((await found({ action: 'signed_in' })).whys).toEqual(['second', 'first']);
    expect((await found({ by, action: 'signed_in' })).whys).toEqual(['first']);
    expect((await found({ to: between })).whys).toEqual(['second', 'first']);
    expect((await found({ from: between + 1 })).whys).toEqual(['third']);
    const first = await found({ by }, undefined, 1);
    expect(first.whys).toEqual(['third']);
    expect((await found({ by }, first.cursor, 1)).whys).toEqual(['first']);
    expect((await found({ by: staffAuditLog.keyOf('nobody') })).whys).toEqual([]);
  });

  it('is looked through in bounded parts by a filter, and goes on', async () => {
    const { staffAuditLog } = services;
    const { vault, store } = services;
    await staffAuditLog.record({ action: 'signed_out', at: clock(), by: 'casey', why: 'far back' });
    const partition = `staff-trail-${new Date(clock()).toISOString().slice(0, 7)}`;
    const entry = JSON.stringify({ action: 'signed_in', at: clock(), by: 'boss', why: 'many' });
    const value = vault.seal({ partition, id: 'trail' }, entry);
    const log = { partition, name: 'trail', ttlSeconds: 1_000 };
    for (let part = 0; part < 12; part += 1)
      await store.commit(
        [],
        Array.from({ length: 500 }, () => ({ kind: 'append' as const, log, value })),
      );
    const first = await staffAuditLog.page(10, undefined, { action: 'signed_out' });
    expect(first.entries).toEqual([]);
    expect(first.cursor).toBeDefined();
    const rest = await staffAuditLog.page(10, first.cursor, { action: 'signed_out' });
    expect(rest.entries.map(({ why }) => why)).toEqual(['far back']);
  });
});
