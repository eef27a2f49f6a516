// The JSON of support has the data of its pages: a person, a district's day, the audit log; and it finds people who never failed.
import { showReference } from '../../../src/outcome/reference.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { student, students } from '../../helpers/feeds.ts';
import { bearer } from '../../helpers/program-server.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { claimsOfStudent, createSupportStory } from '../../helpers/support-story.ts';
import { juniper } from '../../sign-in/decider.ts';

describe('the documents of the support pages', () => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let supportPages: SupportFixture;
  let story: ReturnType<typeof createSupportStory>;

  beforeAll(async () => {
    storeFixture = await embedded.start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    clock = createClock();
    supportPages = await startSupport(await storeFixture.place().open(clock), { clock });
    story = createSupportStory(supportPages.services, clock);
    await supportPages.services.districts.put(juniper);
    await story.publish();
  });
  afterEach(() => supportPages.stop());

  const get = async (path: string, headers: Record<string, string> = {}) =>
    supportPages.ask('GET', path, { headers: { ...supportPages.headers.support, ...headers } });
  const search = async (body: object) =>
    (
      await supportPages.ask('POST', '/support/attempts/search', {
        headers: { ...supportPages.headers.support, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json;
  const box = async (q: string, reason = '') =>
    supportPages.ask('POST', '/support/search', {
      headers: {
        ...supportPages.headers.support,
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ q, reason }).toString(),
    });
  const newest = async () => (await supportPages.services.staffAuditLog.page(1)).entries[0];
  const personPath = (sisId: string) => `/support/districts/${juniper.id}/accounts/${story.accountOf(sisId)}`;

  it('show the person of an attempt in order, with success, failure and links', async () => {
    const { reference } = await story.failed();
    await story.signIn();
    clock.advance(1);
    await supportPages.services.releaseLinks.ofAccount(juniper.id, story.accountOf('s0'), {
      by: 'command',
      reason: 'moved',
    });
    const { json } = await get(`/support/attempts/${reference}/person`);
    expect(json).toMatchObject({
      district: juniper.id,
      account: story.accountOf('s0'),
      clever_id: 'clever-of-s0',
      linked_account: null,
      last_success: expect.any(String),
      complete: true,
      roster: { record: 'student', sis_id: 's0', sources: [{ method: 'sftp', email: 'student.s0@juniper.example' }] },
    });
    expect(json['events']).toMatchObject([
      { kind: 'action', action: 'link_released', by: 'command', reason: 'moved' },
      { kind: 'success' },
      { kind: 'failure', attempt: { reference: showReference(reference), resolved_at: json['last_success'] } },
      { kind: 'roster', change: 'brought_or_changed' },
    ]);
  });

  it('show for a person who never signed in the account that the newest failure found, without a link', async () => {
    const { reference } = await story.failed();
    const at = `/support/attempts/${reference}/person`;
    const { json } = await get(at);
    expect(json).toMatchObject({ account: story.accountOf('s0'), linked_account: null, roster: { sis_id: 's0' } });
    expect(json['events']).toMatchObject([{ kind: 'failure' }, { kind: 'roster', change: 'brought_or_changed' }]);
    expect((await get(at, { accept: 'text/html' })).text).toContain('no link says so');
  });

  it('show no account of a person whose address is another person’s', async () => {
    await story.signIn();
    const { reference } = await story.failed({ sub: 'another', email: 'student.s0@juniper.example' });
    const at = `/support/attempts/${reference}/person`;
    expect((await get(at)).json).toMatchObject({ account: null, linked_account: null, roster: null });
    expect((await get(at, { accept: 'text/html' })).text).toContain('the Clever id is linked to no account');
  });

  it('show for a removed address its place in the former roster', async () => {
    const before = (await get(`/support/districts/${juniper.id}`)).json;
    await story.publish(students(20).filter((row) => !('sisId' in row && row.sisId === 's0')));
    const { reference } = await story.failed({ email: 'student.s0@juniper.example' });
    const { json } = await get(`/support/attempts/${reference}`);
    expect(json).toMatchObject({
      code: 'account_inactive',
      message: expect.stringContaining('Roster before the newest: see'),
    });
    expect(Object(json['roster'])[0].published_at).toBe(Object(before['feeds'])[0].active.published_at);
    const page = await get(`/support/attempts/${reference}`, { accept: 'text/html' });
    expect(page.text).toContain('The previous roster held');
    const csv = await get(`/support/districts/${juniper.id}/mismatches.csv`);
    expect(csv.text).toContain('"Roster before the newest: SFTP, students.csv');
  });

  it('name the person in the export as Clever does, with SIS id and school of the account', async () => {
    const { reference } = await story.failed({
      email: 'STUDENT.s4@juniper.example',
      given_name: 'Ana',
      family_name: 'Ort',
    });
    const { text } = await get(`/support/districts/${juniper.id}/mismatches.csv`);
    const [header = '', ...rows] = text.split('\r\n');
    expect(header.endsWith(',"first_name_in_clever","last_name_in_clever","sis_id","school_ids"')).toBe(true);
    const row = rows.find((each) => each.includes(showReference(reference)));
    expect(row?.endsWith(',"Ana","Ort","s4","school-1"')).toBe(true);
  });

  it.each([
    ['email_missing', { email: undefined }, 'not searched: there was no address to look for'],
    ['user_type_unsupported', { user_type: 'contact' }, 'not searched: such logins have no account'],
    ['not_rostered', claimsOfStudent('nobody'), 'no account like this'],
  ])('say for %s whether a person was searched', async (code, change, said) => {
    const attempt = await story.failed(change);
    expect(attempt.code).toBe(code);
    const { text } = await get(`/support/attempts/${attempt.reference}`, { accept: 'text/html' });
    expect(text).toContain(said);
  });

  it('show by account alone when the person last signed in, and as whom', async () => {
    await story.signIn(claimsOfStudent('s3'));
    const { json } = await get(personPath('s3'));
    expect(json).toMatchObject({
      clever_id: 'clever-of-s3',
      linked_account: story.accountOf('s3'),
      last_success: expect.any(String),
    });
    expect(Object(json['events'])[0]).toMatchObject({ kind: 'success' });
  });

  it('show a district’s day by hour and by code, its rosters, and what was done', async () => {
    // All attempts are of one day.
    if (new Date(clock()).getUTCHours() === 23) clock.advance(3600);
    await story.failed();
    await story.failed(claimsOfStudent('nobody'));
    clock.advance(3600);
    await story.failed();
    const { json } = await get(`/support/districts/${juniper.id}`);
    const day = Object(json['last_24_hours']);
    expect(day).toMatchObject({
      failures: 3,
      by_code: { email_mismatch: 2, not_rostered: 1 },
      complete: true,
    });
    expect(day.hours.map(({ failures }: { failures: number }) => failures).filter(Boolean)).toEqual([2, 1]);
    expect(json['feeds']).toMatchObject([{ method: 'sftp', active: { published_at: expect.any(String) } }]);
    const today = { failed: 2, signed_in: 0, time_zone: 'UTC', usual: null };
    expect(json['today']).toMatchObject(today);
    expect((await get('/support/districts')).json).toMatchObject({ districts: [{ id: juniper.id, today }] });
  });

  it('show the filter of the audit log again where its day is none, with what was typed', async () => {
    const headers = { ...supportPages.headers.admin, accept: 'text/html' };
    const { status, text } = await supportPages.ask('GET', '/support/trail?action=attempt_read&day=31.11.', {
      headers,
    });
    expect([status, text.includes('<option value="attempt_read" selected')]).toEqual([400, true]);
    expect(text).toMatch(/<input id="day"[^>]* value="31.11."[^>]*aria-invalid="true"/);
    const program = await supportPages.ask('GET', '/support/trail?day=31.11.', { headers: supportPages.headers.admin });
    expect([program.status, program.json['code']]).toEqual([400, 'malformed_request']);
  });

  it('show the audit log to an admin alone', async () => {
    await story.failed();
    expect((await get('/support/trail')).status).toBe(403);
    await search({ email: 'student.s7@juniper.example', reason: 'ticket 7' });
    const { json } = await supportPages.ask('GET', '/support/trail', { headers: supportPages.headers.admin });
    expect(json).toEqual({
      entries: [
        {
          at: new Date(clock()).toISOString(),
          action: 'attempts_searched',
          by: expect.any(String),
          by_name: 'support',
          why: 'ticket 7',
          found: 0,
          references: '',
          accounts: story.accountOf('s7'),
        },
      ],
      cursor: null,
    });
    const none = await supportPages.ask('GET', '/support/trail?cursor=nonsense', {
      headers: supportPages.headers.admin,
    });
    expect(none.json).toEqual({ entries: [], cursor: null });
  });

  it('show in the audit log the name of a revoked credential', async () => {
    const { credential, secret } = await supportPages.services.credentials.create('support', 'the help desk');
    await supportPages.ask('GET', `/support/districts/${juniper.id}/mismatches.csv`, { headers: bearer(secret) });
    await supportPages.services.credentials.revoke(credential.id);
    const { json } = await supportPages.ask('GET', '/support/trail', { headers: supportPages.headers.admin });
    expect(json['entries']).toMatchObject([{ by: credential.id, by_name: 'the help desk' }]);
    const cookie = (await supportPages.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '';
    const { text } = await supportPages.ask('GET', '/support/trail', { headers: { accept: 'text/html', cookie } });
    expect(text).toContain(`by the help desk (credential ${credential.id})`);
  });

  describe('of the one box', () => {
    it.each([
      ['a district', 'Juniper-Flats', { district: juniper.id }],
      ['the beginning of a district’s name', juniper.name.slice(0, 9).toUpperCase(), { district: juniper.id }],
      ['Clever’s id of a district', juniper.cleverId, { district: juniper.id }],
      ['a code', ' ambiguous ', { code: 'ambiguous' }],
      ['a day', '2026-11-21', { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T23:59:59.999Z' }],
      [
        'a time as pages show it',
        '2026-11-21 23:57 UTC',
        { from: '2026-11-21T23:42:00.000Z', to: '2026-11-22T00:12:00.000Z' },
      ],
      [
        'all of them',
        `email_mismatch ${juniper.id} 2026-11-21`,
        {
          district: juniper.id,
          code: 'email_mismatch',
          from: '2026-11-21T00:00:00.000Z',
          to: '2026-11-21T23:59:59.999Z',
        },
      ],
      ['a day that does not exist, which the list asks for again', '2026-13-45', { from: '2026-13-45' }],
    ])('lead from %s to the attempts that fit', async (_what, q, filters) => {
      const { status, headers } = await box(q);
      expect(status).toBe(303);
      const { pathname, searchParams } = new URL(headers.get('location') ?? '', supportPages.url);
      expect([pathname, Object.fromEntries(searchParams)]).toEqual(['/support/attempts', filters]);
    });

    it.each(['juniper-flats elsewhere', 'juniper-flats ambiguous student.s0@juniper.example', 'nowhere'])(
      'take %j for no filter',
      async (q) => expect((await box(q)).headers.get('location')).toBeNull(),
    );

    it('lead to a list that holds what failed then', async () => {
      const { reference, at } = await story.failed();
      const { headers } = await box(new Date(at).toISOString().slice(0, 16).replace('T', ' '));
      expect((await get(headers.get('location') ?? '')).json['attempts']).toMatchObject([
        { reference: showReference(reference) },
      ]);
    });
  });

  it.each(['nowhere', 'no/where', 'x'.repeat(65)])(
    'say that there is no district %j to list attempts of',
    async (district) => {
      const list = `/support/attempts?${new URLSearchParams({ district })}`;
      const none = { attempts: [], cursor: null, unknown_district: true };
      expect((await get(list)).json).toEqual(none);
      expect(await search({ district })).toEqual(none);
      expect((await get(list, { accept: 'text/html' })).text).toContain(`There is no district “${district}” here.`);
      expect((await get(`/support/attempts?district=${juniper.id}`)).json).toEqual({ attempts: [], cursor: null });
    },
  );

  it('take a whole day as a bound, to its end, and a time as the pages show it', async () => {
    const { reference, at } = await story.failed();
    const shown = new Date(at).toISOString();
    const day = shown.slice(0, 10);
    const minute = `${shown.slice(0, 16).replace('T', ' ')} UTC`;
    for (const bounds of [{ to: day }, { from: day, to: day }, { from: minute }])
      expect((await get(`/support/attempts?${new URLSearchParams(bounds)}`)).json['attempts']).toMatchObject([
        { reference: showReference(reference) },
      ]);
  });

  describe('of a person who never failed', () => {
    it.each([
      ['account', (): string => story.accountOf('s7')],
      ['email', (): string => 'student.s7@juniper.example'],
      ['clever_id', (): string => 'clever-of-s7'],
    ] as const)('lead from the %s to the person, and say that there is no attempt', async (name, read) => {
      await story.signIn(claimsOfStudent('s7'));
      const found = await search({ [name]: read() });
      const person = personPath('s7');
      expect(found).toEqual({
        attempts: [],
        cursor: null,
        districts_searched: 1,
        districts: 1,
        people: [{ district: juniper.id, account: story.accountOf('s7'), record: 'student', sis_id: 's7', person }],
      });
      expect(await newest()).toMatchObject({ action: 'attempts_searched', accounts: story.accountOf('s7') });
      const page = await box(read());
      expect([page.status, page.headers.get('location')]).toEqual([303, person]);
    });

    it('lead to a choice where two have the address', async () => {
      const email = 'both@juniper.example';
      await story.publish([...students(5), student({ sisId: 'b1', email }), student({ sisId: 'b2', email })]);
      expect(Object((await search({ email }))['people'])).toHaveLength(2);
      const { status, text } = await box(email);
      expect(status).toBe(200);
      expect(text).toContain(personPath('b1'));
      expect(text).toContain(personPath('b2'));
    });

    it('find nothing by an address that only looks the same, by an unknown account, or in another district', async () => {
      const unknown = '00000000-0000-8000-8000-000000000000';
      expect((await search({ email: 'Student.s7@juniper.example' }))['people']).toEqual([]);
      expect((await search({ account: unknown }))['people']).toEqual([]);
      expect(await search({ email: 'student.s7@juniper.example', district: 'elsewhere' })).toMatchObject({
        people: [],
        districts_searched: 0,
      });
      expect((await box(unknown)).text).toContain('Nothing found');
      const misheard = `${showReference('7K3Q9ZDM').slice(0, -1)}2`;
      expect(await box(misheard)).toMatchObject({ status: 400 });
      const { text } = await box(misheard);
      expect(text).toContain('One character of this reference is wrong');
      expect(text).toContain(`value="${misheard}"`);
    });

    it('say nothing about rosters where an attempt fits, or without a person in the search', async () => {
      await story.failed();
      expect(await search({ clever_id: 'clever-of-s0' })).not.toHaveProperty('people');
      expect(await search({ code: 'ambiguous' })).not.toHaveProperty('people');
    });
  });

  describe('the reason of a view', () => {
    it.each([
      ['an attempt', 'attempt_read', (reference: string) => `/support/attempts/${reference}`],
      ['the person of an attempt', 'person_read', (reference: string) => `/support/attempts/${reference}/person`],
      ['the person of an account', 'person_read', () => personPath('s0')],
      ['an export', 'mismatches_exported', () => `/support/districts/${juniper.id}/mismatches.csv`],
    ] as const)('at %s is kept as they say, or how they came', async (_what, action, pathOf) => {
      const { reference } = await story.failed();
      for (const accept of ['application/json', 'text/html']) {
        await get(pathOf(reference), { accept, reason: 'ticket 7' });
        expect(await newest()).toMatchObject({ action, why: 'ticket 7', by: expect.stringMatching(/^[\w-]+$/) });
        await get(pathOf(reference), { accept });
        expect(await newest()).toMatchObject({ action, why: expect.stringMatching(/^opened|^for the district/) });
      }
    });

    it('has a field of its own beside the one box, optional and after the button', async () => {
      const { text } = await get('/support', { accept: 'text/html' });
      expect(text).toMatch(
        /name="q"[\s\S]*<button[\s\S]*<label for="why">[\s\S]*<input id="why" name="reason"(?![^>]*required)/,
      );
      await box('nobody@nowhere.example', 'ticket 7');
      expect(await newest()).toMatchObject({ action: 'attempts_searched', why: 'ticket 7' });
      await box('nobody@nowhere.example', ' ');
      expect(await newest()).toMatchObject({ action: 'attempts_searched', why: 'by email' });
    });

    it.each([
      ['POST /support/attempts/search', { reason: 'ticket 7' }, 'ticket 7'],
      ['POST /support/attempts/search', {}, 'by email'],
    ] as const)('by %s with %j is kept', async (_route, body, why) => {
      await search({ email: 'student.s7@juniper.example', ...body });
      expect(await newest()).toMatchObject({ action: 'attempts_searched', why });
    });
  });
});
