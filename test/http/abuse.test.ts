// Attacks from outside, by name, on a real bridge: each would work on a server that lacks one check.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { readLine } from '../helpers/bridge-process.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ engine: 'embedded' });
}, 300_000);
afterAll(() => fixture.stop());

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** As it is, with a Host and a method that fetch would not send. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  const outgoing = httpRequest(new URL(path, fixture.bridge.url), { method, headers, agent: false }).end();
  const [response] = await once(outgoing, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}

/** What comes back on one connection until it ends; `undefined` if it does not end in time. */
function converse(text: string, timeoutMs = 60_000): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(fixture.bridge.url).port), '127.0.0.1');
    let seen = '';
    const late = setTimeout(() => socket.destroy(new Error('late')), timeoutMs);
    socket.on('data', (chunk) => {
      seen += chunk;
    });
    socket.once('error', () => resolve(undefined)).once('close', () => resolve(seen));
    socket.once('close', () => clearTimeout(late));
    socket.write(text);
  });
}

const strangers = [
  { host: 'evil.example' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  { forwarded: 'host=evil.example;proto=https' },
  { 'x-original-url': '/support/trail', 'x-rewrite-url': '/support/trail' },
  { 'x-forwarded-prefix': '//evil.example' },
];

describe('a Host that is not ours, and what only a proxy may say', () => {
  it.each(strangers)('%j change no address of ours', async (headers) => {
    const { status, headers: answered } = await ask('/login', headers);
    expect(status).toBe(302);
    const address = new URL(String(answered['location']));
    expect(address.origin).toBe(fixture.clever.url);
    expect(address.searchParams.get('redirect_uri')).toBe(`${fixture.publicUrl}/oauth/clever/callback`);
    const { body } = await ask('/.well-known/oauth-authorization-server', headers);
    expect(JSON.parse(body).issuer).toBe(fixture.publicUrl);
    expect(JSON.stringify(await ask('/nowhere', headers))).not.toContain('evil');
  });

  it('make no answer of another client’s: nothing that depends on them may be kept', async () => {
    for (const headers of strangers) expect((await ask('/login', headers)).headers['cache-control']).toBe('no-store');
  });
});

const elsewhere = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https://evil.example',
  'https://evil.example/%2e%2e',
  'javascript:alert(1)',
  'data:text/html,x',
  '{product}.evil.example',
  '{product}@evil.example',
  'http://localhost',
  '/\t/evil.example',
  '/\n/evil.example',
  'http://user:pass@{host}/',
  'ftp://{host}/',
  '/%09/evil.example/..//x',
  '\u0000//evil.example',
  ' //evil.example',
  '?a',
  '#a',
  '.',
  'x'.repeat(4_000),
];

describe('return_to', () => {
  it.each(elsewhere)('%j leads to the product and nowhere else', async (form) => {
    const wanted = form.replace('{product}', fixture.productUrl).replace('{host}', new URL(fixture.productUrl).host);
    const browser = fixture.browser();
    await browser.open(fixture.launchAddress('student'));
    const begin = `${fixture.publicUrl}/login?return_to=${encodeURIComponent(wanted)}`;
    const { location } = await browser.open(await fixture.toCallback(browser, begin), { stopBefore: () => true });
    expect(location?.origin).toBe(fixture.productUrl);
    expect(location?.username).toBe('');
  });
});

describe('login CSRF and session fixation', () => {
  it('an address of an attacker’s own sign-in does nothing in another browser, with or without its cookie tossed', async () => {
    const attacker = fixture.browser();
    const victim = fixture.browser();
    await victim.open(fixture.launchAddress('student'));
    const before = victim.cookie('summit_session');
    const callback = await fixture.toCallback(attacker, fixture.launchAddress('student-2'));
    expect((await victim.once(callback)).status).toBe(400);
    // A state of the victim's own, the attacker's code.
    const own = await fixture.toCallback(victim, fixture.launchAddress('student'));
    own.searchParams.set('code', callback.searchParams.get('code') ?? '');
    expect((await victim.open(own)).status).toBe(502);
    expect(victim.cookie('summit_session')).toBe(before);
    expect((await victim.once(`${fixture.publicUrl}/session`)).body).toContain('Marisol');
  });

  it('a session set beforehand is never the one that is opened, and with a second of its name neither counts', async () => {
    const attacker = fixture.browser();
    await attacker.open(fixture.launchAddress('student-2'));
    const fixed = attacker.cookie('summit_session') ?? '';
    const victim = fixture.browser();
    victim.setCookie('summit_session', fixed);
    await victim.open(fixture.launchAddress('student'));
    expect(victim.cookie('summit_session')).not.toBe(fixed);
    expect((await attacker.once(`${fixture.publicUrl}/session`)).status).toBe(401);
    const beside = (token: string | undefined) =>
      ask('/session', { cookie: `summit_session=${token}; summit_session=${victim.cookie('summit_session')}` });
    // The sign-in ended what was set beforehand: it cannot keep the person out either.
    expect((await beside(fixed)).body).toContain('Marisol');
    await attacker.open(fixture.launchAddress('student-2'));
    expect((await beside(attacker.cookie('summit_session'))).status).toBe(401);
  });
});

