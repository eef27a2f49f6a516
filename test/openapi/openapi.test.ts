// openapi.yaml and the bridge say the same: every route, every code, and real answers of a bridge on an empty store.
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express, Router } from 'express';
import { type Bridge, createBridge } from '../../src/compose/bridge.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/ops/log.ts';
import { outcomeCodes } from '../../src/outcome/outcome-codes.ts';
import { expectOpenApi, openApi } from '../helpers/expect-openapi.ts';

const codes = Object.entries(outcomeCodes).map(([code, { status }]) => [code, status] as const);

const answered = [
  ['GET', '/', 'page', 200],
  ['GET', '/?lang=ar', 'page', 200],
  ['GET', '/signed-out', 'page', 200],
  ['GET', '/signed-out?lang=zh', 'page', 200],
  ['GET', '/.well-known/jwks.json', 'json', 200],
  ['GET', '/.well-known/oauth-authorization-server', 'json', 200],
  ['GET', '/session', 'json', 401],
  ['GET', '/login', 'page', 503],
  ['GET', '/login', 'json', 503],
  ['GET', '/login?app=unknown', 'page', 400],
  ['GET', '/login?app=unknown&lang=vi', 'page', 400],
  ['GET', '/login?return_to=%2F&return_to=%2F', 'json', 400],
  ['GET', '/oauth/clever/callback', 'json', 503],
  ['GET', '/oauth/clever/callback?error=access_denied', 'json', 403],
  ['GET', '/oauth/clever/callback?code=a&state=unknown', 'page', 400],
  ['GET', '/oauth/clever/secure-sync/callback?code=a&state=unknown', 'json', 400],
  ['HEAD', '/oauth/clever/callback', 'page', 405],
  ['POST', '/logout', 'page', 303],
  ['GET', '/no-such-page', 'page', 404],
] as const;

const opsAnswered = [
  ['/livez', 200],
  ['/readyz', 200],
  ['/metrics', 200],
  ['/no-such-page', 404],
] as const;

const accepts = { page: 'text/html', json: 'application/problem+json' } as const;

let folder: string;
let bridge: Bridge;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-openapi-'));
  bridge = await createBridge(configOn(join(folder, 'store')), createLog({ write: () => undefined }));
});

afterAll(async () => {
  await bridge.close();
  rmSync(folder, { recursive: true, force: true });
});

/** No server listens on port 1: Clever is down. */
function configOn(store: string, limits = 'on') {
  const environment = {
    STORE_URL: `embedded:${store}`,
    PUBLIC_URL: 'http://localhost:3000',
    PRODUCT_URL: 'http://localhost:4000',
    CLEVER_ISSUER: 'http://127.0.0.1:1',
    CLEVER_API_URL: 'http://127.0.0.1:1',
    CLEVER_CLIENT_ID: 'summit-k12-app',
    CLEVER_CLIENT_SECRET: 'a-secret',
  };
  const read = readConfig(environment, [
    {
      PORT: '0',
      OPS_PORT: '0',
      CLEVER_STATELESS: 'restart',
      CLEVER_PKCE: 'on',
      SESSION_TTL: '8h',
      ATTEMPT_RETENTION: '90d',
      SYNC_AT: '10:00',
      LIMITS: limits,
    },
  ]);
  if (read.kind === 'problems') throw new TypeError(JSON.stringify(read.problems));
  return read.config;
}

