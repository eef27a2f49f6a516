// Introspection, revocation and the list of what ended, over HTTP, as any OAuth library would ask.
import { randomUUID } from 'node:crypto';
import { accountIdOf } from '../../../src/roster/account.ts';
import { feed, student } from '../../support/feeds.ts';
import { type Programs, startPrograms } from '../../support/program-server.ts';
import { engines, type Ground } from '../../support/stores.ts';

const districtId = 'juniper-flats';

describe.each(engines)('the routes of tokens in $name', ({ start }) => {
  let ground: Ground;
  let programs: Programs;

  beforeAll(async () => {
    ground = await start();
    programs = await startPrograms(await ground.place().open());
    await programs.office.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' }), student({ sisId: '2' })));
  });
  afterAll(async () => {
    await programs.stop();
    await ground.stop();
  });

  async function signIn(sisId = '1') {
    const { office } = programs;
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      sub: accountIdOf(office.vault, districtId, 'student', sisId),
      sid: randomUUID(),
      jti: randomUUID(),
      iat,
      exp: iat + 3600,
      district: districtId,
      role: 'student' as const,
      matched: { by: 'email' as const, roster: 'sftp' as const },
    };
    const { standing } = await office.standings.read(districtId, 0);
    const record = {
      sid: claims.sid,
      districtId,
      accountId: claims.sub,
      serial: standing.serial,
      issuedAt: iat,
      expiresAt: claims.exp,
      openedBy: 'state',
      returnTo: 'http://localhost:4000/',
    };
    await office.store.commit([], [office.registry.write(record)]);
    return { claims, token: await office.tokens.issue(claims) };
  }

  const post = (path: string, form: Record<string, string>, headers = programs.headers.product) =>
    programs.ask('POST', path, { headers, body: new URLSearchParams(form) });

  it('tells of a live token who it is, and of an ended one nothing', async () => {
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
    await programs.office.registry.end(districtId, claims.sid);
    expect((await post('/oauth/introspect', { token })).json).toEqual({ active: false });
  });

  it('revokes a token at once and tells the offline checkers', async () => {
    const { claims, token } = await signIn();
    const { cursor } = (await programs.ask('GET', '/session/revocations', { headers: programs.headers.product })).json;
    expect((await post('/oauth/revoke', { token, token_type_hint: 'access_token' })).status).toBe(200);
    expect((await post('/oauth/introspect', { token })).json).toEqual({ active: false });
    const path = `/session/revocations${typeof cursor === 'string' ? `?after=${cursor}` : ''}`;
    const { json } = await programs.ask('GET', path, { headers: programs.headers.product });
    expect(json['revocations']).toEqual([{ kind: 'session', id: claims.sid, before: expect.any(Number) }]);
  });

  it('sees an account that left the roster at once', async () => {
    const { token } = await signIn('2');
    await programs.office.publisher.publish(districtId, 'sftp', feed(student({ sisId: '1' })));
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
});
