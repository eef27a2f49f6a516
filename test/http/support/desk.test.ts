// Support over HTTP: who may look, what is found, what is told, what may be done.

import { accountIdOf } from '../../../src/roster/account.ts';
import type { FeedItem } from '../../../src/roster/feed.ts';
import type { SessionRecord } from '../../../src/session/session-registry.ts';
import { describeRefusal } from '../../../src/sign-in/record-refusal.ts';
import type { Attempt } from '../../../src/support/attempt.ts';
import { claimsOf, createDecider, juniper, opening } from '../../sign-in/decider.ts';
import { createClock, type MovableClock } from '../../support/clock.ts';
import { type Desk, listed, startDesk } from '../../support/desk.ts';
import { feed, student, students } from '../../support/feeds.ts';
import { embedded, type Ground } from '../../support/stores.ts';

const page = { accept: 'text/html' };
const form = (fields: Record<string, string>) => ({
  'content-type': 'application/x-www-form-urlencoded',
  body: new URLSearchParams(fields).toString(),
});

describe('the support desk', () => {
  let ground: Ground;
  let clock: MovableClock;
  let desk: Desk;

  beforeAll(async () => {
    ground = await embedded.start();
  });
  afterAll(() => ground.stop());
  beforeEach(async () => {
    clock = createClock();
    desk = await startDesk(await ground.place().open(clock), { clock });
    await desk.office.districts.put(juniper);
    await publish();
  });
  afterEach(() => desk.stop());

  async function publish(change: { readonly row?: FeedItem } = {}) {
    clock.advance(1);
    const rows = [...students(20), ...(change.row ? [change.row] : [])];
    const published = await desk.office.publisher.publish(juniper.id, 'sftp', feed(...rows), { approve: true });
    expect(published.kind).toBe('published');
    clock.advance(1);
  }

  /** A sign-in, as far as the store is concerned; the attempt if it is refused. */
  async function signIn(change: Record<string, unknown> = {}): Promise<Attempt | undefined> {
    clock.advance(1);
    const claims = claimsOf(change);
    const decided = await createDecider(desk.office, { clock })(claims, opening);
    if (decided.kind === 'signed-in') return undefined;
    return desk.office.attempts.record(describeRefusal(decided, claims, 'summit-k12', clock()));
  }

  const failed = async (change: Record<string, unknown> = {}) => {
    const attempt = await signIn({ email: 'Student.s0@juniper.example', ...change });
    if (attempt === undefined) throw new Error('was let in');
    return attempt;
  };

  it('marks the capital letter, names the owner, the place and what to send', async () => {
    const { reference } = await failed();
    const { json } = await desk.ask('GET', `/support/attempts/${reference.toLowerCase()}`, {
      headers: desk.headers.support,
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

  it('holds nobody else’s name, address or id in message, page and export, and no token', async () => {
    const { reference } = await failed();
    const at = `/support/attempts/${reference}`;
    const one = await desk.ask('GET', at, { headers: desk.headers.support });
    const shown = await desk.ask('GET', at, { headers: { ...desk.headers.support, ...page } });
    const person = await desk.ask('GET', `${at}/person`, { headers: { ...desk.headers.support, ...page } });
    const csv = await desk.ask('GET', `/support/districts/${juniper.id}/mismatches.csv`, {
      headers: desk.headers.support,
    });
    const list = await desk.ask('GET', '/support/attempts', { headers: desk.headers.support });
    expect(csv.text).toContain('Student.s0@juniper.example');
    for (const { text, status } of [one, shown, person, csv, list]) {
      expect(status).toBe(200);
      expect(text).not.toMatch(/student\.s(?!0@)\w+@|Givens[1-9]|Familys[1-9]|eyJ[\w-]{10}/i);
    }
    expect(list.text).not.toMatch(/@|clever-of/);
  });

  it('tells a district by place alone of an address that may be somebody else’s', async () => {
    const { reference } = await failed({ email: 'other@juniper.example' });
    const { json } = await desk.ask('GET', `/support/attempts/${reference}`, { headers: desk.headers.support });
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
    const { json } = await desk.ask('GET', '/support/attempts', { headers: desk.headers.support });
    const found = new Map(
      Object(json['attempts']).map((each: Record<string, string>) => [
        each['reference']?.replace('-', ''),
        each['resolved_at'],
      ]),
    );
    expect(found.get(mine.reference)).toEqual(expect.any(String));
    expect(found.get(other.reference)).toBeNull();
    const csv = await desk.ask('GET', `/support/districts/${juniper.id}/mismatches.csv`, {
      headers: desk.headers.support,
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
    const { json } = await desk.ask('GET', `/support/attempts/${reference}`, { headers: desk.headers.support });
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
    await desk.office.districts.put({
      id: 'port-wexley',
      cleverId: 'aaaac1571758a8688d55e572',
      name: 'Port Wexley',
      rostering: ['sftp'],
    });
    await desk.office.publisher.publish(
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
    const { json } = await desk.ask('GET', `/support/attempts/${reference}`, { headers: desk.headers.support });
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
      headers: { ...desk.headers.support, 'content-type': 'application/json' },
      body: JSON.stringify({ [name]: value, reason: 'ticket 7' }),
    };
    const { json } = await desk.ask('POST', '/support/attempts/search', search);
    expect(Object(json['attempts'])).toHaveLength(1);
    expect((await desk.office.staffTrail.page(1)).entries).toMatchObject([
      { action: 'attempts_searched', why: 'ticket 7', references: attempt.reference },
    ]);
    const byUrl = await desk.ask('GET', `/support/attempts?${new URLSearchParams({ [name]: value })}`, {
      headers: desk.headers.support,
    });
    expect(byUrl.status).toBe(400);
  });

  it.each([
    ['a name that is misspelled', { refrence: '7K2Q-9XWB' }],
    ['a cursor that we never made', { district: juniper.id, cursor: 'nonsense' }],
  ])('refuses %s, instead of finding all or nothing', async (_what, asked) => {
    await failed({});
    const headers = { ...desk.headers.support, 'content-type': 'application/json' };
    const answer = await desk.ask('POST', '/support/attempts/search', { headers, body: JSON.stringify(asked) });
    expect(answer).toMatchObject({ status: 400, json: { code: 'malformed_request' } });
  });

  it('pages through without losing or repeating one, while new ones arrive', async () => {
    const references: string[] = [];
    for (let count = 0; count < 120; count += 1) references.push((await failed({ sub: `clever-${count}` })).reference);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await desk.ask('GET', `/support/attempts?district=${juniper.id}&cursor=${cursor}`, {
        headers: desk.headers.support,
      });
      seen.push(...Object(json['attempts']).map((each: Record<string, string>) => each['reference']?.replace('-', '')));
      cursor = json['cursor'] as string | null;
      await failed({ sub: 'clever-new' });
    }
    expect(seen).toEqual(references.toReversed());
  });

  describe('who may look', () => {
    it('lets somebody in whose verified address is on a list, and nobody else', async () => {
      expect(await desk.signIn({ verifiedEmail: 'casey@support.example' })).toMatch(/^summit_staff=/);
      expect(await desk.signIn({ verifiedEmail: 'Casey@Support.example' })).toMatch(/^summit_staff=/);
      expect(await desk.signIn({ verifiedEmail: undefined })).toBeUndefined();
      expect(await desk.signIn({ verifiedEmail: 'casey@support.example.org' })).toBeUndefined();
      expect(await desk.signIn({ verifiedEmail: 'x@admin.example@else.example' })).toBeUndefined();
      expect(await desk.signIn({ verifiedEmail: 'bar\u212a@admin.example' })).toBeUndefined();
      expect(
        await desk.signIn({ verifiedEmail: 'casey@support.example', issuer: 'https://other.example' }),
      ).toBeUndefined();
    });

    it('ends a session when its hour is over', async () => {
      const cookie = (await desk.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
      expect((await desk.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(200);
      clock.advance(3600);
      expect((await desk.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(401);
    });

    it('ends a session when the lists change, and when the person signs out', async () => {
      const cookie = (await desk.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
      desk.setLists({ support: [], admin: [] });
      expect((await desk.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(401);
      desk.setLists(listed);
      const home = await desk.ask('GET', '/support', { headers: { ...page, cookie } });
      const token = /name="form" value="(\w+)"/.exec(home.text)?.[1] ?? '';
      const { body, ...type } = form({ form: token });
      const out = await desk.ask('POST', '/support/logout', { headers: { ...page, cookie, ...type }, body });
      expect(out.status).toBe(303);
      expect((await desk.ask('GET', '/support', { headers: { ...page, cookie } })).status).toBe(401);
    });

    it('takes no sign-in that another browser began', async () => {
      const begun = await desk.ask('GET', '/support/login');
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
      expect((await desk.ask('GET', `/support/callback?code=c&state=${state}`)).status).toBe(400);
    });

    it('is closed, not open, without a provider', async () => {
      const closed = await startDesk(await ground.place().open(clock), { clock, isOpen: false });
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
    const accountOf = (sisId: string) => accountIdOf(desk.office.vault, juniper.id, 'student', sisId);
    async function openSession(sisId = 's0') {
      const change = { sub: `clever-of-${sisId}`, email: `student.${sisId}@juniper.example` };
      const decided = await createDecider(desk.office, { clock })(claimsOf(change), opening);
      if (decided.kind !== 'signed-in') throw new Error(decided.code);
      return { districtId: juniper.id, accountId: accountOf(sisId), sid: decided.claims.sid };
    }
    const isLive = async (session: Pick<SessionRecord, 'districtId' | 'accountId' | 'sid'>) =>
      (await desk.office.registry.find(session)) !== undefined;

    async function expectInBothTrails(action: string, why: string) {
      const [ours] = (await desk.office.staffTrail.page(1)).entries;
      const [theirs] = await desk.office.trail.list(juniper.id, 1);
      expect(ours).toMatchObject({ action, why, district: juniper.id });
      expect(theirs).toMatchObject({ action, reason: why, by: ours?.by });
    }

    it('releases a link with a reason, in both trails, and not without', async () => {
      const session = await openSession();
      const { body, ...type } = form({ account: session.accountId, reason: 'new student system' });
      const path = `/support/districts/${juniper.id}/links/release`;
      const without = form({ account: session.accountId });
      expect(
        (await desk.ask('POST', path, { headers: { ...desk.headers.support, ...type }, body: without.body })).status,
      ).toBe(400);
      expect(await isLive(session)).toBe(true);
      expect((await desk.ask('POST', path, { headers: { ...desk.headers.support, ...type }, body })).status).toBe(200);
      expect(await isLive(session)).toBe(false);
      await expectInBothTrails('link_released', 'new student system');
      expect((await desk.ask('POST', path, { headers: { ...desk.headers.support, ...type }, body })).status).toBe(409);
    });

    it.each(['support', 'admin'] as const)('ends a person’s sessions at once for scope %s', async (scope) => {
      const [hers, his] = [await openSession(), await openSession('s1')];
      const { body, ...type } = form({ account: hers.accountId, reason: 'a lost tablet' });
      const path = `/support/districts/${juniper.id}/sessions/end`;
      expect((await desk.ask('POST', path, { headers: { ...desk.headers[scope], ...type }, body })).status).toBe(200);
      expect([await isLive(hers), await isLive(his)]).toEqual([false, true]);
      await expectInBothTrails('sessions_ended', 'a lost tablet');
    });

    it.each([
      ['an account that left the roster', { account: '00000000-0000-8000-8000-000000000000', reason: 'why' }, 404],
      ['what is no account id', { account: '-'.repeat(36), reason: 'why' }, 400],
      ['no reason', { account: '00000000-0000-8000-8000-000000000000' }, 400],
      ['everybody', { all: 'yes', reason: 'why' }, 400],
    ])('ends nobody’s sessions for %s', async (_what, fields, status) => {
      const session = await openSession();
      const { body, ...type } = form(fields);
      const path = `/support/districts/${juniper.id}/sessions/end`;
      expect((await desk.ask('POST', path, { headers: { ...desk.headers.admin, ...type }, body })).status).toBe(status);
      expect(await isLive(session)).toBe(true);
      expect((await desk.office.staffTrail.page(5)).entries).toEqual([]);
    });

    it.each([
      ['approve', 'roster_approved'],
      ['rollback', 'roster_rolled_back'],
    ] as const)('keeps the reason of %s in both trails', async (verb, action) => {
      await publish({ row: student({ sisId: 'extra' }) });
      const held = await desk.office.publisher.publish(juniper.id, 'sftp', feed(...students(1)));
      expect(held.kind).toBe('held');
      const { body, ...type } = form({ reason: 'the district said so' });
      const path = `/support/districts/${juniper.id}/rosters/sftp/${verb}`;
      expect((await desk.ask('POST', path, { headers: { ...desk.headers.admin, ...type }, body })).status).toBe(200);
      await expectInBothTrails(action, 'the district said so');
    });

    it('shows what is held and what it would change', async () => {
      await desk.office.publisher.publish(juniper.id, 'sftp', feed(...students(1)));
      const headers = { ...desk.headers.support, accept: 'text/html' };
      const page = (await desk.ask('GET', `/support/districts/${juniper.id}`, { headers })).text;
      expect(page).toContain('1 student, 0 employees');
      expect(page).toMatch(/It would remove \d+ of \d+ students and change the email of 0\./);
    });

    it.each(['one', 'all'])('ends the sessions that stood on a link with it: %s', async (which) => {
      const decided = await createDecider(desk.office, { clock })(claimsOf({}), opening);
      if (decided.kind !== 'signed-in') throw new Error('was not let in');
      const { sub: accountId, sid, district: districtId } = decided.claims;
      expect(await desk.office.registry.find({ districtId, sid, accountId })).toBeDefined();
      clock.advance(1_000);
      const { body, ...type } = form({
        ...(which === 'one' ? { account: accountId } : { all: 'yes' }),
        reason: 'theirs',
      });
      const path = `/support/districts/${juniper.id}/links/release`;
      expect((await desk.ask('POST', path, { headers: { ...desk.headers.admin, ...type }, body })).status).toBe(200);
      expect(await desk.office.registry.find({ districtId, sid, accountId })).toBeUndefined();
    });

    it.each(['x', 'x'.repeat(600), '../a', '\u0000'])('takes %.10j for no account', async (account) => {
      const { body, ...type } = form({ account, reason: 'why' });
      for (const verb of ['links/release', 'sessions/end']) {
        const path = `/support/districts/${juniper.id}/${verb}`;
        expect((await desk.ask('POST', path, { headers: { ...desk.headers.admin, ...type }, body })).status).toBe(400);
      }
    });

    it.each(['\ud800', 'x'.repeat(399), 'a b'])('looks for no account named %.10j', async (account) => {
      const headers = { ...desk.headers.support, 'content-type': 'application/json' };
      const body = JSON.stringify({ account });
      expect((await desk.ask('POST', '/support/attempts/search', { headers, body })).status).toBe(400);
    });

    it.each([
      [`/support/districts/${juniper.id}/links/release`, { all: 'yes', reason: 'why' }],
      [`/support/districts/${juniper.id}/rosters/sftp/approve`, { reason: 'why' }],
      [`/support/districts/${juniper.id}/rosters/sftp/rollback`, { reason: 'why' }],
    ])('keeps %s for admins', async (path, fields) => {
      const { body, ...type } = form(fields);
      expect((await desk.ask('POST', path, { headers: { ...desk.headers.support, ...type }, body })).status).toBe(403);
      const answer = await desk.ask('POST', path, { headers: { ...desk.headers.admin, ...type }, body });
      expect([200, 409]).toContain(answer.status);
    });

    it('does nothing for a form that is not of this session, from another site, or of a session of scope support', async () => {
      const cookie = (await desk.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '';
      const home = await desk.ask('GET', '/support', { headers: { ...page, cookie } });
      const token = /name="form" value="(\w+)"/.exec(home.text)?.[1] ?? '';
      const path = `/support/districts/${juniper.id}/rosters/sftp/rollback`;
      const post = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
        const { body, ...type } = form({ reason: 'why', ...fields });
        return (await desk.ask('POST', path, { headers: { ...page, cookie, ...type, ...headers }, body })).status;
      };
      expect(await post({})).toBe(403);
      expect(await post({ form: 'a'.repeat(32) })).toBe(403);
      expect(await post({ form: token }, { 'sec-fetch-site': 'cross-site' })).toBe(403);
      const support = (await desk.signIn({ verifiedEmail: 'casey@support.example' })) ?? '';
      expect(await post({ form: token }, { cookie: support })).toBe(403);
      await publish({ row: student({ sisId: 'extra' }) });
      expect(await post({ form: token })).toBe(303);
    });
  });
});
