// Support over HTTP: access, search, contents of the answers, actions.

import type { FeedItem } from '../../../src/formats/feed.ts';
import { readReference, showReference } from '../../../src/outcome/reference.ts';
import { accountIdOf } from '../../../src/roster/account.ts';
import type { SessionRecord } from '../../../src/session/session-record.ts';
import { describeRefusal } from '../../../src/sign-in/record-refusal.ts';
import type { Attempt } from '../../../src/support/attempt.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { feed, student, students } from '../../helpers/feeds.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { cookieOf, listed, type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOf, createDecider, juniper, opening } from '../../sign-in/decider.ts';

const page = { accept: 'text/html' };
const form = (fields: Record<string, string>) => ({
  'content-type': 'application/x-www-form-urlencoded',
  body: new URLSearchParams(fields).toString(),
});

describe('the support pages', () => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let supportPages: SupportFixture;

  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    clock = createClock();
    supportPages = await startSupport(await storeFixture.place().open(clock), { clock });
    await supportPages.services.districts.put(juniper);
    await publish();
  });
  afterEach(() => supportPages.stop());

  async function publish(change: { readonly row?: FeedItem } = {}) {
    clock.advance(1);
    const rows = [...students(20), ...(change.row ? [change.row] : [])];
    const published = await supportPages.services.publisher.publish(juniper.id, 'sftp', feed(...rows), {
      approve: true,
    });
    expect(published.kind).toBe('published');
    clock.advance(1);
  }

  /** A sign-in, as far as the store is concerned; the attempt if it is refused. */
  async function signIn(change: Record<string, unknown> = {}): Promise<Attempt | undefined> {
    clock.advance(1);
    const claims = claimsOf(change);
    const decided = await createDecider(supportPages.services, { clock })(claims, opening);
    if (decided.kind === 'signed-in') return undefined;
    return supportPages.services.attempts.record(describeRefusal(decided, claims, 'summit-k12', clock()));
  }

  const failed = async (change: Record<string, unknown> = {}) => {
    const attempt = await signIn({ email: 'Student.s0@juniper.example', ...change });
    if (attempt === undefined) throw new Error('was let in');
    return attempt;
  };

  it('marks the capital letter, names the owner, the place and what to send', async () => {
    const { reference } = await failed();
    const { json } = await supportPages.ask('GET', `/support/attempts/${reference.toLowerCase()}`, {
      headers: supportPages.headers.support,
    });
    expect(json).toMatchObject({ code: 'email_mismatch', owner: 'district', difference: 'case', resolved_at: null });
    expect(json['roster']).toMatchObject([
      {
        method: 'sftp',
        email: 'student.s0@juniper.example',
        place: { line: expect.any(Number) },
        published_at: expect.any(String),
        difference: { said: ['Clever has capital S where the roster has small s.'] },
      },
    ]);
    expect(json['message']).toContain('Clever sends: "Student.s0@juniper.example"');
    expect(json['facts']).toContainEqual({ kind: 'would_be_refused_now', code: 'email_mismatch' });
  });

  it('holds no other person’s name, address or id in message, page and export, and no token', async () => {
    const { reference } = await failed();
    const at = `/support/attempts/${reference}`;
    const one = await supportPages.ask('GET', at, { headers: supportPages.headers.support });
    const shown = await supportPages.ask('GET', at, { headers: { ...supportPages.headers.support, ...page } });
    const person = await supportPages.ask('GET', `${at}/person`, {
      headers: { ...supportPages.headers.support, ...page },
    });
    const csv = await supportPages.ask('GET', `/support/districts/${juniper.id}/mismatches.csv`, {
      headers: supportPages.headers.support,
    });
    const list = await supportPages.ask('GET', '/support/attempts', { headers: supportPages.headers.support });
    expect(csv.text).toContain('Student.s0@juniper.example');
    for (const { text, status } of [one, shown, person, csv, list]) {
      expect(status).toBe(200);
      expect(text).not.toMatch(/student\.s(?!0@)\w+@|Givens[1-9]|Familys[1-9]|eyJ[\w-]{10}/i);
    }
    expect(list.text).not.toMatch(/@|clever-of/);
  });

  it('names to a district only the place of an address that may be another person’s', async () => {
    const { reference } = await failed({ email: 'other@juniper.example' });
    const { json } = await supportPages.ask('GET', `/support/attempts/${reference}`, {
      headers: supportPages.headers.support,
    });
    expect(json['code']).toBe('email_mismatch');
    expect(json['message']).toContain('Roster: see SFTP, students.csv');
    expect(json['message']).not.toContain('student.s0@');
  });

  it('shows an attempt as resolved once that person gets in, and no other attempt', async () => {
    const mine = await failed();
    const other = await failed({
      sub: 'clever-of-s1',
      email: 'Student.s1@juniper.example',
      given_name: 'Givens1',
      family_name: 'Familys1',
    });
    expect(await signIn()).toBeUndefined();
    const { json } = await supportPages.ask('GET', '/support/attempts', { headers: supportPages.headers.support });
    const found = new Map(
      Object(json['attempts']).map((each: Record<string, string>) => [
        readReference(each['reference'] ?? ''),
        each['resolved_at'],
      ]),
    );
    expect(found.get(mine.reference)).toEqual(expect.any(String));
    expect(found.get(other.reference)).toBeNull();
    const csv = await supportPages.ask('GET', `/support/districts/${juniper.id}/mismatches.csv`, {
      headers: supportPages.headers.support,
    });
    expect(csv.text).toContain('Student.s1@');
    expect(csv.text).not.toContain('Student.s0@');
    expect((await failed()).reference).not.toBe(mine.reference);
  });

  it('says that an address left the roster, and on which publish', async () => {
    await publish({ row: student({ sisId: 'gone', email: 'gone@juniper.example' }) });
    await publish();
    const { reference, code } = await failed({
      sub: 'clever-gone',
      email: 'gone@juniper.example',
      given_name: 'A',
      family_name: 'B',
    });
    expect(code).toBe('account_inactive');
    const { json } = await supportPages.ask('GET', `/support/attempts/${reference}`, {
      headers: supportPages.headers.support,
    });
    expect(json['facts']).toContainEqual(
      expect.objectContaining({
        kind: 'left_roster',
        sis_id: 'gone',
        method: 'sftp',
        published_at: expect.any(String),
      }),
    );
  });

  it('says to staff alone that another district has the address', async () => {
    await supportPages.services.districts.put({
      id: 'port-wexley',
      cleverId: 'aaaac1571758a8688d55e572',
      name: 'Port Wexley',
      rostering: ['sftp'],
    });
    await supportPages.services.publisher.publish(
      'port-wexley',
      'sftp',
      feed(student({ sisId: 'w1', email: 'moved@juniper.example' })),
      { approve: true },
    );
    const { reference } = await failed({
      sub: 'moved',
      email: 'moved@juniper.example',
      given_name: 'A',
      family_name: 'B',
    });
    const { json } = await supportPages.ask('GET', `/support/attempts/${reference}`, {
      headers: supportPages.headers.support,
    });
    expect(json['facts']).toContainEqual({ kind: 'in_another_district', districts: ['port-wexley'] });
    expect(json['message']).not.toContain('wexley');
  });

  it.each([
    ['reference', (attempt: Attempt) => attempt.reference.toLowerCase()],
    ['email', () => 'Student.s0@juniper.example'],
    ['clever_id', () => 'clever-of-s0'],
    ['account', (attempt: Attempt) => attempt.about?.[0]?.account ?? ''],
  ])('finds by %s, by POST alone, and writes down who looked', async (name, readValue) => {
    const attempt = await failed();
    const value = readValue(attempt);
    const search = {
      headers: { ...supportPages.headers.support, 'content-type': 'application/json' },
      body: JSON.stringify({ [name]: value, reason: 'ticket 7' }),
    };
    const { json } = await supportPages.ask('POST', '/support/attempts/search', search);
    expect(Object(json['attempts'])).toHaveLength(1);
    expect((await supportPages.services.staffAuditLog.page(1)).entries).toMatchObject([
      { action: 'attempts_searched', why: 'ticket 7', references: attempt.reference },
    ]);
    const byUrl = await supportPages.ask('GET', `/support/attempts?${new URLSearchParams({ [name]: value })}`, {
      headers: supportPages.headers.support,
    });
    expect(byUrl.status).toBe(400);
  });

  it.each([
    ['a name that is misspelled', { refrence: '7K2Q-9XWB' }],
    ['a cursor that we never made', { district: juniper.id, cursor: 'nonsense' }],
  ])('refuses %s, instead of finding all or nothing', async (_what, asked) => {
    await failed({});
    const headers = { ...supportPages.headers.support, 'content-type': 'application/json' };
    const answer = await supportPages.ask('POST', '/support/attempts/search', { headers, body: JSON.stringify(asked) });
    expect(answer).toMatchObject({ status: 400, json: { code: 'malformed_request' } });
  });

  it('says of a reference with a wrong check sign that one sign is wrong', async () => {
    const { reference } = await failed({});
    const wrong = showReference(reference).slice(0, -1) + (showReference(reference).endsWith('2') ? '5' : '2');
    const { support } = supportPages.headers;
    const problem = { status: 400, json: { code: 'reference_misheard' } };
    expect(await supportPages.ask('GET', `/support/attempts/${wrong}`, { headers: support })).toMatchObject(problem);
    expect(
      await supportPages.ask('POST', '/support/attempts/search', {
        headers: { ...support, 'content-type': 'application/json' },
        body: JSON.stringify({ reference: wrong }),
      }),
    ).toMatchObject(problem);
    const found = await supportPages.ask('GET', `/support/attempts/${showReference(reference)}`, { headers: support });
    expect(found).toMatchObject({ status: 200, json: { reference: showReference(reference) } });
  });

  it('pages through without losing or repeating one, while new ones arrive', async () => {
    const references: string[] = [];
    for (let count = 0; count < 120; count += 1) references.push((await failed({ sub: `clever-${count}` })).reference);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await supportPages.ask('GET', `/support/attempts?district=${juniper.id}&cursor=${cursor}`, {
        headers: supportPages.headers.support,
      });
      seen.push(
        ...Object(json['attempts']).map((each: Record<string, string>) => readReference(each['reference'] ?? '')),
      );
      cursor = json['cursor'] as string | null;
      await failed({ sub: 'clever-new' });
    }
    expect(seen).toEqual(references.toReversed());
  });

  describe('who may look', () => {
    it('accepts a person whose verified address is on a list, and no other', async () => {
      expect(await supportPages.signIn({ verifiedEmail: 'casey@support.example' })).toMatch(/^summit_staff=/);
      expect(await supportPages.signIn({ verifiedEmail: 'Casey@Support.example' })).toMatch(/^summit_staff=/);
      expect(
        await supportPages.signIn({ verifiedEmail: 'casey@support.example', issuer: 'https://staff.example/' }),
      ).toMatch(/^summit_staff=/);
      expect(await supportPages.signIn({ verifiedEmail: undefined })).toBeUndefined();
      expect(await supportPages.signIn({ verifiedEmail: 'casey@support.example.org' })).toBeUndefined();
      expect(await supportPages.signIn({ verifiedEmail: 'x@admin.example@else.example' })).toBeUndefined();
      expect(await supportPages.signIn({ verifiedEmail: 'bar\u212a@admin.example' })).toBeUndefined();
      expect(
        await supportPages.signIn({ verifiedEmail: 'casey@support.example', issuer: 'https://other.example' }),
      ).toBeUndefined();
    });

    it('ends a session when its hour is over', async () => {
      const cookie = (await supportPages.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
      expect((await supportPages.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(200);
      clock.advance(3600);
      expect((await supportPages.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(401);
    });

    it('ends a session when the lists change, and when the person signs out', async () => {
      const cookie = (await supportPages.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
      supportPages.setLists({ support: [], admin: [] });
      expect((await supportPages.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(401);
      supportPages.setLists(listed);
      const home = await supportPages.ask('GET', '/support', { headers: { ...page, cookie } });
      const token = /name="form" value="(\w+)"/.exec(home.text)?.[1] ?? '';
      const { body, ...type } = form({ form: token });
      const out = await supportPages.ask('POST', '/support/logout', { headers: { ...page, cookie, ...type }, body });
      expect(out.status).toBe(303);
      expect((await supportPages.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(401);
    });

    it('takes no sign-in that another browser began', async () => {
      const begun = await supportPages.ask('GET', '/support/login');
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
      expect((await supportPages.ask('GET', `/support/callback?code=c&state=${state}`)).status).toBe(400);
    });

    it('signs in from two tabs, each by its own cookie, in either order', async () => {
      const casey = { verifiedEmail: 'casey@support.example' };
      for (const isFirst of [true, false]) {
        const [one, two] = [await supportPages.begin(casey), await supportPages.begin(casey)];
        const cookie = `${one.cookie}; ${two.cookie}`;
        for (const { callback, cookie: own } of isFirst ? [one, two] : [two, one]) {
          const ended = await supportPages.ask('GET', `${callback}&code=c`, { headers: { cookie } });
          expect([ended.status, ended.headers.get('location')]).toEqual([303, '/support']);
          const cleared = ended.headers.getSetCookie().filter((line) => /^summit_staff_sign_in_[^=]+=;/.test(line));
          expect(cleared.map((line) => line.split('=')[0])).toEqual([own.split('=')[0]]);
        }
      }
    });

    it('goes on to the pages when a callback is reloaded or gone back to after it was used', async () => {
      const { cookie, callback } = await supportPages.begin({ verifiedEmail: 'casey@support.example' });
      const first = await supportPages.ask('GET', `${callback}&code=c`, { headers: { cookie } });
      const session = cookieOf(first.headers, 'summit_staff');
      const again = await supportPages.ask('GET', `${callback}&code=c`, { headers: { cookie: session } });
      expect([again.status, again.headers.get('location')]).toEqual([303, '/support']);
      expect(again.headers.getSetCookie()).toEqual([]);
      const ended = await supportPages.ask('GET', `${callback}&code=c`, { headers: { cookie: 'summit_staff=x' } });
      expect(ended.status).toBe(400);
    });

    it('keeps three open sign-ins, and lets the oldest go', async () => {
      const jar: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        clock.advance(1);
        const begun = await supportPages.ask('GET', '/support/login', { headers: { cookie: jar.join('; ') } });
        for (const line of begun.headers.getSetCookie()) {
          const [pair = ''] = line.split(';');
          const name = pair.split('=')[0] ?? '';
          const at = jar.findIndex((each) => each.startsWith(`${name}=`));
          if (at < 0) jar.push(pair);
          else jar.splice(at, 1);
        }
      }
      expect(jar).toHaveLength(3);
      expect(jar.toSorted()).toEqual(jar);
      expect(jar.join('; ').length).toBeLessThan(1_600);
    });

    it('is closed, not open, without a provider', async () => {
      const closed = await startSupport(await storeFixture.place().open(clock), { clock, isOpen: false });
      for (const path of [
        '/support',
        '/support/login',
        '/support/callback',
        '/support/attempts',
        '/support/districts',
      ]) {
        expect((await closed.ask('GET', path, { headers: page })).status).toBe(403);
      }
      await closed.stop();
    });
  });

  describe('what may be done', () => {
    const accountOf = (sisId: string) => accountIdOf(supportPages.services.vault, juniper.id, 'student', sisId);
    async function openSession(sisId = 's0') {
      const change = { sub: `clever-of-${sisId}`, email: `student.${sisId}@juniper.example` };
      const decided = await createDecider(supportPages.services, { clock })(claimsOf(change), opening);
      if (decided.kind !== 'signed-in') throw new Error(decided.code);
      return { districtId: juniper.id, accountId: accountOf(sisId), sid: decided.claims.sid };
    }
    const isLive = async (session: Pick<SessionRecord, 'districtId' | 'accountId' | 'sid'>) =>
      (await supportPages.services.registry.find(session)) !== undefined;

    async function expectInBothAuditLogs(action: string, why: string) {
      const [ours] = (await supportPages.services.staffAuditLog.page(1)).entries;
      const [theirs] = await supportPages.services.auditLog.list(juniper.id, 1);
      expect(ours).toMatchObject({ action, why, district: juniper.id });
      expect(theirs).toMatchObject({ action, reason: why, by: ours?.by });
    }

    it('releases a link with a reason, in both audit logs, and not without', async () => {
      const session = await openSession();
      const { body, ...type } = form({ account: session.accountId, reason: 'new student system' });
      const path = `/support/districts/${juniper.id}/links/release`;
      const without = form({ account: session.accountId });
      expect(
        (
          await supportPages.ask('POST', path, {
            headers: { ...supportPages.headers.support, ...type },
            body: without.body,
          })
        ).status,
      ).toBe(400);
      expect(await isLive(session)).toBe(true);
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.support, ...type }, body })).status,
      ).toBe(200);
      expect(await isLive(session)).toBe(false);
      await expectInBothAuditLogs('link_released', 'new student system');
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.support, ...type }, body })).status,
      ).toBe(409);
    });

    it.each(['support', 'admin'] as const)('ends a person’s sessions at once for scope %s', async (scope) => {
      const [hers, his] = [await openSession(), await openSession('s1')];
      const { body, ...type } = form({ account: hers.accountId, reason: 'a lost tablet' });
      const path = `/support/districts/${juniper.id}/sessions/end`;
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers[scope], ...type }, body })).status,
      ).toBe(200);
      expect([await isLive(hers), await isLive(his)]).toEqual([false, true]);
      await expectInBothAuditLogs('sessions_ended', 'a lost tablet');
    });

    it.each([
      ['an account that left the roster', { account: '00000000-0000-8000-8000-000000000000', reason: 'why' }, 404],
      ['what is no account id', { account: '-'.repeat(36), reason: 'why' }, 400],
      ['no reason', { account: '00000000-0000-8000-8000-000000000000' }, 400],
      ['all users', { all: 'yes', reason: 'why' }, 400],
    ])('ends no session for %s', async (_what, fields, status) => {
      const session = await openSession();
      const { body, ...type } = form(fields);
      const path = `/support/districts/${juniper.id}/sessions/end`;
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.admin, ...type }, body })).status,
      ).toBe(status);
      expect(await isLive(session)).toBe(true);
      expect((await supportPages.services.staffAuditLog.page(5)).entries).toEqual([]);
    });

    it.each([
      ['approve', 'roster_approved'],
      ['rollback', 'roster_rolled_back'],
    ] as const)('keeps the reason of %s in both audit logs', async (verb, action) => {
      await publish({ row: student({ sisId: 'extra' }) });
      const held = await supportPages.services.publisher.publish(juniper.id, 'sftp', feed(...students(1)));
      expect(held.kind).toBe('held');
      const { body, ...type } = form({ reason: 'the district said so' });
      const path = `/support/districts/${juniper.id}/rosters/sftp/${verb}`;
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.admin, ...type }, body })).status,
      ).toBe(200);
      await expectInBothAuditLogs(action, 'the district said so');
    });

    it('shows what is held and what it would change', async () => {
      await supportPages.services.publisher.publish(juniper.id, 'sftp', feed(...students(1)));
      const headers = { ...supportPages.headers.support, accept: 'text/html' };
      const page = (await supportPages.ask('GET', `/support/districts/${juniper.id}`, { headers })).text;
      expect(page).toContain('1 student, 0 employees');
      expect(page).toMatch(/It would lock out (\d+) of \d+ students: \1 removed\./);
    });

    it.each(['one', 'all'])('ends the sessions that stood on a link with it: %s', async (which) => {
      const decided = await createDecider(supportPages.services, { clock })(claimsOf({}), opening);
      if (decided.kind !== 'signed-in') throw new Error('was not let in');
      const { sub: accountId, sid, district: districtId } = decided.claims;
      expect(await supportPages.services.registry.find({ districtId, sid, accountId })).toBeDefined();
      clock.advance(1_000);
      const { body, ...type } = form({
        ...(which === 'one' ? { account: accountId } : { all: 'yes' }),
        reason: 'theirs',
      });
      const path = `/support/districts/${juniper.id}/links/release`;
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.admin, ...type }, body })).status,
      ).toBe(200);
      expect(await supportPages.services.registry.find({ districtId, sid, accountId })).toBeUndefined();
    });

    it.each(['x', 'x'.repeat(600), '../a', '\u0000'])('takes %.10j for no account', async (account) => {
      const { body, ...type } = form({ account, reason: 'why' });
      for (const verb of ['links/release', 'sessions/end']) {
        const path = `/support/districts/${juniper.id}/${verb}`;
        expect(
          (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.admin, ...type }, body })).status,
        ).toBe(400);
      }
    });

    it.each(['\ud800', 'x'.repeat(399), 'a b'])('looks for no account named %.10j', async (account) => {
      const headers = { ...supportPages.headers.support, 'content-type': 'application/json' };
      const body = JSON.stringify({ account });
      expect((await supportPages.ask('POST', '/support/attempts/search', { headers, body })).status).toBe(400);
    });

    it.each([
      [`/support/districts/${juniper.id}/links/release`, { all: 'yes', reason: 'why' }],
      [`/support/districts/${juniper.id}/rosters/sftp/approve`, { reason: 'why' }],
      [`/support/districts/${juniper.id}/rosters/sftp/rollback`, { reason: 'why' }],
    ])('keeps %s for admins', async (path, fields) => {
      const { body, ...type } = form(fields);
      expect(
        (await supportPages.ask('POST', path, { headers: { ...supportPages.headers.support, ...type }, body })).status,
      ).toBe(403);
      const answer = await supportPages.ask('POST', path, {
        headers: { ...supportPages.headers.admin, ...type },
        body,
      });
      expect([200, 409]).toContain(answer.status);
    });

    it('does nothing for a form that is not of this session, from another site, or of a session of scope support', async () => {
      const cookie = (await supportPages.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '';
      const home = await supportPages.ask('GET', '/support', { headers: { ...page, cookie } });
      const token = /name="form" value="(\w+)"/.exec(home.text)?.[1] ?? '';
      const path = `/support/districts/${juniper.id}/rosters/sftp/rollback`;
      const post = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
        const { body, ...type } = form({ reason: 'why', ...fields });
        return (await supportPages.ask('POST', path, { headers: { ...page, cookie, ...type, ...headers }, body }))
          .status;
      };
      expect(await post({})).toBe(403);
      expect(await post({ form: 'a'.repeat(32) })).toBe(403);
      expect(await post({ form: token }, { 'sec-fetch-site': 'cross-site' })).toBe(403);
      const support = (await supportPages.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
      expect(await post({ form: token }, { cookie: support })).toBe(403);
      await publish({ row: student({ sisId: 'extra' }) });
      expect(await post({ form: token })).toBe(303);
    });
  });
});
