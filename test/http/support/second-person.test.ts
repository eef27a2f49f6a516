// STAFF_FOUR_EYES: what opens an account to another person, or puts another roster into force, is done by two people. Each way
// in is tried; nothing happens by any of them alone.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../src/cli.ts';
import { dump, encodings } from '../../helpers/at-rest.ts';
import { createClock, type MovableClock } from '../../helpers/clock.ts';
import { openApi } from '../../helpers/expect-openapi.ts';
import { feed, students } from '../../helpers/feeds.ts';
import { bearer } from '../../helpers/program-server.ts';
import { patientStore } from '../../helpers/redis-server.ts';
import { embedded, engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { createSupportStory } from '../../helpers/support-story.ts';
import { juniper } from '../../sign-in/decider.ts';

interface Staff {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: string;
}

const reason = 'one person with a new Clever login';
const at = `/support/districts/${juniper.id}`;
const routesAt = `/districts/${juniper.id}`;
const adminAt = `/admin/districts/${juniper.id}`;

describe.each(engines)('a second person, on $name', (engine) => {
  let storeFixture: StoreFixture;
  let clock: MovableClock;
  let pages: SupportFixture;
  let story: ReturnType<typeof createSupportStory>;

  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  beforeEach(async () => {
    clock = createClock();
    pages = await startSupport(await storeFixture.place().open(clock), { clock, fourEyes: 'on' });
    await pages.services.districts.put(juniper);
    story = createSupportStory(pages.services, clock);
    await story.publish(students(20));
    await story.publish(students(21));
    await pages.services.publisher.publish(juniper.id, 'sftp', feed(...students(2)));
    // s0 is linked.
    await story.signIn();
  });
  afterEach(async () => {
    expect(pages.failures).toEqual([]);
    await pages.stop();
  });

  async function signIn(subject: string, verifiedEmail = `${subject}@admin.example`): Promise<Staff> {
    const cookie = (await pages.signIn({ subject, verifiedEmail })) ?? '';
    const headers = { cookie, accept: 'text/html' };
    const { text } = await pages.ask('GET', '/support', { headers });
    return { headers, form: /name="form" value="([\w-]+)"/.exec(text)?.[1] ?? '' };
  }
  const post = (path: string, { headers, form }: Staff, fields: Readonly<Record<string, string>> = {}) =>
    pages.ask('POST', path, { headers, body: new URLSearchParams({ form, ...fields }) });
  const open = (path: string, { headers }: Staff) => pages.ask('GET', path, { headers });
  const send = (
    path: string,
    headers: Readonly<Record<string, string>>,
    fields: Readonly<Record<string, string>> = {},
  ) => pages.ask('POST', path, { headers, body: new URLSearchParams(fields) });
  const account = () => story.accountOf('s0');
  const isLinked = async () => {
    const roster = await pages.services.rosters.read(juniper.id, 0);
    return (await pages.services.links.findLinked(roster, [account()])).length === 1;
  };
  const state = async () => {
    const district = await pages.services.districts.find(juniper.id);
    const { published } = await pages.services.rosters.read(juniper.id, 0);
    return { district, published, linked: await isLinked() };
  };
  const waiting = () => pages.services.staffActions.listWaiting();
  const newest = async (count: number) => (await pages.services.staffAuditLog.page(count)).entries;

  /** Casey of support asks for the release of s0's link; the path of the request. */
  async function askRelease(staff?: Staff): Promise<{ readonly path: string; readonly casey: Staff }> {
    const casey = staff ?? (await signIn('casey', 'casey@support.example'));
    const asked = await post(`${at}/links/release`, casey, { account: account(), reason });
    expect(asked.status).toBe(303);
    return { path: asked.headers.get('location') ?? '', casey };
  }

  const json = (headers: Readonly<Record<string, string>>, method: string, path: string, body: object) =>
    pages.ask(method, path, {
      headers: { ...headers, 'content-type': 'application/json', reason },
      body: JSON.stringify(body),
    });
  const put = { name: juniper.name, clever_id: juniper.cleverId };

  const ways: readonly (readonly [what: string, kind: string, ask: () => Promise<{ readonly status: number }>])[] = [
    [
      'a page releases a link',
      'release_link',
      async () => post(`${at}/links/release`, await signIn('boss'), { account: account(), reason }),
    ],
    [
      'a program releases a link',
      'release_link',
      () => send(`${at}/links/release`, pages.headers.support, { account: account(), reason }),
    ],
    [
      'an admin’s program releases a link',
      'release_link',
      () => send(`${at}/links/release`, pages.headers.admin, { account: account(), reason }),
    ],
    [
      'a page releases all links',
      'release_links',
      async () => post(`${at}/links/release`, await signIn('boss'), { all: 'yes', reason }),
    ],
    [
      'a program releases all links',
      'release_links',
      () => send(`${at}/links/release`, pages.headers.admin, { all: 'yes', reason }),
    ],
    [
      '/admin releases all links',
      'release_links',
      async () => post(`${adminAt}/links/release`, await signIn('boss'), { reason }),
    ],
    [
      'a page moves a link',
      'move_link',
      async () => post(`${at}/links/move`, await signIn('boss'), { from: 's0', to: 's1', reason }),
    ],
    [
      'a program moves a link',
      'move_link',
      () => send(`${at}/links/move`, pages.headers.support, { from: 's0', to: 's1', reason }),
    ],
    ...(['approve', 'rollback'] as const).flatMap((verb) => {
      const kind = verb === 'approve' ? 'approve_roster' : 'roll_back_roster';
      return [
        [`a page: ${verb}`, kind, async () => post(`${at}/rosters/sftp/${verb}`, await signIn('boss'), { reason })],
        [
          `a program at /support: ${verb}`,
          kind,
          () => send(`${at}/rosters/sftp/${verb}`, pages.headers.admin, { reason }),
        ],
        [
          `a program: ${verb}`,
          kind,
          () => json(pages.headers.admin, 'POST', `${routesAt}/rosters/sftp/${verb}`, { reason }),
        ],
        [
          `/admin: ${verb}`,
          kind,
          async () => post(`${adminAt}/rosters/sftp/${verb}`, await signIn('boss'), { reason }),
        ],
      ] as const;
    }),
    [
      'a program removes a method that many sign in by',
      'put_district',
      () => json(pages.headers.admin, 'PUT', `${routesAt}?approve=true`, { ...put, rostering: ['manual'] }),
    ],
    [
      '/admin removes a method that many sign in by',
      'put_district',
      async () =>
        post(`${adminAt}/settings`, await signIn('boss'), { ...put, rostering: 'manual', approve: 'yes', reason }),
    ],
    [
      '/admin removes the district',
      'remove_district',
      async () => post(`${adminAt}/remove`, await signIn('boss'), { confirm: juniper.id, reason }),
    ],
  ];

  it.each(ways)('is asked for where %s, and nothing is done', async (_what, kind, ask) => {
    const before = await state();
    expect([202, 303]).toContain((await ask()).status);
    expect(await state()).toEqual(before);
    expect(await waiting()).toMatchObject([{ state: 'waiting', reason, action: { kind } }]);
    const recorded = (await newest(5)).find(({ action }) => action === 'second_person_asked');
    expect(recorded).toMatchObject({ district: juniper.id, asked_for: kind, why: reason });
  });

  it('does what was asked when another admin approves, once, and both logs name both', async () => {
    const { path, casey } = await askRelease();
    const boss = await signIn('boss');
    const seen = await open(path, boss);
    expect(seen.text).toContain('Nothing is done yet: it waits for a second person.');
    expect(seen.text).toContain('Givens0 Familys0');
    expect((await newest(1))[0]).toMatchObject({ action: 'person_read', by: 'boss@admin.example' });
    const other = await signIn('other');
    const both = await Promise.all([post(`${path}/approve`, boss), post(`${path}/approve`, other)]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(await isLinked()).toBe(false);
    expect(await waiting()).toEqual([]);
    const second = both[0]?.status === 303 ? 'boss@admin.example' : 'other@admin.example';
    const log = await pages.services.auditLog.list(juniper.id, 1);
    expect(log).toMatchObject([{ action: 'link_released', by: 'casey@support.example', approved_by: second, reason }]);
    expect(await newest(2)).toMatchObject([
      { action: 'link_released', by: 'casey@support.example', approved_by: second },
      { action: 'second_person_approved', by: second, account: account() },
    ]);
    // Asked again after it is done, the page answers the same and does nothing.
    await story.signIn();
    for (const staff of [boss, casey, boss]) {
      const answer = (await open(path, staff)).text;
      expect(answer).toContain('Done.');
      expect(answer).toContain('Student s0 is linked to no Clever id any more');
      expect(answer).toContain('What to do next:');
      expect(answer).not.toContain('Familys0');
    }
    expect(await isLinked()).toBe(true);
  });

  it('is not who asked, by no session, address, letter case or credential of theirs, nor scope support', async () => {
    const boss = await signIn('boss');
    const made = await post('/admin/credentials', boss, { scope: 'admin', name: 'mine' });
    const [, secret = ''] = /<dt>Secret<\/dt><dd[^>]*>([\w-]{43})</.exec(made.text) ?? [];
    const { path } = await askRelease(boss);
    const alike = {
      'the same session': boss,
      'another session': await signIn('boss'),
      'another address of the subject': await signIn('boss', 'boss.second@admin.example'),
      'the address under another subject': await signIn('else', 'BOSS@admin.example'),
    };
    for (const [who, staff] of Object.entries(alike))
      expect([who, (await post(`${path}/approve`, staff)).status]).toEqual([who, 403]);
    expect((await send(`${path}/approve`, bearer(secret))).json).toMatchObject({ code: 'second_person_needed' });
    expect((await send(`${path}/approve`, pages.headers.support)).status).toBe(403);
    expect((await post(`${path}/approve`, await signIn('casey', 'casey@support.example'))).status).toBe(403);
    expect((await open(path, boss)).text).not.toContain('Approve, and do it now');
    expect(await isLinked()).toBe(true);
    expect((await send(`${path}/approve`, pages.headers.admin)).json).toMatchObject({ state: 'done' });
    expect(await isLinked()).toBe(false);
  });

  it('is another one also for a credential: what it asked for itself it cannot approve', async () => {
    const asked = await send(`${at}/links/release`, pages.headers.admin, { account: account(), reason });
    expect(asked.json).toMatchObject({ result: 'waiting', district: juniper.id });
    const path = String(asked.json['request']);
    expect((await send(`${path}/approve`, pages.headers.admin)).json).toMatchObject({ code: 'second_person_needed' });
    const other = await pages.services.credentials.create('admin', 'another program');
    expect((await send(`${path}/approve`, bearer(other.secret))).json).toMatchObject({
      state: 'done',
      record: 'student',
    });
  });

  it('may decline with a reason, who asked may withdraw, and it cannot be approved after that', async () => {
    const first = await askRelease();
    const boss = await signIn('boss');
    expect((await post(`${first.path}/decline`, boss)).status).toBe(400);
    expect((await post(`${first.path}/decline`, boss, { reason: 'two people' })).status).toBe(303);
    expect((await open(first.path, first.casey)).text).toContain('Declined. Nothing was done.</strong> two people');
    expect((await post(`${first.path}/approve`, boss)).status).toBe(409);
    const second = await askRelease(first.casey);
    expect(second.path).not.toBe(first.path);
    expect((await post(`${second.path}/decline`, first.casey, { reason: 'my mistake' })).status).toBe(303);
    expect((await newest(1))[0]).toMatchObject({ action: 'second_person_withdrawn', why: 'my mistake' });
    expect(await isLinked()).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  it('has a day: after that nothing is done, and the page says so', async () => {
    const { path } = await askRelease();
    clock.advance(86_400);
    const boss = await signIn('boss');
    expect((await open(path, boss)).text).toContain('Expired. Nothing was done.');
    expect((await post(`${path}/approve`, boss)).status).toBe(410);
    expect(await waiting()).toEqual([]);
    expect(await isLinked()).toBe(true);
    clock.advance(86_400);
    expect((await open(path, await signIn('boss'))).status).toBe(404);
  });

  it('approves only the roster that was held when it was asked for', async () => {
    const casey = await signIn('other');
    const asked = await post(`${adminAt}/rosters/sftp/approve`, casey, { reason });
    const path = asked.headers.get('location') ?? '';
    expect((await open(path, await signIn('boss'))).text).toContain('19 of the district');
    clock.advance(1);
    await pages.services.publisher.publish(juniper.id, 'sftp', feed(...students(3)));
    const before = await state();
    expect((await post(`${path}/approve`, await signIn('boss'))).status).toBe(303);
    expect((await open(path, casey)).text).toContain('Another roster was published since.');
    expect(await state()).toEqual(before);
  });

  it('moves only the link that was there when it was asked for', async () => {
    const casey = await signIn('casey', 'casey@support.example');
    const asked = await post(`${at}/links/move`, casey, { from: 's0', to: 's1', reason });
    const path = asked.headers.get('location') ?? '';
    await pages.services.links.release(juniper.id, account());
    await story.signIn({ sub: 'the-new-clever-id' });
    expect((await post(`${path}/approve`, await signIn('boss'))).status).toBe(303);
    expect((await open(path, casey)).text).toContain('linked to another Clever id since this was asked for');
    const roster = await pages.services.rosters.read(juniper.id, 0);
    expect(await pages.services.links.findAccountId(roster, 'the-new-clever-id')).toBe(account());
  });

  it('releases only the link that was there when it was asked for', async () => {
    const { path, casey } = await askRelease();
    await pages.services.links.release(juniper.id, account());
    await story.signIn({ sub: 'the-new-clever-id' });
    expect((await post(`${path}/approve`, await signIn('boss'))).status).toBe(303);
    expect((await open(path, casey)).text).toContain('linked to another Clever id since this was asked for');
    const roster = await pages.services.rosters.read(juniper.id, 0);
    expect(await pages.services.links.findAccountId(roster, 'the-new-clever-id')).toBe(account());
  });

  it('finds nothing to approve where there was nothing to do', async () => {
    const other = story.accountOf('s5');
    expect((await send(`${at}/links/release`, pages.headers.support, { account: other, reason })).status).toBe(409);
    const none = await json(pages.headers.admin, 'POST', `${routesAt}/rosters/manual/approve`, { reason });
    expect(none.json).toMatchObject({ code: 'nothing_held' });
    const unsaid = await json(pages.headers.admin, 'POST', `${routesAt}/rosters/sftp/approve`, {});
    expect(unsaid.json).toMatchObject({ code: 'malformed_request' });
    expect(await waiting()).toEqual([]);
  });

  it('meets one request, however often it is asked for, and the list of all', async () => {
    const { path, casey } = await askRelease();
    expect((await askRelease(casey)).path).toBe(path);
    const boss = await signIn('boss');
    expect((await open('/admin', boss)).text).toContain('Waiting for a second person: 1');
    const list = (await open('/support/approvals', boss)).text;
    expect(list).toContain(path);
    expect(list).toContain('asked by casey@support.example');
    expect((await pages.ask('GET', '/support/approvals', { headers: pages.headers.admin })).json).toMatchObject({
      waiting: [{ action: 'release_link', state: 'waiting' }],
    });
  });

  it('is kept sealed, and forgotten with the district', async () => {
    const { path } = await askRelease();
    const { path: other } = await askRelease(await signIn('boss'));
    expect(other).toBe(path);
    for (const [name, bytes] of encodings(reason))
      for (const [key, value] of await dump(pages.services.store))
        expect([name, key.includes(bytes), value.includes(bytes)]).toEqual([name, false, false]);
    const asked = await post(`${adminAt}/remove`, await signIn('boss'), { confirm: juniper.id, reason });
    const removed = await post(`${asked.headers.get('location')}/approve`, await signIn('other'));
    expect(removed.headers.get('location')).toBe('/admin?done=removed');
    expect(await pages.services.districts.find(juniper.id)).toBeUndefined();
    expect(await waiting()).toEqual([]);
    expect((await newest(1))[0]).toMatchObject({ action: 'district_removed', approved_by: 'other@admin.example' });
  });

  it('is not asked by one who asks without end', async () => {
    const ask = (to: number) => send(`${at}/links/move`, pages.headers.support, { from: 's0', to: `s${to}`, reason });
    for (let to = 1; to <= 50; to += 1) expect((await ask(to)).status).toBe(202);
    expect((await ask(51)).json).toMatchObject({ code: 'too_many_waiting' });
    expect((await askRelease()).path).toContain('/actions/');
  });
});

it('no page of a district releases, ends, approves or rolls back anything', () => {
  const writes = Object.keys(openApi.paths).filter((path) => /^\/district(\/|$)/.test(path));
  expect(writes.length).toBeGreaterThan(10);
  expect(writes.filter((path) => /release|move|end|approve|rollback|remove|settings/.test(path))).toEqual([]);
});

describe('the command', () => {
  let storeFixture: StoreFixture;
  let folder: string;
  beforeAll(async () => {
    storeFixture = await embedded.start();
    folder = mkdtempSync(join(tmpdir(), 'sso-rosters-'));
  });
  afterAll(async () => {
    await storeFixture.stop();
    rmSync(folder, { recursive: true });
  });

  it('is one person: it does nothing of it alone, and everything where the operator says so', async () => {
    const place = storeFixture.place();
    const layers = [{ ...patientStore, STORE_URL: place.url, SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d' }];
    const key = Buffer.alloc(32, 'o'.charCodeAt(0)).toString('base64');
    async function run(fourEyes: string, ...words: readonly string[]) {
      let out = '';
      const stream = { write: (text: string) => (out += text), isTTY: false };
      const environment = { STORE_KEYS: `one:${key}`, STAFF_FOUR_EYES: fourEyes };
      const surroundings = { environment, layers, version: '1', stdout: stream, stderr: stream };
      const exit = await runCommand(words, surroundings, async () => 0);
      return { exit, out };
    }
    const district = ['--district', juniper.id];
    const putDistrict = [
      'district',
      'put',
      juniper.id,
      '--clever-id',
      juniper.cleverId,
      '--name',
      'J',
      '--rostering',
      'sftp',
    ];
    expect((await run('on', ...putDistrict)).exit).toBe(0);
    for (const words of [
      ['link', 'release', ...district, '--all', '--reason', 'why'],
      ['link', 'move', ...district, '--from', 's0', '--to', 's1', '--reason', 'why'],
      ['roster', 'approve', ...district],
      ['roster', 'rollback', ...district],
      [...putDistrict, '--approve'],
      ['district', 'remove', juniper.id],
    ]) {
      const { exit, out } = await run('on', ...words);
      expect([words, exit, out.includes('STAFF_FOUR_EYES is on')]).toEqual([words, 1, true]);
    }
    expect((await run('off', 'district', 'remove', juniper.id)).exit).toBe(0);
    expect((await run('maybe', 'district', 'list')).out).toContain('STAFF_FOUR_EYES');
  });
});
