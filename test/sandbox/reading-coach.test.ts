// What the second product refuses: launches of another issuer, unrequested answers, logout tokens that are not the bridge's.
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { close, listen } from '../../sandbox/listen.ts';
import { type ReadingCoach, startReadingCoach } from '../../sandbox/reading-coach/start-reading-coach.ts';
import { findFreePort } from '../helpers/redis-server.ts';

const keyPair = await generateKeyPair('ES256', { extractable: true });
const otherKey = await generateKeyPair('ES256');
const jwks = { keys: [{ ...(await exportJWK(keyPair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] };
const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };

/** As much of the bridge as is asked here. */
const bridge = createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  if (request.url === '/oidc/jwks') return void response.end(JSON.stringify(jwks));
  const authorization_endpoint = `${issuer}/oidc/authorize`;
  response.end(JSON.stringify({ issuer, authorization_endpoint, token_endpoint: `${issuer}/oidc/token` }));
});
let issuer = '';
let coach: ReadingCoach;

beforeAll(async () => {
  issuer = `http://localhost:${await listen(bridge, 0)}`;
  coach = await startReadingCoach({ port: await findFreePort(), issuer, clientId: 'coach', clientSecret: 'a-secret' });
});
afterAll(async () => {
  await coach?.close();
  await close(bridge);
});

const open = (path: string, headers = {}) => fetch(coach.url + path, { redirect: 'manual', headers });

it('begins a request of its own for a launch, whatever target_link_uri says, and keeps what the answer is compared with', async () => {
  const query = new URLSearchParams({ iss: issuer, target_link_uri: 'https://evil.example/' });
  const response = await open(`/login?${query}`);
  const address = new URL(response.headers.get('location') ?? '');
  expect([response.status, address.origin, address.pathname]).toEqual([303, issuer, '/oidc/authorize']);
  expect(address.href).not.toContain('evil');
  expect(response.headers.get('set-cookie')).toMatch(/^coach_request=[\w-]{43};.*HttpOnly; SameSite=Lax$/);
  const { code_verifier: _, ...sent } = Object.fromEntries(address.searchParams);
  expect(sent).toMatchObject({ code_challenge_method: 'S256', redirect_uri: `${coach.url}/callback` });
});

it('begins nothing for a launch of another issuer', async () => {
  const response = await open(`/login?iss=${encodeURIComponent('https://evil.example')}`);
  expect([response.status, response.headers.get('set-cookie')]).toEqual([400, null]);
});

it.each([
  ['no open request', {}],
  ['the cookie of none', { cookie: 'coach_request=made-up' }],
])('takes no answer of a browser with %s', async (_what, headers) => {
  const response = await open(`/callback?code=a-code&state=a-state&iss=${encodeURIComponent(issuer)}`, headers);
  expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  expect(response.headers.get('set-cookie')).not.toContain('coach_session');
});

const claims = (changes: JWTPayload = {}): JWTPayload => {
  const iat = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: 'coach',
    iat,
    exp: iat + 60,
    jti: 'j1',
    sub: 'account-1',
    sid: 's1',
    events: event,
    ...changes,
  };
};
const sign = (payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}, key = keyPair.privateKey) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', kid: 'k1', ...header }).sign(key);
const post = async (token: string) => {
  const body = new URLSearchParams({ logout_token: token });
  return (await fetch(`${coach.url}/backchannel-logout`, { method: 'POST', body })).status;
};

it('takes a logout token of the bridge', async () => {
  expect(await post(await sign(claims()))).toBe(200);
});

it.each([
  ['signed by another key', () => sign(claims(), {}, otherKey.privateKey)],
  ['without a signature', async () => new UnsecuredJWT(claims()).encode()],
  ['for another client', () => sign(claims({ aud: 'other' }))],
  ['of another issuer', () => sign(claims({ iss: 'https://evil.example' }))],
  ['that is an id_token', () => sign(claims({ nonce: 'n' }), { typ: 'JWT' })],
  ['with a nonce', () => sign(claims({ nonce: 'n' }))],
  ['without the event', () => sign(claims({ events: {} }))],
  ['that has expired', () => sign(claims({ exp: 1 }))],
  ['that is none', async () => 'nonsense'],
])('takes no logout token %s', async (_what, make) => {
  expect(await post(await make())).toBe(400);
});
