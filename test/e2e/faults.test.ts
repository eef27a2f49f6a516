// The cheap part of what `npm run prove:faults` shows: a store that stops answering, a server that gets SIGTERM, a wrong clock.
import { pathToFileURL } from 'node:url';
import { decodeJwt } from 'jose';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { findBuilt } from '../helpers/bridge-build.ts';
import { problemAccept } from '../helpers/bridge-client.ts';
import { type BridgeProcess, until } from '../helpers/bridge-process.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';

let fixture: Fixture;
let token: string;

beforeAll(async () => {
  fixture = await startFixture({ engine: 'redis' });
  const browser = fixture.browser();
  await browser.open(fixture.launchAddress('student'));
  token = browser.cookie('summit_session') ?? '';
});
afterAll(() => fixture.stop());

async function timed(address: string, init: RequestInit = {}) {
  const began = performance.now();
  const answer = await fetch(address, init);
  const body: Readonly<Record<string, unknown>> = Object(await answer.json());
  return { status: answer.status, body, headers: answer.headers, ms: performance.now() - began };
}

const bearer = (secret: string): RequestInit => ({
  headers: { authorization: `Bearer ${secret}`, accept: problemAccept },
});

async function credential(scope: 'product' | 'admin') {
  const { json } = await fixture.command('credential', 'create', '--scope', scope, '--name', 'faults');
  return { id: String(json['id']), secret: String(json['secret']) };
}

describe('a store that takes everything and says nothing', () => {
  let proxy: TcpProxy;
  let bridge: BridgeProcess;
  beforeAll(async () => {
    proxy = await startTcpProxy(fixture.redis?.port ?? 0);
    bridge = await fixture.addBridge({ STORE_URL: `redis://127.0.0.1:${proxy.port}`, STORE_TIMEOUT: '10s' });
  });
  afterAll(async () => {
    await bridge.stop();
    await proxy.close();
  });

  it('is never read as "no session"; soon no request waits, and the process lives', async () => {
    const { id, secret } = await credential('product');
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const isActive = () =>
      timed(`${bridge.url}/oauth/introspect`, {
        method: 'POST',
        headers: { authorization: basic },
        body: new URLSearchParams({ token }),
      });
    const session = () => timed(`${bridge.url}/session`, bearer(token));
    expect([(await session()).status, (await isActive()).body['active']]).toEqual([200, true]);

    await proxy.set({ kind: 'hang' });
    const first = await Promise.all(Array.from({ length: 12 }, session));
    for (const { status, headers } of first)
      expect([status, /^\d+$/.test(headers.get('retry-after') ?? '')]).toEqual([503, true]);
    const [second, third, ready, alive] = await Promise.all([
      session(),
      isActive(),
      timed(`${bridge.opsUrl}/readyz`),
      timed(`${bridge.opsUrl}/livez`),
    ]);
    expect([second.status, third.status, ready.status, alive.status]).toEqual([503, 503, 503, 200]);
    // The quickest of a few: on a busy machine anything may be slow once, but who asks the store waits ten seconds.
    const times = [second.ms, third.ms, ready.ms];
    for (let count = 0; count < 4; count += 1) times.push((await session()).ms);
    expect(Math.min(...times)).toBeLessThan(9_000);

    await proxy.set({ kind: 'pass' });
    await until(async () => (await fetch(`${bridge.opsUrl}/readyz`)).status === 200, 'the bridge to be ready again');
    expect([(await session()).status, (await isActive()).body['active']]).toEqual([200, true]);
  });
});

it('a server that gets SIGTERM finishes every accepted sign-in, and reports that it drains', async () => {
  const bridge = await fixture.addBridge();
  const people = Array.from({ length: 8 }, () => fixture.browser());
  const callbacks = await Promise.all(
    people.map(async (person) => {
      const { pathname, search } = await fixture.toCallback(person, fixture.launchAddress('student'));
      return bridge.url + pathname + search;
    }),
  );
  const before = fixture.tokenRequests();
  fixture.clever.switches.set({ slow: { ms: 4_000, on: ['token'] } });
  const answers = people.map((person, at) => person.once(callbacks[at] ?? '', { accept: problemAccept }));
  await until(() => fixture.tokenRequests() === before + people.length, 'every code to be on its way');
  const ended = bridge.stop();
  const readiness = async () => (await timed(`${bridge.opsUrl}/readyz`)).body['status'];
  await until(async () => (await readiness()) === 'draining', 'the bridge to say that it is going');
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(people.map(() => 303));
  expect(await ended).toBe(0);
  fixture.clever.switches.clear();
});

it('an ending by a server five minutes behind covers, offline too, every session opened before it', async () => {
  const clock = pathToFileURL(findBuilt('bench/faults/shift-clock.js')).href;
  const bridge = await fixture.addBridge({ NODE_OPTIONS: `--import ${clock}`, CLOCK_STEP_MS: '-300000' });
  bridge.signal('SIGUSR2');
  const claims = decodeJwt<{ district: string; iat: number }>(token);
  const { secret } = await credential('admin');
  const { authorization } = Object(bearer(secret).headers);
  const done = await timed(`${bridge.url}/districts/${claims.district}/sessions/end`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ account: claims.sub, reason: 'a lost tablet' }),
  });
  expect(done.status).toBeLessThan(300);
  const product = await credential('product');
  const basic = `Basic ${Buffer.from(`${product.id}:${product.secret}`).toString('base64')}`;
  const answer = await timed(`${fixture.bridge.url}/session/revocations`, { headers: { authorization: basic } });
  const all: readonly { id: string; before: number }[] = Object(answer.body)['revocations'];
  const before = all.find(({ id }) => id === claims.sub)?.before ?? 0;
  expect(before).toBeGreaterThan(claims.iat);
  expect(Math.abs(before - Date.now() / 1000)).toBeLessThan(150);
  expect((await timed(`${fixture.bridge.url}/session`, bearer(token))).status).toBe(401);
  await bridge.stop();
});