describe('methods and origins', () => {
  it.each(['TRACE', 'DELETE', 'PATCH', 'PROPFIND'])(
    '%s is no method of any route and echoes nothing',
    async (method) => {
      const { status, headers, body } = await ask('/session', { 'x-secret': 'said-by-a-proxy' }, method);
      expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
      expect(body).not.toContain('said-by-a-proxy');
    },
  );

  it.each(['/session', '/support/attempts', '/oauth/introspect', '/districts'])(
    'no other origin may read %s, and none is asked about by a preflight',
    async (path) => {
      const origin = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
      for (const method of ['OPTIONS', 'GET']) {
        const { headers } = await ask(path, origin, method);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      }
    },
  );

  it('CONNECT makes no proxy of us', async () => {
    const seen = await converse('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n');
    expect(seen ?? '').not.toContain('200');
  });
});

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const post = 'POST /oauth/introspect HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';

describe('a request inside a request', () => {
  it.each([
    ['two lengths of two kinds', `${post}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['two lengths', `${post}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
    ['a space before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['an unknown encoding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a folded header', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ])('by %s is answered once at most, and the connection ends', async (_what, text) => {
    const seen = await converse(text);
    expect((seen?.match(/HTTP\/1\.1 \d{3} /g) ?? ['never']).length).toBe(1);
    expect(seen).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});

describe('what is large', () => {
  it.each([
    ['a head of 40,000 signs', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['a target of 40,000 signs', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    [
      'a form of a megabyte',
      `${post}Connection: close\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(1_000_000)}`,
      401,
    ],
  ])('%s is refused', async (_what, text, status) => {
    expect(Number(/^HTTP\/1\.1 (\d+)/.exec((await converse(text)) ?? '')?.[1])).toBe(status);
  });

  it('a hundred connections that say nothing, or stop in the middle of a head, do not block other users', async () => {
    const port = Number(new URL(fixture.bridge.url).port);
    const slow = Array.from({ length: 100 }, (_, index) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(index % 2 === 0 ? 'GET / HT' : 'POST /logout HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na');
      return socket;
    });
    expect((await fixture.browser().open(fixture.launchAddress('student'))).url.origin).toBe(fixture.productUrl);
    for (const socket of slow) socket.destroy();
  });
});

describe('headers', () => {
  it('of a request with many tabs and long return addresses stay below what common proxies take, both ways', async () => {
    const jar = new Map<string, string>([['summit_session', 's'.repeat(1_000)]]);
    for (let tab = 0; tab < 12; tab += 1) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      expect(cookie.length).toBeLessThan(4_096);
      const returnTo = encodeURIComponent(`/lessons?${String(tab).repeat(tab % 3 === 0 ? 900 : 20)}`);
      const text = `GET /login?return_to=${returnTo} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${cookie}\r\n\r\n`;
      const [head = ''] = ((await converse(text)) ?? '').split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 302 /);
      expect(head.length).toBeLessThan(4_096);
      for (const [, name = '', value = ''] of head.matchAll(/^set-cookie: ([^=]+)=([^;]*)/gim)) {
        if (value === '') jar.delete(name);
        else jar.set(name, value);
      }
    }
    expect([...jar.keys()].filter((name) => name.startsWith('summit_sign_in_')).length).toBeGreaterThan(1);
  });

  it('of an answer let a proxy keep its connection for longer than a minute', async () => {
    const { headers } = await ask('/signed-out', { connection: 'keep-alive' });
    expect(headers['keep-alive']).toBe('timeout=75');
  });
});

describe('the log', () => {
  it('has a line for each event and no sign of what was sent', async () => {
    const forged = 'forged\r\n{"level":"info","event":"sign-in","outcome":"signed-in"}\u2028\u001b[31m';
    const lines = await fixture.bridge.signInsDuring(async () => {
      const query = new URLSearchParams({ error: forged, error_description: forged, app: forged, district_id: forged });
      await ask(`/oauth/clever/callback?${query}`, { 'user-agent': 'forged %{jndi}', referer: 'forged' });
      await ask(`/login?${query}`, { cookie: 'summit_session=forged' });
    });
    expect(lines.map(({ outcome }) => outcome)).toEqual(['clever_denied', 'malformed_request']);
    expect(fixture.bridge.raw.filter((line) => line.includes('forged'))).toEqual([]);
    expect(fixture.bridge.raw.filter((line) => readLine(line)['event'] === undefined)).toEqual([]);
  });
});

describe('what is personal', () => {
  it.each(['/', '/session', '/signed-out', '/login', '/support', '/support/attempts', '/districts', '/nowhere'])(
    'at %s is kept by no cache, framed by no page, of the type it says, and sends no referrer',
    async (path) => {
      const browser = fixture.browser();
      await browser.open(fixture.launchAddress('student'));
      const { headers } = await browser.once(`${fixture.publicUrl}${path}`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );
});
