// A product signs a person out of the bridge, over HTTP, and a link alone signs no user out.
import { basic, districtId, type OidcServer, pkce, redirectUri, startOidc } from '../helpers/oidc-server.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const home = 'https://coach.example/bye';

describe.each(engines)('signing out at a product, on $name', (engine) => {
  let storeFixture: StoreFixture;
  let server: OidcServer;
  let secret: string;

  beforeAll(async () => {
    storeFixture = await engine.start();
    server = await startOidc(await storeFixture.place().open());
    secret = await server.putClient('coach', { postLogoutRedirectUris: [home] });
    await server.putClient('other', { postLogoutRedirectUris: ['https://other.example/'] });
  });
  afterAll(async () => {
    await server?.stop();
    await storeFixture?.stop();
  });

  async function signIn() {
    const signedIn = await server.signIn();
    const code = (await server.authorize(signedIn.cookie)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const { json } = await server.token({ ...form, code_verifier: pkce.code_verifier }, basic('coach', secret));
    return { ...signedIn, idToken: String(json['id_token']) };
  }

  const leave = (parameters: Readonly<Record<string, string>>, cookie = '') =>
    server.ask(`/oidc/logout?${new URLSearchParams(parameters)}`, { headers: { cookie } });
  const lives = async (cookie: string) =>
    (await server.authorize(cookie, { prompt: 'none' })).searchParams.get('error') !== 'login_required';

  it('ends the session of the id_token, clears the cookie and leads to the registered address with its state', async () => {
    const { cookie, idToken } = await signIn();
    const answer = await leave({ id_token_hint: idToken, post_logout_redirect_uri: home, state: 's' }, cookie);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${home}?state=s`]);
    expect(answer.headers.get('set-cookie')).toMatch(/^summit_session=;/);
    expect(await lives(cookie)).toBe(false);
  });

  it('ends it also without the cookie, which a form of another site does not bring', async () => {
    const { cookie, idToken } = await signIn();
    const answer = await server.ask('/oidc/logout', {
      method: 'POST',
      body: new URLSearchParams({ id_token_hint: idToken }),
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/signed-out']);
    expect(await lives(cookie)).toBe(false);
  });

  it.each([
    ['no id_token', async () => ({})],
    ['no id_token and a registered address', async () => ({ client_id: 'coach', post_logout_redirect_uri: home })],
    ['an id_token of another session', async () => ({ id_token_hint: (await signIn()).idToken })],
    ['a token that is none', async () => ({ id_token_hint: 'a.b.c' })],
  ])('ends nothing by %s: the person comes to the page that has the button', async (_what, make) => {
    const { cookie } = await signIn();
    const answer = await leave(await make(), cookie);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    expect(await lives(cookie)).toBe(true);
  });

  it('takes no session token for an id_token', async () => {
    const { cookie } = await signIn();
    await leave({ id_token_hint: cookie.replace('summit_session=', '') });
    expect(await lives(cookie)).toBe(true);
  });

  it.each([
    ['is registered for no client', { post_logout_redirect_uri: 'https://evil.example/' }],
    ['is another client’s', { client_id: 'coach', post_logout_redirect_uri: 'https://other.example/' }],
    ['is only like the registered one', { client_id: 'coach', post_logout_redirect_uri: `${home}/` }],
    ['comes with no client', { post_logout_redirect_uri: home }],
  ])('leads to no address that %s, and ends nothing', async (_what, parameters) => {
    const { cookie } = await signIn();
    expect((await leave(parameters, cookie)).status).toBe(400);
    expect(await lives(cookie)).toBe(true);
  });

  it('refuses an id_token of one client with the name of another', async () => {
    const { cookie, idToken } = await signIn();
    expect((await leave({ id_token_hint: idToken, client_id: 'other' }, cookie)).status).toBe(400);
    expect(await lives(cookie)).toBe(true);
  });

  it('is done where there is nothing to end', async () => {
    const answer = await leave({ client_id: 'coach', post_logout_redirect_uri: home });
    expect([answer.status, answer.headers.get('location'), districtId]).toEqual([303, home, 'juniper-flats']);
  });
});
