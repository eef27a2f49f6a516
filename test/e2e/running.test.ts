// A running server as an operator meets it: ids of requests, the level of the log, signals, and the delay before it drains.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { readLine, until } from '../helpers/bridge-process.ts';
import { patientStore, startRedis } from '../helpers/redis-server.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ engine: 'embedded' });
});
afterAll(() => fixture.stop());

it('answers the id of a request, its own or the one that came, and logs it with the trace', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { 'x-request-id': 'from-the-proxy-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
  const given = await fetch(`${fixture.bridge.url}/oauth/clever/callback?error=access_denied&state=none`, { headers });
  expect(given.headers.get('x-request-id')).toBe('from-the-proxy-1');
  const made = await fetch(`${fixture.bridge.url}/livez`);
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  const [line] = await fixture.bridge.signInsDuring(async () => {
    await fixture.browser().open(fixture.launchAddress('student'));
  });
  expect(line).toMatchObject({ request_id: expect.any(String), trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
});

it('carries the trace of a request on to Clever, and has its ids in each line of it', async () => {
  const bridge = await fixture.addBridge({ CLEVER_ISSUER: fixture.clever.url });
  const atClever: (string | undefined)[] = [];
  const see = (message: unknown) => {
    const { request } = Object(message);
    if (request.headers.host === new URL(fixture.clever.url).host) atClever.push(request.headers.traceparent);
  };
  const [trace, span] = ['5bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const headers = { 'x-request-id': 'from-the-proxy-2', traceparent: `00-${trace}-${span}-01` };
  const callback = await fixture.toCallback(fixture.browser(), fixture.launchAddress('student'));
  subscribe('http.server.request.start', see);
  await fetch(`${bridge.url}/login`, { headers, redirect: 'manual' });
  const known = atClever.length;
  await fetch(`${bridge.url}/oauth/clever/callback${callback.search}`, { headers, redirect: 'manual' });
  unsubscribe('http.server.request.start', see);
  expect(known).toBe(1);
  expect(atClever.every((given) => given?.startsWith(`00-${trace}-`))).toBe(true);
  await fetch(`${bridge.url}/oauth/introspect`, { method: 'POST', headers });
  const lines = () => bridge.raw.map(readLine).filter((line) => Object(line).request_id === headers['x-request-id']);
  await until(() => lines().some((line) => Object(line).event === 'access-refused'), 'the line of the refusal');
  expect(lines()).toEqual(lines().map(() => expect.objectContaining({ trace_id: trace })));
});

it('serves everything for DRAIN_DELAY while /readyz says no, then ends', async () => {
  const bridge = await fixture.addBridge({ DRAIN_DELAY: '10s' });
  const ended = bridge.stop();
  await until(async () => (await fetch(`${bridge.opsUrl}/readyz`)).status === 503, '/readyz to say no');
  expect(await (await fetch(`${bridge.opsUrl}/readyz`)).json()).toMatchObject({ status: 'draining' });
  const answer = await fetch(`${bridge.url}/`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('connection')).not.toBe('close');
  expect(await ended).toBe(0);
});

it('goes on after SIGHUP and says that settings are read at start', async () => {
  const bridge = await fixture.addBridge();
  bridge.signal('SIGHUP');
  await until(() => bridge.raw.some((line) => line.includes('settings-not-reloaded')), 'a word on SIGHUP');
  expect((await fetch(`${bridge.url}/`)).status).toBe(200);
});

it('prints nothing that is not JSON, and names an unknown setting without its value', async () => {
  const bridge = await fixture.addBridge({ STORE_KEY: 'a misspelling' });
  expect(bridge.raw.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ event: 'unknown-setting', setting: 'STORE_KEY', level: 'warn' }),
  );
  expect(bridge.raw.join('\n')).not.toContain('misspelling');
});

it('goes to Clever and to the provider of the staff through the proxy of the network, and around it where NO_PROXY says so', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const settings = {
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    CLEVER_ISSUER: 'https://clever.invalid',
    CLEVER_API_URL: 'https://clever.invalid',
    STAFF_ISSUER: 'https://staff.invalid',
    STAFF_CLIENT_ID: 'a',
    STAFF_CLIENT_SECRET: 'b',
  };
  const begin = async (own: Record<string, string>) => {
    const bridge = await fixture.addBridge({ ...settings, ...own });
    const { status } = await fetch(`${bridge.url}/login`, { redirect: 'manual' });
    await fetch(`${bridge.url}/support/login`, { redirect: 'manual' });
    await bridge.stop();
    expect(bridge.raw.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'sign-in', outcome: 'clever_unavailable', reason: expect.any(String) }),
    );
    return status;
  };
  try {
    expect(await begin({ NO_PROXY: 'staff.invalid' })).toBe(503);
    expect([...new Set(asked.splice(0))]).toEqual(['clever.invalid:443']);
    expect(await begin({})).toBe(503);
    expect([...new Set(asked)].sort()).toEqual(['clever.invalid:443', 'staff.invalid:443']);
  } finally {
    proxy.close();
  }
});

it('prints nothing that is not JSON where a library has something to say', async () => {
  const redis = await startRedis({ args: ['--user', 'bridge', 'on', '>secret', '~*', '+@all', '-info'] });
  try {
    const bridge = await fixture.addBridge({
      ...patientStore,
      STORE_URL: `redis://bridge:secret@127.0.0.1:${redis.port}`,
      STORE_KEYS: `a:${Buffer.alloc(32, 1).toString('base64')}`,
    });
    expect(bridge.raw.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: 'library-message', method: 'warn' }),
    );
    expect(await bridge.stop()).toBe(0);
    expect(bridge.raw.filter((line) => !line.startsWith('{'))).toEqual([]);
  } finally {
    await redis.stop();
  }
});
