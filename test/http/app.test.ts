// The public side around its routes: where failures go, and requests that are hardly requests.
import { connect } from 'node:net';
import express, { type Express } from 'express';
import request from 'supertest';
import { createApp } from '../../src/http/app.ts';
import { readProtocolParameters } from '../../src/http/kit/protocol-parameters.ts';
import { createRouter } from '../../src/http/kit/router.ts';
import { StoreUnavailable } from '../../src/store/store.ts';

const secret = 'ann@juniper.example';

function createTestApp(change: Partial<Parameters<typeof createApp>[0]> = {}): { app: Express; failures: unknown[] } {
  const failures: unknown[] = [];
  const router = createRouter();
  router.get('/ok', (_request, response) => void response.send('ok'));
  router.get('/login', (incoming, response) => {
    const parameters = readProtocolParameters(incoming);
    response.status(parameters === undefined ? 400 : 200).send([...(parameters ?? [])].flat().join('|'));
  });
  router.get('/own', (incoming, response) => {
    const parameters = readProtocolParameters(incoming, ['state']);
    response.status(parameters === undefined ? 400 : 200).send([...(parameters ?? [])].flat().join('|'));
  });
  router.get('/things/:id', (_request, response) => void response.send('thing'));
  router.head('/no-head', (_request, response) => void response.set('Allow', 'GET').sendStatus(405));
  router.get('/no-head', (_request, response) => void response.send('ok'));
  router.get('/broken', () => {
    throw new Error(secret);
  });
  router.get('/silent', async () => {
    throw new StoreUnavailable(new Error(secret));
  });
  router.post('/form', express.urlencoded({ limit: '1kb' }), (_request, response) => void response.send('ok'));
  const app = createApp({
    routers: [router],
    https: true,
    onFailure: (failure) => failures.push(failure),
    isStoreSilent: (failure) => failure instanceof StoreUnavailable,
    ...change,
  });
  return { app, failures };
}

describe('parameters that are not the protocol’s', () => {
  it.each([
    ['/own?state=a&utm_source=x&utm_source=y&fbclid=1&fbclid=2', 'state|a'],
    [`/own?state=a&junk=${'x'.repeat(5_000)}`, 'state|a'],
    ['/own?utm_source=x', ''],
  ])('are ignored, also repeated: %.60s', async (path, seen) => {
    const answer = await request(createTestApp().app).get(path);
    expect([answer.status, answer.text]).toEqual([200, seen]);
  });

  it.each(['/own?state=a&state=b', '/own?state=a&state=a', `/own?state=${'x'.repeat(4_097)}`, '/login?x=1&x=2'])(
    'do not make its own repeatable or endless: %.30s',
    async (path) => {
      expect((await request(createTestApp().app).get(path)).status).toBe(400);
    },
  );
});

describe('slashes', () => {
  it('at the end reach the route', async () => {
    expect((await request(createTestApp().app).get('/ok/')).status).toBe(200);
  });

  it.each([
    ['//ok', '/ok'],
    ['///things//7?next=https://a//b', '/things/7?next=https://a//b'],
    ['//evil.example/%2e%2e', '/evil.example/%2e%2e'],
  ])('in a row are redirected to the path without: %s', async (path, location) => {
    const answer = await request(createTestApp().app).get(path).redirects(0);
    expect([answer.status, answer.headers['location']]).toEqual([308, location]);
  });

  it.each(['//\\evil.example', '/\\evil.example', '//', '//@evil.example', '//?x'])(
    'lead to no other host: %s',
    async (path) => {
      const answer = await sendRaw(createTestApp().app, `GET ${path} HTTP/1.1`);
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer).not.toMatch(/location:/i);
    },
  );

  it('of what changes something are not redirected', async () => {
    expect((await request(createTestApp().app).post('//form')).status).toBe(404);
  });
});

describe('a method that a path does not have', () => {
  it.each([
    ['post', '/ok', 'GET, HEAD'],
    ['delete', '/things/7', 'GET, HEAD'],
    ['get', '/form', 'POST'],
    ['head', '/form', 'POST'],
    ['trace', '/form', 'POST'],
    ['post', '/no-head', 'GET'],
  ] as const)('%s %s is 405 with the allowed methods: %s', async (method, path, allow) => {
    const answer = await request(createTestApp().app)[method](path).set('Accept', 'application/json');
    expect([answer.status, answer.headers['allow']]).toEqual([405, allow]);
  });

  it('has an answer for people and programs, and OPTIONS stays the answer of the route', async () => {
    const { app } = createTestApp();
    const problem = await request(app).post('/ok').set('Accept', 'application/problem+json');
    expect(problem.body).toMatchObject({ type: 'about:blank', status: 405 });
    expect((await request(app).post('/ok').set('Accept', 'text/html')).text).toMatch(/cannot be used that way/);
    const options = await request(app).options('/ok');
    expect([options.status, options.headers['allow']]).toEqual([200, 'GET, HEAD']);
  });
});

