// Everything Clever can do wrong on the wire, against real sockets, and what becomes of it: contract section 3.
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { until } from '../helpers/bridge-process.ts';
import { type FakeClever, metadataOf, portOf, sendHtml, sendJson, startFakeClever } from './support/fake-clever.ts';
import { type Bench, CODE, exchange, openBench, SECRET } from './support/sign-in.ts';

/** For what never answers. */
const DEADLINE_MS = 300;

let clever: FakeClever;
let bench: Bench;

beforeEach(async () => {
  clever = await startFakeClever();
  bench = openBench(clever);
});
afterEach(async () => {
  await bench.provider.close().catch(() => {});
  await clever.close();
});

/** In place of the bench that waits a minute. */
async function openHastyBench(deadlineMs = DEADLINE_MS): Promise<void> {
  await bench.provider.close();
  bench = openBench(clever, { deadlineMs });
}

const text =
  (status: number, body: string, type = 'application/json'): RequestListener =>
  (_, response) =>
    response.writeHead(status, { 'content-type': type }).end(body);
const html =
  (status: number): RequestListener =>
  (_, response) =>
    sendHtml(response, status);
const oauthError = (status: number, error: string) => text(status, JSON.stringify({ error }));
const silence: RequestListener = () => {};
const trickle: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
const thirtyMegabytes: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(64 * 1024, 'a');
  const push = () => {
    for (let i = 0; i < 480 && !response.destroyed; i += 1)
      if (!response.write(chunk)) return response.once('drain', push);
    return response.end();
  };
  push();
};
const resetMidBody: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('{"access_token":', () => response.socket?.resetAndDestroy());
};
const closeMidBody: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
  response.write('{"access_token":', () => response.socket?.end());
};

const outages: [string, RequestListener, string][] = [
  ['silence', silence, 'timeout'],
  ['an answer in trickles that never ends', trickle, 'timeout'],
  ['a reset before an answer', (request) => request.socket.resetAndDestroy(), 'reset'],
  ['a reset in the middle of the answer', resetMidBody, 'reset'],
  ['a close in the middle of the answer', closeMidBody, 'reset'],
  ['bytes that are not HTTP', (request) => request.socket.end('SMTP ready\r\n\r\n'), 'not-http'],
  ['500', html(500), 'status-5xx'],
  ['502', text(502, '{"error":"invalid_grant"}'), 'status-5xx'],
  ['503', text(503, ''), 'status-5xx'],
  ['429', oauthError(429, 'slow_down'), 'status-429'],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(), 'redirect'],
  ['a permanent redirect', (_, response) => response.writeHead(308, { location: '/else' }).end(), 'redirect'],
  ['204', (_, response) => response.writeHead(204).end(), 'unexpected-status'],
  ['HTML with 200', html(200), 'not-json'],
  ['an empty body with 200', text(200, ''), 'not-json'],
  ['JSON cut short', text(200, '{"access_token":"a","id_tok'), 'not-json'],
  ['a JSON list', text(200, '[]'), 'not-json'],
  ['JSON null', text(200, 'null'), 'not-json'],
  ['JSON half a megabyte deep', text(200, '['.repeat(500_000)), 'not-json'],
  ['30 MB', thirtyMegabytes, 'too-large'],
  ['headers of 64 KB', (_, response) => response.writeHead(200, { 'x-a': 'a'.repeat(65_536) }).end('{}'), 'too-large'],
];

const unavailable = (reason: string) => ({ kind: 'refused', code: 'clever_unavailable', reason });

