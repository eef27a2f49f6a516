// Failed sign-ins gathered by cause: counted by people, closed by themselves, in few commands to the store.

import { countingReads } from '../../bench/counting-reads.ts';
import { maxOpen } from '../../src/incidents/count-incidents.ts';
import { type Incident, maxPeople } from '../../src/incidents/incident.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import type { Store } from '../../src/store/store.ts';
import type { AttemptFacts } from '../../src/support/attempt.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { student, students } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOfStudent, createSupportStory } from '../helpers/support-story.ts';
import { juniper, wexley } from '../sign-in/decider.ts';

const renamed = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    student({ sisId: `s${index}`, email: `student.s${index}@renamed.example` }),
  );

describe.each(engines)('incidents in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let store: Store;
  let services: TestServices;
  let story: ReturnType<typeof createSupportStory>;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    clock = createClock();
    store = await storeFixture.place().open(clock);
    services = await createServices(store, clock);
    story = createSupportStory(services, clock);
    await services.districts.put(juniper);
    await services.districts.put(wexley);
  });

  const open = async (district?: string): Promise<readonly Incident[]> =>
    (await services.incidents.list({ district, state: 'open' })).incidents;
  const closed = async (district?: string): Promise<readonly Incident[]> =>
    (await services.incidents.list({ district, state: 'closed' })).incidents;
  const fail = (number: number) => story.signIn(claimsOfStudent(`s${number}`));
  const facts = (change: Partial<AttemptFacts> & { readonly id: string }): AttemptFacts => ({
    app: 'summit-k12',
    at: clock(),
    code: 'not_rostered',
    district: juniper.id,
    clever: { clever_id: change.id, district: juniper.cleverId, user_type: 'student' },
    ...change,
  });

  it('count people and not tries, with both domains, since when, and after which publish', async () => {
    await story.publish(students(20));
    await story.publish(renamed(20));
    const publishedAt = clock() - 1000;
    for (const number of [0, 1, 2, 0, 0]) await fail(number);
    expect(await open()).toEqual([
      expect.objectContaining({
        district: juniper.id,
        people: 3,
        peopleOpen: 3,
        attempts: 5,
        isMore: false,
        cause: {
          code: 'email_mismatch',
          difference: 'domain',
          fromDomain: 'juniper.example',
          toDomain: 'renamed.example',
        },
        since: clock() - 4000,
        last: clock(),
        publish: { method: 'sftp', at: publishedAt },
      }),
    ]);
  });

  it('are as many as there are causes, also those that a publish removed', async () => {
    await story.publish(students(20));
    await story.publish(students(10));
    await fail(15);
    await fail(16);
    await story.failed();
    await story.signIn(claimsOfStudent('s2', { user_type: 'contact' }));
    expect((await open(juniper.id)).map(({ cause, people }) => [cause.code, people])).toEqual([
      ['account_inactive', 2],
      ['user_type_unsupported', 1],
      ['email_mismatch', 1],
    ]);
  });

  it('of a shared address are one each', async () => {
    const shared = ['one', 'two'].flatMap((name) =>
      ['a', 'b'].map((id) => student({ sisId: `${name}${id}`, email: `${name}@juniper.example` })),
    );
    await story.publish([...students(3), ...shared]);
    for (const email of ['one@juniper.example', 'two@juniper.example', 'one@juniper.example'])
      await story.signIn({ sub: email, email });
    expect((await open()).map(({ cause, attempts }) => [cause.code, attempts]).sort()).toEqual([
      ['ambiguous', 1],
      ['ambiguous', 2],
    ]);
  });

  it('close when all of their people got in, and begin anew when they fail again', async () => {
    await story.publish(students(5));
    await story.failed();
    const [before] = await open();
    expect(await story.signIn()).toBeUndefined();
    expect(await open()).toEqual([]);
    expect(await closed(juniper.id)).toEqual([
      expect.objectContaining({ id: before?.id, people: 1, peopleOpen: 0, closed: { at: clock(), why: 'got_in' } }),
    ]);
    await story.failed();
    const [after] = await open(juniper.id);
    expect(after?.id).not.toBe(before?.id);
    expect((await services.incidents.find(before?.id ?? ''))?.incident.closed?.why).toBe('got_in');
    expect((await services.incidents.find(after?.id ?? ''))?.people).toHaveLength(1);
  });

  it('close when the roster lets their people in, also those who did not try again', async () => {
    await story.publish(students(5));
    await story.publish(renamed(5));
    for (const number of [0, 1, 2]) await fail(number);
    await story.publish(students(5));
    expect(await fail(1)).toBeUndefined();
    expect(await services.incidents.upkeep()).toEqual([]);
    expect(await closed()).toEqual([expect.objectContaining({ people: 3, closed: { at: clock(), why: 'mended' } })]);
  });

  it('stay open for those whom the roster does not let in', async () => {
    await story.publish(students(5));
    await story.publish(renamed(5));
    for (const number of [0, 1, 2]) await fail(number);
    await story.publish([...students(2), ...renamed(5).slice(2)]);
    expect(await open()).toEqual([expect.objectContaining({ people: 3, peopleOpen: 1 })]);
    const { people = [] } = (await services.incidents.find((await open())[0]?.id ?? '')) ?? {};
    expect(people.map(({ state }) => state).sort()).toEqual(['mended', 'mended', 'open']);
  });

  it('close when a link is released, without a publish', async () => {
    await story.publish(students(3));
    await story.signIn();
    expect((await story.signIn({ sub: 'another' }))?.code).toBe('identity_changed');
    expect(await open()).toHaveLength(1);
    const account = accountIdOf(services.vault, juniper.id, 'student', 's0');
    await services.releaseLinks.ofAccount(juniper.id, account, { by: 'command', reason: 'why' });
    expect(await open()).toEqual([]);
  });

  it('close after a week without an attempt', async () => {
    await story.publish(students(3));
    await story.signIn(claimsOfStudent('s2', { user_type: 'contact' }));
    clock.advance(7 * 86_400 + 60);
    await services.incidents.upkeep();
    expect(await closed()).toEqual([expect.objectContaining({ closed: { at: clock(), why: 'quiet' } })]);
  });

  it('say how many others signed in since, each once', async () => {
    await story.publish(students(5));
    services.counts.signedIn(juniper.id, 'early');
    await story.failed();
    clock.advance(1);
    for (const account of ['a', 'b', 'a']) services.counts.signedIn(juniper.id, account);
    services.counts.signedIn(wexley.id, 'c');
    expect(await open()).toEqual([expect.objectContaining({ signedIn: 2 })]);
    clock.advance(1);
    services.counts.signedIn(juniper.id, 'a');
    expect(await open()).toEqual([expect.objectContaining({ signedIn: 2 })]);
  });

  it('with more people than are counted apart say so', async () => {
    const record = (index: number) =>
      services.incidents.record({ ...facts({ id: `c${index}` }), reference: `R${index}` });
    for (let from = 0; from < maxPeople + 2; from += 100)
      await Promise.all(
        Array.from({ length: Math.min(100, maxPeople + 2 - from) }, (_, index) => record(from + index)),
      );
    expect(await open()).toEqual([
      expect.objectContaining({ people: maxPeople, isMore: true, attempts: maxPeople + 2 }),
    ]);
  });

  it('of more causes than are kept apart are gathered by code', async () => {
    for (let index = 0; index < maxOpen + 3; index += 1) {
      const clever = { clever_id: `c${index}`, email: `shared.${index}@juniper.example` };
      await services.attempts.record({ ...facts({ id: '' }), code: 'ambiguous', clever });
    }
    const found = (await services.incidents.list({ district: juniper.id, state: 'open' }, undefined, 200)).incidents;
    expect(found).toHaveLength(maxOpen + 1);
    expect(found.find(({ cause }) => cause.isRest)).toMatchObject({ people: 3 });
  });

  it('counted by two servers at once lose no person', async () => {
    const other = await createServices(store, clock);
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (index % 2 === 0 ? services : other).attempts.record(facts({ id: `c${index}` })),
      ),
    );
    expect(await open()).toEqual([expect.objectContaining({ people: 60, attempts: 60 })]);
  });

  it('take one command to the store for an attempt, once they are known', async () => {
    const calls: string[] = [];
    const counted = await createServices(
      new Proxy(store, {
        get(target, name, receiver) {
          const value = Reflect.get(target, name, receiver);
          if (typeof value !== 'function') return value;
          return (...given: unknown[]) => {
            calls.push(String(name));
            return value.apply(target, given);
          };
        },
      }),
      clock,
    );
    await counted.incidents.record({ ...facts({ id: 'c0' }), reference: 'AAAAAAAA' });
    calls.length = 0;
    await counted.incidents.record({ ...facts({ id: 'c1' }), reference: 'AAAAAAAB' });
    expect(calls).toEqual(['commit']);
  });

  it('of a district are read in as many reads as one of them', async () => {
    const seen = { reads: 0 };
    const counted = await createServices(countingReads(store, seen), clock);
    const keepUntil = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const { clever, ...attempt } = facts({ id: `c${index}` });
        const email = `shared.${index}@juniper.example`;
        await counted.attempts.record({
          ...attempt,
          code: 'ambiguous',
          clever: { ...clever, clever_id: `c${index}`, email },
        });
      }
    };
    const readsOfList = async () => {
      // The first look asks the roster about each.
      await counted.incidents.list({ state: 'open' });
      seen.reads = 0;
      const { incidents } = await counted.incidents.list({ state: 'open' });
      return { incidents: incidents.length, reads: seen.reads };
    };
    await keepUntil(1);
    const one = await readsOfList();
    await keepUntil(20);
    expect(await readsOfList()).toEqual({ incidents: 20, reads: one.reads });
  });

  it('of many districts are read in a bounded number of reads, by a server that has just started', async () => {
    const districts = 14;
    for (let index = 0; index < districts; index += 1) {
      const district = { ...juniper, id: `d${index}`, cleverId: index.toString(16).padStart(24, '0') };
      await services.districts.put(district);
      await Promise.all(
        Array.from({ length: 60 }, (_, day) =>
          services.attempts.record({
            ...facts({ id: `c${day}` }),
            at: clock() - day * 86_400_000,
            district: district.id,
            clever: { clever_id: `c${day}`, district: district.cleverId, user_type: 'student' },
          }),
        ),
      );
    }
    const seen = { reads: 0 };
    const started = await createServices(countingReads(store, seen), clock);
    const { incidents } = await started.incidents.list({ state: 'open' });
    expect(new Set(incidents.map(({ district }) => district)).size).toBe(districts);
    expect(seen.reads).toBeLessThan(200);
  });

  it('are asked about once, whichever server asked', async () => {
    await story.publish(students(5));
    await story.failed();
    await services.incidents.upkeep();
    const seen = { lookUps: 0 };
    const other = await createServices(
      {
        ...store,
        lookUp(...asked) {
          seen.lookUps += 1;
          return store.lookUp(...asked);
        },
      },
      clock,
    );
    expect(await other.incidents.upkeep()).toHaveLength(1);
    expect(seen.lookUps).toBe(0);
    await story.publish(students(6));
    expect(await other.incidents.upkeep()).toHaveLength(1);
    expect(seen.lookUps).toBeGreaterThan(0);
  });

  it('of a district that is erased are gone', async () => {
    await services.attempts.record(facts({ id: 'c1' }));
    const [incident] = await open();
    await services.eraseDistrict({ ...juniper }, { by: 'command', reason: 'left Summit' });
    expect(await open()).toEqual([]);
    expect(await services.incidents.find(incident?.id ?? '')).toBeUndefined();
  });

  it('come in pages, those with most people first', async () => {
    for (const [index, code] of (['not_rostered', 'email_missing', 'email_invalid'] as const).entries())
      for (let count = 0; count <= index; count += 1)
        await services.attempts.record({ ...facts({ id: `c${count}` }), code });
    const first = await services.incidents.list({ state: 'open' }, undefined, 2);
    expect(first.incidents.map(({ people }) => people)).toEqual([3, 2]);
    const second = await services.incidents.list({ state: 'open' }, first.cursor, 2);
    expect(second).toEqual({ incidents: [expect.objectContaining({ people: 1 })], cursor: undefined });
    expect(await services.incidents.list({ state: 'open' }, 'none')).toEqual({ incidents: [], cursor: undefined });
    expect(await services.incidents.list({ state: 'closed' }, 'none')).toEqual({ incidents: [], cursor: undefined });
  });

  it('of no district of ours are none', async () => {
    const { district, ...unknown } = facts({ id: 'c1' });
    await services.attempts.record({ ...unknown, code: 'district_not_linked' });
    expect(await open()).toEqual([]);
  });
});
