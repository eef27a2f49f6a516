// A walk over every route of /admin by every client without access: no effect, no log entry. Then the actions of an
// administrator of staff, from the link of a district to its removal.
import { accountIdOf } from '../../../src/roster/account.ts';
import { openApi } from '../../helpers/expect-openapi.ts';
import { feed, students } from '../../helpers/feeds.ts';
import { embedded, type StoreFixture } from '../../helpers/stores.ts';
import { listed, type SupportFixture, startSupport } from '../../helpers/support.ts';
import { juniper } from '../../sign-in/decider.ts';

const verbs = ['get', 'post', 'put', 'delete', 'patch'] as const;
const routes = Object.keys(openApi.paths)
  .filter((path) => /^\/admin(\/|$)/.test(path))
  .flatMap((path) =>
    verbs
      .filter((verb) => openApi.paths[path]?.[verb] !== undefined)
      .map((verb) => [verb.toUpperCase(), path] as const),
  );
const concrete = (path: string) =>
  path.replace('{id}', juniper.id).replace('{method}', 'sftp').replace('{file}', 'bridge.xlsx');

let storeFixture: StoreFixture;
let pages: SupportFixture;

beforeAll(async () => {
  storeFixture = await embedded.start();
  pages = await startSupport(await storeFixture.place().open());
  await pages.services.districts.put(juniper);
  await pages.services.publisher.publish(juniper.id, 'sftp', feed(...students(30)));
});
afterAll(async () => {
  await pages?.stop();
  await storeFixture?.stop();
});
afterEach(() => pages.setLists(listed));

interface Visitor {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: string;
}

async function signIn(verifiedEmail: string): Promise<Visitor> {
  const cookie = (await pages.signIn({ verifiedEmail })) ?? '';
  const headers = { cookie, accept: 'text/html' };
  const { text } = await pages.ask('GET', '/support', { headers });
  return { headers, form: /name="form" value="([\w-]+)"/.exec(text)?.[1] ?? '' };
}

const boss = () => signIn('boss@admin.example');
const open = (path: string, { headers }: Visitor) => pages.ask('GET', path, { headers });
const post = (path: string, { headers, form }: Visitor, fields: Readonly<Record<string, string>> = {}) =>
  pages.ask('POST', path, { headers, body: new URLSearchParams({ form, ...fields }) });
const actions = async () => (await pages.services.staffAuditLog.page(50)).entries.map(({ action }) => action);

function rosterForm(form: string, count: number, what: string): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries({ form, method: 'sftp', do: what })) body.append(name, value);
  const people = Array.from(
    { length: count },
    (_, at) => `school-1,s${at},Familys${at},Givens${at},3,student.s${at}@juniper.example`,
  );
  const files = {
    'schools.csv': 'School_id,School_name,School_number\nschool-1,One,1\n',
    'students.csv': `School_id,Student_id,Last_name,First_name,Grade,Student_email\n${people.join('\n')}\n`,
    'teachers.csv': 'School_id,Teacher_id,Teacher_email,First_name,Last_name\n',
  };
  for (const [name, text] of Object.entries(files)) body.append('files', new Blob([text]), name);
  return body;
}

