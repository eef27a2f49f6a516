// Introspection, revocation and the list of what ended, over HTTP, as any OAuth library would ask.
import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { accountIdOf } from '../../../src/roster/account.ts';
import { feed, student, teacher } from '../../helpers/feeds.ts';
import { basic, type Programs, startPrograms } from '../../helpers/program-server.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';

const districtId = 'juniper-flats';

describe.each(engines)('the routes of tokens in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let programs: Programs;

  beforeAll(async () => {
    storeFixture = await start();
    programs = await startPrograms(await storeFixture.place().open());
    await programs.services.publisher.publish(
      districtId,
      'sftp',
      feed(student({ sisId: '1' }), student({ sisId: '2' })),
    );
  });
  afterAll(async () => {
    await programs.stop();
    await storeFixture.stop();
  });

  async function signIn(sisId = '1', role: 'student' | 'teacher' = 'student') {
    const { services } = programs;
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      sub: accountIdOf(services.vault, districtId, role, sisId),
      sid: randomUUID(),
      jti: randomUUID(),
      iat,
      exp: iat + 3600,
      district: districtId,
      role,
      matched: { by: 'email' as const, roster: 'sftp' as const },
    };
    const { published } = await services.rosters.read(districtId, 0);
    const record = {
      sid: claims.sid,
      districtId,
      accountId: claims.sub,
      rosterVersion: published.version,
      issuedAt: iat,
      expiresAt: claims.exp,
      openedBy: 'state',
      returnTo: 'http://localhost:4000/',
    };
    await services.store.commit([], [services.registry.write(record)]);
    return { claims, token: await services.tokens.issue(claims) };
  }

  const post = (path: string, form: Record<string, string>, headers = programs.headers.product) =>
    programs.ask('POST', path, { headers, body: new URLSearchParams(form) });

  const formType = 'application/x-www-form-urlencoded';
  it.each<[string, Record<string, string>, string]>([
    ['of an unknown charset', { 'content-type': `${formType}; charset=klingon` }, 'token=a'],
    ['packed, and is not', { 'content-type': formType, 'content-encoding': 'gzip' }, 'token=a'],
    ['too large', { 'content-type': formType }, `token=${'a'.repeat(20_000)}`],
    ['of too many fields', { 'content-type': formType }, `token=a${'&b=c'.repeat(30)}`],
    ['sent twice', { 'content-type': formType }, 'token=a&token=b'],
    ['JSON', { 'content-type': 'application/json' }, '{"token":"a"}'],
  ])('a form that is %s is an invalid request, as OAuth says it', async (_what, type, body) => {
    for (const path of ['/oauth/introspect', '/oauth/revoke']) {
      const known = await programs.ask('POST', path, { headers: { ...programs.headers.product, ...type }, body });
      expect([known.status, known.json]).toEqual([400, { error: 'invalid_request' }]);
      const unknown = await programs.ask('POST', path, { headers: type, body });
      expect([unknown.status, unknown.json]).toEqual([401, { error: 'invalid_client' }]);
    }
  });

  it('takes an id and secret as OAuth libraries encode them, some each dash (RFC 6749 section 2.3.1)', async () => {
    const { credential, secret } = await programs.services.credentials.create('product', 'a library');
    const encode = (text: string) => text.replace(/./g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    const ask = async (...shown: [string, string]) =>
      (await post('/oauth/introspect', { token: 'x' }, basic(...shown))).status;
    expect(await ask(encode(credential.id), encode(secret))).toBe(200);
    expect(await ask(credential.id, `${secret}%`)).toBe(401);
  });

  it('returns the account of a live token, and nothing about an ended one', async () => {
    const { claims, token } = await signIn();
    const live = await post('/oauth/introspect', { token });
    expect(live.json).toMatchObject({
      active: true,
      sub: claims.sub,
      sid: claims.sid,
      role: 'student',
      district: districtId,
    });
    expect(live.headers.get('cache-control')).toBe('no-store');
    await programs.services.registry.end(districtId, claims.sid);
    expect((await post('/oauth/introspect', { token })).json).toEqual({ active: false });
  });

  it('returns the position that the roster gives now, also for a token of an earlier version', async () => {
    const { services } = programs;
    await services.publisher.publish(districtId, 'manual', feed(teacher({ sisId: '7', position: 'lead_teacher' })), {});
    const { token } = await signIn('7', 'teacher');
    expect((await post('/oauth/introspect', { token })).json).toMatchObject({
      role: 'teacher',
      position: 'lead_teacher',
    });
    expect((await post('/oauth/introspect', { token: (await signIn()).token })).json).not.toHaveProperty('position');
  });

  it('verifies a token once for one question', async () => {
    const { token } = await signIn();
    const verify = jest.spyOn(programs.services.tokens, 'verify');
    expect((await post('/oauth/introspect', { token })).json['active']).toBe(true);
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });

  it('revokes a token at once and lists it for offline checkers', async () => {
    const { claims, token } = await signIn();
    const { cursor } = (await programs.ask('GET', '/session/revocations', { headers: programs.headers.product })).json;
    expect((await post('/oauth/revoke', { token, token_type_hint: 'access_token' })).status).toBe(200);
    expect((await post('/oauth/introspect', { token })).json).toEqual({ active: false });
    const path = `/session/revocations?after=${cursor}`;
    const { json } = await programs.ask('GET', path, { headers: programs.headers.product });
    expect(json['revocations']).toEqual([{ kind: 'session', id: claims.sid, before: expect.any(Number) }]);
  });

  it('sees an account that left the roster at once', async () => {
    const { token } = await signIn('2');
    await programs.services.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' })));
    expect((await post('/oauth/introspect', { token })).json).toEqual({ active: false });
  });

  it.each([
    ['no token at all', 'not-a-token'],
    ['an empty JWS', '..'],
    ['a long text', 'x'.repeat(5_000)],
  ])('takes %s for a token that is not live', async (_name, token) => {
    expect((await post('/oauth/introspect', { token })).json).toEqual({ active: false });
    expect((await post('/oauth/revoke', { token })).status).toBe(200);
  });

  it.each(['/oauth/introspect', '/oauth/revoke'])('%s without a token is an invalid request', async (path) => {
    const { status, json } = await post(path, {});
    expect([status, json]).toEqual([400, { error: 'invalid_request' }]);
  });

  it.each(['/oauth/introspect', '/oauth/revoke'])('%s asks who is asking', async (path) => {
    const unknown = await post(path, { token: 'x' }, { authorization: 'Basic bm9ib2R5OndpdGhvdXQ=' });
    expect([unknown.status, unknown.json]).toEqual([401, { error: 'invalid_client' }]);
    expect(unknown.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect((await post(path, { token: 'x' }, programs.headers.support)).status).toBe(401);
  });

  it('refuses a cursor that is none, and who has no credential', async () => {
    const odd = await programs.ask('GET', '/session/revocations?after=nonsense', { headers: programs.headers.product });
    expect(odd.status).toBe(400);
    expect((await programs.ask('GET', '/session/revocations')).status).toBe(401);
  });

  describe('POST /districts/{id}/sessions/end', () => {
    beforeAll(async () => {
      const { services } = programs;
      await services.districts.put({ id: districtId, cleverId: 'c1', name: 'Juniper Flats', rostering: ['sftp'] });
      const both = feed(student({ sisId: '1' }), student({ sisId: '2' }));
      await services.publisher.publish(districtId, 'sftp', both);
    });

    const end = (body: unknown, who: 'support' | 'admin' = 'admin', id = districtId) =>
      programs.ask('POST', `/districts/${id}/sessions/end`, {
        headers: { ...programs.headers[who], 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const isActive = async (token: string) => (await post('/oauth/introspect', { token })).json['active'];

    it('ends one account’s for support, and keeps who and why', async () => {
      const [hers, his] = [await signIn('1'), await signIn('2')];
      const { status, json } = await end({ account: hers.claims.sub, reason: 'a lost tablet' }, 'support');
      expect([status, json]).toEqual([200, { district: districtId, ended: hers.claims.sub }]);
      expect([await isActive(hers.token), await isActive(his.token)]).toEqual([false, true]);
      const [entry] = await programs.services.auditLog.list(districtId, 1);
      expect(entry).toMatchObject({ action: 'sessions_ended', by: programs.ids.support, reason: 'a lost tablet' });
    });

    it('ends a whole district’s for administration only', async () => {
      const [hers, his] = [await signIn('1'), await signIn('2')];
      const refused = await end({}, 'support');
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining('error="insufficient_scope", scope="admin"'),
      ]);
      expect(await isActive(hers.token)).toBe(true);
      expect((await end({})).json).toEqual({ district: districtId, ended: 'all' });
      expect([await isActive(hers.token), await isActive(his.token)]).toEqual([false, false]);
    });

    it.each([
      ['what is no JSON', 'account=1', 400, 'malformed_request'],
      ['a field of another name', { acount: 'x' }, 400, 'malformed_request'],
      ['an account that is no text', { account: 1 }, 400, 'malformed_request'],
      ['an unknown account', { account: 'nobody' }, 404, 'account_unknown'],
    ])('ends no session for %s', async (_what, body, status, code) => {
      const { token } = await signIn('1');
      const answer = await end(body);
      expect([answer.status, answer.json['code'], await isActive(token)]).toEqual([status, code, true]);
    });

    it('knows no district that is not ours', async () => {
      expect((await end({}, 'admin', 'nowhere')).status).toBe(404);
    });
  });
});
