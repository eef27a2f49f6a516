// How many store reads the first page of each kind of search costs: counted, and the same with three times the attempts.
import { countingReads } from '../../bench/counting-reads.ts';
import { maxOfOnePerson } from '../../src/support/attempt-index.ts';
import { type AttemptLog, createAttemptLog } from '../../src/support/attempt-log.ts';
import type { AttemptFilter } from '../../src/support/attempt-names.ts';
import { createClock } from '../helpers/clock.ts';
import { createServices, retentionSeconds } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const dayMs = 86_400_000;
const days = 60;

describe.each(engines)('the first page of a search in $name', ({ start }) => {
  const now = createClock()();
  const seen = { reads: 0 };
  let storeFixture: StoreFixture;
  let log: AttemptLog;

  beforeAll(async () => {
    storeFixture = await start();
    const store = await storeFixture.place().open(() => now);
    const { vault } = await createServices(store, () => now);
    log = createAttemptLog(countingReads(store, seen), vault, { retentionSeconds, clock: () => now });
  });
  afterAll(() => storeFixture.stop());

  /** Four a day, the oldest first: two of the busy district, one of a person who comes every day, one on the tenth day only. */
  async function fill(): Promise<void> {
    for (let day = days - 1; day >= 0; day -= 1) {
      const at = now - day * dayMs;
      const base = { at, app: 'summit-k12', code: 'not_rostered', district: 'busy' } as const;
      await Promise.all([
        log.record({ ...base, clever: { clever_id: `of-day-${day}` } }),
        log.record({ ...base, clever: { clever_id: 'daily', email: 'daily@busy.example' } }),
        log.record({ ...base, district: `quiet-${day}` }),
        ...(day === 10 ? [log.record({ ...base, code: 'ambiguous', clever: { clever_id: 'rare' } })] : []),
      ]);
    }
  }

  it.each([
    ['everything', {}, 42],
    ['a code', { code: 'not_rostered' }, 42],
    ['a code on one day', { code: 'ambiguous' }, 4],
    ['a code that none has', { code: 'clever_denied' }, 2],
    ['an address seen every day', { email: 'daily@busy.example' }, 51],
    ['a Clever id seen once', { cleverId: 'rare' }, 2],
    ['an address that none has', { email: 'nobody@busy.example' }, 1],
    ['an account that none is about', { account: 'nobody' }, 1],
    ['a district', { district: 'busy' }, 51],
    ['a district that has one', { district: 'quiet-30' }, 2],
    ['a day of a district', { district: 'busy', from: now - 40 * dayMs - 1000, to: now - 40 * dayMs + 1000 }, 3],
    ['a district that has none', { district: 'nowhere' }, 1],
  ] satisfies [string, AttemptFilter, number][])(
    'by %s reads no more with more attempts',
    async (_name, filter, most) => {
      if ((await log.search({})).attempts.length === 0) await fill();
      seen.reads = 0;
      await log.search(filter);
      expect(seen.reads).toBeLessThanOrEqual(most);
    },
  );

  it('by any of these reads the same number or fewer after three times as many', async () => {
    const readsOf = async (filter: AttemptFilter) => {
      seen.reads = 0;
      await log.search(filter);
      return seen.reads;
    };
    const filters = [{}, { code: 'not_rostered' }, { email: 'daily@busy.example' }, { district: 'busy' }] as const;
    const before = [];
    for (const filter of filters) before.push(await readsOf(filter));
    await fill();
    await fill();
    for (const [index, filter] of filters.entries()) {
      expect(await readsOf(filter)).toBeLessThanOrEqual(before[index] ?? 0);
    }
  });

  it('of a person with more attempts than a list holds return the newest', async () => {
    const clever = { clever_id: 'crowd' };
    const ats = Array.from({ length: maxOfOnePerson + 20 }, (_, index) => now - 60_000 + index);
    for (let from = 0; from < ats.length; from += 100) {
      await Promise.all(
        ats.slice(from, from + 100).map((at) => log.record({ at, app: 'summit-k12', code: 'ambiguous', clever })),
      );
    }
    const { attempts } = await log.search({ cleverId: 'crowd' }, undefined, 1000);
    expect(attempts).toHaveLength(maxOfOnePerson);
    expect(attempts[0]?.at).toBe(ats.at(-1));
  });
});
