// Two versions of the bridge side by side on one Redis, as during an upgrade: `npm run prove:upgrade`. Builds a commit (the
// one before, unless said) in a temporary worktree, runs it beside the present build, and
// has each finish what the other began. Loopback only, under five minutes; exit code 1 if anything differs.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';

const root = fileURLToPath(new URL('..', import.meta.url));
const values = new Command('npm run prove:upgrade --')
  .description('Two versions of the bridge side by side on one Redis, as during an upgrade.')
  .option('--from <ref>', 'the older one: a commit', 'HEAD~1')
  .option('--write', 'write docs/reports/upgrade.md')
  .allowExcessArguments(false)
  .parse()
  .opts();
const folder = mkdtempSync(join(tmpdir(), 'sso-upgrade-'));
const endings = [() => rmSync(folder, { recursive: true, force: true })];
const rows = [];
const run = promisify(execFile);

const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
const late = setTimeout(() => fail(new Error('five minutes are over')), 300_000).unref();

function fail(failure) {
  process.stderr.write(`${failure instanceof Error ? (failure.stack ?? failure.message) : failure}\n`);
  process.exitCode = 1;
}

async function prove() {
  const older = { name: 'older', commit: git('rev-parse', '--short', values.from), root: build(values.from) };
  const newer = { name: 'newer', commit: git('rev-parse', '--short', 'HEAD'), root };
  const fixture = await startFixture();
  const start = (version) => startBridge(version, fixture);
  older.bridge = await start(older);
  newer.bridge = await start(newer);
  for (const [one, other] of [
    [older, newer],
    [newer, older],
  ]) {
    await crossChecks(one, other, fixture);
  }
  await rolling(older, newer, fixture, start);
  report(older, newer);
}

/** What one version writes, the other reads. */
async function crossChecks(one, other, fixture) {
  const check = (what, work) => row(`${one.name} → ${other.name}`, what, work);
  const browser = createBrowser();
  await check('a sign-in begun on one is finished on the other', async () => {
    const callback = await fixture.begin(browser, one.bridge, 'student');
    const answer = await browser.ask(at(other.bridge, callback));
    equal([answer.status, answer.location?.origin], [303, new URL(fixture.productUrl).origin]);
  });
  const token = browser.cookie('summit_session');
  await check('a session of one is accepted by the other', async () =>
    equal([await sessionStatus(one, token), await sessionStatus(other, token)], [200, 200]),
  );
  await check('a session ended on one is over on the other', async () => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const out = await browser.ask(`${one.bridge.url}/logout`, { method: 'POST', headers });
    equal([out.status, await sessionStatus(other, token)], [303, 401]);
  });
  await check('a link made on one holds on the other', async () => {
    await fixture.signIn(one.bridge, 'recycled-first');
    equal(await fixture.codeOf(other.bridge, 'recycled-second'), 'identity_changed');
  });
  await check('an attempt of one is found by the other', async () => {
    const { reference } = await fixture.refusal(one.bridge, 'capital');
    const { attempts } = await fixture.command(other, 'attempts', '--reference', reference);
    equal([attempts.length, attempts[0]?.code], [1, 'email_mismatch']);
  });
  await check('a roster published by one is used by sign-ins of the other', async () => {
    const path = join(root, 'sandbox', 'rosters', 'juniper-flats');
    const words = ['--district', 'juniper-flats', '--method', 'sftp'];
    const { generation } = await fixture.command(one, 'roster', 'publish', path, ...words);
    const status = JSON.stringify(await fixture.command(other, 'roster', 'status', '--district', 'juniper-flats'));
    equal([typeof generation, status.includes(generation)], ['string', true]);
    await fixture.signIn(other.bridge, 'student');
  });
  await check('a credential of one is valid at the other, and both list the endings', async () => {
    const words = ['credential', 'create', '--scope', 'product', '--name', 'Proof'];
    const { id, secret } = await fixture.command(one, ...words);
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const read = async ({ bridge }) =>
      (await fetch(`${bridge.url}/session/revocations`, { headers: { authorization } })).json();
    equal(await read(one), await read(other));
    equal((await read(other)).revocations.length > 0, true);
  });
  await check('both publish the same keys', async () => {
    const keys = async ({ bridge }) => (await fetch(`${bridge.url}/.well-known/jwks.json`)).text();
    equal(await keys(one), await keys(other));
  });
}

