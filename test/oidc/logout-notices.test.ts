// Clients are notified of every ending, over HTTP, by OpenID Connect Back-Channel Logout 1.0.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createLogoutNotices } from '../../src/oidc/logout-notices.ts';
import { createClock } from '../helpers/clock.ts';
import { districtId, type OidcServer, startOidc } from '../helpers/oidc-server.ts';
import { createServices, issuer } from '../helpers/services.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('back-channel logout, on $name', (engine) => {
  let storeFixture: StoreFixture;
  let server: OidcServer;
  const posted: string[] = [];
  let status = 200;
  const product = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      posted.push(new URLSearchParams(body).get('logout_token') ?? '');
      response.writeHead(status).end();
    });
  });

  beforeAll(async () => {
    storeFixture = await engine.start();
    server = await startOidc(await storeFixture.place().open());
    await new Promise<void>((resolve) => product.listen(0, '127.0.0.1', resolve));
    const backchannelLogoutUri = `http://127.0.0.1:${(product.address() as AddressInfo).port}/ended`;
    await server.putClient('coach', { backchannelLogoutUri });
    await server.putClient('deaf');
    await server.services.districts.put({
      id: districtId,
      cleverId: '0123456789abcdef01234567',
      name: 'Juniper',
      rostering: ['sftp'],
    });
  });
  beforeEach(() => {
    posted.length = 0;
    status = 200;
  });
  afterAll(async () => {
    product.closeAllConnections();
    await new Promise((resolve) => product.close(resolve));
    await server?.stop();
    await storeFixture?.stop();
  });

  async function signIn(sisId = '1', client = 'coach') {
    const signedIn = await server.signIn(sisId);
    await server.authorize(signedIn.cookie, { client_id: client });
    return signedIn;
  }

  const read = async (token: string | undefined) => {
    const keys = createLocalJWKSet({ keys: [...(await server.services.keys.jwks()).keys] });
    return (await jwtVerify(token ?? '', keys, { issuer, audience: 'coach', typ: 'logout+jwt' })).payload;
  };

  const endings: readonly [string, (sid: string, accountId: string) => Promise<unknown>][] = [
    ['a sign-out', (sid) => server.services.registry.end(districtId, sid)],
    ['a released account', (_sid, accountId) => server.services.endSessions.ofAccount(districtId, accountId)],
    ['the end of a district', () => server.services.endSessions.ofDistrict(districtId)],
    ['a compromised key', () => server.services.recordedAccess.replaceCompromisedKeys('a test')],
  ];
  it.each(endings)('are sent once for %s, with sub and sid and without a nonce', async (_what, end) => {
    const { sid, accountId } = await signIn('2');
    await server.tellOfLogouts();
    expect(posted).toEqual([]);
    await end(sid, accountId);
    await server.tellOfLogouts();
    await server.tellOfLogouts();
    expect(server.failures).toEqual([]);
    expect(posted).toHaveLength(1);
    const payload = await read(posted[0]);
    expect(payload).toMatchObject({
      sub: accountId,
      sid,
      jti: expect.any(String),
      iat: expect.any(Number),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(payload).not.toHaveProperty('nonce');
  });

  it('are not sent for a live session, nor to a client that did not register for them', async () => {
    const lives = await signIn('1');
    const { sid } = await signIn('2', 'deaf');
    await server.services.registry.end(districtId, sid);
    await server.tellOfLogouts();
    expect(posted).toEqual([]);
    expect((await server.authorize(lives.cookie)).searchParams.has('code')).toBe(true);
    await server.services.registry.end(districtId, lives.sid);
    await server.tellOfLogouts();
    expect(posted).toHaveLength(1);
  });

  it('keeps what a client did not take, and says so', async () => {
    status = 500;
    const { sid } = await signIn();
    await server.services.registry.end(districtId, sid);
    await server.tellOfLogouts();
    expect(server.notices.at(-1)).toMatchObject({ clientId: 'coach', sid, result: 'failed', tries: 1 });
    expect(posted).toHaveLength(1);
  });

  it('tries again over restarts until the client takes it, and gives up after some two hours', async () => {
    const clock = createClock();
    const services = await createServices(await storeFixture.place().open(clock), clock);
    const uris = { redirectUris: ['https://a.example/'], backchannelLogoutUri: 'https://a.example/out' };
    await services.clients.put('coach', uris);
    const results: string[] = [];
    const failures: unknown[] = [];
    const open = () =>
      createLogoutNotices({
        ...services,
        onFailure: (failure: unknown) => failures.push(failure),
        deliver: () => Promise.reject(new Error('down')),
        report: (_notice, result) => results.push(result),
      });
    const issuedAt = Math.floor(clock() / 1000);
    const opened = { rosterVersion: 0, openedBy: 'x', returnTo: 'x', issuedAt, expiresAt: issuedAt + 28_800 };
    await open().register('coach', { sid: 's', accountId: 'a', districtId: 'd', ...opened });
    await services.revocations.append([{ kind: 'session', id: 's' }]);
    for (let minute = 0; minute < 240; minute += 1) {
      await open().loop.task();
      clock.advance(60);
    }
    expect(failures).toEqual([]);
    expect(results).toEqual([...Array.from({ length: 17 }, () => 'failed'), 'given_up']);
  });
});
