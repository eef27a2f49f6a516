// What is counted by which key: a school morning passes, a loop, a flood and guesses do not.
import express from 'express';
import request from 'supertest';
import { createApp } from '../../../src/http/app.ts';
import { markCredentialKnown } from '../../../src/http/kit/authenticate.ts';
import { createCookies } from '../../../src/http/kit/cookies.ts';
import { addressKeyOf, createLimits } from '../../../src/http/kit/limits.ts';
import { createLimiter, type RuleLimits, ruleLimits } from '../../../src/limits/limiter.ts';
import { withWallClock } from '../../helpers/clock.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const good = basic('0123456789abcdef:good');

function start(limits: Partial<RuleLimits> = {}) {
  const limited: string[] = [];
  const all = { ...ruleLimits, ...limits };
  const limiter = createLimiter({
    blind: (...parts) => parts.join('_'),
    limits: all,
    onLimited: (rule) => limited.push(rule),
  });
  let onLimited = 0;
  let unreadable = 0;
  const cookies = createCookies({ secure: true, namesBrowsers: true });
  const router = express.Router();
  router.get(
    ['/login', '/oauth/clever/callback', '/ok', '/support/login'],
    (_request, response) => void response.send('ok'),
  );
  router.get('/begin', (incoming, response) => {
    cookies.addAttempt(incoming, response, 'a', 'sealed');
    response.send('ok');
  });
  router.get('/session', (_request, response) => void response.sendStatus(401));
  router.get('/districts', (incoming, response) => {
    const isGood = incoming.get('authorization') === good;
    if (isGood) markCredentialKnown(response);
    response.sendStatus(isGood ? 200 : 401);
  });
  router.get('/support/attempts/:reference', (incoming, response) => {
    response.sendStatus(incoming.params['reference'] === 'GOOD' ? 200 : 404);
  });
  router.get('/support', (_request, response) => void response.send('support'));
  const app = createApp({
    routers: [router],
    https: true,
    trustProxy: true,
    onFailure: () => undefined,
    isStoreSilent: () => false,
    limit: createLimits({
      limiter,
      blind: (text) => text,
      signInPaths: ['/login', '/oauth/clever/callback'],
      cookies,
      staffCookie: '__Host-summit_staff',
      onLimited: () => {
        onLimited += 1;
      },
      onUnreadableAddress: () => {
        unreadable += 1;
      },
    }),
  });
  const server = app.listen(0, '127.0.0.1');
  const ask = (path: string, from = '192.0.2.1', headers: Record<string, string> = {}) =>
    request(server)
      .get(path)
      .set({ 'X-Forwarded-For': from, ...headers });
  const statuses = async (count: number, ...what: Parameters<typeof ask>) => {
    const found: number[] = [];
    for (let sent = 0; sent < count; sent += 1) found.push((await ask(...what)).status);
    return found;
  };
  return {
    ask,
    statuses,
    limited,
    onLimited: () => onLimited,
    unreadable: () => unreadable,
    stop: () => new Promise((end) => server.close(end)),
  };
}

let bridge: ReturnType<typeof start>;
afterEach(() => bridge.stop());

const browser = (id: number) => ({
  cookie: `__Host-summit_browser=${String(id).padStart(8, '0')}-0000-4000-8000-000000000000`,
});
const times = (count: number, status: number) => Array.from({ length: count }, () => status);

