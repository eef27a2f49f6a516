// The cheap part of what `npm run prove:faults` shows: a store that falls silent, a server told to end, a wrong clock.
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { decodeJwt } from 'jose';
import { type House, startHouse } from '../support/bridge.ts';
import { findBuilt } from '../support/bridge-build.ts';
import { problemAccept } from '../support/bridge-client.ts';
import { type BridgeProcess, until } from '../support/bridge-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

let house: House;
let token: string;

beforeAll(async () => {
  house = await startHouse({ engine: 'redis' });
  const browser = house.browser();
  await browser.open(house.launchAddress('student'));
  token = browser.cookie('summit_session') ?? '';
});
afterAll(() => house.stop());

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
  const { json } = await house.command('credential', 'create', '--scope', scope, '--name', 'faults');
  return { id: String(json['id']), secret: String(json['secret']) };
}

describe('a store that takes everything and says nothing', () => {
  let proxy: TcpProxy;
  let bridge: BridgeProcess;
  beforeAll(async () => {
    proxy = await startTcpProxy(house.redis?.port ?? 0);
    bridge = await house.addBridge({ STORE_URL: `redis://127.0.0.1:${proxy.port}` });
  });
  afterAll(async () => {
    await bridge.stop();
    await proxy.close();
  });

  it('is never read as "no session"; soon nobody waits, and the process lives', async () => {
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
    for (const { status, headers, ms } of first)
      expect([status, /^\d+$/.test(headers.get('retry-after') ?? ''), ms < 5_000]).toEqual([503, true, true]);
    const [second, third, ready, alive] = await Promise.all([
      session(),
      isActive(),
      timed(`${bridge.opsUrl}/readyz`),
      timed(`${bridge.opsUrl}/livez`),
    ]);
    expect([second.status, third.status, ready.status, alive.status]).toEqual([503, 503, 503, 200]);
    // The quickest of a few: on a busy machine anything may be slow once, but who asks the store waits two seconds.
    const times = [second.ms, third.ms, ready.ms];
    for (let count = 0; count < 4; count += 1) times.push((await session()).ms);
    expect(Math.min(...times)).toBeLessThan(1_500);

    await proxy.set({ kind: 'pass' });
    await until(async () => (await fetch(`${bridge.opsUrl}/readyz`)).status === 200, 'the bridge to be ready again');
    expect([(await session()).status, (await isActive()).body['active']]).toEqual([200, true]);
  });
});

it('a server that is told to end finishes every sign-in it took, and says meanwhile that it is going', async () => {
  const bridge = await house.addBridge();
  const people = Array.from({ length: 8 }, () => house.browser());
  const callbacks = await Promise.all(
    people.map(async (person) => {
      const { pathname, search } = await house.toCallback(person, house.launchAddress('student'));
      return bridge.url + pathname + search;
    }),
  );
  const before = house.tokenRequests();
  house.clever.switches.set({ slow: { ms: 700, on: ['token'] } });
  const answers = people.map((person, at) => person.once(callbacks[at] ?? '', { accept: problemAccept }));
  await until(() => house.tokenRequests() === before + people.length, 'every code to be on its way');
  const ended = bridge.stop();
  await sleep(50);
  const ready = await timed(`${bridge.opsUrl}/readyz`);
  expect([ready.status, ready.body['status']]).toEqual([503, 'draining']);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(people.map(() => 303));
  expect(await ended).toBe(0);
  house.clever.switches.clear();
});

it('an ending by a server five minutes behind reaches, offline too, whoever signed in before it', async () => {
  const clock = pathToFileURL(findBuilt('bench/faults/shift-clock.js')).href;
  const bridge = await house.addBridge({ NODE_OPTIONS: `--import ${clock}`, CLOCK_STEP_MS: '-300000' });
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
  const told = await timed(`${house.bridge.url}/session/revocations`, { headers: { authorization: basic } });
  const all: readonly { id: string; before: number }[] = Object(told.body)['revocations'];
  const before = all.find(({ id }) => id === claims.sub)?.before ?? 0;
  expect(before).toBeGreaterThan(claims.iat);
  expect(Math.abs(before - Date.now() / 1000)).toBeLessThan(30);
  expect((await timed(`${house.bridge.url}/session`, bearer(token))).status).toBe(401);
  await bridge.stop();
});
