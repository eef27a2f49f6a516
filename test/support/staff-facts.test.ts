// The facts that staff see about a failed sign-in besides the two values: where else the address is, who shares it, the
// former roster, the links.

import type { FeedItem } from '../../src/formats/feed.ts';
import { describeFact } from '../../src/http/support/pages/describe-fact.ts';
import { accountIdOf } from '../../src/roster/account.ts';
import { describeRefusal } from '../../src/sign-in/record-refusal.ts';
import type { Attempt } from '../../src/support/attempt.ts';
import { createFindInRosters } from '../../src/support/find-in-rosters.ts';
import { createStaffFacts, type StaffFact } from '../../src/support/staff-facts.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { feed, student, students, teacher } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening, wexley } from '../sign-in/decider.ts';

describe.each(engines)('the facts for staff in $name', ({ start }) => {
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
    await services.districts.put(juniper);
  });

  /** Returns the time in the facts. */
  async function publish(
    rows: readonly FeedItem[],
    district: string = juniper.id,
    method: 'sftp' | 'secure-sync' = 'sftp',
  ) {
    clock.advance(60);
    const published = await services.publisher.publish(district, method, feed(...rows), { approve: true });
    expect(published.kind).toBe('published');
    return new Date(clock()).toISOString();
  }

  const signIn = async (change: Record<string, unknown> = {}) => {
    clock.advance(60);
    const claims = claimsOf(change);
    const decided = await createDecider(services, { clock })(claims, opening);
    if (decided.kind === 'signed-in') return undefined;
    return services.attempts.record(describeRefusal(decided, claims, 'summit-k12', clock()));
  };
  async function failed(change: Record<string, unknown> = {}): Promise<Attempt> {
    const attempt = await signIn(change);
    if (attempt === undefined) throw new Error('was let in');
    return attempt;
  }
  const factsOf = async (attempt: Attempt): Promise<readonly StaffFact[]> =>
    (await services.openAttempt(attempt)).facts;

  const mention = (sisId: string, record: 'student' | 'teacher' = 'student', district: string = juniper.id) => ({
    account: accountIdOf(services.vault, district, record, sisId),
    record,
    sis_id: sisId,
  });

  it('name the other districts that have exactly the address', async () => {
    await publish(students(2));
    await services.districts.put({ ...wexley, rostering: ['sftp'] });
    await publish([student({ sisId: 'w1', email: 'moved@juniper.example' })], wexley.id);
    const known = await failed({ sub: 'moved', email: 'moved@juniper.example' });
    expect(await factsOf(known)).toContainEqual({ kind: 'in_another_district', districts: [wexley.id] });
    const alike = await failed({ sub: 'moved', email: 'Moved@juniper.example' });
    expect((await factsOf(alike)).map(({ kind }) => kind)).not.toContain('in_another_district');
  });

  it('say how many other districts were not asked', async () => {
    await publish(students(1));
    for (const id of ['a', 'b', 'c'])
      await services.districts.put({ id, cleverId: `${id}0`, name: id, rostering: ['sftp'] });
    const findInRosters = createFindInRosters({ ...services, accountIds: async () => [], maxDistricts: 2 });
    const facts = createStaffFacts({ ...services, findInRosters });
    expect(await facts.ofOthers(juniper.id, 'x@juniper.example')).toEqual([
      { kind: 'other_districts_not_searched', searched: 2, of: 3 },
    ]);
  });

  it('ask three hundred other districts in few reads of each', async () => {
    await publish(students(1));
    for (let count = 0; count < 300; count += 1)
      await services.districts.put({ id: `d${count}`, cleverId: `${count}a`, name: 'D', rostering: ['sftp'] });
    await publish([student({ sisId: '1', email: 'moved@juniper.example' })], 'd99');
    let reads = 0;
    const store = new Proxy(services.store, {
      get(target, name, receiver) {
        if (['get', 'find', 'page'].includes(String(name))) reads += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const counted = await createServices(store, clock);
    const attempt = await failed({ sub: 'moved', email: 'moved@juniper.example', given_name: 'A', family_name: 'B' });
    reads = 0;
    const { facts } = await counted.openAttempt(attempt);
    expect(facts).toContainEqual({ kind: 'in_another_district', districts: ['d99'] });
    expect(facts.map(({ kind }) => kind)).not.toContain('other_districts_not_searched');
    expect(reads).toBeLessThan(2 * 300 + 40);
  });

  it('name the accounts that share the address', async () => {
    const email = 'both@juniper.example';
    await publish([student({ sisId: '1', email }), student({ sisId: '2', email }), student({ sisId: '3' })]);
    const attempt = await failed({ email });
    expect(attempt.code).toBe('ambiguous');
    const facts = await factsOf(attempt);
    const shared = facts.find((fact) => fact.kind === 'address_shared');
    expect(shared?.accounts.toSorted((one, other) => one.sis_id.localeCompare(other.sis_id))).toEqual([
      mention('1'),
      mention('2'),
    ]);
    expect(facts).toContainEqual({ kind: 'would_be_refused_now', code: 'ambiguous' });
  });

  it('say which two rosters give the account to two people', async () => {
    const email = 'ana@juniper.example';
    await publish([student({ sisId: '1', email }), ...students(1)]);
    const other = student({ sisId: '1', givenName: 'Other', email: 'other@juniper.example' });
    await services.publisher.publish(
      juniper.id,
      'manual',
      feed({ ...other, place: { file: 'people.xlsx', sheet: 'Students', line: 9 } }),
      { approve: true },
    );
    const attempt = await failed({ email });
    expect(attempt.code).toBe('ambiguous');
    expect(attempt.about?.map(({ sources }) => sources.map((source) => source.email))).toEqual([
      [email, 'other@juniper.example'],
    ]);
    const facts = await factsOf(attempt);
    const fact = facts.find(({ kind }) => kind === 'account_of_two_people');
    expect(fact).toEqual({
      kind: 'account_of_two_people',
      ...mention('1'),
      rosters: [
        { method: 'sftp', place: 'students.csv, line 2' },
        { method: 'manual', place: 'people.xlsx, sheet Students, line 9' },
      ],
    });
    expect(fact && describeFact(fact)).toMatch(
      /sftp: students\.csv, line 2; manual: people\.xlsx, sheet Students, line 9/,
    );
  });

  it('say that a student and a teacher share it', async () => {
    const email = 'both@juniper.example';
    await publish([student({ sisId: '1', email }), ...students(1)]);
    const attempt = await failed({ email, user_type: 'teacher' });
    expect(attempt.code).toBe('role_conflict');
    await publish([student({ sisId: '1', email }), teacher({ sisId: '7', email }), ...students(1)]);
    const facts = await factsOf(attempt);
    expect(facts).toContainEqual({ kind: 'would_match_now' });
    expect(facts.find((fact) => fact.kind === 'address_shared')?.accounts).toHaveLength(2);
  });

  it('say that the same SIS id has another address since which publish', async () => {
    await publish([student({ sisId: '1', email: 'before@juniper.example' }), ...students(3)]);
    const published_at = await publish([student({ sisId: '1', email: 'after@juniper.example' }), ...students(3)]);
    const attempt = await failed({ email: 'before@juniper.example', sub: 'x' });
    expect(await factsOf(attempt)).toContainEqual({ kind: 'address_changed_in_roster', published_at, ...mention('1') });
  });

  it('say with which publish the address left the roster, and still after three more', async () => {
    await publish([student({ sisId: '1', email: 'gone@juniper.example' }), ...students(3)]);
    const published_at = await publish(students(3));
    const attempt = await failed({ email: 'gone@juniper.example', sub: 'x' });
    expect(attempt.code).toBe('account_inactive');
    const left = { kind: 'left_roster', method: 'sftp', ...mention('1') };
    expect(await factsOf(attempt)).toContainEqual({ ...left, published_at });
    for (let more = 0; more < 3; more += 1) await publish(students(3 + more));
    const later = (await factsOf(attempt)).find((fact) => fact.kind === 'left_roster');
    expect(later).toMatchObject(left);
    expect(later?.published_at).toEqual(expect.any(String));
  });

  it('say that the linked account has another address', async () => {
    await publish(students(3));
    expect(await signIn()).toBeUndefined();
    const attempt = await failed({ email: 'new-address@juniper.example' });
    expect(await factsOf(attempt)).toContainEqual({ kind: 'linked_account_has_another_address', ...mention('s0') });
  });

  it('say that the account is linked to another Clever id, and none that is not', async () => {
    await publish(students(3));
    expect(await signIn()).toBeUndefined();
    const attempt = await failed({ sub: 'somebody-new' });
    expect(attempt.code).toBe('identity_changed');
    const facts = await factsOf(attempt);
    expect(facts).toContainEqual({ kind: 'account_linked_to_another_clever_id', ...mention('s0') });
    expect(facts.map(({ kind }) => kind)).not.toContain('clever_id_linked_to_another_account');
    await services.links.release(juniper.id, mention('s0').account);
    expect(await factsOf(attempt)).toEqual([{ kind: 'would_match_now' }]);
  });

  it('say that this Clever id is linked to another account', async () => {
    await publish(students(3));
    expect(await signIn()).toBeUndefined();
    const attempt = await failed({ email: 'student.s1@juniper.example' });
    expect(attempt.code).toBe('identity_changed');
    const facts = await factsOf(attempt);
    expect(facts).toContainEqual({ kind: 'linked_account_has_another_address', ...mention('s0') });
    expect(facts).toContainEqual({ kind: 'clever_id_linked_to_another_account', ...mention('s0') });
    expect(facts.map(({ kind }) => kind)).not.toContain('account_linked_to_another_clever_id');
  });

  it('take the roster of a Secure Sync district for its links', async () => {
    await services.districts.put(wexley);
    const email = 'p0@wexley.example';
    const rows = [
      student({ sisId: 'p0', email, cleverId: 'clever-of-p0' }),
      student({ sisId: 'p1', email: 'p1@wexley.example', cleverId: 'clever-of-p1' }),
    ];
    await publish(rows, wexley.id, 'secure-sync');
    const attempt = await failed({ district: wexley.cleverId, email, sub: 'clever-of-p1' });
    expect(attempt.code).toBe('identity_changed');
    const facts = await factsOf(attempt);
    expect(facts).toContainEqual({
      kind: 'account_linked_to_another_clever_id',
      ...mention('p0', 'student', wexley.id),
    });
    expect(facts).toContainEqual({
      kind: 'clever_id_linked_to_another_account',
      ...mention('p1', 'student', wexley.id),
    });
    const other = await failed({ district: wexley.cleverId, email: 'renamed@wexley.example', sub: 'clever-of-p1' });
    expect(await factsOf(other)).toContainEqual({
      kind: 'linked_account_has_another_address',
      ...mention('p1', 'student', wexley.id),
    });
  });
});