describe('sign-ins', () => {
  it('of a thousand browsers behind one address pass in a minute, and of thirty students too', async () => {
    bridge = start();
    expect(new Set(await bridge.statuses(1_000, '/login'))).toEqual(new Set([200]));
    expect(bridge.limited).toEqual([]);
  }, 300_000);

  it('of one browser in a loop are stopped before its school is', async () => {
    bridge = start({ browser: 5, address: 20 });
    expect(await bridge.statuses(7, '/login', '192.0.2.1', browser(1))).toEqual([...times(5, 200), 429, 429]);
    await bridge.statuses(100, '/oauth/clever/callback', '192.0.2.1', browser(1));
    expect(await bridge.statuses(5, '/login', '192.0.2.1', browser(2))).toEqual(times(5, 200));
    expect(new Set(bridge.limited)).toEqual(new Set(['browser']));
  });

  it('of browsers with names of their own making are counted by the address', async () => {
    bridge = start({ browser: 5, address: 10 });
    const found: number[] = [];
    for (let id = 0; id < 12; id += 1) found.push((await bridge.ask('/login', '192.0.2.1', browser(id))).status);
    expect(found).toEqual([...times(10, 200), 429, 429]);
  });

  it('are counted under every spelling of their path, and nothing else is', async () => {
    bridge = start({ address: 2 });
    await bridge.ask('/LOGIN/');
    await bridge.ask('/oauth/clever/CALLBACK');
    expect(await bridge.statuses(1, '/login')).toEqual([429]);
    expect(await bridge.statuses(1, '/ok')).toEqual([200]);
    expect(bridge.onLimited()).toBe(1);
  });

  it('above the limit get a page or a problem document, with Retry-After', async () => {
    bridge = start({ address: 0 });
    const page = await bridge.ask('/login').set('Accept', 'text/html');
    expect([page.status, page.type]).toEqual([429, 'text/html']);
    const problem = await bridge.ask('/login').set('Accept', 'application/json');
    expect(problem.body).toMatchObject({ code: 'rate_limited', status: 429, owner: 'wait', retryable: true });
    for (const { headers } of [page, problem]) {
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
    }
  });

  it('name the browser once, by a cookie that other hosts cannot set', async () => {
    bridge = start();
    const first = await bridge.ask('/begin');
    expect(Object(first.headers)['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-summit_sign_in_a=/),
      expect.stringMatching(/^__Host-summit_browser=[0-9a-f-]{36}; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    ]);
    const again = await bridge.ask('/begin', '192.0.2.1', browser(1));
    expect(again.headers['set-cookie']).toHaveLength(1);
  });
});

describe('credentials', () => {
  it('that are wrong are stopped by their address with 429, whatever secret comes next', async () => {
    bridge = start({ credential_address: 3 });
    const found: number[] = [];
    for (let guess = 0; guess < 5; guess += 1)
      found.push((await bridge.ask('/districts', '192.0.2.1', { authorization: `Bearer ${guess}` })).status);
    expect(found).toEqual([401, 401, 401, 429, 429]);
    const answer = await bridge.ask('/districts', '192.0.2.1', { authorization: 'Bearer 6', accept: '*/*' });
    expect([answer.type, Number(answer.headers['retry-after']) > 0]).toEqual(['application/problem+json', true]);
    expect((await bridge.ask('/districts', '192.0.2.2', { authorization: 'Bearer 7' })).status).toBe(401);
  });

  it('that are guessed become no good ones by a route that asks for none', async () => {
    bridge = start({ credential_address: 2 });
    const found: number[] = [];
    const guesses = [1, 2, 3, 4].map((guess) => ({ authorization: `Bearer ${guess}` }));
    for (const guess of guesses) for (const path of ['/ok', '/nowhere']) await bridge.ask(path, '192.0.2.1', guess);
    for (const guess of guesses) found.push((await bridge.ask('/districts', '192.0.2.1', guess)).status);
    expect(found).toEqual([401, 401, 429, 429]);
  });

  it('of one id are logged from every address, and block its owner at no server, not at a new one', async () => {
    bridge = start({ credential_id: 3 });
    const found: number[] = [];
    for (let guess = 0; guess < 5; guess += 1) {
      const authorization = basic(`0123456789abcdef:${guess}`);
      found.push((await bridge.ask('/districts', `192.0.2.${guess}`, { authorization })).status);
    }
    expect(found).toEqual(times(5, 401));
    expect(bridge.limited).toEqual(['credential_id', 'credential_id']);
    expect((await bridge.ask('/districts', '198.51.100.1', { authorization: good })).status).toBe(200);
  });

  it('that are good are not shut out by guesses from the same address', async () => {
    bridge = start({ credential_address: 2 });
    await bridge.ask('/districts', '192.0.2.1', { authorization: good });
    await bridge.statuses(5, '/districts', '192.0.2.1', { authorization: 'Bearer wrong' });
    expect(await bridge.statuses(3, '/districts', '192.0.2.1', { authorization: good })).toEqual([200, 200, 200]);
  });

  it('of one id are one client however the id is encoded', async () => {
    bridge = start({ credential_id: 2 });
    const spellings = ['0123456789abcdef', '%30123456789abcdef', '%30%31%32%33456789abcdef'];
    for (const id of spellings) await bridge.ask('/districts', '192.0.2.1', { authorization: basic(`${id}:wrong`) });
    expect(bridge.limited).toEqual(['credential_id']);
  });

  it('that are good stay so when the clock of the machine is set', async () => {
    bridge = start({ credential_address: 2 });
    await withWallClock(async (advance) => {
      await bridge.ask('/districts', '192.0.2.1', { authorization: good });
      advance(3_600);
      await bridge.statuses(3, '/districts', '192.0.2.1', { authorization: 'Bearer wrong' });
      expect(await bridge.statuses(2, '/districts', '192.0.2.1', { authorization: good })).toEqual([200, 200]);
    });
  });

  it('that are good are not counted, nor are session tokens that ended', async () => {
    bridge = start({ credential_address: 2 });
    expect(await bridge.statuses(10, '/districts', '192.0.2.1', { authorization: good })).toEqual(times(10, 200));
    expect(await bridge.statuses(10, '/session', '192.0.2.1', { authorization: 'Bearer x' })).toEqual(times(10, 401));
  });
});

describe('the support pages', () => {
  it('stops a visitor who tries references, and no other', async () => {
    bridge = start({ reference: 3 });
    const one = { authorization: 'Bearer one' };
    expect(await bridge.statuses(5, '/support/attempts/X', '192.0.2.1', one)).toEqual([404, 404, 404, 429, 429]);
    expect(await bridge.statuses(1, '/support/attempts/GOOD', '192.0.2.1', one)).toEqual([429]);
    expect(await bridge.statuses(1, '/support/attempts/GOOD', '192.0.2.1', { authorization: 'Bearer two' })).toEqual([
      200,
    ]);
  });

  it('counts staff by their session, not by cookies beside it', async () => {
    bridge = start({ support: 2 });
    const found: number[] = [];
    for (let count = 0; count < 3; count += 1)
      found.push((await bridge.ask('/support', '192.0.2.1', { cookie: `x=${count}; __Host-summit_staff=s` })).status);
    expect(found).toEqual([200, 200, 429]);
  });

  it('limits staff sign-ins by address', async () => {
    bridge = start({ staff: 2 });
    expect(await bridge.statuses(3, '/support/login')).toEqual([200, 200, 429]);
    expect(await bridge.statuses(1, '/support/login', '192.0.2.2')).toEqual([200]);
  });
});

describe('an address', () => {
  /** As the request's only facts are the address that is named and the socket's. */
  const keyOf = (ip: string | undefined, remoteAddress: string | undefined = '198.51.100.1') => {
    let unreadable = 0;
    const key = addressKeyOf({ ip, socket: { remoteAddress } } as Parameters<typeof addressKeyOf>[0], () => {
      unreadable += 1;
    });
    return { key, unreadable };
  };
  const network = keyOf('2001:db8:1:2::').key;

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1:50001', '192.0.2.1'],
    ['"192.0.2.1:50001"', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', network],
    ['2001:db8:1:2:ffff::1', network],
    ['[2001:db8:1:2:ffff::1]', network],
    ['[2001:db8:1:2:ffff::1]:443', network],
    ['"[2001:db8:1:2:ffff::1]:443"', network],
  ])('%s counts as %s', (ip, key) => {
    expect(keyOf(ip)).toEqual({ key, unreadable: 0 });
  });

  it.each(['', 'unknown', '_hidden', 'not an address', '192.0.2.1:port', '192.0.2.1:5:5', '[192.0.2', '192.0.2.256'])(
    'that is none (%s) counts as the one that sent the request, and is reported',
    (ip) => {
      expect(keyOf(ip)).toEqual({ key: '198.51.100.1', unreadable: 1 });
      expect(keyOf(ip, '::ffff:198.51.100.2').key).toBe('198.51.100.2');
    },
  );

  it('of a connection that is gone is unknown', () => {
    expect(keyOf(undefined, '')).toEqual({ key: 'unknown', unreadable: 0 });
  });

  it('of the next network is another', () => {
    expect(keyOf('2001:db8:1:3::1').key).not.toBe(network);
  });
});

describe('visitors whom a proxy names with a port', () => {
  it('have a limit each', async () => {
    bridge = start({ address: 2 });
    expect(await bridge.statuses(3, '/login', '203.0.113.9:50001')).toEqual([200, 200, 429]);
    expect(await bridge.statuses(1, '/login', '203.0.113.9:50002')).toEqual([429]);
    expect(await bridge.statuses(1, '/login', '203.0.113.10:50001')).toEqual([200]);
    expect(bridge.unreadable()).toBe(0);
  });
});
