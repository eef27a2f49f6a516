// Clients of other makers, unchanged, sign in at built bridges, in a real browser: each as its own documentation says, with the
// files that the sign-in bench and the examples have.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as oauth from 'oauth4webapi';
import type { Browser } from 'playwright-core';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { type Fixture, startFixture } from '../helpers/bridge.ts';
import { findBuilt, root } from '../helpers/bridge-build.ts';
import type { Client } from '../helpers/bridge-client.ts';
import { until } from '../helpers/bridge-process.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { findFreePort } from '../helpers/redis-server.ts';
import { heading } from './browser-fixture.ts';

let fixture: Fixture;
let folder: string;
let browser: Browser;
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'sso-clients-'));
  // Redis: the peers keep their sessions there too.
  fixture = await startFixture({ engine: 'redis', bridges: 2 });
});
afterAll(async () => {
  await browser?.close();
  for (const end of endings) await end();
  await fixture?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Ends with the test that started it, also when it fails. */
function run(words: readonly string[], env: Readonly<Record<string, string>>) {
  const [program = '', ...args] = words;
  const options = { cwd: root, env: { ...inheritedEnvironment(), ...env } };
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
  const abandon = () => child.kill('SIGKILL');
  process.once('exit', abandon);
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  endings.push(async () => {
    process.off('exit', abandon);
    abandon();
    await ended;
  });
  return child.stdout;
}

/** Of a person whom Clever knows, and the bridge does not. */
async function openBrowser(person: string): Promise<Client> {
  const browser = fixture.browser();
  await browser.open(fixture.launchAddress(person), { stopBefore: (url) => url.pathname.endsWith('/callback') });
  return browser;
}

async function register(id: string, redirectUri: string, ...words: readonly string[]): Promise<string> {
  const scopes = ['--scopes', 'openid,profile,email'];
  const put = await fixture.command('client', 'put', id, '--redirect-uri', redirectUri, ...scopes, ...words);
  expect(put.exitCode).toBe(0);
  return String(put.json['secret'] ?? '');
}

interface Peer {
  readonly host: string;
  readonly startPath: string;
  readonly mePath: string;
  /** Further words of `client put`. */
  readonly words?: readonly string[];
  readonly command: (settings: Readonly<Record<string, string>>) => readonly string[];
}

/** The configuration of the sign-in bench; the bridge signs with ES256, where Clever's stub has RS256. */
function configureApache(settings: Readonly<Record<string, string>>): readonly string[] {
  const place = join(folder, 'apache');
  mkdirSync(join(place, 'pages'), { recursive: true });
  for (const page of ['start', 'me']) writeFileSync(join(place, 'pages', page), 'in\n');
  const filled: Readonly<Record<string, string>> = {
    ...settings,
    FOLDER: place,
    MODULES: '/usr/lib/apache2/modules',
    REDIS: new URL(settings['REDIS_URL'] ?? '').host,
  };
  const template = readFileSync(join(root, 'bench/peers/mod-auth-openidc.conf'), 'utf8').replace('RS256', 'ES256');
  writeFileSync(
    join(place, 'apache.conf'),
    template.replaceAll(/@(\w+)@/g, (_, key: string) => filled[key] ?? ''),
  );
  return ['/usr/sbin/apache2', '-f', join(place, 'apache.conf'), '-DFOREGROUND'];
}

const peers: readonly (readonly [string, Peer])[] = [
  [
    'openid-client',
    {
      host: 'localhost',
      startPath: '/login',
      mePath: '/me',
      command: () => [process.execPath, 'bench/peers/openid-client-guide.js'],
    },
  ],
  [
    'passport-openidconnect',
    {
      host: 'localhost',
      startPath: '/login',
      mePath: '/me',
      words: ['--pkce', 'or-nonce'],
      command: () => [process.execPath, 'bench/peers/passport.js'],
    },
  ],
  ['mod_auth_openidc', { host: 'localhost', startPath: '/start', mePath: '/me', command: configureApache }],
  [
    'Authlib',
    {
      host: '127.0.0.1',
      startPath: '/login',
      mePath: '/',
      command: () => ['/usr/bin/python3', 'examples/python-oidc/product.py'],
    },
  ],
];

it.each(peers)('%s signs a person in', async (name, { host, startPath, mePath, words = [], command }) => {
  const port = await findFreePort();
  const url = `http://${host}:${port}`;
  const id = name.replaceAll('_', '-');
  const hears = name === 'Authlib' ? ['--backchannel-logout-uri', `${url}/backchannel-logout`] : [];
  const secret = await register(id, `${url}/callback`, ...words, ...hears);
  const settings = {
    PORT: `${port}`,
    BASE_URL: url,
    ISSUER: fixture.publicUrl,
    BRIDGE_URL: fixture.publicUrl,
    CLIENT_ID: id,
    CLIENT_SECRET: secret,
    REDIS_URL: fixture.redis?.url ?? '',
  };
  run(command(settings), settings);
  const isUp = () =>
    fetch(url + mePath, { redirect: 'manual' }).then(
      ({ status }) => status < 500,
      () => false,
    );
  await until(isUp, `${name} to listen`);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const me = async () => {
      const answer = await page.goto(url + mePath);
      return answer?.url() === url + mePath ? answer.status() : 'elsewhere';
    };
    expect(await me()).not.toBe(200);
    // Known at Clever, and not at the bridge.
    await page.goto(fixture.launchAddress('teacher'));
    await context.clearCookies({ name: 'summit_session' });
    await page.goto(url + startPath);
    expect(await me()).toBe(200);
    if (hears.length === 0) return;
    expect(await heading(page)).toBe('Hello, Desmond Achterberg');
    await page.goto(fixture.publicUrl);
    await page.getByRole('button', { name: 'Sign out' }).last().click();
    await until(async () => (await me()) === 401, `${name} to be notified of the end`);
  } finally {
    await context.close();
  }
});

it('oauth4webapi signs a person in, and verifies the signature', async () => {
  const redirectUri = 'http://127.0.0.1:9/callback';
  const secret = await register('oauth4webapi', redirectUri);
  const options = { [oauth.allowInsecureRequests]: true };
  const issuer = new URL(fixture.publicUrl);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  const product = { client_id: 'oauth4webapi', id_token_signed_response_alg: 'ES256' };
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const address = new URL(server.authorization_endpoint ?? '');
  const asked = {
    client_id: product.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  };
  for (const [key, value] of Object.entries(asked)) address.searchParams.set(key, value);
  const client = await openBrowser('student');
  const { location } = await client.open(address, { stopBefore: (url) => url.href.startsWith(redirectUri) });
  const answer = oauth.validateAuthResponse(server, product, location ?? address, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    product,
    oauth.ClientSecretBasic(secret),
    answer,
    redirectUri,
    verifier,
    options,
  );
  const checks = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, product, response, checks);
  await oauth.validateApplicationLevelSignature(server, response, options);
  const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' };
  const userResponse = await oauth.userInfoRequest(server, product, tokens.access_token, options);
  const userinfo = await oauth.processUserInfoResponse(server, product, sub, userResponse);
  expect(userinfo).toMatchObject({ given_name: 'Marisol', family_name: 'Okafor', email_verified: false });
});

it('a desktop program signs in without a secret, at any port', async () => {
  await register('desktop-app', 'http://127.0.0.1/callback', '--public');
  const program = [process.execPath, findBuilt('sandbox/desktop-app/main.js')];
  const output = run(program, { BRIDGE_URL: fixture.publicUrl, CLIENT_ID: 'desktop-app' });
  const lines = createInterface(output)[Symbol.asyncIterator]();
  const { open } = JSON.parse(String((await lines.next()).value));
  const client = await openBrowser('student');
  expect((await client.open(open)).body).toContain('You can close this window');
  const who = JSON.parse(String((await lines.next()).value));
  expect(who).toEqual({ sub: expect.any(String), role: 'student', district: 'juniper-flats' });
});
