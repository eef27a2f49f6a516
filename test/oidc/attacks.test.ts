// What RFC 9700 names against an authorization server, each tried over HTTP: the numbers are its sections.
import { decodeJwt } from 'jose';
import { basic, cleverAddress, type OidcServer, pkce, redirectUri, startOidc } from '../helpers/oidc-server.ts';
import { issuer } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

let storeFixture: StoreFixture;
let server: OidcServer;
let secret: string;
let otherSecret: string;

beforeAll(async () => {
  storeFixture = await embedded.start();
  server = await startOidc(await storeFixture.place().open());
  secret = await server.putClient('coach');
  otherSecret = await server.putClient('other', { redirectUris: ['https://other.example/callback'] });
  await server.putClient('app', { isPublic: true });
});
afterAll(async () => {
  await server?.stop();
  await storeFixture?.stop();
});

const form = (code: string, change: Readonly<Record<string, string>> = {}) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
  code_verifier: pkce.code_verifier,
  ...change,
});

async function makeCode(parameters: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const { cookie } = await server.signIn();
  const code = (await server.authorize(cookie, parameters)).searchParams.get('code');
  if (code === null) throw new Error('no code');
  return code;
}

describe('4.1, 4.11: redirect addresses', () => {
  it.each([
    `${redirectUri}/`,
    `${redirectUri}?a=1`,
    `${redirectUri}#x`,
    'https://coach.example/callback/../callback',
    'https://COACH.example/callback',
    'https://coach.example:443/callback',
    'https://coach.example/%63allback',
    'https://coach.example.evil.example/callback',
    'https://coach.example@evil.example/callback',
    'https://evil.example/callback',
    '//coach.example/callback',
    'https://other.example/callback',
  ])('%s is refused with a page, and leads nowhere, signed in or not', async (uri) => {
    const { cookie } = await server.signIn();
    for (const sent of [cookie, '']) {
      const answer = await server.authorize(sent, { redirect_uri: uri });
      expect(answer.searchParams.get('status')).toBe('400');
    }
  });

  it('an unknown client leads nowhere', async () => {
    expect((await server.authorize('', { client_id: 'nobody' })).searchParams.get('status')).toBe('400');
  });

  it('a sign-in in between comes back to the bridge’s own address alone', async () => {
    const away = await server.authorize('', { state: 'https://evil.example/', login_hint: '//evil.example' });
    expect(away.href.startsWith(cleverAddress)).toBe(true);
    expect(new URL(away.searchParams.get('back') ?? '').origin).toBe(issuer);
  });
});

describe('4.4: mix-up', () => {
  it.each([
    ['a code', {}],
    ['an error', { prompt: 'none', id_token_hint: 'a.b.c' }],
  ])('%s says which provider it is of (RFC 9207)', async (_what, parameters) => {
    const { cookie } = await server.signIn();
    expect((await server.authorize(cookie, parameters)).searchParams.get('iss')).toBe(issuer);
  });
});

describe('4.5: code injection', () => {
  it.each([
    ['another verifier', { code_verifier: 'a'.repeat(43) }],
    ['no verifier', { code_verifier: '' }],
    ['the challenge in place of the verifier', { code_verifier: pkce.code_challenge }],
    ['another redirect address', { redirect_uri: 'https://other.example/callback' }],
  ])('a code is worth nothing with %s', async (_what, change) => {
    const answered = await server.token(form(await makeCode(), change), basic('coach', secret));
    expect([answered.status, answered.json['error']]).toEqual([400, 'invalid_grant']);
  });

  it('a code of one client is worth nothing to another', async () => {
    const code = await makeCode();
    expect((await server.token(form(code), basic('other', otherSecret))).json['error']).toBe('invalid_grant');
    expect((await server.token(form(code, { client_id: 'app' }))).json['error']).toBe('invalid_grant');
  });
});

describe('4.8: PKCE downgrade', () => {
  it.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with the method plain', { code_challenge: pkce.code_verifier, code_challenge_method: 'plain' }],
    ['without a method', { code_challenge_method: undefined }],
  ])('a request %s gets no code, from either kind of client', async (_what, parameters) => {
    const { cookie } = await server.signIn();
    for (const client_id of ['coach', 'app']) {
      const back = await server.authorize(cookie, { ...parameters, client_id });
      expect([back.searchParams.get('error'), back.searchParams.has('code')]).toEqual(['invalid_request', false]);
    }
  });
});

