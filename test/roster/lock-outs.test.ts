// Which accounts a publish keeps from signing in, for each reason, against what matching says of every account; and that
// what is unchanged costs nothing.
import fc from 'fast-check';
import type { AccountRow } from '../../src/formats/feed.ts';
import type { Method } from '../../src/identity/candidate.ts';
import type { Identity, Kind } from '../../src/identity/identity.ts';
import { matchAccount } from '../../src/identity/match-account.ts';
import { type Account, toAccount, toFeedAccount } from '../../src/roster/account.ts';
import { noLockOuts, totalOf } from '../../src/roster/lock-outs.ts';
import type { PublishOptions } from '../../src/roster/publish.ts';
import type { Store } from '../../src/store/store.ts';
import { createClock } from '../helpers/clock.ts';
import { feed, type Person, student, students, teacher, teachers } from '../helpers/feeds.ts';
import { createServices, type TestServices } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

let districtId = 'juniper-flats';

it('a total takes reports of an earlier build, which lack a reason', () => {
  const { id_changed: _later, ...earlier } = { ...noLockOuts, removed: 3, passed_on: 2 };
  expect(totalOf(earlier)).toBe(5);
});

describe.each(engines)('accounts that can no longer sign in, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let services: TestServices;
  let lookedUp: { calls: number; rows: number };
  const clock = createClock();

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    districtId = 'juniper-flats';
    lookedUp = { calls: 0, rows: 0 };
    services = await createServices(countLookUps(await storeFixture.place().open(clock)), clock);
  });
  afterAll(() => storeFixture.stop());

  const countLookUps = (store: Store): Store => ({
    ...store,
    async lookUp(...asked) {
      const found = await store.lookUp(...asked);
      lookedUp.calls += 1;
      lookedUp.rows += found.reduce((sum, { pages }) => sum + pages.length, 0);
      return found;
    },
  });

  function publish(rows: readonly AccountRow[], method: Method = 'sftp', options: PublishOptions = { approve: true }) {
    clock.advance(1);
    return services.publisher.publish(districtId, method, feed(...rows), options);
  }

  async function lockOutsOf(rows: readonly AccountRow[], method?: Method) {
    const { student, employee } = (await publish(rows, method)).report.changes;
    return { student: student.locked_out, employee: employee.locked_out };
  }

  const renumbered = (row: AccountRow): AccountRow => ({ ...row, sisId: `new-${row.sisId}` });

  it('holds a roster with every student twice, under an old and a new number and with one address', async () => {
    await publish(students(20));
    const result = await publish([...students(20), ...students(20).map(renumbered)], 'sftp', {});
    expect(result).toMatchObject({
      kind: 'held',
      holds: [{ kind: 'student', removed: 0, address_changed: 0, address_shared: 20, of: 20 }],
    });
    expect(await services.publisher.approve(districtId, 'sftp')).toMatchObject({
      kind: 'done',
      report: { changes: { student: { locked_out: { address_shared: 20 } } } },
    });
  });

  it('holds the same where the second of each comes by another method', async () => {
    await publish(students(20), 'manual');
    const held = await publish(students(20).map(renumbered), 'sftp', {});
    expect(held).toMatchObject({ kind: 'held', holds: [{ kind: 'student', address_shared: 20, of: 20 }] });
  });

  it('counts no account that such a roster locked out before, so that a corrected one is published', async () => {
    await publish([...students(20), ...students(20).map(renumbered)]);
    const corrected = students(20, (index) => ({ email: `other.${index}@juniper.example` }));
    const result = await publish([...corrected, ...students(20).map(renumbered)], 'sftp', {});
    expect(result).toMatchObject({
      kind: 'published',
      report: { changes: { student: { address_changed: 20, locked_out: noLockOuts } } },
    });
  });

  it.each<[string, string, Partial<Person>]>([
    ['a blank address', 'address_lost', { email: undefined }],
    ['what is no plain address', 'address_lost', { email: 'a@juniper.example, b@juniper.example' }],
    ['another address', 'address_changed', { email: 'other@juniper.example' }],
    ['an address that differs by case', 'address_changed', { email: 'Student.s0@juniper.example' }],
    ['the address of another account', 'address_changed', { email: 'student.s1@juniper.example' }],
  ])('%s: one account, as %s', async (_name, reason, change) => {
    await publish(students(3));
    const { student } = await lockOutsOf(students(3, (index) => (index === 0 ? change : {})));
    const shared = change.email === 'student.s1@juniper.example' ? { address_shared: 1 } : {};
    expect(student).toEqual({ ...noLockOuts, [reason]: 1, ...shared });
  });

  it.each<[string, Partial<Person>]>([
    ['name', { familyName: 'Other' }],
    ['school', { schoolId: 'school-2' }],
    ['grade', { grade: '5' }],
  ])('a change of %s locks out no account', async (_name, change) => {
    await publish(students(3));
    expect((await lockOutsOf(students(3, () => change))).student).toEqual(noLockOuts);
  });

  it('an address that was blank and is filled in locks out no account', async () => {
    await publish(students(3, () => ({ email: undefined })));
    expect((await lockOutsOf(students(3))).student).toEqual(noLockOuts);
  });

  it('an address that another feed still gives locks out no account, and one that it gives no more locks out', async () => {
    await publish(students(2), 'manual');
    await publish(students(2));
    const moved = students(2, () => ({ email: 'moved@juniper.example' })).slice(0, 1);
    expect((await lockOutsOf(moved)).student).toEqual(noLockOuts);
    expect((await lockOutsOf(moved, 'manual')).student).toEqual({ ...noLockOuts, removed: 1, address_changed: 1 });
  });

  it('a student and a teacher with one address lock out neither; two teachers both', async () => {
    await publish([...students(1), ...teachers(2)]);
    const shared = { email: 'student.s0@juniper.example' };
    expect(await lockOutsOf([...students(1), ...teachers(1, () => shared), teacher({ sisId: 't1' })])).toMatchObject({
      student: noLockOuts,
      employee: { ...noLockOuts, address_changed: 1 },
    });
    expect(await lockOutsOf([...students(1), ...teachers(2, () => shared)])).toMatchObject({
      student: noLockOuts,
      employee: { ...noLockOuts, address_changed: 1, address_shared: 1 },
    });
  });

  it('an account without an address, by its Clever id: passed on, or given an address by another feed', async () => {
    const published = (change: (index: number) => Partial<Person> = () => ({})) =>
      students(3, (index) => ({ email: undefined, cleverId: `clever-${index}`, ...change(index) }));
    await publish(published(), 'secure-sync');
    const passedOn = published((index) => (index === 1 ? { cleverId: 'another' } : {}));
    expect((await lockOutsOf(passedOn, 'secure-sync')).student).toEqual({ ...noLockOuts, passed_on: 1 });
    expect((await lockOutsOf(students(1))).student).toEqual({ ...noLockOuts, address_changed: 1 });
  });

  it('an address that Clever itself gives from now on locks out no account', async () => {
    const published = students(3, (index) => ({ email: undefined, cleverId: `clever-${index}` }));
    await publish(published, 'secure-sync');
    const addressed = students(3, (index) => ({ cleverId: `clever-${index}` }));
    expect((await lockOutsOf(addressed, 'secure-sync')).student).toEqual(noLockOuts);
  });

  it('rollback counts the same way', async () => {
    await publish([...students(5), student({ sisId: 'x', email: 'student.s0@juniper.example' })]);
    await publish(students(6));
    expect(await services.publisher.rollback(districtId, 'sftp')).toMatchObject({
      kind: 'done',
      report: { changes: { student: { locked_out: { ...noLockOuts, removed: 1, address_shared: 1 } } } },
    });
  });

  it('approves no more than was reported: a roster of another method came meanwhile', async () => {
    await publish(students(40));
    expect((await publish(students(20), 'sftp', {})).kind).toBe('held');
    const newcomers = students(15, (index) => ({ sisId: `m${index}`, email: `m${index}@juniper.example` }));
    await publish([...newcomers, student({ sisId: 's39' })], 'manual');
    expect(await services.publisher.approve(districtId, 'sftp')).toMatchObject({ kind: 'done' });
    await publish(students(40));
    expect(
      (
        await publish(
          students(20, (index) => ({ sisId: `n${index}`, email: `student.m${index}@juniper.example` })),
          'sftp',
          {},
        )
      ).kind,
    ).toBe('held');
    await publish(
      newcomers.map((row) => ({ ...row, email: `student.${row.sisId}@juniper.example` })),
      'manual',
    );
    expect(await services.publisher.approve(districtId, 'sftp')).toEqual({
      kind: 'refused',
      code: 'roster_changed_since',
    });
  });

  it('agrees with matching, whatever two feeds say one after the other', async () => {
    let districts = 0;
    const person = fc.record({
      sisId: fc.constantFrom('1', '2', '3', '4'),
      record: fc.constantFrom('student', 'teacher'),
      email: fc.constantFrom(undefined, 'a@x.example', 'A@x.example', 'b@x.example', 'c@x.example', 'no address'),
    });
    const roster = fc.uniqueArray(person, { selector: ({ sisId, record }) => `${record} ${sisId}`, maxLength: 8 });
    const step = fc.record({ method: fc.constantFrom<Method>('sftp', 'manual'), rows: roster });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (steps) => {
        districtId = `district-${++districts}`;
        const feeds = new Map<Method, readonly AccountRow[]>();
        for (const { method, rows } of steps) {
          const before = accountsOf(feeds);
          const given = rows.map(({ record, ...each }) => (record === 'student' ? student(each) : teacher(each)));
          feeds.set(method, given);
          const after = accountsOf(feeds);
          const { student: published, employee } = await lockOutsOf(given, method);
          for (const [kind, expected] of [
            ['student', published],
            ['employee', employee],
          ] as const)
            expect({ kind, count: totalOf(expected ?? noLockOuts) }).toEqual({
              kind,
              count: lockedOut(kind, before, after),
            });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('looks nothing up for unchanged accounts, and as much for one change among few as among many', async () => {
    const cost = async (count: number): Promise<typeof lookedUp> => {
      services = await createServices(countLookUps(await storeFixture.place().open(clock)), clock);
      await publish(students(count));
      lookedUp = { calls: 0, rows: 0 };
      await publish(students(count));
      expect(lookedUp).toEqual({ calls: 0, rows: 0 });
      await publish(students(count, (index) => (index === 7 ? { email: 'other@juniper.example' } : {})));
      return lookedUp;
    };
    const few = await cost(50);
    const many = await cost(2_000);
    expect(many.calls).toBe(few.calls);
    expect(many.rows).toBeLessThanOrEqual(few.rows + 2);
  });
});

/** Every account of the district, as matching sees it. */
function accountsOf(feeds: ReadonlyMap<Method, readonly AccountRow[]>): readonly Account[] {
  const byId = new Map<string, Parameters<typeof toAccount>[0]>();
  for (const [method, rows] of feeds) {
    for (const row of rows) {
      const id = `${row.record} ${row.sisId}`;
      const given = { method, account: toFeedAccount(row, id) };
      byId.set(id, [...(byId.get(id) ?? []), given] as unknown as Parameters<typeof toAccount>[0]);
    }
  }
  return [...byId.values()].map(toAccount);
}

/** Accounts of the kind that are gone, or that could sign in by an address of theirs and cannot by it now. */
function lockedOut(kind: Kind, before: readonly Account[], after: readonly Account[]): number {
  const signsIn = (active: readonly Account[], { accountId }: Account, address: string) => {
    const identity: Identity = {
      kind,
      userType: kind,
      cleverId: 'c',
      cleverDistrict: 'd',
      givenName: undefined,
      familyName: undefined,
      email: { kind: 'plain', address },
    };
    const found = matchAccount(identity, { active, dropped: [] });
    return found.kind === 'matched' && found.candidate.accountId === accountId;
  };
  return before.filter((account) => {
    if (account.kind !== kind) return false;
    if (!after.some(({ accountId }) => accountId === account.accountId)) return true;
    const addresses = account.sources
      .flatMap(({ email }) => email ?? [])
      .filter((address) => address.includes('@') && signsIn(before, account, address));
    return addresses.some((address) => !signsIn(after, account, address));
  }).length;
}
