// The decision of contract section 2, line by line, over real stores and hand-made feeds.

import { createFindKnownDistrict } from '../../src/district/known-districts.ts';
import type { FeedItem } from '../../src/formats/feed.ts';
import type { Method } from '../../src/identity/candidate.ts';
import { createRosterPublisher } from '../../src/roster/roster-publisher.ts';
import type { DecisionNeeds } from '../../src/sign-in/decide-sign-in.ts';
import type { SignedIn } from '../../src/sign-in/open-session.ts';
import { StoreUnavailable } from '../../src/store/store.ts';
import { createClock, type MovableClock } from '../helpers/clock.ts';
import { feed, staff, student, students, teacher, teachers } from '../helpers/feeds.ts';
import { createServices, sessionTtlSeconds, type TestServices } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';
import { claimsOf, createDecider, juniper, opening, wexley } from './decider.ts';

describe.each(engines)('the decision in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let clock: MovableClock;
  let services: TestServices;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    clock = createClock();
    place = storeFixture.place();
    services = await createServices(await place.open(clock), clock);
    await services.districts.put(juniper);
    await services.districts.put(wexley);
  });
  afterAll(() => storeFixture.stop());

  async function publish(items: readonly FeedItem[], method: Method = 'sftp', districtId: string = juniper.id) {
    clock.advance(1);
    const result = await services.publisher.publish(districtId, method, feed(...items), { approve: true });
    expect(result.kind).toBe('published');
  }

  const decide = (change: Record<string, unknown> = {}, needs: Partial<DecisionNeeds> = {}) =>
    createDecider(services, needs)(claimsOf(change), opening);

  async function signIn(change: Record<string, unknown> = {}): Promise<SignedIn['claims']> {
    const outcome = await decide(change);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    return outcome.claims;
  }

  const roster = () => [
    ...students(3),
    ...teachers(2),
    staff({ sisId: 'f0' }),
    staff({ sisId: 'f1', role: 'administrator' }),
  ];

  describe('line 1', () => {
    it.each(['contact', 'guardian', '', 'Student', 'STUDENT', ' student', undefined, null, 7, ['student'], {}])(
      'user_type %j is not supported',
      async (user_type) => {
        await publish(roster());
        expect(await decide({ user_type })).toMatchObject({ kind: 'refused', code: 'user_type_unsupported' });
      },
    );

    it('is decided for any district, which is recorded for support if it is one of ours', async () => {
      const refused = { kind: 'refused', code: 'user_type_unsupported' };
      expect(await decide({ user_type: 'contact' })).toEqual({
        ...refused,
        district: juniper.id,
        districtName: juniper.name,
      });
      for (const district of ['ffffffffffffffffffffffff', 7, undefined])
        expect(await decide({ user_type: 'contact', district })).toEqual(refused);
      const findDistrict = async () => Promise.reject(new StoreUnavailable(new Error('silent')));
      expect(await decide({ user_type: 'contact' }, { findDistrict })).toEqual(refused);
    });

    it('fails where the look-up of the district fails for another reason than a silent store', async () => {
      const findDistrict = async () => Promise.reject(new TypeError('a fault of ours'));
      await expect(decide({ user_type: 'contact' }, { findDistrict })).rejects.toThrow(TypeError);
    });

    it.each(['teacher', 'staff', 'school_admin', 'district_admin', 'district admin'])(
      'user_type %s is an employee',
      async (user_type) => {
        await publish(roster());
        const claims = await signIn({ sub: 'clever-of-t0', user_type, email: 'teacher.t0@juniper.example' });
        expect(claims.role).toBe('teacher');
      },
    );
  });

  describe('line 2', () => {
    it.each(['ffffc1571758a8688d55e572', undefined, '', 7, [juniper.cleverId], juniper.cleverId.toUpperCase()])(
      'district %j is linked to none of ours',
      async (district) => {
        await publish(roster());
        expect(await decide({ district })).toEqual({ kind: 'refused', code: 'district_not_linked' });
      },
    );

    it('takes no account of another district', async () => {
      await publish([student({ sisId: 'other', email: 'student.s0@juniper.example' })], 'secure-sync', wexley.id);
      await publish([student({ sisId: 'x1' })]);
      expect(await decide()).toMatchObject({ code: 'not_rostered', district: juniper.id });
    });
  });

  it('line 3: a district without a roster is pending', async () => {
    await publish(roster(), 'secure-sync', wexley.id);
    expect(await decide()).toEqual({
      kind: 'refused',
      code: 'roster_pending',
      district: juniper.id,
      districtName: juniper.name,
    });
  });

  it('line 3: a held first roster is none, an empty one is a roster', async () => {
    await publish([]);
    expect(await decide()).toMatchObject({ code: 'not_rostered' });
  });

  describe('line 4', () => {
    const oneStudent = { sisId: 'p0', email: undefined, cleverId: 'clever-of-p0' };
    const claims = { district: wexley.cleverId, sub: 'clever-of-p0', email: undefined };

    it.each([undefined, null, ''])(
      'a student without email (%j) is found by the Clever id of Secure Sync',
      async (email) => {
        await publish([student(oneStudent)], 'secure-sync', wexley.id);
        expect(await signIn({ ...claims, email })).toMatchObject({
          district: wexley.id,
          matched: { by: 'clever_id', roster: 'secure_sync' },
        });
      },
    );

    it.each<[string, FeedItem[], Record<string, unknown>]>([
      ['an account with an email', [student({ ...oneStudent, email: 'p0@wexley.example' })], {}],
      ['an account of the other kind', [teacher(oneStudent)], {}],
      ['another Clever id', [student(oneStudent)], { sub: 'clever-of-p1' }],
      ['a Clever id in another case', [student(oneStudent)], { sub: 'Clever-of-p0' }],
    ])('%s does not match without an email', async (_name, items, change) => {
      await publish(items, 'secure-sync', wexley.id);
      expect(await decide({ ...claims, ...change })).toMatchObject({ code: 'email_missing' });
    });

    it('a Clever id that only a file gives does not match without an email', async () => {
      await publish([student(oneStudent)]);
      expect(await decide({ ...claims, district: juniper.cleverId })).toMatchObject({ code: 'email_missing' });
    });

    it.each([
      7,
      ['student.s0@juniper.example'],
      { address: 'student.s0@juniper.example' },
      'no-at-sign',
      'two@at@signs.example',
      '@juniper.example',
      'student.s0@',
      'a@x.example,b@x.example',
      'a@x.example; b@x.example',
      '<student.s0@juniper.example>',
      'student.s0@juniper.example\0',
      'student.s0@juniper.example\u0007',
      'stu dent@juniper.example',
      `${'a'.repeat(243)}@juniper.example`,
      'lone\ud800@juniper.example',
    ])('the claim %j is no plain address', async (email) => {
      await publish(roster());
      expect(await decide({ email })).toMatchObject({ code: 'email_invalid' });
    });
  });

  describe('line 5', () => {
    it('exactly one account has exactly this address', async () => {
      await publish(roster());
      expect(await signIn()).toMatchObject({
        district: juniper.id,
        role: 'student',
        matched: { by: 'email', roster: 'sftp' },
      });
    });

    it('the token has the position that the roster gives', async () => {
      const positioned = staff({ sisId: 'f1', role: 'administrator', position: 'district_admin' });
      await publish([...roster().filter(({ sisId }) => sisId !== 'f1'), positioned]);
      const as = { user_type: 'staff', email: 'staff.f1@juniper.example', sub: 'clever-of-f1' };
      expect(await signIn(as)).toMatchObject({ role: 'administrator', position: 'district_admin' });
      expect((await signIn()).position).toBeUndefined();
    });

    it.each<[string, string, string]>([
      ['a capital', 'Student.s0@juniper.example', 'case'],
      ['a capital in the domain', 'student.s0@Juniper.example', 'case'],
      ['a space before', ' student.s0@juniper.example', 'whitespace'],
      ['a space after', 'student.s0@juniper.example ', 'whitespace'],
      ['a look-alike letter', 'student.s0@junıper.example', 'unicode'],
      ['a letter wide', 'ｓtudent.s0@juniper.example', 'unicode'],
      ['an invisible sign', 'student.s0\u200b@juniper.example', 'unicode'],
      ['another domain', 'student.s0@other.example', 'domain'],
      ['another local part', 'someone@juniper.example', 'local_part'],
      ['a plus part', 'student.s0+x@juniper.example', 'local_part'],
      ['no dot', 'students0@juniper.example', 'local_part'],
      ['all else', 'someone@other.example', 'other'],
    ])('an address with %s is none of theirs: %s is %s', async (_name, email, difference) => {
      await publish(roster());
      expect(await decide({ email })).toMatchObject({ code: 'email_mismatch', difference, district: juniper.id });
    });

    it('whom the roster has without an address is rostered without an email, by the link and by the name', async () => {
      await publish(roster());
      await signIn();
      await publish(roster().map((row) => ('sisId' in row && row.sisId === 's0' ? { ...row, email: undefined } : row)));
      const linked = { code: 'email_mismatch', difference: 'no_email', rosterEmail: undefined };
      expect(await decide()).toMatchObject({ ...linked, candidate: { sisId: 's0' } });
      await publish([...roster(), student({ sisId: 's9', email: undefined, givenName: 'Tov', familyName: 'Ames' })]);
      const tov = { sub: 'clever-of-s9', email: 'tov@juniper.example', given_name: 'Tov', family_name: 'Ames' };
      expect(await decide(tov)).toMatchObject({ ...linked, candidate: { sisId: 's9' } });
    });

    it('two accounts with the address are ambiguous, whichever feeds they come from', async () => {
      const same = 'same@juniper.example';
      await publish([student({ sisId: 'a', email: same }), student({ sisId: 'b', email: same })]);
      expect(await decide({ email: same })).toMatchObject({ code: 'ambiguous', about: [{}, {}] });
      await publish([student({ sisId: 'a', email: same })]);
      await publish([student({ sisId: 'b', email: same })], 'manual');
      expect(await decide({ email: same })).toMatchObject({ code: 'ambiguous' });
    });

    it('each address of an account with two sources counts', async () => {
      await publish([student({ sisId: 's0', email: 'one@juniper.example' })]);
      await publish([student({ sisId: 's0', email: 'two@juniper.example' })], 'manual');
      const one = await signIn({ email: 'one@juniper.example' });
      const two = await signIn({ email: 'two@juniper.example' });
      expect(two.sub).toBe(one.sub);
      expect([one, two].map(({ matched }) => matched.roster)).toEqual(['sftp', 'manual']);
    });

    it('a student and an employee with one address each get their own account', async () => {
      const same = 'same@juniper.example';
      await publish([student({ sisId: 'a', email: same }), teacher({ sisId: 't', email: same })]);
      const oneStudent = await signIn({ email: same, sub: 'one' });
      const employee = await signIn({ email: same, sub: 'two', user_type: 'teacher' });
      expect([oneStudent.role, employee.role]).toEqual(['student', 'teacher']);
    });

    it('takes the role from the roster, whatever the token says', async () => {
      await publish(roster());
      const asTeacher = { user_type: 'teacher', email: 'staff.f1@juniper.example', sub: 'clever-of-f1' };
      expect((await signIn(asTeacher)).role).toBe('administrator');
      const asAdmin = { user_type: 'district_admin', email: 'staff.f0@juniper.example', sub: 'clever-of-f0' };
      expect((await signIn(asAdmin)).role).toBe('staff');
    });
  });

  describe('line 6', () => {
    it('one of the other kind has the address', async () => {
      await publish(roster());
      expect(await decide({ user_type: 'teacher' })).toMatchObject({ code: 'role_conflict' });
      const oneStudent = { email: 'teacher.t0@juniper.example' };
      expect(await decide(oneStudent)).toMatchObject({ code: 'role_conflict' });
    });

    it('the newest roster dropped the account; the one after it does not know', async () => {
      await publish(roster());
      await publish(roster().slice(1));
      expect(await decide()).toMatchObject({ code: 'account_inactive', about: [{ sisId: 's0' }] });
      await publish(roster().slice(1));
      expect(await decide()).toMatchObject({ code: 'not_rostered' });
    });

    it('a dropped account of the other kind is no reason', async () => {
      await publish(roster());
      await publish(roster().slice(1));
      expect(await decide({ user_type: 'staff' })).toMatchObject({ code: 'not_rostered' });
    });

    it('a changed address is a mismatch, not an inactive account', async () => {
      await publish(roster());
      await publish([student({ sisId: 's0', email: 'new@juniper.example' }), ...roster().slice(1)]);
      expect(await decide()).toMatchObject({ code: 'email_mismatch', difference: 'local_part' });
    });

    it('an account that stays by another feed, with another address, is not inactive', async () => {
      await publish(roster());
      await publish([student({ sisId: 's0', email: 'new@juniper.example' })], 'manual');
      await publish(roster().slice(1));
      expect(await decide()).toMatchObject({ code: 'email_mismatch' });
    });
  });

  describe('line 7', () => {
    it('asks for the person once in a Secure Sync district, and then again', async () => {
      await publish([student({ sisId: 'other' })], 'secure-sync', wexley.id);
      let asked = 0;
      const refreshPerson = async () => {
        asked += 1;
        const row = student({ sisId: 'fresh', email: 'fresh@wexley.example', cleverId: 'clever-of-fresh' });
        return services.publisher.refreshPerson(wexley.id, 'secure-sync', row);
      };
      const claims = { district: wexley.cleverId, sub: 'clever-of-fresh', email: 'fresh@wexley.example' };
      expect(await decide(claims, { refreshPerson })).toMatchObject({ kind: 'signed-in' });
      expect(await decide({ ...claims, email: 'nobody@nowhere.example', sub: 'x' }, { refreshPerson })).toMatchObject({
        kind: 'refused',
      });
      expect(asked).toBe(2);
    });

    it.each([
      ['student', 'clever'],
      ['teacher', 'spreadsheet'],
    ])('names the source of a %s who is not in the roster, if that is no file', async (user_type, source) => {
      await services.districts.put({ ...wexley, rostering: ['secure-sync:provisioning'] });
      await publish([student({ sisId: 'other' })], 'secure-sync', wexley.id);
      const claims = { user_type, district: wexley.cleverId, sub: 'x', email: 'nobody@nowhere.example' };
      expect(await decide(claims)).toMatchObject({ code: 'not_rostered', rosterSource: source });
    });

    it('makes no request to Clever in a district of files', async () => {
      await publish(roster());
      const refreshPerson = async () => {
        throw new Error('asked');
      };
      expect(await decide({ email: 'nobody@nowhere.example', given_name: 'No' }, { refreshPerson })).toMatchObject({
        code: 'not_rostered',
      });
    });

    it('a namesake is evidence only where there is one', async () => {
      const names = { givenName: 'Same', familyName: 'Name' };
      const claims = { email: 'unlike@nowhere.example', given_name: 'Same', family_name: 'Name' };
      await publish([student({ sisId: 'a', ...names }), teacher({ sisId: 't', ...names })]);
      expect(await decide(claims)).toMatchObject({ code: 'email_mismatch', difference: 'other' });
      await publish([student({ sisId: 'a', ...names }), student({ sisId: 'b', ...names })]);
      expect(await decide(claims)).toMatchObject({ code: 'not_rostered' });
    });

    it('the account this Clever id is linked to is evidence', async () => {
      await publish(roster());
      await signIn();
      const claims = { email: 'student.s0@moved.example', given_name: 'Married', family_name: 'Name' };
      expect(await decide(claims)).toMatchObject({ code: 'email_mismatch', difference: 'domain' });
    });

    it('nothing less is evidence', async () => {
      await publish(roster());
      expect(await decide({ email: 'nobody@nowhere.example', given_name: 'No', family_name: 'Body' })).toMatchObject({
        code: 'not_rostered',
      });
      expect(await decide({ email: 'nobody@nowhere.example', given_name: undefined })).toMatchObject({
        code: 'not_rostered',
      });
    });
  });

  describe('line 8', () => {
    it('links at the first match and knows the person again', async () => {
      await publish(roster());
      const first = await signIn();
      expect((await signIn()).sub).toBe(first.sub);
      expect((await signIn()).sid).not.toBe(first.sid);
    });

    it('a recycled address does not give the account to another person', async () => {
      await publish(roster());
      await signIn();
      expect(await decide({ sub: 'somebody-else' })).toMatchObject({
        code: 'identity_changed',
        about: [{ sisId: 's0' }],
      });
    });

    it('a Clever id that is linked does not take a second account', async () => {
      await publish(roster());
      await signIn();
      expect(await decide({ email: 'student.s1@juniper.example' })).toMatchObject({ code: 'identity_changed' });
    });

    it('of two Clever ids that race for one account one gets it', async () => {
      await publish(roster());
      const other = await createServices(await place.open(clock), clock);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          createDecider(index % 2 ? services : other)(claimsOf({ sub: `racer-${index}` }), opening),
        ),
      );
      const winners = outcomes.filter(({ kind }) => kind === 'signed-in');
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.kind === 'refused') expect(outcome.code).toBe('identity_changed');
      }
    });

    it('moves the link when Clever gives the person the very record of the account', async () => {
      await publish(roster());
      await signIn();
      const records = (record: 'student' | 'teacher', sisId: string): Partial<DecisionNeeds> => ({
        readRecords: async () => [{ record, sisId }],
      });
      expect(await decide({ sub: 'new-id' }, records('student', 's1'))).toMatchObject({ code: 'identity_changed' });
      expect(await decide({ sub: 'new-id' }, records('teacher', 's0'))).toMatchObject({ code: 'identity_changed' });
      expect(await decide({ sub: 'new-id' }, records('student', 's0'))).toMatchObject({ kind: 'signed-in' });
      expect(await decide()).toMatchObject({ code: 'identity_changed' });
      const { sub, role } = await signIn({ sub: 'new-id' });
      expect(role).toBe('student');
      expect(await services.auditLog.list(juniper.id, 10)).toMatchObject([
        { action: 'link_moved', by: 'clever', account: sub },
      ]);
    });

    it.each<[string, () => Promise<SignedIn['claims']>]>([
      [
        'its link moved',
        async () => {
          await decide({ sub: 'new-id' }, { readRecords: async () => [{ record: 'student', sisId: 's0' }] });
          return signIn({ sub: 'new-id' });
        },
      ],
      [
        'its sessions were ended',
        async () => {
          const { sub } = await signIn();
          await services.endSessions.ofAccount(juniper.id, sub);
          return signIn();
        },
      ],
      [
        "its district's sessions were ended",
        async () => {
          await services.endSessions.ofDistrict(juniper.id);
          return signIn();
        },
      ],
      [
        'a publish took its role',
        async () => {
          const as = { user_type: 'staff', email: 'staff.f1@juniper.example', sub: 'clever-of-f1' };
          await signIn(as);
          await publish(
            roster().map((row) => (row.role === 'administrator' ? { ...row, role: 'staff' as const } : row)),
          );
          return signIn(as);
        },
      ],
      [
        'a publish gave it to another Clever id',
        async () => {
          const row = { sisId: 'p0', email: 'p0@wexley.example' };
          const to = (cleverId: string) => publish([student({ ...row, cleverId })], 'secure-sync', wexley.id);
          await to('former');
          await to('next');
          return signIn({ district: wexley.cleverId, sub: 'next', email: row.email });
        },
      ],
      [
        'a publish removed it and another brought it back',
        async () => {
          await publish(roster().slice(1));
          await services.publisher.publish(juniper.id, 'sftp', feed(...roster()), { approve: true });
          return signIn();
        },
      ],
      [
        'its role fell at the door',
        async () => {
          const row = (role: 'administrator' | 'staff') =>
            staff({ sisId: 'p0', email: 'p0@wexley.example', cleverId: 'p0', role });
          await publish([row('administrator')], 'secure-sync', wexley.id);
          await services.publisher.refreshPerson(wexley.id, 'secure-sync', row('staff'));
          return signIn({ district: wexley.cleverId, sub: 'p0', email: 'p0@wexley.example', user_type: 'staff' });
        },
      ],
      [
        'a switch ended its sessions that was finished much later, by another server',
        async () => {
          const as = { user_type: 'staff', email: 'staff.f1@juniper.example', sub: 'clever-of-f1' };
          const endSessions = () => Promise.reject(new Error('killed'));
          const dying = createRosterPublisher({ ...services, endSessions, clock });
          const items = roster().map((row) => ({ ...row, role: row.record }));
          await expect(dying.publish(juniper.id, 'sftp', feed(...items), { approve: true })).rejects.toThrow('killed');
          const opened = await signIn(as);
          clock.advance(30);
          await services.publisher.finish(juniper.id);
          return opened;
        },
      ],
    ])('a sign-in in the very second in which %s is not refused by offline checkers', async (_what, endAndSignIn) => {
      await publish(roster());
      await signIn();
      const { sub, iat } = await endAndSignIn();
      const { revocations } = await services.revocations.read(undefined, 10);
      const about = revocations.filter(({ id }) => id === sub || id === juniper.id);
      expect(about.length).toBeGreaterThan(0);
      expect(about.filter(({ before }) => iat < before)).toEqual([]);
    });

    it.each<[string, (slow: TestServices, sub: string) => Promise<unknown>]>([
      [
        'a publish',
        (slow) => slow.publisher.publish(juniper.id, 'sftp', feed(...roster().slice(1)), { approve: true }),
      ],
      ['support', (slow, sub) => slow.endSessions.ofAccount(juniper.id, sub)],
    ])('an ending by %s that is written a second later than prepared covers that second too', async (_who, end) => {
      await publish(roster());
      const { sub } = await signIn();
      const store = await place.open(clock);
      let delays = 1;
      const commit: typeof store.commit = async (conditions, writes) => {
        const isOfPublished = writes.some((write) => write.kind === 'put' && write.at.id === 'standing');
        if (isOfPublished && delays-- > 0) clock.advance(1);
        return store.commit(conditions, writes);
      };
      await end(await createServices({ ...store, commit }, clock), sub);
      const { revocations } = await services.revocations.read(undefined, 10);
      const [last] = revocations.filter(({ id }) => id === sub);
      expect(last?.before).toBeGreaterThan(Math.floor(clock() / 1000));
      expect((await services.rosters.read(juniper.id, 0)).published.issuesFrom).toBe(last?.before);
    });

    it('a Secure Sync roster is the link itself', async () => {
      const email = 'p0@wexley.example';
      await publish([student({ sisId: 'p0', email, cleverId: 'clever-of-p0' })], 'secure-sync', wexley.id);
      const claims = { district: wexley.cleverId, email };
      expect(await decide({ ...claims, sub: 'somebody-else' })).toMatchObject({ code: 'identity_changed' });
      expect(await decide({ ...claims, sub: 'clever-of-p0' })).toMatchObject({ kind: 'signed-in' });
    });

    it('a released link lets the next person in', async () => {
      await publish(roster());
      const { sub } = await signIn();
      await services.links.release(juniper.id, sub);
      expect((await signIn({ sub: 'new-id' })).sub).toBe(sub);
    });
  });

  describe('line 9', () => {
    it('writes nothing to the account but its link', async () => {
      await publish(roster());
      const rows = async () => {
        const roster = await services.rosters.read(juniper.id, 0);
        return services.directory.findByEmail(roster, 'student.s0@juniper.example');
      };
      const before = await rows();
      await signIn({ given_name: 'Attacker', family_name: 'Given' });
      expect(await rows()).toEqual(before);
    });

    it('opens a session that lives, for the time it says', async () => {
      await publish(roster());
      const claims = await signIn();
      expect(claims.exp - claims.iat).toBe(sessionTtlSeconds);
      const live = await services.findLiveSession(await services.tokens.issue(claims));
      expect(live).toMatchObject({ session: { sid: claims.sid }, account: { sisId: 's0' } });
    });

    it('gives the same account id in every import, by every method', async () => {
      await publish(roster());
      const { sub } = await signIn();
      await publish([]);
      await publish(roster(), 'manual');
      expect((await signIn()).sub).toBe(sub);
    });
  });

  describe('a publish on another server', () => {
    it('between the glance and the look is seen: a person who has just come is let in', async () => {
      await publish(roster().slice(1));
      await decide({ email: 'student.s1@juniper.example', sub: 'clever-of-s1' });
      const other = await createServices(await place.open(clock), clock);
      await other.publisher.publish(juniper.id, 'sftp', feed(...roster()));
      expect(await decide()).toMatchObject({ kind: 'signed-in' });
    });

    it('is seen by one who has just been removed: the session is not opened', async () => {
      await publish(roster());
      await decide({ email: 'student.s1@juniper.example', sub: 'clever-of-s1' });
      const other = await createServices(await place.open(clock), clock);
      await other.publisher.publish(juniper.id, 'sftp', feed(...roster().slice(1)));
      expect(await decide()).toMatchObject({ code: 'account_inactive' });
    });

    it('is seen by one whose Clever district has just been linked to another of ours', async () => {
      await publish(roster());
      await decide({ email: 'student.s1@juniper.example', sub: 'clever-of-s1' });
      const other = await createServices(await place.open(clock), clock);
      const relink = async (cleverId: string) => {
        const found = await services.districts.findByCleverId(cleverId);
        if (found !== undefined) {
          await other.districts.put({ ...juniper, cleverId: 'bbbb1c1571758a8688d55e57' });
          await other.endSessions.ofDistrict(juniper.id);
        }
        return found;
      };
      const outcome = await decide({}, { findDistrict: relink });
      expect(outcome).toEqual({ kind: 'refused', code: 'district_not_linked' });
    });

    it('is seen by one who began before the link was moved, also where districts are remembered', async () => {
      await publish(roster());
      const other = await createServices(await place.open(clock), clock);
      let isMoved = false;
      const directory: DecisionNeeds['directory'] = {
        ...services.directory,
        async findByEmails(...asked) {
          const found = await services.directory.findByEmails(...asked);
          if (isMoved) return found;
          isMoved = true;
          await other.districts.put({ ...juniper, cleverId: 'bbbb1c1571758a8688d55e57' });
          // As long as put-district.ts waits for servers that go by the former link.
          clock.advance(1);
          await other.endSessions.ofDistrict(juniper.id);
          return found;
        },
      };
      const findDistrict = createFindKnownDistrict(services.districts, clock);
      const outcome = await decide({}, { directory, findDistrict });
      expect(outcome).toEqual({ kind: 'refused', code: 'district_not_linked' });
    });

    it('is seen by one that stood still between its district and its roster until the link was moved', async () => {
      await publish(roster());
      const other = await createServices(await place.open(clock), clock);
      const rosters: DecisionNeeds['rosters'] = {
        ...services.rosters,
        async read(...asked) {
          await other.districts.put({ ...juniper, cleverId: 'bbbb1c1571758a8688d55e57' });
          clock.advance(1);
          await other.endSessions.ofDistrict(juniper.id);
          return services.rosters.read(...asked);
        },
      };
      const findDistrict = createFindKnownDistrict(services.districts, clock);
      const outcome = await decide({}, { rosters, findDistrict });
      expect(outcome).toEqual({ kind: 'refused', code: 'district_not_linked' });
    });

    it('is in force for a live session within a second', async () => {
      await publish(roster());
      const token = await services.tokens.issue(await signIn());
      expect(await services.findLiveSession(token)).toBeDefined();
      const other = await createServices(await place.open(clock), clock);
      await other.publisher.publish(juniper.id, 'sftp', feed(...roster().slice(1)));
      clock.advance(1);
      expect(await services.findLiveSession(token)).toBeUndefined();
    });
  });
});
