// The authorization code flow over HTTP, on both engines: what a client asks, and what it is answered.
import { createLocalJWKSet, jwtVerify } from 'jose';
import {
  basic,
  cleverAddress,
  districtId,
  type OidcServer,
  pkce,
  redirectUri,
  startOidc,
} from '../helpers/oidc-server.ts';
import { audience, issuer } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('the code flow on $name', (engine) => {
  let storeFixture: StoreFixture;
  let server: OidcServer;
  let secret: string;

  beforeAll(async () => {
    storeFixture = await engine.start();
    server = await startOidc(await storeFixture.place().open());
    secret = await server.putClient('coach', { scopes: ['openid', 'profile', 'email', 'offline_access'] });
    await server.putClient('app', { isPublic: true, scopes: ['openid', 'offline_access'] });
    await server.putClient('plain', {});
  });
  afterAll(async () => {
    await server?.stop();
    await storeFixture?.stop();
  });

  const codeOf = (address: URL): string => {
    const code = address.searchParams.get('code');
    if (code === null) throw new Error(`no code: ${address}`);
    return code;
  };
  const codeForm = (code: string) => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: pkce.code_verifier,
  });
  const redeem = (code: string) => server.token(codeForm(code), basic('coach', secret));
  const userinfo = async (token: unknown) => {
    const response = await server.ask('/oidc/userinfo', { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, json: Object(await response.json()) };
  };

  it('gives who is signed in a code, and claims for it in an id_token that our keys verify', async () => {
    const { cookie, sid, accountId } = await server.signIn();
    const back = await server.authorize(cookie, { nonce: 'a-nonce' });
    expect(`${back.origin}${back.pathname}`).toBe(redirectUri);
    expect(Object.fromEntries(back.searchParams)).toEqual({ code: expect.any(String), state: 'a-state', iss: issuer });
    const { status, json } = await redeem(codeOf(back));
    expect(server.failures).toEqual([]);
    expect([status, json]).toEqual([200, expect.objectContaining({ token_type: 'Bearer', scope: 'openid' })]);
    const keys = createLocalJWKSet({ keys: [...(await server.services.keys.jwks()).keys] });
    const options = { issuer, audience: 'coach', algorithms: ['ES256'] };
    const { payload } = await jwtVerify(String(json['id_token']), keys, options);
    expect(payload).toMatchObject({ sub: accountId, sid, district: districtId, role: 'student', nonce: 'a-nonce' });
    expect(payload).not.toHaveProperty('given_name');
    await expect(server.services.tokens.verify(String(json['id_token']))).resolves.toBeUndefined();
    expect(audience).not.toBe('coach');
  });

  it('gives names and address at userinfo alone, by the scopes of the token and today’s roster', async () => {
    const { cookie, accountId } = await server.signIn('2');
    const { json } = await redeem(codeOf(await server.authorize(cookie, { scope: 'openid profile email' })));
    const person = { sub: accountId, district: districtId, role: 'student', amr: ['clever'] };
    expect((await userinfo(json['access_token'])).json).toEqual({
      ...person,
      matched: { by: 'email', roster: 'sftp' },
      auth_time: expect.any(Number),
      given_name: 'Given2',
      family_name: 'Family2',
      email: 'student.2@juniper.example',
      email_verified: false,
    });
    const { json: less } = await redeem(codeOf(await server.authorize(cookie, { scope: 'openid' })));
    expect(Object.keys((await userinfo(less['access_token'])).json).sort()).toEqual(
      ['amr', 'auth_time', 'district', 'matched', 'role', 'sub'].sort(),
    );
  });

  it.each(['profile', 'email'])('refuses a client the scope %s that it is not registered for', async (scope) => {
    const { cookie } = await server.signIn();
    const back = await server.authorize(cookie, { client_id: 'plain', scope: `openid ${scope}` });
    expect(back.searchParams.get('error')).toBe('invalid_scope');
    expect(back.searchParams.has('code')).toBe(false);
  });

  it('sends who is not signed in to Clever, and takes the same request when they come back', async () => {
    const away = await server.authorize('', { nonce: 'n', login_hint: 'x', prompt: 'login', max_age: '0' });
    expect(away.href.startsWith(cleverAddress)).toBe(true);
    const back = new URL(away.searchParams.get('back') ?? '');
    expect([back.origin, back.pathname]).toEqual([issuer, '/oidc/authorize']);
    expect(Object.fromEntries(back.searchParams)).toEqual({
      client_id: 'coach',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 'a-state',
      code_challenge: pkce.code_challenge,
      code_challenge_method: 'S256',
      nonce: 'n',
      prompt: 'none',
    });
    const { cookie } = await server.signIn();
    const response = await server.ask(`${back.pathname}${back.search}`, { headers: { cookie } });
    const answered = new URL(response.headers.get('location') ?? '');
    expect((await redeem(codeOf(answered))).status).toBe(200);
  });

  it.each([
    ['a session of other cookies', 'summit_session=a.b.c'],
    ['no cookie', ''],
  ])('answers prompt=none with login_required where there is %s', async (_what, cookie) => {
    const back = await server.authorize(cookie, { prompt: 'none' });
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'login_required',
      state: 'a-state',
      iss: issuer,
    });
  });

  it.each([
    [{ prompt: 'login' }, 0],
    [{ max_age: '0' }, 0],
    [{ max_age: '60' }, 120],
  ] as const)('sends who is signed in to Clever again for %j', async (parameters, secondsAgo) => {
    const { cookie } = await server.signIn('1', secondsAgo);
    expect((await server.authorize(cookie, parameters)).href.startsWith(cleverAddress)).toBe(true);
  });

  it('gives a code where the sign-in is younger than max_age', async () => {
    const { cookie } = await server.signIn('1', 30);
    expect(codeOf(await server.authorize(cookie, { max_age: '3600' }))).not.toBe('');
  });

  it('answers login_required to an id_token_hint of another person, without a loop', async () => {
    const { cookie } = await server.signIn('1');
    const { json } = await redeem(codeOf(await server.authorize(cookie)));
    const hint = { id_token_hint: String(json['id_token']) };
    const other = await server.signIn('2');
    const none = await server.authorize(other.cookie, { ...hint, prompt: 'none' });
    expect(none.searchParams.get('error')).toBe('login_required');
    expect(codeOf(await server.authorize(cookie, { ...hint, prompt: 'none' }))).not.toBe('');
  });

  it('takes the secret in the header and in the form, and no other', async () => {
    const { cookie } = await server.signIn();
    const [first, second, third] = [
      await server.authorize(cookie),
      await server.authorize(cookie),
      await server.authorize(cookie),
    ];
    const post = { client_id: 'coach', client_secret: secret };
    expect((await server.token({ ...codeForm(codeOf(first)), ...post })).status).toBe(200);
    const wrong = await server.token(codeForm(codeOf(second)), basic('coach', 'a'.repeat(43)));
    expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client']);
    expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic/);
    expect((await server.token({ ...codeForm(codeOf(second)), client_id: 'coach' })).status).toBe(401);
    expect((await server.token(codeForm(codeOf(third)), basic('nobody', secret))).status).toBe(401);
  });

  it('takes both secrets while a client changes over', async () => {
    const rotated = await server.services.clients.rotate('coach');
    if (rotated.kind !== 'done') throw new Error('not rotated');
    const { cookie } = await server.signIn();
    for (const each of [secret, rotated.secret]) {
      const code = codeOf(await server.authorize(cookie));
      expect((await server.token(codeForm(code), basic('coach', each))).status).toBe(200);
    }
  });

  it('answers a public client on the own machine at the port that its system gave it (RFC 8252 section 7.3)', async () => {
    await server.putClient('desktop', { isPublic: true, redirectUris: ['http://127.0.0.1/callback'] });
    const { cookie } = await server.signIn();
    const redirect_uri = 'http://127.0.0.1:51004/callback';
    const back = await server.authorize(cookie, { client_id: 'desktop', redirect_uri });
    expect(`${back.origin}${back.pathname}`).toBe(redirect_uri);
    const form = { ...codeForm(codeOf(back)), client_id: 'desktop' };
    // The port belongs to the code: RFC 6749 section 4.1.3.
    const moved = await server.token({ ...form, redirect_uri: 'http://127.0.0.1:51005/callback' });
    expect(moved.json['error']).toBe('invalid_grant');
    const again = codeOf(await server.authorize(cookie, { client_id: 'desktop', redirect_uri }));
    expect((await server.token({ ...form, code: again, redirect_uri })).status).toBe(200);
  });

  it('gives a public client tokens without a secret, and each refresh token once', async () => {
    const { cookie } = await server.signIn();
    const code = codeOf(await server.authorize(cookie, { client_id: 'app' }));
    const { json } = await server.token({ ...codeForm(code), client_id: 'app' });
    const refresh = (token: unknown) =>
      server.token({ grant_type: 'refresh_token', refresh_token: String(token), client_id: 'app' });
    const second = await refresh(json['refresh_token']);
    expect([second.status, second.json['refresh_token']]).toEqual([200, expect.any(String)]);
    expect(second.json['refresh_token']).not.toBe(json['refresh_token']);
    expect((await refresh(json['refresh_token'])).json['error']).toBe('invalid_grant');
    // A replay ends the family: who has the newer one may be the thief.
    expect((await refresh(second.json['refresh_token'])).json['error']).toBe('invalid_grant');
    expect((await userinfo(second.json['access_token'])).status).toBe(401);
  });

  it('gives no refresh token to a client that is not registered for it', async () => {
    const { cookie } = await server.signIn();
    const other = await server.services.clients.rotate('plain');
    const code = codeOf(await server.authorize(cookie, { client_id: 'plain' }));
    const given = await server.token(codeForm(code), basic('plain', other.kind === 'done' ? other.secret : ''));
    expect([given.status, 'refresh_token' in given.json]).toEqual([200, false]);
  });

  it('takes a code once: a second use ends what came of the first', async () => {
    const { cookie } = await server.signIn();
    const code = codeOf(await server.authorize(cookie));
    const { json } = await redeem(code);
    expect((await userinfo(json['access_token'])).status).toBe(200);
    expect((await redeem(code)).json['error']).toBe('invalid_grant');
    expect((await userinfo(json['access_token'])).status).toBe(401);
    const refreshed = await server.token(
      { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) },
      basic('coach', secret),
    );
    expect(refreshed.json['error']).toBe('invalid_grant');
  });

  it('gives of many requests with one code at most one tokens', async () => {
    const { cookie } = await server.signIn();
    const code = codeOf(await server.authorize(cookie));
    const all = await Promise.all(Array.from({ length: 8 }, () => redeem(code)));
    expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { status, json } of all) if (status !== 200) expect(json['error']).toBe('invalid_grant');
  });

  const endings: readonly [string, (sid: string, accountId: string) => Promise<unknown>][] = [
    ['the session', (sid) => server.services.registry.end(districtId, sid)],
    ['the account', (_sid, accountId) => server.services.endSessions.ofAccount(districtId, accountId)],
    ['the district', () => server.services.endSessions.ofDistrict(districtId)],
    ['every key', () => server.services.recordedAccess.replaceCompromisedKeys('a test')],
  ];
  it.each(endings)('ends codes, access and refresh tokens with %s', async (_what, end) => {
    await server.services.districts.put({
      id: districtId,
      cleverId: '0123456789abcdef01234567',
      name: 'Juniper',
      rostering: ['sftp'],
    });
    const { cookie, sid, accountId } = await server.signIn('2');
    const code = codeOf(await server.authorize(cookie));
    const { json } = await redeem(codeOf(await server.authorize(cookie)));
    expect((await userinfo(json['access_token'])).status).toBe(200);
    await end(sid, accountId);
    expect((await userinfo(json['access_token'])).status).toBe(401);
    expect((await redeem(code)).json['error']).toBe('invalid_grant');
    const refreshed = await server.token(
      { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) },
      basic('coach', secret),
    );
    expect(refreshed.json['error']).toBe('invalid_grant');
    expect((await server.authorize(cookie, { prompt: 'none' })).searchParams.get('error')).toBe('login_required');
  });

  it('answers a removed client nothing more', async () => {
    const own = await server.putClient('brief');
    const { cookie } = await server.signIn();
    const code = codeOf(await server.authorize(cookie, { client_id: 'brief' }));
    const { json } = await server.token(codeForm(code), basic('brief', own));
    await server.services.clients.remove('brief');
    expect((await userinfo(json['access_token'])).status).toBe(401);
    expect((await server.authorize(cookie, { client_id: 'brief' })).searchParams.get('status')).toBe('400');
  });

  it('signs with the new key after a rotation of keys, and takes an id_token of the former one as a hint', async () => {
    const { cookie } = await server.signIn();
    const { json } = await redeem(codeOf(await server.authorize(cookie)));
    await server.services.keys.rotate();
    const hinted = await server.authorize(cookie, { id_token_hint: String(json['id_token']), prompt: 'none' });
    expect(codeOf(hinted)).not.toBe('');
    const metadata = Object(await (await server.ask('/.well-known/openid-configuration')).json());
    // Keys are cached for a second, which may end between two reads.
    const before = await server.services.keys.jwks();
    const published = Object(await (await server.ask(new URL(metadata.jwks_uri).pathname)).json());
    expect([before, await server.services.keys.jwks()]).toContainEqual(published);
  });
});