/** The order of an upgrade, and the way back. */
async function rolling(older, newer, fixture, start) {
  await row(
    'upgrade',
    'a sign-in begun on the older is finished on the newer after the older was stopped',
    async () => {
      const browser = createBrowser();
      const callback = await fixture.begin(browser, older.bridge, 'teacher');
      equal(await older.bridge.stop(), 0);
      equal((await browser.ask(at(newer.bridge, callback))).status, 303);
    },
  );
  await row('way back', 'the older starts again on what the newer wrote, and signs in', async () => {
    const { token } = await fixture.signIn(newer.bridge, 'student');
    equal(await newer.bridge.stop(), 0);
    older.bridge = await start(older);
    equal(await sessionStatus(older, token), 200);
    await fixture.signIn(older.bridge, 'teacher');
  });
}

async function row(direction, what, work) {
  const startedAt = performance.now();
  await work();
  const took = Math.round(performance.now() - startedAt);
  rows.push({ direction, what, took });
  process.stdout.write(`${direction}: ${what} (${took} ms)\n`);
}

function report(older, newer) {
  const redis = execFileSync('redis-server', ['--version'], { encoding: 'utf8' }).match(/v=(\S+)/)?.[1];
  const text = [
    '# Two versions side by side',
    '',
    'Written by `npm run prove:upgrade -- --write`: the build of a commit and the build of a later one, each a process of its',
    'own, on one Redis. Each finishes what the other began, reads what the other wrote, and the older starts again on what',
    'the newer left. What each promise means for an upgrade: [upgrade.md](../upgrade.md).',
    '',
    `Older ${older.commit}, newer ${newer.commit}; Node ${process.version}, Redis ${redis}; ${new Date().toISOString().slice(0, 10)}. All held.`,
    '',
    '| direction | what holds | ms |',
    '| --- | --- | ---: |',
    ...rows.map(({ direction, what, took }) => `| ${direction} | ${what} | ${took} |`),
    '',
  ].join('\n');
  if (!values.write) return;
  mkdirSync(join(root, 'docs', 'reports'), { recursive: true });
  writeFileSync(join(root, 'docs', 'reports', 'upgrade.md'), text);
}

