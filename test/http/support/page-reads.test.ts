// How many store reads the pages of support take: the same with ten times the failed sign-ins.
import { countingReads } from '../../../bench/counting-reads.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { juniper, wexley } from '../../sign-in/decider.ts';

/** So that each district has more than a page holds. */
const few = 160;
/** Attempts of one read, where people are gathered. */
const groupPage = 500;

describe.each(engines)('a page of support over $name', ({ start }) => {
  const seen = { reads: 0 };
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let support: SupportFixture;
  let headers: Readonly<Record<string, string>>;
  let kept = 0;

  beforeAll(async () => {
    storeFixture = await start();
    clock = createClock();
    support = await startSupport(countingReads(await storeFixture.place().open(clock), seen), { clock });
    for (const district of [juniper, wexley]) await support.services.districts.put(district);
    const cookie = (await support.signIn({ verifiedEmail: 'robin@admin.example' })) ?? '';
    headers = { cookie, accept: 'text/html' };
  });
  afterAll(async () => {
    await support.stop();
    await storeFixture.stop();
  });

  /** Of a person each, within one hour of each district. */
  async function keepUntil(count: number): Promise<void> {
    const record = (index: number) => {
      const { id: district, cleverId } = index % 2 === 0 ? wexley : juniper;
      const clever = { clever_id: `c${index}`, district: cleverId, user_type: 'student', email: `p${index}@a.example` };
      return support.services.attempts.record({
        app: 'summit-k12',
        at: clock(),
        code: 'not_rostered',
        district,
        clever,
      });
    };
    for (; kept < count; kept += 20) await Promise.all(Array.from({ length: 20 }, (_, index) => record(kept + index)));
    await support.services.counts.flush();
    await support.services.incidents.upkeep();
  }

  async function readsOf(path: string, q?: string): Promise<number> {
    // The fewest of the rounds after the first, which fills the caches. On a busy machine one of them may expire in between.
    const counted: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      seen.reads = 0;
      const form = q === undefined ? {} : { body: new URLSearchParams({ q, form: await formToken() }) };
      seen.reads = 0;
      const own = { headers: { ...headers, origin: support.url }, ...form };
      const { status } = await support.ask(q === undefined ? 'GET' : 'POST', path, own);
      expect([path, [200, 303].includes(status)]).toEqual([path, true]);
      if (round > 0) counted.push(seen.reads);
    }
    return Math.min(...counted);
  }

  async function formToken(): Promise<string> {
    const { text } = await support.ask('GET', '/support/incidents?state=closed', { headers });
    return /name="form" value="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  const pages: readonly (readonly [path: string, q?: string])[] = [
    ['/support'],
    ['/support/incidents'],
    ['/support/districts'],
    ['/support/districts?order=failures'],
    [`/support/districts/${juniper.id}`],
    ['/support/attempts'],
    ['/support/attempts?code=not_rostered'],
    ['/support/attempts?group=person'],
    [`/support/attempts?district=${juniper.id}`],
    [`/support/attempts?district=${juniper.id}&group=person`],
    ['/support/search', 'today'],
    ['/support/search', 'p1@a.example'],
    ['/support/search', 'nobody@a.example'],
    ['/support/search', `${juniper.id} Ana Silva`],
  ];

  it('takes no more reads with ten times the attempts; by person two more for each 500', async () => {
    const count = async () => {
      const reads: Record<string, number> = {};
      for (const [path, q] of pages) reads[`${path} ${q ?? ''}`] = await readsOf(path, q);
      return reads;
    };
    await keepUntil(few);
    const before = await count();
    await keepUntil(10 * few);
    const after = await count();
    // People are gathered from the newest 10,000 attempts: an index and their records for each 500.
    const allowed = (name: string) => (name.includes('group=person') ? 2 * Math.ceil((10 * few) / groupPage) : 0);
    const more = Object.entries(after).filter(([name, reads]) => reads > (before[name] ?? 0) + allowed(name));
    expect(more).toEqual([]);
    expect(Math.max(...Object.values(after))).toBeLessThan(30);
  });
});
