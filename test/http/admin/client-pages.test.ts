// Clients of the OpenID provider over the pages of administration: what the command does, with a secret that is shown once.
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { type SupportFixture, startSupport } from '../../helpers/support.ts';
import { juniper } from '../../sign-in/decider.ts';

const redirect = 'https://coach.example/callback';
const initiate = 'https://coach.example/login';

describe.each(engines)('clients at /admin, in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let pages: SupportFixture;
  let headers: Readonly<Record<string, string>>;
  let form: string;

  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());
  beforeEach(async () => {
    pages = await startSupport(await storeFixture.place().open());
    await pages.services.districts.put(juniper);
    const cookie = (await pages.signIn({ verifiedEmail: 'boss@admin.example' })) ?? '';
    headers = { cookie, accept: 'text/html' };
    form = /name="form" value="([\w-]+)"/.exec((await open('/admin/register-client')).text)?.[1] ?? '';
  });
  afterEach(() => pages.stop());

  const open = (path: string) => pages.ask('GET', path, { headers });
  const post = (path: string, fields: Readonly<Record<string, string>> | readonly (readonly [string, string])[]) => {
    const body = new URLSearchParams({ form });
    const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
    for (const [name, value] of pairs) body.append(name, value);
    return pages.ask('POST', path, { headers, body });
  };
  const register = (id: string, more: Readonly<Record<string, string>> = {}) =>
    post('/admin/register-client', { id, kind: 'confidential', redirect_uris: redirect, ...more });
  const secretIn = (text: string) => /<dt>Secret<\/dt><dd[^>]*>([\w-]{43})</.exec(text)?.[1] ?? '';
  const find = async (id: string) => (await pages.services.clients.list()).find((each) => each.id === id);
  const isSecret = (id: string, secret: string) => pages.services.clients.isSecret(id, secret);
  const trail = async () => (await pages.services.staffAuditLog.page(20)).entries;

  it('are registered with all that the command takes; the secret is shown once and works', async () => {
    const made = await post('/admin/register-client', [
      ['id', 'coach'],
      ['kind', 'confidential'],
      ['redirect_uris', `${redirect}\r\nhttps://coach.example/second`],
      ['post_logout_redirect_uris', 'https://coach.example/bye'],
      ['initiate_login_uri', initiate],
      ['backchannel_logout_uri', 'https://coach.example/ended'],
      ['scopes', 'profile'],
      ['scopes', 'offline_access'],
      ['launch_apps', 'secure-sync'],
      ['launch_districts', `${juniper.id}\r\nnot-here`],
      ['pkce', 'or-nonce'],
    ]);
    expect(made.status).toBe(200);
    const secret = secretIn(made.text);
    expect(await isSecret('coach', secret)).toBe(true);
    expect(await find('coach')).toMatchObject({
      isPublic: false,
      redirectUris: [redirect, 'https://coach.example/second'],
      postLogoutRedirectUris: ['https://coach.example/bye'],
      initiateLoginUri: initiate,
      backchannelLogoutUri: 'https://coach.example/ended',
      scopes: ['openid', 'profile', 'offline_access'],
      launchApps: ['secure-sync'],
      launchDistricts: [juniper.id, 'not-here'],
      pkce: 'or-nonce',
    });
    const { text } = await open('/admin/clients/coach');
    expect(text).not.toContain(secret);
    expect(text).toContain(`all users of ${juniper.name}`);
    expect(text).toContain('not-here, which is not linked here');
    expect((await open('/admin/clients')).text).toContain('href="/admin/clients/coach"');
    const [entry] = await trail();
    expect(entry).toMatchObject({ action: 'client_put', by: 'boss@admin.example', client: 'coach' });
    expect(JSON.stringify(await trail())).not.toContain(secret);
  });

  it('that are public have no secret, and none is made', async () => {
    const made = await register('app', { kind: 'public' });
    expect(made.headers.get('location')).toBe('/admin/clients/app?done=client-registered');
    expect((await open('/admin/clients/app?done=client-registered')).text).toContain('The client is registered.');
    expect((await open('/admin/clients/app')).text).not.toContain('Make a new secret');
    expect((await post('/admin/clients/app/rotate', {})).status).toBe(409);
  });

  it.each([
    ['id', 'Id', { id: 'no such id' }],
    ['kind', 'Kind', { kind: '' }],
    ['redirect_uris', 'Redirect URIs', { redirect_uris: '' }],
    ['redirect_uris', 'http://coach.example/callback', { redirect_uris: 'http://coach.example/callback' }],
    ['initiate_login_uri', 'is needed where launches', { launch_apps: 'summit-k12' }],
    ['backchannel_logout_uri', 'must be an https address', { backchannel_logout_uri: 'nowhere' }],
    ['launch_districts', 'has an id that is none', { launch_districts: '???', initiate_login_uri: initiate }],
    ['scopes', 'must be of openid', { scopes: 'everything' }],
    ['pkce', 'no other proof', { kind: 'public', pkce: 'or-nonce' }],
  ])('are not registered with a wrong %s; the form says so and keeps what was typed', async (field, words, change) => {
    const answer = await register('coach', { post_logout_redirect_uris: 'https://coach.example/kept', ...change });
    expect([answer.status, answer.text.includes(`href="#${field}"`)]).toEqual([400, true]);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('https://coach.example/kept');
    expect(await pages.services.clients.list()).toEqual([]);
  });

  it('do not take another one’s id or launch', async () => {
    await register('coach', { initiate_login_uri: initiate, launch_apps: 'summit-k12' });
    const again = await register('coach', { redirect_uris: 'https://thief.example/callback' });
    expect([again.status, again.text.includes('is another client’s already')]).toEqual([400, true]);
    const other = await register('other', { initiate_login_uri: initiate, launch_apps: 'summit-k12' });
    expect([other.status, other.text.includes('that client coach has')]).toEqual([400, true]);
    expect(await find('coach')).toMatchObject({ redirectUris: [redirect] });
  });

  it('are changed: what is emptied goes, id and kind stay', async () => {
    await register('coach', { initiate_login_uri: initiate, launch_apps: 'summit-k12' });
    const { text } = await open('/admin/clients/coach/settings');
    expect(text).toContain(redirect);
    expect(text).not.toContain('name="kind"');
    const changed = await post('/admin/clients/coach/settings', {
      id: 'thief',
      kind: 'public',
      redirect_uris: 'https://coach.example/new',
      scopes: 'email',
    });
    expect(changed.headers.get('location')).toBe('/admin/clients/coach?done=client-changed');
    expect(await find('coach')).toMatchObject({
      isPublic: false,
      redirectUris: ['https://coach.example/new'],
      scopes: ['openid', 'email'],
      launchApps: [],
    });
    expect((await find('coach'))?.initiateLoginUri).toBeUndefined();
    expect((await post('/admin/clients/coach/settings', { redirect_uris: '' })).status).toBe(400);
    expect((await find('coach'))?.redirectUris).toEqual(['https://coach.example/new']);
  });

  it('get a new secret beside the former one, or in its place', async () => {
    const first = secretIn((await register('coach')).text);
    const rotated = await post('/admin/clients/coach/rotate', {});
    const second = secretIn(rotated.text);
    expect(rotated.text).toContain('The former one stays valid');
    expect([await isSecret('coach', first), await isSecret('coach', second)]).toEqual([true, true]);
    const alone = await post('/admin/clients/coach/rotate', { end_former: 'yes' });
    const third = secretIn(alone.text);
    expect(alone.text).toContain('the only one that is valid');
    expect(await Promise.all([first, second, third].map((secret) => isSecret('coach', secret)))).toEqual([
      false,
      false,
      true,
    ]);
    expect((await trail()).map(({ action }) => action)).toEqual([
      'client_rotated',
      'client_rotated',
      'client_put',
      'signed_in',
    ]);
  });

  it('are removed only with the id typed in and a reason, after showing who is affected', async () => {
    await register('coach', { initiate_login_uri: initiate, launch_apps: 'secure-sync' });
    const at = '/admin/clients/coach/remove';
    const asked = await open(at);
    expect(asked.text).toContain('all users of SK12 Secure Sync');
    expect(asked.text).toContain(redirect);
    expect((await post(at, { confirm: 'coach' })).status).toBe(400);
    expect((await post(at, { confirm: 'couch', reason: 'gone' })).status).toBe(400);
    expect(await find('coach')).toBeDefined();
    const removed = await post(at, { confirm: 'coach', reason: 'gone' });
    expect(removed.headers.get('location')).toBe('/admin/clients?done=client-removed');
    expect((await open('/admin/clients?done=client-removed')).text).toContain('The client is removed');
    expect((await trail())[0]).toMatchObject({ action: 'client_removed', client: 'coach', why: 'gone' });
    for (const path of ['', '/settings', '/remove'])
      expect((await open(`/admin/clients/coach${path}`)).status).toBe(404);
    expect((await post('/admin/clients/coach/rotate', {})).status).toBe(404);
  });
});
