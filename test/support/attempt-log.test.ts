// The log of failed sign-ins: found by whatever a caller may have, page by page, and forgotten by the store itself.

import type { Store } from '../../src/store/store.ts';
import type { Attempt } from '../../src/support/attempt.ts';
import { createAttemptLog } from '../../src/support/attempt-log.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { createServices, retentionSeconds, type TestServices } from '../helpers/services.ts';
import { embedded, engines, type StoreFixture } from '../helpers/stores.ts';

type Facts = Omit<Attempt, 'reference'>;

const day = 86_400;

function facts(at: number, change: Partial<Facts> = {}): Facts {
  return {
    at,
    code: 'email_mismatch',
    app: 'summit-k12',
    district: 'juniper-flats',
    difference: 'case',
    clever: { clever_id: 'clever-1', email: 'Ann@juniper.example', user_type: 'student' },
    about: [
      {
        account: 'account-1',
        record: 'student',
        sis_id: 's1',
        sources: [
          { method: 'sftp', email: 'ann@juniper.example', cleverId: undefined, place: { file: 'students.csv' } },
        ],
      },
    ],
    ...change,
  };
}

describe.each(engines)('attempts in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    services = await createServices(await storeFixture.place().open(clock), clock);
  });
  afterAll(() => storeFixture.stop());

  const record = (change: Partial<Facts> = {}) => services.attempts.record(facts(clock(), change));
  const search = async (...args: Parameters<TestServices['attempts']['search']>) =>
    (await services.attempts.search(...args)).attempts.map(({ reference }) => reference);

  it('are kept whole and found by their reference', async () => {
    const { reference } = await record();
    expect(await services.attempts.find(reference)).toEqual({ ...facts(clock()), reference });
    expect(await services.attempts.find('00000000')).toBeUndefined();
  });

  it('get another reference where the wanted one is taken', async () => {
    const first = await services.attempts.record(facts(clock()), 'ABCD2345');
    const second = await services.attempts.record(facts(clock(), { code: 'not_rostered' }), 'ABCD2345');
    expect(first.reference).toBe('ABCD2345');
    expect(second.reference).not.toBe('ABCD2345');
    expect(await services.attempts.find('ABCD2345')).toMatchObject({ code: 'email_mismatch' });
  });

  it.each([
    ['the address Clever sent', { email: 'Ann@juniper.example' }],
    ['the address of the roster', { email: 'ann@juniper.example' }],
    ['the Clever id', { cleverId: 'clever-1' }],
    ['the account', { account: 'account-1' }],
    ['the district', { district: 'juniper-flats' }],
    ['the code', { code: 'email_mismatch' }],
    ['district and code', { district: 'juniper-flats', code: 'email_mismatch' }],
    ['everything together', { email: 'Ann@juniper.example', cleverId: 'clever-1', district: 'juniper-flats' }],
    ['nothing in particular', {}],
  ] as const)('are found by %s', async (_name, filter) => {
    const { reference } = await record();
    await record({ district: 'port-wexley', code: 'not_rostered', clever: { clever_id: 'clever-2' }, about: [] });
    expect(await search(filter)).toContain(reference);
    expect((await search(filter)).length).toBe(Object.keys(filter).length === 0 ? 2 : 1);
  });

  it.each([
    ['an address in another case', { email: 'ANN@juniper.example' }],
    ['another Clever id', { cleverId: 'clever-2' }],
    ['a Clever id and another code', { cleverId: 'clever-1', code: 'not_rostered' }],
    ['an address and another district', { email: 'Ann@juniper.example', district: 'port-wexley' }],
    ['a district that a name begins with', { district: 'juniper' }],
  ] as const)('are not found by %s', async (_name, filter) => {
    await record();
    expect(await search(filter)).toEqual([]);
  });

  it('are found by time, both ends included', async () => {
    const references: string[] = [];
    const begin = clock();
    for (let count = 0; count < 5; count += 1) {
      references.unshift((await record()).reference);
      clock.advance(day / 2);
    }
    const window = { from: begin + (day / 2) * 1000, to: begin + ((day * 3) / 2) * 1000 };
    expect(await search(window)).toEqual(references.slice(1, 4));
    expect(await search({ ...window, from: window.from + 1, to: window.to - 1 })).toEqual(references.slice(2, 3));
    expect(await search({ from: clock() + 1 })).toEqual([]);
  });

  it('come newest first, page by page, none twice and none left out, while new ones arrive', async () => {
    const references: string[] = [];
    for (let count = 0; count < 25; count += 1) {
      references.unshift((await record({ code: count % 3 ? 'email_mismatch' : 'not_rostered' })).reference);
      if (count % 10 === 9) clock.advance(day);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await services.attempts.search({ district: 'juniper-flats' }, cursor, 4);
      seen.push(...page.attempts.map(({ reference }) => reference));
      cursor = page.cursor;
      await record({ code: 'ambiguous' });
    } while (cursor !== undefined);
    expect(seen).toEqual(references);
  });

  it.each(['', 'x', '9999-12-31.x', '2026-13-45.000000000000001-0000000001', '0001-01-01', '..', '2026-01-01.'])(
    'are none behind the cursor %j',
    async (cursor) => {
      await record();
      expect(await services.attempts.search({}, cursor)).toEqual({ attempts: [], cursor: undefined });
    },
  );

  it('of one district are erased, and those of another stay', async () => {
    const gone = [await record(), await record()];
    clock.advance(day);
    gone.push(await record());
    const stays = await record({ district: 'port-wexley' });
    expect(await services.attempts.eraseDistrict('juniper-flats')).toBe(3);
    for (const { reference } of gone) expect(await services.attempts.find(reference)).toBeUndefined();
    expect(await search({})).toEqual([stays.reference]);
    expect(await services.attempts.eraseDistrict('juniper-flats')).toBe(0);
  });
});