describe('every route of /admin', () => {
  it('is walked', () => expect(routes.length).toBeGreaterThanOrEqual(30));

  it.each(routes)('%s %s is open to staff of scope admin only', async (method, path) => {
    const casey = await signIn('casey@support.example');
    expect(casey.form).not.toBe('');
    const visitors = {
      nobody: { headers: { accept: 'text/html' }, form: '', status: 401 },
      credential: { headers: { accept: 'text/html', ...pages.headers.admin }, form: '', status: 401 },
      support: { ...casey, status: 403 },
    };
    const before = JSON.stringify(await actions());
    for (const [name, { status, ...visitor }] of Object.entries(visitors)) {
      const answer =
        method === 'GET'
          ? await open(concrete(path), visitor)
          : await post(concrete(path), visitor, { reason: 'why', confirm: 'yes' });
      expect([name, answer.status]).toEqual([name, status]);
      expect(answer.text.replace(/return_to=[^"]*/g, '')).not.toMatch(/Juniper/);
    }
    expect(JSON.stringify(await actions())).toBe(before);
  });

  it.each(routes.filter(([verb]) => verb === 'POST'))(
    '%s %s does nothing for another session’s form',
    async (_, path) => {
      const [mine, other] = [await boss(), await boss()];
      const before = JSON.stringify(await actions());
      const isFiles = /\/(rosters|preflight)$/.test(path);
      const send = (headers: Readonly<Record<string, string>>, form: string) =>
        isFiles
          ? pages.ask('POST', concrete(path), { headers, body: rosterForm(form, 3, 'publish') })
          : post(concrete(path), { headers, form }, { reason: 'why', confirm: juniper.id });
      expect((await send(mine.headers, other.form)).status).toBe(403);
      expect((await send({ ...mine.headers, 'sec-fetch-site': 'cross-site' }, mine.form)).status).toBe(403);
      expect(JSON.stringify(await actions())).toBe(before);
    },
  );
});

const fields = { id: 'mesa-vista', name: 'Mesa Vista', clever_id: 'feedc0ffee', rostering: 'sftp' };

it('links a district, names wrong fields and keeps the form, and refuses a Clever id that is taken', async () => {
  const me = await boss();
  const wrong = await post('/admin/link', me, { ...fields, clever_id: 'nothex', id: 'Mesa Vista' });
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain('must be the district');
  expect(wrong.text).toContain('value="nothex"');
  expect((await post('/admin/link', me, { ...fields, clever_id: juniper.cleverId })).status).toBe(409);
  expect((await post('/admin/link', me, { ...fields, id: juniper.id })).status).toBe(400);
  const linked = await post('/admin/link', me, fields);
  expect(linked.headers.get('location')).toBe('/admin/districts/mesa-vista?done=linked');
  expect((await open(linked.headers.get('location') ?? '', me)).text).toContain('The district is linked.');
  expect(await pages.services.districts.find('mesa-vista')).toMatchObject({
    cleverId: 'feedc0ffee',
    rostering: ['sftp'],
  });
  expect((await actions())[0]).toBe('district_put');
});

it('asks before it links to another Clever district or removes a roster that many sign in by', async () => {
  const me = await boss();
  const at = `/admin/districts/${juniper.id}/settings`;
  const same = { name: juniper.name, clever_id: juniper.cleverId, school_admins: 'allow', time_zone: 'America/Denver' };
  const asked = await post(at, me, { ...same, clever_id: 'abcdef', rostering: 'sftp' });
  expect([asked.status, asked.text.includes('name="relink"')]).toEqual([409, true]);
  const held = await post(at, me, { ...same, rostering: 'manual' });
  expect([held.status, held.text.includes('30 students')]).toEqual([409, true]);
  expect(await pages.services.districts.find(juniper.id)).toMatchObject({ cleverId: juniper.cleverId });
  expect((await post(at, me, { ...same, rostering: 'sftp' })).status).toBe(303);
  expect(await pages.services.districts.find(juniper.id)).toMatchObject({
    settings: { schoolAdmins: 'allow', timeZone: 'America/Denver' },
  });
  expect((await open(at, me)).text).toContain('<option value="America/Denver" selected>');
});

it('checks, publishes, approves what is held and rolls back, and shows first who is affected', async () => {
  const me = await boss();
  const at = `/admin/districts/${juniper.id}/rosters`;
  const checked = await pages.ask('POST', at, { headers: me.headers, body: rosterForm(me.form, 4, 'check') });
  const check = await open(checked.headers.get('location') ?? '', me);
  expect(check.text).toContain('Published, it would be held');
  const upload = /name="upload" value="(\w+)"/.exec(check.text)?.[1] ?? '';
  const held = await post(`${at}/sftp/publish`, me, { upload });
  expect((await open(held.headers.get('location') ?? '', me)).text).toContain('See who is affected, and approve it');
  const asked = await open(`${at}/sftp/approve`, me);
  expect(asked.text).toContain("26 of the district's 30 students");
  expect((await post(`${at}/sftp/approve`, me)).status).toBe(400);
  expect((await post(`${at}/sftp/approve`, me, { reason: 'schools closed' })).status).toBe(303);
  const back = await open(`${at}/sftp/rollback`, me);
  expect(back.text).toContain('No user loses access.');
  expect((await post(`${at}/sftp/rollback`, me, { reason: 'they are open' })).status).toBe(303);
  expect((await open(`${at}/sftp/approve`, me)).status).toBe(409);
  const entries = await pages.services.auditLog.list(juniper.id, 3);
  expect(entries.map(({ action, by }) => [action, by])).toEqual([
    ['roster_rolled_back', 'boss@admin.example'],
    ['roster_approved', 'boss@admin.example'],
    ['roster_held', 'boss@admin.example'],
  ]);
});

it('makes a credential whose secret works and is shown once, and revokes it', async () => {
  const me = await boss();
  const wrong = await post('/admin/credentials', me, { scope: 'support', name: 'Help centre', days: '4000' });
  expect([wrong.status, wrong.text.includes('href="#days"'), wrong.text.includes('href="#name"')]).toEqual([
    400,
    true,
    false,
  ]);
  expect(wrong.text).toMatch(/value="support" selected[\s\S]*value="Help centre"[\s\S]*value="4000"/);
  expect((await post('/admin/credentials', me, { scope: 'root', name: 'x' })).text).toContain('href="#scope"');
  const made = await post('/admin/credentials', me, { scope: 'support', name: 'Help centre', days: '30' });
  const [, secret = ''] = /<dt>Secret<\/dt><dd[^>]*>([\w-]{43})</.exec(made.text) ?? [];
  const [, id = ''] = /<dt>Id<\/dt><dd[^>]*>([0-9a-f]{16})</.exec(made.text) ?? [];
  expect(await pages.services.credentials.find(secret)).toMatchObject({ id, scope: 'support', name: 'Help centre' });
  expect((await open('/admin/credentials', me)).text).not.toContain(secret);
  expect((await open(`/admin/credentials/${id}/revoke`, me)).text).toContain('Revoke the credential of Help centre');
  const unsaid = await post(`/admin/credentials/${id}/revoke`, me);
  expect([unsaid.status, unsaid.text.includes('Revoke it: why?</a>')]).toEqual([400, true]);
  const revoked = await post(`/admin/credentials/${id}/revoke`, me, { reason: 'left' });
  expect(revoked.headers.get('location')).toBe('/admin/credentials?done=revoked');
  expect((await open('/admin/credentials?done=revoked', me)).text).toContain('The credential is revoked');
  expect(await pages.services.credentials.find(secret)).toBeUndefined();
  expect((await open('/admin/credentials', me)).text).toContain('revoked');
});

it('rotates the signing key, once while a next one waits, and replaces all only where that is said yes to', async () => {
  const me = await boss();
  await pages.services.keys.current();
  expect((await post('/admin/keys/rotate', me)).status).toBe(303);
  expect((await post('/admin/keys/rotate', me)).status).toBe(409);
  expect((await open('/admin/keys', me)).text).toContain('A next key waits already.');
  const before = (await pages.services.keys.list()).map(({ kid }) => kid);
  const again = await post('/admin/keys/replace', me);
  expect([again.status, again.text.includes('href="#confirm">Yes, sign all users out')]).toEqual([400, true]);
  expect((await pages.services.keys.list()).map(({ kid }) => kid)).toEqual(before);
});

it('says whom the end of all sessions and the release of all links touch, before and after', async () => {
  const me = await boss();
  const at = `/admin/districts/${juniper.id}`;
  const { counts, links, rosters, store } = pages.services;
  const roster = await rosters.read(juniper.id, 0);
  await store.commit([], links.between(roster, 'an-account', 'a-clever-id').writes());
  for (const account of ['one', 'two']) counts.signedIn(juniper.id, account);
  const touched = '1 person is linked, and 2 at most are signed in now.';
  expect((await open(at, me)).text).toContain(touched);
  expect((await open(`${at}/remove`, me)).text).toContain(touched);
  const ended = await post(`${at}/sessions/end`, me, { reason: 'lost tablets' });
  expect((await open(ended.headers.get('location') ?? '', me)).text).toContain('2 people at most were signed in.');
  const released = await post(`${at}/links/release`, me, { reason: 'a new student system' });
  expect((await open(released.headers.get('location') ?? '', me)).text).toContain('1 were linked.');
  expect((await open(at, me)).text).toContain('0 people are linked');
});

it('moves a link from the page of the district', async () => {
  const me = await boss();
  const { links, rosters, store } = pages.services;
  const account = (sisId: string) => accountIdOf(pages.services.vault, juniper.id, 'student', sisId);
  const roster = await rosters.read(juniper.id, 0);
  await store.commit([], links.between(roster, account('s1'), 'clever-1').writes());
  const { text } = await open(`/admin/districts/${juniper.id}`, me);
  expect(text).toContain(`action="/support/districts/${juniper.id}/links/move"`);
  const moved = await post(`/support/districts/${juniper.id}/links/move`, me, {
    from: 's1',
    to: 's2',
    reason: 'new id',
  });
  expect((await open(moved.headers.get('location') ?? '', me)).text).toContain('The Clever id signs in as account');
  expect(await links.findAccountId(await rosters.read(juniper.id, 0), 'clever-1')).toBe(account('s2'));
});

it('removes a district only with its id typed in and a reason', async () => {
  const me = await boss();
  const at = '/admin/districts/mesa-vista/remove';
  const misspelt = await post(at, me, { confirm: 'mesa', reason: 'left' });
  expect(misspelt.status).toBe(400);
  expect(misspelt.text).toMatch(/href="#confirm">The id: mesa-vista[\s\S]*value="mesa"[\s\S]*value="left"/);
  expect(misspelt.text).not.toContain('href="#reason"');
  const unsaid = await post(at, me, { confirm: 'mesa-vista' });
  expect([unsaid.status, unsaid.text.includes('href="#reason">Why?')]).toEqual([400, true]);
  const removed = await post(at, me, { confirm: 'mesa-vista', reason: 'left' });
  expect(removed.headers.get('location')).toBe('/admin?done=removed');
  expect((await open('/admin?done=removed', me)).text).toContain('Erased with mesa-vista: 0 accounts, 0 links');
  expect(await pages.services.districts.find('mesa-vista')).toBeUndefined();
  expect((await open('/admin/districts/mesa-vista', me)).status).toBe(404);
  expect(pages.failures).toEqual([]);
});
