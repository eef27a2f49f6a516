// The audit log of staff: read back page by page over all the months it is kept, while new entries arrive.
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('the trail of staff in $name', ({ start }) => {
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
});
