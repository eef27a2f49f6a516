// A walk over every route of openapi.yaml with no credential, wrong ones, ended ones, those of another scope, and
// malformed ones: 401 or 403 with a challenge, never 500, and every answer is in openapi.yaml.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { close, listen } from '../../sandbox/listen.ts';
import { type Bridge, createBridge } from '../../src/compose/bridge.ts';
import { readConfig } from '../../src/config/config.ts';
import { makeVectors } from '../../src/session/make-vectors.ts';
import { expectOpenApi, openApi } from '../helpers/expect-openapi.ts';
import { openServices } from '../helpers/services.ts';

type Scope = 'product' | 'support' | 'admin';
interface Route {
  readonly method: string;
  readonly path: string;
  /** Who is let in; undefined for routes of browsers. */
  readonly by: 'Basic' | 'Bearer' | 'session' | undefined;
  readonly isForAdmins?: boolean;
}

const verbs = ['get', 'put', 'post', 'delete', 'patch', 'head'];
const routes: readonly Route[] = Object.entries(openApi.paths).flatMap(([path, item]) =>
  // The operator's port asks for no credential: it is not to be reached from outside.
  item['servers'] !== undefined
    ? []
    : verbs
        .filter((verb) => item[verb] !== undefined)
        .map((verb) => ({
          method: verb.toUpperCase(),
          path: path.replace('{id}', 'juniper-flats').replace('{method}', 'sftp').replace('{reference}', '1H2SV78Z'),
          by: schemeOf(Object(item[verb])['security'] ?? []),
          isForAdmins: JSON.stringify(Object(item[verb])['security'] ?? []).includes('"admin"'),
        })),
);
const guarded = routes.filter(({ by }) => by === 'Basic' || by === 'Bearer');

function schemeOf(security: readonly object[]): Route['by'] {
  const names = security.flatMap((each) => Object.keys(each));
  if (names.includes('productCredential')) return 'Basic';
  if (names.includes('credential')) return 'Bearer';
  return names.includes('sessionBearer') ? 'session' : undefined;
}

let folder: string;
let bridge: Bridge;
let server: Server;
let url: string;
const failures: string[] = [];
const basic: Record<string, string> = {};
const bearer: Record<string, string> = {};
let forged: readonly { readonly name: string; readonly token: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sso-walk-'));
  const config = configOn(join(folder, 'store'));
  const services = await openServices(config);
  for (const scope of ['product', 'support', 'admin', 'revoked'] as const) {
    const made = await services.credentials.create(scope === 'revoked' ? 'admin' : scope, scope);
    basic[scope] = encode(`${made.credential.id}:${made.secret}`);
    bearer[scope] = `Bearer ${made.secret}`;
    if (scope === 'revoked') await services.credentials.revoke(made.credential.id);
  }
  basic['wrong'] = encode(`0123456789abcdef:${'x'.repeat(43)}`);
  await services.districts.put({ id: 'juniper-flats', cleverId: 'c1', name: 'J', rostering: ['sftp'] });
  const issuer = config.PUBLIC_URL.origin;
  // The valid one too: it belongs to no session.
  forged = (await makeVectors(services.keys, { issuer, audience: config.SESSION_AUDIENCE })).vectors;
  await services.store.close();
  bridge = await createBridge(config, {
    info: () => undefined,
    warn: () => undefined,
    signIn: () => undefined,
    failure: (failure: unknown) => void failures.push(String(failure)),
  });
  server = createServer(bridge.app);
  url = `http://localhost:${await listen(server, 0)}`;
});
afterAll(async () => {
  await close(server);
  await bridge.close();
  rmSync(folder, { recursive: true, force: true });
});

const encode = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

function configOn(store: string) {
  const read = readConfig(
    {
      STORE_URL: `embedded:${store}`,
      PUBLIC_URL: 'http://localhost:3000',
      PRODUCT_URL: 'http://localhost:4000',
      CLEVER_ISSUER: 'http://127.0.0.1:1',
      CLEVER_API_URL: 'http://127.0.0.1:1',
      CLEVER_CLIENT_ID: 'app',
      CLEVER_CLIENT_SECRET: 'secret',
      PORT: '0',
      OPS_PORT: '0',
      SESSION_TTL: '8h',
      CLEVER_STATELESS: 'restart',
      CLEVER_PKCE: 'on',
      ATTEMPT_RETENTION: '90d',
      SYNC_AT: '10:00',
      LIMITS: 'off',
    },
    [],
  );
  if (read.kind === 'problems') throw new TypeError(JSON.stringify(read.problems));
  return read.config;
}

async function ask({ method, path }: Route, headers: Readonly<Record<string, string>>) {
  const answer = await fetch(url + path, { method, headers: { ...headers, connection: 'close' }, redirect: 'manual' });
  const body = await answer.text();
  expectOpenApi(method, path, { status: answer.status, headers: answer.headers, body });
  return { status: answer.status, challenge: answer.headers.get('www-authenticate') ?? '' };
}

