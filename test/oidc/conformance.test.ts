// The steps of the OpenID Foundation's plan for a provider of the basic code flow (oidcc-basic-certification-test-plan), played by
// tests of ours: each title begins with the names of its modules. docs/openid-conformance.md has the list, and what is left out.
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  authorizationRequest,
  basic,
  cleverAddress,
  type OidcServer,
  pkce,
  redirectUri,
  startOidc,
} from '../helpers/oidc-server.ts';
import { issuer } from '../helpers/services.ts';
import { embedded, type StoreFixture } from '../helpers/stores.ts';

let storeFixture: StoreFixture;
let server: OidcServer;
let secret: string;
let otherSecret: string;

beforeAll(async () => {
  storeFixture = await embedded.start();
  server = await startOidc(await storeFixture.place().open());
  secret = await server.putClient('coach', { scopes: ['openid', 'profile', 'email', 'offline_access'] });
  otherSecret = await server.putClient('other', { scopes: ['openid', 'offline_access'] });
});
afterAll(async () => {
  await server?.stop();
  await storeFixture?.stop();
});

type Parameters = Readonly<Record<string, string | undefined>>;

const formOf = (answer: URL) => ({
  grant_type: 'authorization_code',
  code: answer.searchParams.get('code') ?? '',
  redirect_uri: redirectUri,
  code_verifier: pkce.code_verifier,
});
const redeem = (answer: URL) => server.token(formOf(answer), basic('coach', secret));

/** All of it: who is signed in asks, and gets tokens. */
async function getTokens(parameters: Parameters = {}, secondsAgo = 0) {
  const { cookie, accountId } = await server.signIn('1', secondsAgo);
  const { status, json } = await redeem(await server.authorize(cookie, parameters));
  expect(status).toBe(200);
  const idToken = String(json['id_token']);
  return { json, cookie, accountId, idToken, claims: decodeJwt(idToken), accessToken: String(json['access_token']) };
}

async function userinfo(accessToken: string, how: 'get' | 'header' | 'body' = 'get') {
  const authorization = { authorization: `Bearer ${accessToken}` };
  const body = new URLSearchParams({ access_token: accessToken });
  const options = {
    get: { headers: authorization },
    header: { method: 'POST', headers: authorization },
    body: { method: 'POST', body },
  }[how];
  const response = await server.ask('/oidc/userinfo', options);
  return { status: response.status, json: Object(await response.json()) };
}

const metadata = async () => Object(await (await server.ask('/.well-known/openid-configuration')).json());