describe('the token endpoint', () => {
  it.each(outages)('gives clever_unavailable for %s', async (_, listener, reason) => {
    if (reason === 'timeout') await openHastyBench();
    clever.answer('token', listener);
    expect(await exchange(bench.provider)).toEqual(unavailable(reason));
    expect(bench.provider.health()).toBe('down');
  });

  it.each([
    ['401 in HTML', html(401), 'clever_misconfigured', 'invalid-client'],
    ['401 with a challenge', challenge, 'clever_misconfigured', 'invalid-client'],
    ['invalid_client with 400', oauthError(400, 'invalid_client'), 'clever_misconfigured', 'invalid-client'],
    ['unauthorized_client', oauthError(400, 'unauthorized_client'), 'clever_misconfigured', 'unauthorized-client'],
    ['no id_token', text(200, '{"access_token":"a","token_type":"bearer"}'), 'clever_misconfigured', 'no-id-token'],
    ['an id_token of null', text(200, '{"id_token":null}'), 'clever_misconfigured', 'no-id-token'],
    ['invalid_grant', oauthError(400, 'invalid_grant'), 'clever_rejected', 'invalid-grant'],
    ['another error word', oauthError(400, 'access_denied'), 'clever_rejected', 'status-4xx'],
    ['an error that is an object', text(400, '{"error":{"code":7}}'), 'clever_rejected', 'status-4xx'],
    ['400 in HTML', html(400), 'clever_rejected', 'status-4xx'],
    ['403 in HTML', html(403), 'clever_rejected', 'status-4xx'],
    ['404 without a body', text(404, ''), 'clever_rejected', 'status-4xx'],
    ['Clever’s words', oauthError(400, 'Invalid grant: invalid code'), 'clever_rejected', 'invalid-grant'],
    [
      'Clever’s words as message',
      text(400, '{"message":"Invalid grant: invalid code"}'),
      'clever_rejected',
      'invalid-grant',
    ],
    ['words of another kind', text(400, '{"message":"bad request"}'), 'clever_rejected', 'status-4xx'],
    ['an error with 200', oauthError(200, 'invalid_grant'), 'clever_rejected', 'invalid-grant'],
    ['invalid_client with 200', oauthError(200, 'invalid_client'), 'clever_misconfigured', 'invalid-client'],
    ['another error with 200', oauthError(200, 'server_busy'), 'clever_rejected', 'token-error'],
    ['an error that is an object, with 200', text(200, '{"error":{"code":7}}'), 'clever_rejected', 'token-error'],
  ])('distinguishes a refusal: %s', async (_, listener, code, reason) => {
    clever.answer('token', listener);
    expect(await exchange(bench.provider)).toEqual({ kind: 'refused', code, reason });
    expect(bench.provider.health()).toBe('up');
  });

  it('counts an error that comes with an id_token', async () => {
    const idToken = await clever.expect('NONCE-1');
    clever.answer('token', (_, response) => sendJson(response, 200, { error: 'invalid_grant', id_token: idToken }));
    expect(await exchange(bench.provider)).toEqual({
      kind: 'refused',
      code: 'clever_rejected',
      reason: 'invalid-grant',
    });
  });

  function challenge(...[, response]: Parameters<RequestListener>): void {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('{"error":"invalid_client"}');
  }
});

describe('the key set', () => {
  it.each(outages)('gives clever_unavailable for %s', async (_, listener, reason) => {
    if (reason === 'timeout') await openHastyBench();
    clever.answer('keys', listener);
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toEqual(unavailable(reason));
  });

  it.each([
    ['404', html(404), 'unexpected-status'],
    ['an object without keys', text(200, '{}'), 'bad-keys'],
    ['keys that are no list', text(200, '{"keys":{}}'), 'bad-keys'],
  ])('gives clever_unavailable for %s', async (_, listener, reason) => {
    clever.answer('keys', listener);
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toEqual(unavailable(reason));
  });

  it.each([
    ['a key of an unknown kind', { kty: 'quantum', kid: 'key-1' }],
    ['a symmetric key', { kty: 'oct', kid: 'key-1', k: 'AAAA' }],
    ['a key whose numbers are no base64url', { kty: 'RSA', kid: 'key-1', n: '!', e: '!' }],
    ['a key without numbers', { kty: 'RSA', kid: 'key-1' }],
    ['operations that are no list', { kty: 'RSA', kid: 'key-1', n: 'AQAB', e: 'AQAB', key_ops: 5 }],
    ['a null', null],
  ])('verifies nothing with %s, and does not fail on it', async (_, key) => {
    clever.answer('keys', (_, response) => sendJson(response, 200, { keys: [key] }));
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'refused', code: 'clever_rejected' });
  });

  it('passes over a key it does not know beside one it does', async () => {
    const keys = [{ kty: 'quantum', kid: 'key-0' }, null, clever.publicJwk()];
    clever.answer('keys', (_, response) => sendJson(response, 200, { keys }));
    await clever.expect('NONCE-1');
    expect(await exchange(bench.provider)).toMatchObject({ kind: 'verified' });
  });
});