describe('on the embedded store, whose clock can be moved', () => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let store: Store;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  beforeEach(async () => {
    clock = createClock();
    store = await storeFixture.place().open(clock);
    services = await createServices(store, clock);
  });
  afterAll(() => storeFixture.stop());

  it('attempts go when their time has passed, and not before', async () => {
    const { reference } = await services.attempts.record(facts(clock()));
    clock.advance(retentionSeconds - 1);
    expect(await services.attempts.find(reference)).toBeDefined();
    expect((await services.attempts.search({})).attempts).toHaveLength(1);
    clock.advance(1);
    expect(await services.attempts.find(reference)).toBeUndefined();
    expect((await services.attempts.search({})).attempts).toEqual([]);
  });

  it('a search for a person without attempts is one read, and erasing does not begin again for each page', async () => {
    let reads = 0;
    const counting: Store = {
      ...store,
      get(...args) {
        reads += 1;
        return store.get(...args);
      },
      page(...args) {
        reads += 1;
        return store.page(...args);
      },
    };
    const log = createAttemptLog(counting, services.vault, { retentionSeconds, clock });
    // Some at once: of a thousand each would try again for most of the others.
    for (let made = 0; made < 1000; made += 20)
      await Promise.all(Array.from({ length: 20 }, () => log.record(facts(clock()))));
    reads = 0;
    await log.search({ email: 'nobody@nowhere.example' });
    expect(reads).toBe(1);
    reads = 0;
    await log.search({ from: clock() + 120_000 });
    expect(reads).toBeLessThanOrEqual(4);
    reads = 0;
    expect(await log.eraseDistrict('juniper-flats')).toBe(1000);
    expect(reads).toBeLessThanOrEqual(20);
  });
});

describe.each(engines)('attempts of unidentified users in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  const stranger: Facts = { at: Date.now(), code: 'clever_denied', app: 'summit-k12' };

  it.each([
    ['a day', stranger, day],
    ['as long as any other', facts(Date.now()), retentionSeconds],
    ['as long', { ...stranger, clever: { clever_id: 'clever-9' } }, retentionSeconds],
  ] as const)('is kept for %s', async (_name, attempt, seconds) => {
    const { store, vault } = await createServices(await storeFixture.place().open());
    const asked: (number | undefined)[] = [];
    const watched: Store = {
      ...store,
      put: (at, value, options) => {
        if (at.partition.startsWith('references-')) asked.push(options?.ttlSeconds);
        return store.put(at, value, options);
      },
      commit: (conditions, writes) => {
        asked.push(...writes.flatMap((write) => (write.kind === 'put' ? [write.ttlSeconds] : [])));
        return store.commit(conditions, writes);
      },
    };
    await createAttemptLog(watched, vault, { retentionSeconds }).record(attempt);
    expect(new Set(asked)).toEqual(new Set([seconds]));
  });

  it('is removed together, and no attempt of a district with it', async () => {
    const { store, vault } = await createServices(await storeFixture.place().open());
    const log = createAttemptLog(store, vault, { retentionSeconds });
    const kept = await log.record(facts(Date.now()));
    const strangers = [];
    for (let count = 0; count < 5; count += 1) strangers.push(await log.record(stranger));
    expect(await log.eraseOfNoDistrict()).toBe(5);
    for (const { reference } of strangers) expect(await log.find(reference)).toBeUndefined();
    expect((await log.search({})).attempts).toEqual([kept]);
    expect(await log.eraseOfNoDistrict()).toBe(0);
  });
});
