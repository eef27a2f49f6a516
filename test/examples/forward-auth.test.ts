// examples/forward-auth: the real nginx with its file, a product that has no verifier behind it, and a live bridge. The files
// for Envoy and Traefik are read only.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { close, listen } from '../../sandbox/listen.ts';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { until } from '../helpers/bridge-process.ts';
import { createProductCredential, endSession, makeKit, signInToken } from '../helpers/product-process.ts';
import { findFreePort } from '../helpers/redis-server.ts';

const folder = 'examples/forward-auth';
const names = ['x-auth-account', 'x-auth-district', 'x-auth-role', 'x-auth-position'];

let fixture: Fixture;
let place: string;
let port: number;
let stopNginx: () => Promise<unknown>;
const seen: IncomingHttpHeaders[] = [];
/** Returns the ones of the four headers that it got. */
const product = createServer(({ headers }, response) => {
  seen.push(headers);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(names.map((name) => headers[name] ?? null)));
});

async function startNginx(): Promise<() => Promise<unknown>> {
  const file = readFileSync(join(folder, 'nginx.conf'), 'utf8')
    .replace('bridge:3000', new URL(fixture.publicUrl).host)
    .replace('product:4000', `127.0.0.1:${await listen(product, 0)}`)
    .replace('listen 8080', `listen 127.0.0.1:${port}`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${place}/${one};`);
  mkdirSync(join(place, 'logs'), { recursive: true });
  const frame = `daemon off; master_process off; pid ${place}/nginx.pid; error_log stderr crit;\nevents {}\n`;
  writeFileSync(join(place, 'nginx.conf'), `${frame}http {\naccess_log off;\n${paths.join('\n')}\n${file}\n}\n`);
  const env = { ...inheritedEnvironment() };
  const child = spawn('nginx', ['-p', place, '-c', join(place, 'nginx.conf')], {
    env: { ...env, PATH: `${env['PATH']}:/usr/sbin:/usr/local/sbin` },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  return async () => {
    process.off('exit', abandon);
    abandon();
    await ended;
  };
}

interface Asked {
  readonly status: number;
  readonly text: string;
}

/** Sends headers as they are given, of which fetch would leave some out. */
const ask = (headers: Readonly<Record<string, string | string[]>> = {}, path = '/', method = 'GET'): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, async (answer) => {
      const parts: Buffer[] = [];
      for await (const part of answer) parts.push(part);
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() });
    });
    sent.once('error', reject).end(method === 'POST' ? 'a=b' : undefined);
  });

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'sso-nginx-'));
  fixture = await startFixture({ engine: 'embedded' });
  port = await findFreePort();
  stopNginx = await startNginx();
  await until(
    () =>
      ask().then(
        () => true,
        () => false,
      ),
    'nginx to answer',
  );
}, 300_000);
afterAll(async () => {
  await stopNginx?.();
  await close(product);
  await fixture?.stop();
  rmSync(place, { recursive: true, force: true });
});
beforeEach(() => {
  seen.length = 0;
});

const byCookie = (token: string) => ({ cookie: `summit_session=${token}` });
const forged = Object.fromEntries(names.map((name) => [name, 'administrator']));

describe('nginx', () => {
  it.each([
    ['administrator', 'school_admin'],
    ['student', null],
  ])(
    'gives the product the account of a live session of the %s, and no header of the browser',
    async (person, position) => {
      const token = await signInToken(fixture, person);
      const session = await fetch(`${fixture.publicUrl}/session`, { headers: { authorization: `Bearer ${token}` } });
      const { id } = Object(await session.json()).account;
      for (const [path, method] of [
        ['/', 'GET'],
        ['/lesson/7?headers=2&headers=1', 'GET'],
        ['/lesson/7', 'POST'],
      ]) {
        const { status, text } = await ask({ ...byCookie(token), ...forged }, path, method);
        expect([status, JSON.parse(text)]).toEqual([200, [id, 'juniper-flats', person, position]]);
      }
    },
  );

  it('refuses requests without a session, with a forged token, or with cookies that hold two', async () => {
    const { vectors, cookies } = await makeKit(fixture);
    expect(vectors.length).toBeGreaterThan(20);
    // The good ones of the kit belong to no session, so that the bridge refuses them as well.
    const bad = [
      {},
      forged,
      ...vectors.flatMap(({ token }) => [byCookie(token), { authorization: `Bearer ${token}` }]),
      ...cookies.map(({ header }) => ({ cookie: Buffer.from(header, 'latin1').toString('latin1') })),
    ];
    for (const headers of bad) expect([headers, (await ask({ ...headers })).status]).toEqual([headers, 401]);
    const [one, other] = [await signInToken(fixture, 'teacher'), await signInToken(fixture, 'student')];
    expect((await ask(byCookie(`${one}; summit_session=${other}`))).status).toBe(401);
    expect((await ask({ cookie: [`summit_session=${one}`, `summit_session=${other}`] })).status).toBe(401);
    expect(seen).toEqual([]);
  });

  it('sees at once that a session ended', async () => {
    const credential = await createProductCredential(fixture, 'forward-auth');
    const token = await signInToken(fixture, 'student');
    expect((await ask(byCookie(token))).status).toBe(200);
    await endSession(fixture, credential, token);
    expect((await ask(byCookie(token))).status).toBe(401);
  });

  it('does not show the address that it asks', async () => {
    expect((await ask(byCookie(await signInToken(fixture, 'student')), '/sso-session')).status).toBe(404);
  });

  it('refuses all requests while the bridge does not answer', async () => {
    const token = await signInToken(fixture, 'student');
    await fixture.bridge.stop();
    expect((await ask({ ...byCookie(token), ...forged })).status).toBe(500);
    expect(seen).toEqual([]);
  });
});

it('the file for Envoy removes all four headers before it asks, and the one for Traefik names them', () => {
  const [envoy, traefik] = ['envoy.yaml', 'traefik.yaml'].map((file) =>
    parse(readFileSync(join(folder, file), 'utf8')),
  );
  const { middlewares } = traefik.http;
  const forwarded: string[] = middlewares['summit-session'].forwardAuth.authResponseHeaders;
  expect(forwarded.map((name) => name.toLowerCase())).toEqual(names);
  const [manager] = envoy.static_resources.listeners[0].filter_chains[0].filters;
  const lua: string = manager.typed_config.http_filters[0].typed_config.default_source_code.inline_string;
  expect([...lua.matchAll(/"(x-auth-\w+)"/g)].slice(0, 4).map(([, name]) => name)).toEqual(names);
  expect(lua.indexOf('headers:remove(name)')).toBeLessThan(lua.indexOf('httpCall'));
});