describe('the metadata', () => {
  const authorize = () => bench.provider.authorizationUrl('summit-k12', bench.provider.createChecks('s'));

  it.each(outages)('gives clever_unavailable for %s, to authorize and to exchange', async (_, listener, reason) => {
    if (reason === 'timeout') await openHastyBench();
    clever.answer('discovery', listener);
    expect(await authorize()).toEqual(unavailable(reason));
    expect(await exchange(bench.provider)).toEqual(unavailable(reason));
    expect(clever.count('token')).toBe(0);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['no token endpoint', { token_endpoint: undefined }],
    ['a token endpoint that is no address', { token_endpoint: 'tokens' }],
    ['a token endpoint in the clear on another host', { token_endpoint: 'http://evil.example/tokens' }],
    ['keys from a file', { jwks_uri: 'file:///etc/passwd' }],
    ['an authorize address that is a script', { authorization_endpoint: 'javascript:alert(1)' }],
  ])('gives clever_unavailable for %s', async (_, changes) => {
    clever.answer('discovery', (_, response) => sendJson(response, 200, { ...metadataOf(clever.issuer), ...changes }));
    expect(await authorize()).toEqual(unavailable('bad-metadata'));
  });

  it('is asked for at most once a second while there is none', async () => {
    clever.answer('discovery', html(500));
    for (let i = 0; i < 10; i += 1) await authorize();
    expect(clever.count('discovery')).toBe(1);
    bench.forward(1_001);
    clever.answer('discovery', undefined);
    expect(await authorize()).toBeInstanceOf(URL);
  });
});

describe('a sign-in', () => {
  it('gives clever_unavailable when no server listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const issuer = `http://127.0.0.1:${portOf(server)}`;
    await new Promise((resolve) => server.close(resolve));
    const { provider } = openBench({ issuer });
    expect(await exchange(provider)).toEqual(unavailable('refused-connection'));
    await provider.close();
  });

  it('takes no longer than the deadline in all, though each answer alone would be in time', async () => {
    const late =
      (body: () => unknown): RequestListener =>
      (_, response) =>
        void setTimeout(() => sendJson(response, 200, body()), DEADLINE_MS * 0.6).unref();
    const idToken = await clever.expect('NONCE-1');
    clever.answer(
      'discovery',
      late(() => metadataOf(clever.issuer)),
    );
    clever.answer(
      'token',
      late(() => ({ id_token: idToken })),
    );
    clever.answer(
      'keys',
      late(() => ({ keys: [clever.publicJwk()] })),
    );
    await openHastyBench();
    expect(await exchange(bench.provider)).toEqual(unavailable('timeout'));
  });

  it.each([
    ['a timeout', silence],
    ['an endless answer', trickle],
    ['too large an answer', thirtyMegabytes],
  ])('frees its socket after %s', async (_, listener) => {
    // Long enough for the request to arrive on a busy machine: one that was never sent holds no socket.
    await openHastyBench(3_000);
    clever.answer('token', listener);
    await Promise.all(Array.from({ length: 5 }, () => exchange(bench.provider)));
    await until(
      () => clever.tokenRequests.length === 5 && clever.tokenRequests.every(({ socket }) => socket.destroyed),
      'the sockets of all five to be closed',
    );
    await bench.provider.close();
    await until(() => clever.openSockets() === 0, 'every socket to be closed');
  });

  it('does not read on after a megabyte', async () => {
    let sent = 0;
    clever.answer('token', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const push = () => {
        while (!response.destroyed && sent < 30_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'a'))) return void response.once('drain', push);
        }
        response.end();
      };
      push();
    });
    expect(await exchange(bench.provider)).toEqual(unavailable('too-large'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toBeLessThan(15_000_000);
  });

  it('leaves no secret, code, verifier or token in a refusal or an event', async () => {
    const idToken = await clever.expect('NONCE-1', { email: 'ada@district.example' });
    const outcomes: unknown[] = [];
    await openHastyBench(1_000);
    for (const [, listener] of [...outages, ['', undefined] as const, ['', html(400)] as const]) {
      clever.answer('token', listener);
      outcomes.push(await exchange(bench.provider));
    }
    clever.answer('token', undefined);
    outcomes.push(await exchange(bench.provider, 'NONCE-2'));
    const said = JSON.stringify([outcomes.filter((one) => !JSON.stringify(one).includes('verified')), bench.events]);
    const basic = clever.tokenRequests[0]?.authorization?.slice(6) ?? '';
    for (const hidden of [
      SECRET,
      basic,
      CODE,
      'v'.repeat(43),
      'ACCESS-TOKEN',
      idToken,
      'ada@',
      'NONCE',
      clever.issuer,
    ]) {
      expect(said).not.toContain(hidden);
    }
  });

  it('throws for a mistake of ours', async () => {
    const checks = { state: '', nonce: '' };
    await expect(bench.provider.exchange('summit-k12', checks, new URLSearchParams('state=&code=a'))).rejects.toThrow();
  });
});