describe('2.1.1: a nonce in place of PKCE', () => {
  const none = { code_challenge: undefined, code_challenge_method: undefined };
  const formOf = (code: string | null) => ({
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: redirectUri,
  });

  it('is accepted only from a client that is registered for it, and is in its id_token', async () => {
    const plain = await server.putClient('plain', { pkce: 'or-nonce' });
    const { cookie } = await server.signIn();
    const back = await server.authorize(cookie, { ...none, client_id: 'plain', nonce: 'a-nonce' });
    const { json } = await server.token(formOf(back.searchParams.get('code')), basic('plain', plain));
    expect(decodeJwt(String(json['id_token']))).toMatchObject({ nonce: 'a-nonce' });
    for (const refused of [{ client_id: 'plain' }, { nonce: 'a-nonce' }, { client_id: 'app', nonce: 'a-nonce' }]) {
      const error = (await server.authorize(cookie, { ...none, ...refused })).searchParams.get('error');
      expect(error).toBe('invalid_request');
    }
  });

  it('4.8: a code that was made without a challenge is worth nothing with a verifier, and the other way round', async () => {
    const plain = await server.putClient('careful', { pkce: 'or-nonce' });
    const { cookie } = await server.signIn();
    const without = await server.authorize(cookie, { ...none, client_id: 'careful', nonce: 'n' });
    const within = await server.authorize(cookie, { client_id: 'careful', nonce: 'n' });
    const verifier = { code_verifier: pkce.code_verifier };
    for (const form of [
      { ...formOf(without.searchParams.get('code')), ...verifier },
      formOf(within.searchParams.get('code')),
    ])
      expect((await server.token(form, basic('careful', plain))).json['error']).toBe('invalid_grant');
  });
});

describe('2.1.2, 2.4: other grants', () => {
  it.each(['token', 'id_token', 'code token', 'code id_token', 'none'])(
    'response_type %s gets nothing',
    async (type) => {
      const { cookie } = await server.signIn();
      const back = await server.authorize(cookie, { response_type: type, nonce: 'n' });
      expect(back.href).not.toMatch(/[?&#](code|access_token|id_token)=/);
    },
  );

  it.each(['password', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'])(
    'grant_type %s gets nothing',
    async (grantType) => {
      const asked = { grant_type: grantType, username: 'a', password: 'b', scope: 'openid' };
      const { status, json } = await server.token(asked, basic('coach', secret));
      expect([status, 'access_token' in json]).toEqual([400, false]);
    },
  );

  it.each(['form_post', 'fragment', 'web_message'])('response_mode %s gets no code', async (mode) => {
    const { cookie } = await server.signIn();
    expect((await server.authorize(cookie, { response_mode: mode })).href).not.toContain('code=');
  });
});

describe('what comes from outside', () => {
  it('addresses in the metadata come from the settings, not from where it was asked', async () => {
    const metadata = Object(await (await server.ask('/.well-known/openid-configuration')).json());
    for (const [name, value] of Object.entries(metadata))
      if (/_endpoint$|_uri$/.test(name)) expect(new URL(String(value)).origin).toBe(issuer);
  });

  it('no other origin may read an answer', async () => {
    const headers = { origin: 'https://coach.example' };
    for (const path of ['/.well-known/openid-configuration', '/oidc/userinfo', '/oidc/jwks'])
      expect((await server.ask(path, { headers })).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a repeated parameter is refused', async () => {
    const { cookie } = await server.signIn();
    const query = new URLSearchParams({ client_id: 'coach', redirect_uri: redirectUri, response_type: 'code' });
    const answer = await server.ask(`/oidc/authorize?${query}&client_id=other`, { headers: { cookie } });
    expect(answer.headers.get('location') ?? '').not.toContain('code=');
  });

  it('anonymous requests leave nothing in the store', async () => {
    const count = async () => {
      let keys = 0;
      for await (const _ of server.services.store.dump()) keys += 1;
      return keys;
    };
    const before = await count();
    for (let each = 0; each < 20; each += 1) await server.authorize('', { state: `state-${each}` });
    expect(await count()).toBe(before);
  });

  it('a request that is too long for the cookie of a sign-in is refused', async () => {
    expect((await server.authorize('', { state: 's'.repeat(2_000) })).searchParams.get('status')).toBe('400');
  });
});
