// The token endpoint, the claims and the Data API of the stand-in Clever, against clever.md 1.4 to 1.6 and Clever's
// OpenAPI. The shapes are copied by hand.
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { juniperFlats } from '../../sandbox/clever/districts.ts';
import { demoPeople, demoPerson } from '../../sandbox/clever/people.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import {
  app,
  authorizeAddress,
  createBrowser,
  launchCode,
  locationOf,
  readJson,
  redeem,
  redirectUri,
  startTestClever,
  tokensOf,
} from './start.ts';

let clever: Clever;
let now = Date.now();

beforeAll(async () => {
  clever = await startTestClever({ clock: () => now });
});
beforeEach(() => {
  now = Date.now();
});
afterAll(() => clever.close());

const keys = () => createRemoteJWKSet(new URL(`${clever.url}/oauth/certs`));
const get = (path: string, token: string) =>
  fetch(clever.url + path, { headers: { authorization: `Bearer ${token}` } });

describe('discovery', () => {
  it('names the endpoints where Clever has them', async () => {
    expect(await readJson(await fetch(`${clever.url}/.well-known/openid-configuration`))).toMatchObject({
      issuer: clever.url,
      authorization_endpoint: `${clever.url}/oauth/authorize`,
      token_endpoint: `${clever.url}/oauth/tokens`,
      jwks_uri: `${clever.url}/oauth/certs`,
      userinfo_endpoint: `${clever.url}/userinfo`,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  });
});

describe('a code', () => {
  it('is redeemed once; the second time is 400 invalid_grant', async () => {
    const code = await launchCode(clever, 'student');
    expect((await redeem(clever, code)).status).toBe(200);
    const again = await redeem(clever, code);
    expect([again.status, (await readJson(again))['error']]).toEqual([400, 'invalid_grant']);
  });

  const inBody = { client_id: app.clientId, client_secret: app.clientSecret };

  it('is redeemed with the credentials in the body, too', async () => {
    expect((await redeem(clever, await launchCode(clever, 'student'), inBody, false)).status).toBe(200);
    const wrong = { ...inBody, client_secret: 'wrong' };
    expect((await redeem(clever, await launchCode(clever, 'student'), wrong, false)).status).toBe(401);
  });

  it('is redeemed by a body of JSON', async () => {
    const code = await launchCode(clever, 'student');
    const body = JSON.stringify({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...inBody });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${clever.url}/oauth/tokens`, { method: 'POST', body, headers })).status).toBe(200);
  });

  it('serves one of twenty who redeem it at the same moment', async () => {
    const code = await launchCode(clever, 'student');
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(clever, code)));
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
  });

  it.each([
    [59, 200],
    [60, 400],
  ])('that is %d seconds old is answered with %d', async (age, status) => {
    const code = await launchCode(clever, 'student');
    now += age * 1000;
    expect((await redeem(clever, code)).status).toBe(status);
  });

  it('is bound to the redirect address it was sent to', async () => {
    const code = await launchCode(clever, 'student');
    const answer = await redeem(clever, code, { redirect_uri: app.redirectUris[1] ?? '' });
    expect([answer.status, (await readJson(answer))['error']]).toEqual([400, 'invalid_grant']);
  });

  it('with PKCE needs the verifier', async () => {
    const browser = createBrowser();
    await browser.open(`${clever.url}/portal/sign-in?person=student`);
    // The pair of RFC 7636 appendix B.
    const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
    const code = async () =>
      locationOf(await browser.open(authorizeAddress(clever, pkce))).searchParams.get('code') ?? '';
    expect((await redeem(clever, await code())).status).toBe(400);
    const verifier = { code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
    expect((await redeem(clever, await code(), verifier)).status).toBe(200);
  });
});

describe('client authentication', () => {
  it('refuses a code without credentials', async () => {
    const answer = await redeem(clever, await launchCode(clever, 'student'), {}, false);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await readJson(answer)).toHaveProperty('error');
  });
});

describe('an id_token', () => {
  const allowed = [
    'iss',
    'aud',
    'sub',
    'multi_role_user_id',
    'user_id',
    'user_type',
    'district',
    'email',
    'email_verified',
    'given_name',
    'family_name',
    'iat',
    'exp',
  ];

  it('is signed with RS256 by a key of the JWKS, for one hour, for the app', async () => {
    const { id_token } = await tokensOf(clever, 'student');
    const { payload, protectedHeader } = await jwtVerify(id_token ?? '', keys(), {
      issuer: clever.issuer,
      audience: app.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
  });

  it('has the claims of a teacher, whose user_id is not the sub', async () => {
    const teacher = demoPerson('teacher');
    const payload = decodeJwt((await tokensOf(clever, 'teacher')).id_token ?? '');
    expect(payload).toEqual({
      iss: clever.issuer,
      aud: app.clientId,
      sub: teacher.id,
      multi_role_user_id: teacher.id,
      user_id: teacher.legacyId,
      user_type: 'teacher',
      district: juniperFlats.id,
      email: 'dachterberg@juniperflats.example',
      email_verified: false,
      given_name: 'Desmond',
      family_name: 'Achterberg',
      iat: expect.any(Number),
      exp: expect.any(Number),
    });
    expect(payload['user_id']).not.toBe(payload.sub);
  });

  it.each(demoPeople.filter((one) => one.atClever === undefined).map((one) => [one.key, one] as const))(
    'of %s says what is on record and nothing else',
    async (key, person) => {
      const payload = decodeJwt((await tokensOf(clever, key)).id_token ?? '');
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(payload)));
      expect(payload['email']).toBe(person.email);
      expect(payload['family_name']).toBe(person.familyName);
      expect('email' in payload).toBe(person.email !== undefined);
    },
  );

  it('echoes the nonce', async () => {
    const browser = createBrowser();
    await browser.open(`${clever.url}/portal/sign-in?person=student`);
    const arrival = locationOf(await browser.open(authorizeAddress(clever, { nonce: 'nonce-1' })));
    const body = await readJson(await redeem(clever, arrival.searchParams.get('code') ?? ''));
    expect(decodeJwt(String(body['id_token']))['nonce']).toBe('nonce-1');
  });

  it('uses the given clock', async () => {
    now += 3_600_000;
    const { iat } = decodeJwt((await tokensOf(clever, 'student')).id_token ?? '');
    expect(iat).toBe(Math.floor(now / 1000));
  });

  it('returns a person who was changed meanwhile', async () => {
    const person = demoPerson('student-2');
    clever.setPerson({ ...person, email: 'changed@portwexley.example' });
    const payload = decodeJwt((await tokensOf(clever, person.id)).id_token ?? '');
    clever.setPerson(person);
    expect(payload['email']).toBe('changed@portwexley.example');
  });

  it('names a key by its kid', async () => {
    const { id_token } = await tokensOf(clever, 'student');
    const { keys: published } = await readJson(await fetch(`${clever.url}/oauth/certs`));
    expect(published).toEqual([
      expect.objectContaining({ kid: decodeProtectedHeader(id_token ?? '').kid, kty: 'RSA', alg: 'RS256', use: 'sig' }),
    ]);
    expect(JSON.stringify(published)).not.toContain('"d"');
  });
});

describe('the Data API', () => {
  const hex = expect.stringMatching(/^[0-9a-f]{24}$/);
  const when = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);

  it('returns the person of a user token, but not the role, at /v3.0/me', async () => {
    const { access_token } = await tokensOf(clever, 'teacher');
    const { id } = demoPerson('teacher');
    expect(await readJson(await get('/v3.0/me', access_token))).toEqual({
      type: 'user',
      data: { id, district: juniperFlats.id, type: 'user', authorized_by: 'district' },
      links: [
        { rel: 'self', uri: '/me' },
        { rel: 'canonical', uri: `/v3.0/users/${id}` },
        { rel: 'district', uri: `/v3.0/districts/${juniperFlats.id}` },
      ],
    });
  });

  it('gives the record of a person with every role at /v3.1/users/{id}', async () => {
    const { access_token } = await tokensOf(clever, 'teacher-and-staff');
    const { id, email } = demoPerson('teacher-and-staff');
    const credentials = { district_username: expect.any(String) };
    expect(await readJson(await get(`/v3.1/users/${id}`, access_token))).toEqual({
      data: {
        id,
        district: juniperFlats.id,
        email,
        name: { first: 'Ngozi', middle: null, last: 'Lindqvist' },
        created: when,
        last_modified: when,
        roles: {
          teacher: { legacy_id: hex, sis_id: '9102', school: hex, schools: [hex], credentials },
          staff: { legacy_id: hex, staff_id: '9102', schools: [hex], roles: [], credentials },
        },
        lms_status: { synced_in_lms: false },
      },
    });
  });

  it('gives null where nothing is on record', async () => {
    const { access_token } = await tokensOf(clever, 'sparse');
    const record = await readJson(await get(`/v3.1/users/${demoPerson('sparse').id}`, access_token));
    expect(record['data']).toMatchObject({ email: null, name: { first: 'Juno', last: null } });
  });

  it('gives the district of the person', async () => {
    const { access_token } = await tokensOf(clever, 'student');
    const record = await readJson(await get(`/v3.1/districts/${juniperFlats.id}`, access_token));
    expect(record['data']).toMatchObject({ id: juniperFlats.id, name: juniperFlats.name, state: 'running' });
  });

  it.each([
    ['another person', `/v3.1/users/${demoPerson('teacher').id}`, 404],
    ['a list', '/v3.1/users', 404],
    ['another version', '/v2.1/me', 404],
  ])('refuses a user token that asks for %s', async (_, path, status) => {
    const { access_token } = await tokensOf(clever, 'student');
    expect((await get(path, access_token)).status).toBe(status);
  });

  it('answers 401 to a token it never gave out', async () => {
    expect((await get('/v3.0/me', 'made-up')).status).toBe(401);
  });

  it('has the fields of the login context at /userinfo', async () => {
    const { access_token } = await tokensOf(clever, 'student');
    expect(await readJson(await get('/userinfo', access_token))).toMatchObject({
      sub: demoPerson('student').id,
      user_type: 'student',
      district_id: juniperFlats.id,
      name: { first: 'Marisol', last: 'Okafor' },
      schools: [],
      authorized_by: 'district',
      email_verified: false,
    });
  });
});