describe('a failure', () => {
  it.each(['/things/%', '/things/%E0%A4%A', '/things/%ff', '/things/%00%zz'])(
    'of decoding %s is the sender’s: 400, and nothing is logged',
    async (path) => {
      const { app, failures } = createTestApp();
      const answer = await request(app).get(path);
      expect(answer.status).toBe(400);
      expect(failures).toEqual([]);
    },
  );

  it('of a body too large or badly encoded is the sender’s', async () => {
    const { app, failures } = createTestApp();
    const type = 'application/x-www-form-urlencoded';
    const large = await request(app)
      .post('/form')
      .type(type)
      .send(`a=${'x'.repeat(2000)}`);
    const strange = await request(app).post('/form').set('Content-Type', `${type}; charset=klingon`).send('a=b');
    expect([large.status, strange.status]).toEqual([400, 400]);
    expect(failures).toEqual([]);
  });

  it('of a silent store is 503 with Retry-After, and logged', async () => {
    const { app, failures } = createTestApp();
    const answer = await request(app).get('/silent').set('Accept', 'application/json');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(answer.body).toMatchObject({ code: 'service_unavailable', status: 503, owner: 'summit', retryable: true });
    expect(failures).toHaveLength(1);
  });

  it.each(['text/html', 'application/json'])('that is unexpected is 500 in %s without details', async (type) => {
    const { app, failures } = createTestApp();
    const answer = await request(app).get('/broken').set('Accept', type);
    expect(answer.status).toBe(500);
    expect(JSON.stringify([answer.text, answer.headers])).not.toMatch(/juniper|at .*\.ts|Error:/);
    expect(failures).toHaveLength(1);
  });
});

describe('every answer', () => {
  it.each(['/ok', '/nowhere', '/broken', '/silent'])(
    'to %s has the security headers and says nothing of Express',
    async (path) => {
      const { headers } = await request(createTestApp().app).get(path);
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'strict-transport-security': 'max-age=31536000',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|unsafe-eval/);
      expect(headers['x-powered-by']).toBeUndefined();
    },
  );

  it('promises https for what is below its host as well, where the host is its own', async () => {
    const { headers } = await request(createTestApp({ isOwnHost: true }).app).get('/ok');
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  });

  it('promises no https on http', async () => {
    const { headers } = await request(createTestApp({ https: false }).app).get('/ok');
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

describe('a path', () => {
  it.each(['/OK', '/Ok/', '/o%6B', '/./ok', '/ok;a=1'])('%s is not /ok, as no proxy takes it for it', async (path) => {
    expect((await request(createTestApp().app).get(path)).status).toBe(404);
  });
});

describe('a condition of the client', () => {
  it.each([
    ['If-None-Match', '*'],
    ['If-None-Match', '"a"'],
    ['If-Modified-Since', 'Thu, 01 Jan 2099 00:00:00 GMT'],
  ])('%s: %s makes no page "not modified": none has a validator', async (name, value) => {
    expect((await request(createTestApp().app).get('/ok').set(name, value)).status).toBe(200);
  });
});

/** What a server answers to a request no HTTP library would send. */
async function sendRaw(app: Express, head: string): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const socket = connect(address.port, '127.0.0.1');
  socket.end(`${head}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const part of socket) text += part;
  await new Promise((resolve) => server.close(resolve));
  return text;
}

describe('protocol parameters', () => {
  it.each([
    ['/login', 200, ''],
    ['/login?a=1&b=2', 200, 'a|1|b|2'],
    ['/login?a=%C3%A1+b', 200, 'a|á b'],
    ['/login?a=1?b=2', 200, 'a|1?b=2'],
    ['/login?state=1&state=2', 400, ''],
    ['/login?state=1&st%61te=2', 400, ''],
    [`/login?a=${'x'.repeat(4096)}`, 200, `a|${'x'.repeat(4096)}`],
    [`/login?a=${'x'.repeat(4097)}`, 400, ''],
    ['/login?a=%zz', 200, 'a|%zz'],
  ])('of %.40s: %i', async (path, status, text) => {
    const answer = await request(createTestApp().app).get(path);
    expect(answer.status).toBe(status);
    expect(answer.text).toBe(text);
  });

  it.each(['http://x:99999/login?a=1', 'http://[/login?a=1', '//login?a=1', '/login?a=1 HTTP/1.1\r\nX: \\', '*'])(
    'of the request target %j are no fault of ours',
    async (target) => {
      const { app, failures } = createTestApp();
      expect(await sendRaw(app, `GET ${target} HTTP/1.1`)).toMatch(/^HTTP\/1\.1 (200|308|400|404) /);
      expect(failures).toEqual([]);
    },
  );
});
