// What the main product and the operator see: session, token, keys, sign-out, the operator's port.
import { createRemoteJWKSet, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { type Answer, bodyOf, type Client } from '../helpers/bridge-client.ts';
import { until } from '../helpers/bridge-process.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(engines)('a session, on the %s store', (engine) => {
  let fixture: Fixture;

  beforeAll(async () => {
    fixture = await startFixture({ engine, bridges: 2 });
  });
  afterAll(() => fixture.stop());

  async function signIn(person = 'student'): Promise<{ client: Client; token: string }> {
    const client = fixture.browser();
    await client.open(fixture.launchAddress(person));
    return { client, token: client.cookie('summit_session') ?? '' };
  }
  const ask = (headers: Readonly<Record<string, string>> = {}) =>
    fixture.browser().once(`${fixture.publicUrl}/session`, { accept: 'application/json', headers });
  const bearer = (token: string) => ask({ authorization: `Bearer ${token}` });
  const keyIds = async (url: string) => {
    const { keys } = Object(await (await fetch(`${url}/.well-known/jwks.json`)).json());
    return [keys].flat().map(({ kid }) => String(kid));
  };

  describe('the token', () => {
    it.each([
      ['student', { role: 'student' }],
      ['teacher', { role: 'teacher' }],
      ['administrator', { role: 'administrator', position: 'school_admin' }],
      ['staff', { role: 'staff' }],
    ])('of the %s holds exactly the claims of the contract and verifies offline', async (person, rights) => {
      const { token } = await signIn(person);
      const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', fixture.publicUrl));
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: fixture.publicUrl,
        audience: fixture.productUrl,
        typ: 'session+jwt',
        algorithms: ['ES256'],
      });
      expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'session+jwt', kid: expect.any(String) });
      expect(payload).toEqual({
        iss: fixture.publicUrl,
        aud: fixture.productUrl,
        sub: expect.any(String),
        sid: expect.stringMatching(uuid),
        jti: expect.stringMatching(uuid),
        iat: expect.any(Number),
        exp: Number(payload.iat) + 8 * 3600,
        district: 'juniper-flats',
        ...rights,
        amr: ['clever'],
        matched: { by: 'email', roster: 'sftp' },
      });
    });

    it('names the same account at every sign-in and another session', async () => {
      const [one, other] = [bodyOf(await bearer((await signIn()).token)), bodyOf(await bearer((await signIn()).token))];
      expect(one['account']).toEqual(other['account']);
      expect(Object(one['session']).id).not.toBe(Object(other['session']).id);
    });
  });

  describe('GET /session', () => {
    it.each([
      ['student', undefined],
      ['administrator', 'school_admin'],
    ])('with headers=1 names the account of the %s to a proxy, and only then', async (person, position) => {
      const { token } = await signIn(person);
      const headers = { authorization: `Bearer ${token}` };
      const names = ['account', 'district', 'role', 'position'].map((name) => `x-auth-${name}`);
      const asked = async (query: string) => {
        const answer = await fixture.browser().once(`${fixture.publicUrl}/session${query}`, { headers });
        return { id: Object(bodyOf(answer)['account']).id, sent: names.map((name) => answer.headers.get(name)) };
      };
      const { id, sent } = await asked('?headers=1');
      expect(sent).toEqual([id, 'juniper-flats', person, position ?? null]);
      for (const query of ['', '?headers=0', '?headers=1&headers=1'])
        expect((await asked(query)).sent).toEqual([null, null, null, null]);
      // Nothing that a header cannot hold, or that a proxy would pass on as a second one.
      for (const value of sent) expect(value ?? 'none').toMatch(/^[\w.-]+$/);
      const refused = await fixture.browser().once(`${fixture.publicUrl}/session?headers=1`);
      expect([refused.status, ...names.map((name) => refused.headers.get(name))]).toEqual([
        401,
        null,
        null,
        null,
        null,
      ]);
    });

    // As a proxy asks that adds the visitor's own path and query to the address it was given.
    it.each([
      '?headers=0',
      '?headers=',
      '?headers=1/lesson',
      '?headers=1&headers=1',
      '?headers=1&path=/lesson&headers=2',
    ])('refuses %s, also of a live session, so that no proxy takes an answer without names', async (query) => {
      const { client } = await signIn();
      const answer = await client.once(`${fixture.publicUrl}/session${query}`);
      expect([answer.status, bodyOf(answer)['code']]).toEqual([400, 'malformed_request']);
    });

    it.each(['bearer token', 'cookie'])('returns its account, by %s, at both servers', async (by) => {
      const { client, token } = await signIn();
      for (const { url } of fixture.bridges) {
        const answer =
          by === 'cookie'
            ? await client.once(`${url}/session`)
            : await fixture.browser().once(`${url}/session`, { headers: { authorization: `Bearer ${token}` } });
        expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
        expect(bodyOf(answer)).toEqual({
          active: true,
          account: {
            id: expect.any(String),
            district: 'juniper-flats',
            role: 'student',
            given_name: 'Marisol',
            family_name: 'Okafor',
            sis_id: '710001',
          },
          session: {
            id: expect.stringMatching(uuid),
            issued_at: expect.stringMatching(/^\d{4}-.*Z$/),
            expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
          },
        });
      }
    });

    it('returns the position of an administrator', async () => {
      const { token } = await signIn('administrator');
      expect(bodyOf(await bearer(token))['account']).toMatchObject({ role: 'administrator', position: 'school_admin' });
    });

    it('answers 401 with a challenge that says no more than needed', async () => {
      const none = await ask();
      expect([none.status, none.headers.get('www-authenticate'), bodyOf(none)]).toEqual([
        401,
        'Bearer realm="session"',
        { active: false },
      ]);
      const bad = await bearer('made.up.token');
      expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="session", error="invalid_token"',
      ]);
    });

    it('believes the bearer token and not the cookie beside it', async () => {
      const { client } = await signIn();
      const visit = { headers: { authorization: 'Bearer made.up.token' } };
      expect((await client.once(`${fixture.publicUrl}/session`, visit)).status).toBe(401);
    });

    it.each([
      ['Basic of a proxy in front', 'Basic c3RhZ2luZzpvbmx5', 200],
      ['Digest of one', 'Digest username="staging", uri="/"', 200],
      ['a bearer token in other letters', 'bearer made.up.token', 401],
      ['nothing behind Bearer', 'Bearer', 401],
      ['no scheme', 'c3RhZ2luZzpvbmx5', 401],
    ])(
      'takes the cookie beside an Authorization header only if it is of another scheme: %s',
      async (_name, header, is) => {
        const { client } = await signIn();
        const visit = { headers: { authorization: header } };
        expect((await client.once(`${fixture.publicUrl}/session`, visit)).status).toBe(is);
        expect((await ask({ authorization: header })).status).toBe(401);
      },
    );

    it('refuses a token with a changed claim, without a signature, or by another key', async () => {
      const { token } = await signIn();
      const [head = '', body = '', signature = ''] = token.split('.');
      const claims = Object(JSON.parse(Buffer.from(body, 'base64url').toString()));
      const { kid } = decodeProtectedHeader(token);
      const { privateKey } = await generateKeyPair('ES256');
      const risen = Buffer.from(JSON.stringify({ ...claims, role: 'administrator' })).toString('base64url');
      const forged = [
        `${head}.${risen}.${signature}`,
        new UnsecuredJWT(claims).encode(),
        await new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256', typ: 'session+jwt', ...(kid === undefined ? {} : { kid }) })
          .sign(privateKey),
      ];
      expect((await bearer(token)).status).toBe(200);
      for (const one of forged) expect((await bearer(one)).status).toBe(401);
    });
  });

  describe('what is published', () => {
    it('is the public half of the keys, and there is no authorization endpoint', async () => {
      const jwks = await fixture.browser().once(`${fixture.publicUrl}/.well-known/jwks.json`);
      expect(jwks.headers.get('cache-control')).toBe('public, max-age=300');
      const key = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' };
      expect(bodyOf(jwks)).toEqual({
        keys: [{ ...key, kid: expect.any(String), x: expect.any(String), y: expect.any(String) }],
      });
      const metadata = await fixture.browser().once(`${fixture.publicUrl}/.well-known/oauth-authorization-server`);
      expect(bodyOf(metadata)).toMatchObject({
        issuer: fixture.publicUrl,
        jwks_uri: `${fixture.publicUrl}/.well-known/jwks.json`,
        response_types_supported: [],
      });
    });
  });

  describe('signing out', () => {
    const logout = (client: Client, headers: Readonly<Record<string, string>>, body = '') =>
      client.once(`${fixture.publicUrl}/logout`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body,
      });
    const formOf = (page: Answer) => /name="form" value="([^"]+)"/.exec(page.body)?.[1] ?? '';

    it.each([
      ['fetch metadata of the same origin', { 'sec-fetch-site': 'same-origin' }],
      ['its own Origin', { origin: 'own' }],
    ])('ends the session with %s', async (_how, given) => {
      const { client, token } = await signIn();
      const headers = 'origin' in given ? { origin: fixture.publicUrl } : given;
      const answer = await logout(client, headers);
      expect([answer.status, answer.location?.pathname]).toEqual([303, '/signed-out']);
      expect([client.cookieNames().filter((name) => name.startsWith('summit')), (await bearer(token)).status]).toEqual([
        [],
        401,
      ]);
      expect((await client.open(`${fixture.publicUrl}/signed-out`)).body).toContain('https://clever.com/');
    });

    it.each([
      ['two of one name', (one: string, other: string) => `summit_session=${one}; summit_session=${other}`],
      ['two names', (one: string, other: string) => `summit_session=${one}; __Host-summit_session=${other}`],
      [
        'forged ones around them',
        (one: string, other: string) =>
          `summit_session=x; summit_session=${one}; summit_session=x.y.z; summit_session=${other}`,
      ],
      [
        'hundreds that are none in front of them',
        (one: string, other: string) =>
          `${'__Host-summit_session=x; '.repeat(400)}${'summit_session=x.y.z; '.repeat(400)}summit_session=${one}; summit_session=${other}`,
      ],
      [
        'as many as a header holds that have the form of one',
        (one: string, other: string) => {
          const forged = `${'x'.repeat(96)}.${'x'.repeat(2)}.${'x'.repeat(86)}`;
          return `${`summit_session=${forged}; `.repeat(145)}summit_session=${one}; summit_session=${other}`;
        },
      ],
    ])('ends every session among the cookies: %s', async (_what, cookieOf) => {
      const [one, other] = [await signIn(), await signIn('teacher')];
      const cookie = cookieOf(one.token, other.token);
      expect((await ask({ cookie })).status).toBe(401);
      const answer = await logout(one.client, { cookie, 'sec-fetch-site': 'same-origin' });
      expect([answer.status, answer.headers.getSetCookie().join()]).toEqual([
        303,
        expect.stringMatching(/summit_session=;.*1970/),
      ]);
      expect([(await bearer(one.token)).status, (await bearer(other.token)).status]).toEqual([401, 401]);
    });

    it('ends a session whose cookie comes beside a forged one, and takes its form', async () => {
      const { client, token } = await signIn();
      const form = formOf(await client.open(`${fixture.publicUrl}/`));
      const cookie = `summit_session=forged; summit_session=${token}`;
      expect((await ask({ cookie })).status).toBe(200);
      const body = `form=${encodeURIComponent(form)}`;
      expect((await logout(client, { cookie, origin: 'null' }, body)).status).toBe(303);
      expect((await bearer(token)).status).toBe(401);
    });

    it('is done by the next sign-in too, for every session among the cookies', async () => {
      const [one, other] = [await signIn(), await signIn('teacher')];
      one.client.setCookie('__Host-summit_session', other.token);
      await one.client.open(fixture.launchAddress('staff'));
      expect([(await bearer(one.token)).status, (await bearer(other.token)).status]).toEqual([401, 401]);
      const now = await one.client.once(`${fixture.publicUrl}/session`);
      expect(Object(bodyOf(now)['account']).role).toBe('staff');
    });

    it('ends the session by the form’s own token, where a browser hides the origin', async () => {
      const { client, token } = await signIn();
      const form = formOf(await client.open(`${fixture.publicUrl}/`));
      expect((await logout(client, { origin: 'null' }, `form=${encodeURIComponent(form)}`)).status).toBe(303);
      expect((await bearer(token)).status).toBe(401);
    });

    it.each([
      ['another site', { 'sec-fetch-site': 'cross-site' }, ''],
      ['a sibling of the same site', { 'sec-fetch-site': 'same-site' }, ''],
      ['another Origin', { origin: 'https://evil.example' }, ''],
      ['a hidden Origin', { origin: 'null' }, ''],
      ['a hidden Origin and a made-up form', { origin: 'null' }, 'form=abc'],
    ])('is refused to %s, and the session lives', async (_who, headers, body) => {
      const { client, token } = await signIn();
      expect((await logout(client, headers, body)).status).toBe(403);
      expect([(await bearer(token)).status, client.cookie('summit_session')]).toEqual([200, token]);
    });

    it('is refused with another session’s form', async () => {
      const { client, token } = await signIn();
      const other = await signIn('teacher');
      const form = formOf(await other.client.open(`${fixture.publicUrl}/`));
      expect((await logout(client, { origin: 'null' }, `form=${encodeURIComponent(form)}`)).status).toBe(403);
      expect((await bearer(token)).status).toBe(200);
    });

    it('cannot be done by a link', async () => {
      const { client, token } = await signIn();
      expect((await client.once(`${fixture.publicUrl}/logout`)).status).toBe(405);
      expect((await bearer(token)).status).toBe(200);
    });
  });

  describe('the operator’s port', () => {
    it('answers liveness, readiness and metrics, and the public port none of them', async () => {
      const get = async (path: string) => {
        const response = await fetch(fixture.bridge.opsUrl + path);
        return { status: response.status, body: await response.text() };
      };
      expect(await get('/livez')).toMatchObject({ status: 200 });
      const ready = await get('/readyz');
      expect([ready.status, JSON.parse(ready.body)]).toEqual([
        200,
        { status: 'ready', store: 'ready', signing_key: 'loaded', clever: 'up' },
      ]);
      const { body: figures } = await get('/metrics');
      for (const line of [
        /^sso_bridge_sign_ins_total\{outcome="signed_in",app="summit-k12"\} \d+$/m,
        /^sso_bridge_build_info\{version="\d+\.\d+\.\d+"\} 1$/m,
        /^sso_bridge_store_up 1$/m,
        /^sso_bridge_store_seconds_count\{verb="commit"\} [1-9]/m,
        /^sso_bridge_http_request_seconds_count\{route="\/session",status="200"\} [1-9]/m,
        /^sso_bridge_clever_call_seconds_count\{endpoint="token",result="answered"\} [1-9]/m,
        /^sso_bridge_rosters\{method="sftp",state="active"\} [1-9]/m,
        /^sso_bridge_signing_key_since_timestamp_seconds 1\.?\d+/m,
        /^sso_bridge_upkeep_last_success_timestamp_seconds 1\.?\d+/m,
      ])
        expect(figures).toMatch(line);
      expect(figures).not.toContain('juniper');
      expect((await get('/session')).status).toBe(404);
      for (const path of ['/livez', '/readyz', '/metrics'])
        expect([path, (await fetch(fixture.publicUrl + path)).status]).toEqual([path, 404]);
    });
  });

  describe('rotating keys', () => {
    it('publishes the next key at both servers within a second, and does not sign with it yet', async () => {
      const before = await keyIds(fixture.publicUrl);
      const { exitCode, json } = await fixture.command('keys', 'rotate');
      const next = Object(json['key']);
      expect([exitCode, next.status]).toEqual([0, 'next']);
      for (const { url } of fixture.bridges)
        await until(async () => (await keyIds(url)).includes(next.kid), 'the next key to be published');
      expect(await keyIds(fixture.publicUrl)).toEqual([...before, next.kid]);
      // A cache of the JWKS lives 300 s: until then a verifier may not know the key.
      expect(Date.parse(next.signs_from) - Date.now()).toBeGreaterThan(290_000);
      expect(decodeProtectedHeader((await signIn()).token).kid).toBe(before[0]);

      const again = await fixture.command('keys', 'rotate');
      expect([again.exitCode, Object(again.json['error']).code]).toEqual([1, 'rotation_under_way']);
      const { json: list } = await fixture.command('keys', 'list');
      expect([list['keys']].flat().map((key) => Object(key).status)).toEqual(['current', 'next']);
    });
  });

  it('greets at / with the name and a way out, and otherwise with a way in', async () => {
    const { client } = await signIn('teacher');
    expect((await client.open(`${fixture.publicUrl}/`)).body).toMatch(/Desmond Achterberg[\s\S]*action="\/logout"/);
    expect((await fixture.browser().open(`${fixture.publicUrl}/`)).body).toContain('href="/login');
  });
});