/** The sources of a commit, built in a temporary folder. */
function build(ref) {
  const place = join(folder, 'older');
  git('worktree', 'add', '--detach', place, ref);
  endings.push(() => git('worktree', 'remove', '--force', place));
  const inPlace = (command, ...words) =>
    execFileSync(command, words, { cwd: place, stdio: ['ignore', 'ignore', 'inherit'] });
  const lock = (where) => readFileSync(join(where, 'package-lock.json'), 'utf8');
  if (lock(place) === lock(root)) symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  else inPlace('npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund');
  inPlace(process.execPath, join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json');
  // Builds before docs/adr/0052 have no bundle.
  const bundle = join('scripts', 'bundle.js');
  if (existsSync(join(place, bundle))) inPlace(process.execPath, bundle);
  return place;
}

async function startFixture() {
  const { startClever } = await import('../dist/sandbox/clever/start-clever.js');
  const { demoPeople } = await import('../dist/sandbox/clever/people.js');
  const { prepareStore } = await import('../dist/sandbox/demo/prepare-store.js');
  const publicUrl = `http://localhost:${await freePort()}`;
  const productUrl = 'http://localhost:9';
  const app = {
    clientId: 'proof',
    clientSecret: 'a-secret-for-the-proof',
    redirectUris: [`${publicUrl}/oauth/clever/callback`],
  };
  const sync = { ...app, clientId: 'proof-sync', redirectUris: [`${publicUrl}/oauth/clever/secure-sync/callback`] };
  const clever = await startClever({ apps: { 'summit-k12': app, 'secure-sync': sync }, people: demoPeople });
  endings.push(() => clever.close());
  const env = {
    PATH: process.env.PATH,
    STORE_URL: await startRedis(),
    STORE_KEYS: `proof:${randomBytes(32).toString('base64')}`,
    PUBLIC_URL: publicUrl,
    PRODUCT_URL: productUrl,
    CLEVER_ISSUER: clever.url,
    CLEVER_API_URL: clever.url,
    CLEVER_CLIENT_ID: app.clientId,
    CLEVER_CLIENT_SECRET: app.clientSecret,
    LIMITS: 'off',
  };
  await prepareStore(env);
  const launch = (person) => `${clever.url}/portal/launch?person=${person}&app=summit-k12`;
  const isCallback = (url) => url.pathname === '/oauth/clever/callback' && url.searchParams.has('state');
  /** Up to the callback that has a state; what goes to the public address goes to the bridge that is meant. */
  const begin = async (browser, bridge, person) => {
    let next = new URL(launch(person));
    for (let hop = 0; hop < 12 && !isCallback(next); hop += 1) {
      const { location } = await browser.ask(next.origin === publicUrl ? at(bridge, next) : next);
      if (location === undefined) throw new Error(`${person} was not led to the callback`);
      next = location;
    }
    return next;
  };
  const finish = async (bridge, person) => {
    const browser = createBrowser();
    const answer = await browser.ask(at(bridge, await begin(browser, bridge, person)));
    return { answer, token: browser.cookie('summit_session') };
  };
  const refusal = async (bridge, person) => JSON.parse((await finish(bridge, person)).answer.body);
  return {
    env,
    productUrl,
    begin,
    refusal,
    codeOf: async (bridge, person) => (await refusal(bridge, person)).code,
    async signIn(bridge, person) {
      const { answer, token } = await finish(bridge, person);
      equal([person, answer.status, codeIn(answer)], [person, 303, undefined]);
      return { token };
    },
    async command(version, ...words) {
      const main = mainOf(version);
      // Not synchronously: meanwhile servers close idle connections, and the next request must not go out on one.
      return JSON.parse((await run(process.execPath, [main, ...words, '--json'], { env })).stdout);
    },
  };
}

/** Of each version where it says itself. */
const mainOf = ({ root: place }) =>
  join(place, JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')).bin['sso-bridge']);

async function startBridge(version, { env }) {
  const [port, opsPort] = [await freePort(), await freePort()];
  const own = { ...env, PORT: `${port}`, OPS_PORT: `${opsPort}` };
  const words = [mainOf(version), 'serve'];
  const child = spawn(process.execPath, words, { cwd: version.root, env: own, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  endings.push(() => child.kill('SIGKILL'));
  await Promise.race([
    new Promise((resolve) => {
      createInterface(child.stdout).on('line', (line) => line.includes('"listening"') && resolve(undefined));
    }),
    ended.then(() => Promise.reject(new Error('the bridge did not start'))),
  ]);
  return {
    url: `http://localhost:${port}`,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function startRedis() {
  const port = await freePort();
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', words, { stdio: 'ignore' });
  endings.push(() => child.kill('SIGKILL'));
  await sleep(500);
  return `redis://127.0.0.1:${port}`;
}

/** Keeps cookies as a browser does on one host, and follows nothing. */
function createBrowser() {
  const jar = new Map();
  return {
    cookie: (name) => jar.get(name),
    async ask(address, { method = 'GET', headers = {} } = {}) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const accept = 'application/problem+json, text/html;q=0.5';
      const answer = await fetch(address, { method, redirect: 'manual', headers: { accept, cookie, ...headers } });
      for (const line of answer.headers.getSetCookie()) {
        const [name, value] = line.split(';')[0].split('=');
        if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      const location = answer.headers.get('location');
      const to = location === null ? undefined : new URL(location, address);
      return { status: answer.status, location: to, body: await answer.text() };
    },
  };
}

const at = ({ url }, address) => new URL(address.pathname + address.search, url);

const sessionStatus = async ({ bridge }, token) =>
  (await fetch(`${bridge.url}/session`, { headers: { authorization: `Bearer ${token}` } })).status;

/** Of a refusal. */
const codeIn = ({ status, body }) => (status === 303 ? undefined : JSON.parse(body).code);

function equal(found, wanted) {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (one !== other) throw new Error(`found ${one}, not ${other}`);
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

try {
  await prove();
} catch (failure) {
  fail(failure);
} finally {
  clearTimeout(late);
  for (const end of endings.reverse()) await end();
}