async function ask(app: Express, method: string, path: string, accept: string) {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address() as AddressInfo;
  const headers = { accept, connection: 'close' };
  try {
    const response = await fetch(`http://127.0.0.1:${address.port}${path}`, { method, headers, redirect: 'manual' });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** `get /login` of everything that is mounted, in routers as well. What is for all methods refuses those without a route. */
function routesOf(router: { readonly stack: Router['stack'] }): string[] {
  return router.stack.flatMap((layer) => {
    if (layer.route !== undefined) {
      const { path } = layer.route;
      const methods = layer.route.stack.flatMap(({ method }: { method: string | undefined }) => method ?? []);
      return methods.map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    }
    return 'stack' in layer.handle ? routesOf(layer.handle as unknown as Router) : [];
  });
}

const verbs = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
const describedRoutes = Object.entries(openApi.paths).flatMap(([path, item]) =>
  verbs.filter((verb) => item[verb] !== undefined).map((verb) => `${verb} ${path}`),
);

describe('openapi.yaml', () => {
  it('describes every route that is mounted, and no other', () => {
    const mounted = [bridge.app, bridge.opsApp].flatMap((app) => routesOf(app.router));
    expect([...new Set(mounted)].sort()).toEqual([...new Set(describedRoutes)].sort());
  });

  it.each(codes)('lets %s be answered with %i somewhere', (code, status) => {
    const responses = Object.values(openApi.components['responses'] ?? {});
    const fitting = responses.filter((response) => mentions(response, code, status));
    expect(fitting.length).toBeGreaterThan(0);
  });

  it('gives every operation a summary and a name of its own', () => {
    const operations = Object.values(openApi.paths).flatMap((item) => verbs.flatMap((verb) => item[verb] ?? []));
    const names = operations.map((operation) => Object(operation)['operationId']);
    expect(new Set(names).size).toBe(names.length);
    for (const operation of operations) expect(operation).toHaveProperty('summary');
  });
});

const enumOf = (schema: unknown): readonly string[] => Object(schema)['enum'];

/** The example of a response has its status; its schema lists its codes. */
const mentions = (response: object, code: string, status: number): boolean => {
  const problem = Object(response)['content']?.['application/problem+json'];
  const listed = problem?.schema?.allOf?.[1]?.properties?.code;
  return problem?.example?.status === status && enumOf(listed).includes(code);
};

describe('the answers of a bridge whose Clever is down', () => {
  it.each(answered)('%s %s as %s with %i are in openapi.yaml', async (method, path, form, status) => {
    const answer = await ask(bridge.app, method, path, accepts[form]);
    expect(answer.status).toBe(status);
    expectOpenApi(method, path, answer);
  });

  it.each(opsAnswered)('GET %s on the operator’s port with %i is in openapi.yaml', async (path, status) => {
    const answer = await ask(bridge.opsApp, 'GET', path, '*/*');
    expect(answer.status).toBe(status);
    expectOpenApi('GET', path, answer);
  });
});

/** Paths as they are asked, by template. */
const asAsked = (template: string) =>
  template
    .replace('{method}', 'sftp')
    .replace('{reference}', '00000000')
    .replaceAll(/\{\w+\}/g, 'some');

/** `GET /support/attempts/search` asks for the attempt of that name, as `/support/attempts/{reference}` has it. */
const isOfTemplate = (path: string, verb: string) =>
  Object.entries(openApi.paths).some(([template, item]) => {
    const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`);
    return (
      template !== path &&
      !path.includes('{') &&
      pattern.test(path) &&
      item[verb === 'head' ? 'get' : verb] !== undefined
    );
  });

describe('a method that a path does not have', () => {
  const asked = ['get', 'head', 'put', 'post', 'delete', 'patch'];
  const others = Object.entries(openApi.paths).map(([path, item]) => {
    const own = asked.filter((verb) => item[verb] !== undefined);
    const isHeadRefused = item['head'] !== undefined;
    const has = [...own, ...(own.includes('get') ? ['head'] : [])];
    const byName = isHeadRefused ? own.filter((verb) => verb !== 'head') : has;
    const allow = [...new Set([...byName, ...asked.filter((verb) => isOfTemplate(path, verb))])];
    const missing = asked.filter((verb) => !allow.includes(verb));
    return [path, allow.map((verb) => verb.toUpperCase()).sort(), missing] as const;
  });
  let unlimited: Bridge;

  beforeAll(async () => {
    const store = join(folder, 'unlimited');
    unlimited = await createBridge(configOn(store, 'off'), createLog({ write: () => undefined }));
  });
  afterAll(() => unlimited.close());

  it.each(others)('%s is answered with 405 and what it has: %s', async (path, allow, missing) => {
    expect(missing.length).toBeGreaterThan(2);
    const app = 'servers' in (openApi.paths[path] ?? {}) ? unlimited.opsApp : unlimited.app;
    for (const method of missing.map((verb) => verb.toUpperCase()))
      for (const accept of Object.values(accepts)) {
        const answer = await ask(app, method, asAsked(path), accept);
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allow.join(', ')]);
        expectOpenApi(method, asAsked(path), answer);
      }
  });

  it('is described with every operation, so that a client of any of them knows it', () => {
    const lacking = Object.entries(openApi.paths).flatMap(([path, item]) =>
      verbs
        .filter((verb) => item[verb] !== undefined && item[verb].responses['405'] === undefined)
        .map((verb) => [verb, path]),
    );
    expect(lacking).toEqual([]);
  });
});

const guarded = Object.entries(openApi.paths).flatMap(([path, item]) =>
  verbs.flatMap((verb) => {
    const schemes: readonly object[] = Object(item[verb])['security'] ?? [];
    const isGuarded = schemes.some((scheme) => 'credential' in scheme || 'productCredential' in scheme);
    return isGuarded ? [[verb.toUpperCase(), path] as const] : [];
  }),
);

describe('without scope', () => {
  it.each(guarded)('%s %s says nothing', async (method, template) => {
    const path = asAsked(template);
    for (const accept of Object.values(accepts)) {
      const answer = await ask(bridge.app, method, path, accept);
      expect([401, 403]).toContain(answer.status);
      expectOpenApi(method, path, answer);
    }
  });

  it('covers every route under /support and /districts', () => {
    const paths = Object.keys(openApi.paths).filter((path) => /^\/(support|districts)/.test(path));
    const open = paths.filter((path) => !guarded.some(([, each]) => each === path));
    expect(open).toEqual(['/support/login', '/support/callback']);
  });
});

describe('expectOpenApi', () => {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const noStore = { 'cache-control': 'no-store', vary: 'Cookie' };
  const challenged = { ...json, ...noStore, 'www-authenticate': 'Bearer realm="session"' };

  it('lets pass what is described', () => {
    expectOpenApi('GET', '/session', { status: 401, headers: challenged, body: '{"active":false}' });
  });

  const page = { 'content-type': 'text/html', vary: 'Accept-Language', 'content-language': 'en' };

  it.each([
    ['a status', '/session', { status: 418, headers: json, body: '{}' }, 'this status'],
    ['a route', '/unknown', { status: 200, headers: json, body: '{}' }, 'this route'],
    ['a field', '/session', { status: 401, headers: challenged, body: '{"active":false,"a":1}' }, 'additional'],
    ['a missing header', '/session', { status: 401, headers: json, body: '{"active":false}' }, 'is missing'],
    ['a header’s value', '/', { status: 200, headers: { ...page, 'cache-control': 'public' }, body: '' }, 'constant'],
    ['a telling header', '/livez', { status: 200, headers: { ...json, location: '/' }, body: '' }, 'header location'],
    ['a type of body', '/livez', { status: 200, headers: { 'content-type': 'text/html' }, body: 'alive' }, 'text/html'],
  ])('refuses %s that is not described', (_what, path, answer, message) => {
    expect(() => expectOpenApi('GET', path, answer)).toThrow(message);
  });
});