const malformed: readonly (readonly [string, string])[] = [
  ['an empty scheme', 'Basic'],
  ['no base64', 'Basic !!!!'],
  ['no colon', encode('no-colon-in-it')],
  ['only a colon', encode(':')],
  ['bytes that are no text', `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xc3, 0x28]).toString('base64')}`],
  ['an id of control characters', encode('\u0000\n:\u0007')],
  ['a very long pair', encode(`${'i'.repeat(600)}:${'s'.repeat(5_000)}`)],
  ['a bearer of nothing', 'Bearer '],
  ['a bearer with spaces', 'Bearer a b c'],
  ['a very long bearer', `Bearer ${'x'.repeat(8_000)}`],
  ['a bearer of an object’s own names', 'Bearer __proto__'],
  ['a token for a secret', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
  ['signs beyond ASCII', 'Bearer \u00e9\u00ff'],
  ['another scheme', 'Digest username="a", response="b"'],
  ['no scheme', 'secret'],
];

it('there are routes to walk', () => {
  expect([guarded.length >= 12, routes.length - guarded.length >= 8]).toEqual([true, true]);
  expect(guarded.filter(({ isForAdmins }) => isForAdmins).map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT /districts/juniper-flats',
    'POST /districts/juniper-flats/rosters/sftp',
    'POST /districts/juniper-flats/rosters/sftp/approve',
    'POST /districts/juniper-flats/rosters/sftp/rollback',
    'POST /districts/juniper-flats/preflight',
    'POST /support/districts/juniper-flats/rosters/sftp/approve',
    'POST /support/districts/juniper-flats/rosters/sftp/rollback',
    'POST /support/districts/juniper-flats/actions/{action}/approve',
    'GET /support/approvals',
    'GET /support/trail',
    'POST /support/trail',
  ]);
});

describe.each(guarded)('$method $path', (route) => {
  const challenged = new RegExp(`^${route.by} realm="sso-bridge"`);

  it('without a credential answers 401 with its challenge, and no error', async () => {
    const { status, challenge } = await ask(route, {});
    expect([status, challenge]).toEqual([401, expect.stringMatching(challenged)]);
    expect(challenge).not.toContain('error');
  });

  it('answers wrong, revoked and malformed ones with 401 and its challenge', async () => {
    const wrong = [
      ['a wrong pair', basic['wrong']],
      ['a revoked pair', basic['revoked']],
      ['a revoked secret', bearer['revoked']],
      ['a wrong secret', `Bearer ${'x'.repeat(43)}`],
      // The other scheme's way of bringing a right secret.
      ['the other scheme', route.by === 'Basic' ? bearer['product'] : basic['admin']],
      ...malformed,
    ] as const;
    for (const [what, authorization = ''] of wrong) {
      const { status, challenge } = await ask(route, { authorization });
      expect([what, status, challenge]).toEqual([what, 401, expect.stringMatching(challenged)]);
    }
  });

  it('answers those of another scope with 403 and its challenge', async () => {
    const others: readonly Scope[] =
      route.by === 'Basic' ? ['support', 'admin'] : ['product', ...(route.isForAdmins ? ['support' as const] : [])];
    for (const scope of others) {
      const authorization = (route.by === 'Basic' ? basic : bearer)[scope] ?? '';
      const { status, challenge } = await ask(route, { authorization });
      expect([scope, status, challenge]).toEqual([scope, 403, expect.stringMatching(challenged)]);
    }
  });
});

it('GET /session answers every forged token and malformed header with 401 and a challenge', async () => {
  const route: Route = { method: 'GET', path: '/session', by: 'session' };
  const bearers = forged.map(({ name, token }) => [name, { authorization: `Bearer ${token}` }] as const);
  const cookies = forged.map(
    ({ name, token }) => [`${name} as cookie`, { cookie: `summit_session=${token}` }] as const,
  );
  const headers = malformed.map(([name, authorization]) => [name, { authorization }] as const);
  for (const [name, sent] of [['nothing', {}] as const, ...bearers, ...cookies, ...headers]) {
    const { status, challenge } = await ask(route, sent);
    expect([name, status, challenge]).toEqual([name, 401, expect.stringMatching(/^Bearer realm="session"/)]);
  }
});

it.each(routes.filter(({ by }) => by === undefined))(
  '$method $path is public, whatever credentials are sent',
  async (route) => {
    for (const [what, authorization] of malformed) {
      const { status } = await ask(route, {
        authorization,
        cookie: `summit_session=${what.length};;=;__Host-summit_session`,
      });
      // 503: Clever is down here.
      expect([what, status === 503 || status < 500]).toEqual([what, true]);
    }
  },
);

it('and nothing of all that was a fault of ours', () => {
  expect(failures.filter((failure) => !/discover|clever|ECONNREFUSED/i.test(failure))).toEqual([]);
});