it('oidcc-discovery-endpoint-verification: the metadata has what a client needs, and nothing that does not exist', async () => {
  expect(await metadata()).toMatchObject({
    issuer,
    authorization_endpoint: `${issuer}/oidc/authorize`,
    token_endpoint: `${issuer}/oidc/token`,
    userinfo_endpoint: `${issuer}/oidc/userinfo`,
    jwks_uri: `${issuer}/oidc/jwks`,
    end_session_endpoint: `${issuer}/oidc/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
    claims_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
  });
  expect(await metadata()).not.toHaveProperty('registration_endpoint');
});

it('oidcc-server, oidcc-ensure-request-with-valid-pkce-succeeds: code, state and nonce come back, and id_token and userinfo name one person', async () => {
  const { cookie, accountId } = await server.signIn();
  const answer = await server.authorize(cookie, { state: 'some-state', nonce: 'some-nonce' });
  expect([answer.searchParams.get('state'), answer.hash]).toEqual(['some-state', '']);
  const { status, json, headers } = await redeem(answer);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) });
  const claims = decodeJwt(String(json['id_token']));
  const now = Math.floor(Date.now() / 1000);
  expect(claims).toMatchObject({ iss: issuer, aud: 'coach', sub: accountId, nonce: 'some-nonce' });
  expect(Math.abs(Number(claims.iat) - now)).toBeLessThan(120);
  expect(Number(claims.exp)).toBeGreaterThan(now);
  expect((await userinfo(String(json['access_token']))).json.sub).toBe(accountId);
});

it('oidcc-response-type-missing: nothing is given', async () => {
  const { cookie } = await server.signIn();
  const answer = await server.authorize(cookie, { response_type: undefined });
  expect(Object.fromEntries(answer.searchParams)).toMatchObject({ error: 'invalid_request', state: 'a-state' });
  expect(answer.searchParams.has('code')).toBe(false);
});

it('oidcc-idtoken-signature, oidcc-idtoken-unsigned: an id_token names its key, and that verifies it; none is unsigned', async () => {
  const { idToken } = await getTokens();
  const { keys } = Object(await (await server.ask('/oidc/jwks')).json());
  const { kid, alg } = decodeProtectedHeader(idToken);
  expect(keys.filter((key: { readonly kid: string }) => key.kid === kid)).toHaveLength(1);
  expect(alg).toBe('ES256');
  await expect(jwtVerify(idToken, createLocalJWKSet({ keys }), { issuer, audience: 'coach' })).resolves.toBeDefined();
  expect((await metadata()).id_token_signing_alg_values_supported).not.toContain('none');
});

it.each([
  ['oidcc-userinfo-get', 'get'],
  ['oidcc-userinfo-post-header', 'header'],
  ['oidcc-userinfo-post-body', 'body'],
] as const)('%s: says who it is', async (_module, how) => {
  const { accessToken, accountId } = await getTokens();
  expect(await userinfo(accessToken, how)).toMatchObject({ status: 200, json: { sub: accountId } });
});

it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: the id_token has none then', async () => {
  expect((await getTokens({ nonce: undefined })).claims).not.toHaveProperty('nonce');
});

it.each([
  ['oidcc-scope-profile', 'openid profile', ['given_name', 'family_name'], ['email']],
  ['oidcc-scope-email', 'openid email', ['email', 'email_verified'], ['given_name']],
  ['oidcc-scope-all', 'openid profile email', ['given_name', 'family_name', 'email', 'email_verified'], []],
  ['oidcc-ensure-other-scope-order-succeeds', 'email profile openid', ['given_name', 'email'], []],
])(
  '%s: userinfo has the claims of the scope that a roster knows, and no others',
  async (_module, scope, has, lacks) => {
    const { accessToken } = await getTokens({ scope });
    const { json } = await userinfo(accessToken);
    for (const claim of has) expect(json).toHaveProperty(claim);
    for (const claim of lacks) expect(json).not.toHaveProperty(claim);
  },
);

it.each(['address', 'phone'])(
  'oidcc-scope-%s: a roster has neither, the metadata says so, and the scope adds nothing',
  async (scope) => {
    expect((await metadata()).scopes_supported).not.toContain(scope);
    const { cookie } = await server.signIn();
    const answer = await server.authorize(cookie, { scope: `openid ${scope}` });
    const { json } = await redeem(answer);
    expect(json).toMatchObject({ scope: 'openid' });
  },
);

it.each([
  ['oidcc-display-page', { display: 'page' }],
  ['oidcc-display-popup', { display: 'popup' }],
  ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
  ['oidcc-login-hint', { login_hint: 'somebody@example.org' }],
  ['oidcc-ui-locales', { ui_locales: 'se' }],
  ['oidcc-claims-locales', { claims_locales: 'se' }],
  ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
  ['oidcc-claims-essential', { claims: JSON.stringify({ userinfo: { name: { essential: true } } }) }],
])('%s: is no error', async (_module, parameters) => {
  expect((await getTokens(parameters)).claims.sub).toEqual(expect.any(String));
});

it('oidcc-prompt-login: who is signed in goes to Clever all the same', async () => {
  const { cookie } = await getTokens();
  expect((await server.authorize(cookie, { prompt: 'login' })).href.startsWith(cleverAddress)).toBe(true);
});

it('oidcc-prompt-none-not-logged-in: the error is login_required', async () => {
  const { searchParams } = await server.authorize('', { prompt: 'none' });
  expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'login_required', state: 'a-state' });
});

it('oidcc-prompt-none-logged-in: the same sign-in answers', async () => {
  const { cookie, claims } = await getTokens();
  const { json } = await redeem(await server.authorize(cookie, { prompt: 'none' }));
  const { sub, auth_time } = decodeJwt(String(json['id_token']));
  expect([sub, auth_time]).toEqual([claims.sub, claims['auth_time']]);
});

it('oidcc-max-age-1: an older sign-in goes to Clever, and auth_time says which it was', async () => {
  const old = await getTokens({}, 10);
  expect((await server.authorize(old.cookie, { max_age: '1' })).href.startsWith(cleverAddress)).toBe(true);
  // As who comes back: a younger session.
  const young = await getTokens({ max_age: '10000' });
  expect(Number(young.claims['auth_time'])).toBeGreaterThan(Number(old.claims['auth_time']));
});

it('oidcc-max-age-10000: a younger sign-in answers, with the same auth_time', async () => {
  const { cookie, claims } = await getTokens({}, 10);
  const { json } = await redeem(await server.authorize(cookie, { max_age: '10000' }));
  expect(decodeJwt(String(json['id_token']))['auth_time']).toBe(claims['auth_time']);
});

it('oidcc-id-token-hint: the person of the hint is answered for', async () => {
  const { cookie, claims, idToken } = await getTokens();
  const { json } = await redeem(await server.authorize(cookie, { prompt: 'none', id_token_hint: idToken }));
  expect(decodeJwt(String(json['id_token'])).sub).toBe(claims.sub);
});

it('oidcc-codereuse, oidcc-codereuse-30seconds: a code is good once, and its second use ends what came of the first', async () => {
  const { cookie } = await server.signIn();
  const answer = await server.authorize(cookie);
  const { json } = await redeem(answer);
  const again = await redeem(answer);
  expect([again.status, again.json['error']]).toEqual([400, 'invalid_grant']);
  expect((await userinfo(String(json['access_token']))).status).toBe(401);
});

it('oidcc-ensure-registered-redirect-uri: another address gets a page, and nothing is sent there', async () => {
  const { cookie } = await server.signIn();
  const answer = await server.authorize(cookie, { redirect_uri: `${redirectUri}/other` });
  expect(answer.searchParams.get('status')).toBe('400');
});

it('oidcc-ensure-post-request-succeeds: the request may come as a form', async () => {
  const { cookie } = await server.signIn();
  const body = new URLSearchParams({ ...authorizationRequest, state: 'posted' });
  const response = await server.ask('/oidc/authorize', { method: 'POST', headers: { cookie }, body });
  const answer = new URL(response.headers.get('location') ?? '');
  expect([answer.searchParams.get('state'), (await redeem(answer)).status]).toEqual(['posted', 200]);
});

it('oidcc-server-client-secret-post: the secret may come in the form', async () => {
  const { cookie } = await server.signIn();
  const form = { ...formOf(await server.authorize(cookie)), client_id: 'coach', client_secret: secret };
  expect((await server.token(form)).status).toBe(200);
});

const unsigned = (claims: object) =>
  `${[{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

it.each([
  [
    'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
    { request_uri: 'https://coach.example/request' },
    'request_uri_not_supported',
  ],
  [
    'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
    { request: unsigned({ state: 'inner' }) },
    'request_not_supported',
  ],
  [
    'oidcc-ensure-request-object-with-redirect-uri',
    { request: unsigned({ redirect_uri: 'https://evil.example/' }) },
    'request_not_supported',
  ],
])('%s: is refused as not supported, at the registered address', async (_module, parameters, error) => {
  const { cookie } = await server.signIn();
  const answer = await server.authorize(cookie, parameters);
  expect(`${answer.origin}${answer.pathname}`).toBe(redirectUri);
  expect(Object.fromEntries(answer.searchParams)).toMatchObject({ error, state: 'a-state' });
});

it('oidcc-refresh-token: a refresh token gives new tokens for the same person, and nothing to another client', async () => {
  const { json, claims } = await getTokens({ scope: 'openid offline_access', prompt: 'consent' });
  const form = { grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) };
  const refreshed = await server.token(form, basic('coach', secret));
  const { sub, iss, aud, auth_time } = decodeJwt(String(refreshed.json['id_token']));
  expect([sub, iss, aud, auth_time]).toEqual([claims.sub, issuer, 'coach', claims['auth_time']]);
  expect((await userinfo(String(refreshed.json['access_token']))).status).toBe(200);
  expect((await server.token(form, basic('other', otherSecret))).json['error']).toBe('invalid_grant');
});

it('the document names the modules that are played here, and no other as played', () => {
  const namesIn = (text: string) => [...new Set(text.match(/oidcc-[a-z0-9-]+[a-z0-9]/g))].sort();
  const document = readFileSync(new URL('../../docs/openid-conformance.md', import.meta.url), 'utf8');
  const own = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(
    'oidcc-scope-%s',
    'oidcc-scope-address oidcc-scope-phone',
  );
  const plan = 'oidcc-basic-certification-test-plan';
  expect(namesIn(document).filter((name) => !name.endsWith('-plan'))).toEqual(
    namesIn(own).filter((name) => name !== plan),
  );
});
