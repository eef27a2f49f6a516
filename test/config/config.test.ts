// Settings: what each takes, every problem at once and by name, and never a value in a message.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readCommandConfig, readConfig, readSyncConfig, settingNames } from '../../src/config/config.ts';
import type { Environment, Layer } from '../../src/config/gather-settings.ts';

const layer = (name: string): Layer =>
  JSON.parse(readFileSync(new URL(`../../config/${name}.json`, import.meta.url), 'utf8'));
const layers = [layer('default')];
const inProduction = [layer('default'), layer('production')];
const key = Buffer.alloc(32, 1).toString('base64');

const least: Environment = {
  CLEVER_CLIENT_ID: 'client',
  CLEVER_CLIENT_SECRET: 'secret',
  PRODUCT_URL: 'http://localhost:4000/start',
};

const production: Environment = {
  ...least,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://sso.summit.example',
  PRODUCT_URL: 'https://app.summit.example/',
  SESSION_COOKIE_DOMAIN: 'summit.example',
  STORE_URL: 'rediss://user:password@redis.example:6380/1',
  STORE_KEYS: `one:${key}`,
};

function configOf(environment: Environment, from: readonly Layer[] = layers) {
  const read = readConfig(environment, from);
  if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
  return read.config;
}

function problemsOf(environment: Environment, from: readonly Layer[] = layers): string[] {
  const read = readConfig(environment, from);
  return read.kind === 'problems' ? read.problems.map(({ setting }) => setting) : [];
}

it('needs three settings and has the defaults of the contract for the rest', () => {
  expect(configOf(least)).toMatchObject({
    PORT: 3000,
    OPS_PORT: 9464,
    PUBLIC_URL: new URL('http://localhost:3000'),
    CLEVER_ISSUER: new URL('https://clever.com'),
    CLEVER_API_URL: new URL('https://api.clever.com'),
    CLEVER_STATELESS: 'restart',
    CLEVER_PKCE: 'on',
    CLEVER_TIMEOUT: 10,
    STORE_URL: { kind: 'embedded', path: 'var/store' },
    STORE_TIMEOUT: 2,
    RETURN_TO: ['http://localhost:4000'],
    SESSION_AUDIENCE: 'http://localhost:4000',
    SESSION_TTL: 8 * 3600,
    ATTEMPT_RETENTION: 90 * 86_400,
    SYNC_AT: '10:00',
    LIMITS: 'on',
  });
});

it('blames a port that is none alone, not the address that follows it', () => {
  expect(problemsOf({ ...least, PORT: 'x' })).toEqual(['PORT']);
});

it('follows PORT with the address of the bridge unless it is given', () => {
  expect(configOf({ ...least, PORT: '8080' }).PUBLIC_URL.href).toBe('http://localhost:8080/');
  expect(configOf({ ...least, PORT: '8080', PUBLIC_URL: 'http://localhost:3000' }).PUBLIC_URL.port).toBe('3000');
});

it('takes an empty text for not set, and a layer for less than the environment', () => {
  expect(configOf({ ...least, PORT: '' }).PORT).toBe(3000);
  expect(configOf({ ...least, PORT: '1' }, [...layers, { PORT: '2' }]).PORT).toBe(1);
  expect(configOf(least, [...layers, { PORT: '2' }]).PORT).toBe(2);
  expect(problemsOf(least, [...layers, { LIMITS: null }])).toEqual(['LIMITS']);
});

it('gives the public and the operator’s port two numbers, or two that the system chooses', () => {
  expect(problemsOf({ ...least, PORT: '9464' })).toEqual(['OPS_PORT']);
  expect(problemsOf({ ...least, PORT: '0', OPS_PORT: '0', PUBLIC_URL: 'http://localhost:3000' })).toEqual([]);
});

it('wants SFTP_DROP to be a folder, and says so together with what else is wrong', () => {
  const read = (SFTP_DROP: string) => readConfig({ ...least, SFTP_DROP, PORT: '9464' }, layers);
  expect(read(tmpdir())).toMatchObject({ problems: [{ setting: 'OPS_PORT' }] });
  expect(read(join(tmpdir(), 'no-such-folder'))).toMatchObject({
    problems: [{ setting: 'SFTP_DROP' }, { setting: 'OPS_PORT' }],
  });
});

it('reports all problems at once', () => {
  const bad = {
    PORT: 'x',
    SESSION_TTL: '8',
    CLEVER_PKCE: 'yes',
    STORE_URL: 'mysql://x',
    STAFF_ISSUER: 'https://s.example',
  };
  expect(new Set(problemsOf(bad))).toEqual(
    new Set([
      'PORT',
      'SESSION_TTL',
      'CLEVER_PKCE',
      'STORE_URL',
      'CLEVER_CLIENT_ID',
      'CLEVER_CLIENT_SECRET',
      'PRODUCT_URL',
      'STAFF_CLIENT_ID',
      'STAFF_CLIENT_SECRET',
    ]),
  );
});

describe.each<[string, readonly string[], readonly string[]]>([
  ['PORT', ['0', '80', '65535'], ['-1', '65536', '80.5', 'http', ' 80', '1e3']],
  ['SESSION_TTL', ['90s', '15m', '8h', '90d'], ['0s', '8', 'h', '8 h', '-8h', '1.5h', '8H', '8w', '08h']],
  ['STORE_TIMEOUT', ['1s', '2s', '30s'], ['0s', '31s', '1m', '1d', '500ms', '2', 'soon']],
  ['CLEVER_TIMEOUT', ['1s', '10s', '30s'], ['0s', '31s', '10m', '10', 'long']],
  ['ATTEMPT_RETENTION', ['1d', '400d'], ['forever', '0d']],
  ['SUPPORT_CONTACT', ['help@summit.example · (800) 555-0199', 'x'.repeat(500)], ['x'.repeat(501), 'a\nb']],
  ['SYNC_AT', ['00:00', '23:59'], ['24:00', '2:00', '02:60', '02:00:00', 'night']],
  ['CLEVER_STATELESS', ['restart', 'reject'], ['RESTART', 'on', 'true']],
  ['CLEVER_PKCE', ['on', 'off'], ['true', 'S256']],
  ['LIMITS', ['on', 'off'], ['none', 'false']],
  [
    'CLEVER_ISSUER',
    ['https://clever.com', 'http://localhost:4444', 'http://127.0.0.1:1', 'http://[::1]:1'],
    [
      'http://clever.com',
      'clever.com',
      'https://u:p@clever.com',
      'https://clever.com?x',
      'ftp://clever.com',
      'https://clever.com#x',
    ],
  ],
  [
    'STORE_URL',
    ['embedded:x', 'embedded:/srv/store'],
    ['embedded:', 'redis://', 'sqlite:x', 'redis://a,b', 'redis://a/x'],
  ],
  [
    'STORE_KEYS',
    [`a:${key}`, `a:${key}, b:${key}`],
    ['a', `a:${key},a:${key}`, 'a:c2hvcnQ=', `:${key}`, `a b:${key}`, ','],
  ],
  [
    'PRODUCT_URL',
    ['http://localhost:1/x?y#z'],
    ['/start', 'localhost:4000', 'javascript:alert(1)', 'http://u:p@localhost/'],
  ],
  [
    'RETURN_TO',
    ['http://localhost:1, https://x.example', 'https://x.example/path'],
    ['x.example', 'https://x.example,/y', 'data:x'],
  ],
  [
    'TRUST_PROXY',
    ['true', 'false', '2', 'loopback', '10.0.0.0/8, ::1/128', '192.0.2.1'],
    ['yes', 'proxy.example', '10.0.0.0/33', '1.2.3', '::1/129'],
  ],
  ['NODE_ENV', ['development', 'test'], ['prod', 'Production', 'production ', '../../config', 'staging']],
  ['OPS_HOST', ['127.0.0.1', '::1', '0.0.0.0'], ['localhost', '127.0.0', '127.0.0.1:9464']],
  [
    'STAFF_SUPPORT',
    ['ann@summit.example', '@summit.example', 'ann@summit.example, @support.summit.example'],
    ['summit.example', 'ann', 'ann@', '@', 'ann@summit.example;bob@summit.example', 'Ann <ann@summit.example>', ','],
  ],
  ['STAFF_ADMIN', ['@summit.example'], ['ann@summit.example bob@summit.example', 'a@b@summit.example']],
  ['SESSION_COOKIE_DOMAIN', ['127.0.0.1'], ['exa mple.org', 'https://x.example', 'x.example/path', '*.x.example']],
])('%s', (name, good, bad) => {
  it.each(good)('takes %s', (value) => {
    const host =
      name === 'SESSION_COOKIE_DOMAIN' ? { PUBLIC_URL: 'http://127.0.0.1:1', PRODUCT_URL: 'http://127.0.0.1:2' } : {};
    expect(problemsOf({ ...least, ...host, [name]: value })).toEqual([]);
  });
  it.each(bad)('does not take %s', (value) => {
    expect(problemsOf({ ...least, [name]: value })).toContain(name);
  });
});

describe('pairs', () => {
  it.each([
    ['CLEVER_SECURE_SYNC_CLIENT_ID', ['CLEVER_SECURE_SYNC_CLIENT_SECRET']],
    ['CLEVER_SECURE_SYNC_CLIENT_SECRET', ['CLEVER_SECURE_SYNC_CLIENT_ID']],
    ['STAFF_ISSUER', ['STAFF_CLIENT_ID', 'STAFF_CLIENT_SECRET']],
  ])('%s alone is not enough', (given, needed) => {
    expect(problemsOf({ ...least, [given]: 'https://staff.example' })).toEqual(needed);
  });

  it('a Redis store needs keys everywhere, an embedded one in production', () => {
    expect(problemsOf({ ...least, STORE_URL: 'redis://localhost' })).toEqual(['STORE_KEYS']);
    expect(problemsOf({ ...production, STORE_URL: 'embedded:x', STORE_KEYS: '' }, inProduction)).toEqual([
      'STORE_KEYS',
    ]);
  });
});

describe('production', () => {
  it('takes what is meant for it', () => {
    expect(problemsOf(production, inProduction)).toEqual([]);
  });

  it('has no defaults that are only for trying out', () => {
    const bare = { ...production, PUBLIC_URL: '', STORE_URL: '', STORE_KEYS: '' };
    expect(new Set(problemsOf(bare, inProduction))).toEqual(new Set(['PUBLIC_URL', 'STORE_URL']));
  });

  it.each([
    ['PUBLIC_URL', 'http://localhost:3000'],
    ['CLEVER_ISSUER', 'http://localhost:4444'],
    ['CLEVER_API_URL', 'http://127.0.0.1:4444'],
    ['LIMITS', 'off'],
    ['TRUST_PROXY', 'true'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ ...production, [name]: value }, inProduction)).toContain(name);
  });
});

describe('the session cookie', () => {
  it.each<[string, string, string | undefined, readonly string[]]>([
    ['https://sso.summit.example', 'https://sso.summit.example/app', undefined, []],
    ['https://sso.summit.example', 'https://app.summit.example', 'summit.example', []],
    ['https://sso.summit.example', 'https://app.summit.example', '.Summit.example', []],
    ['https://summit.example', 'https://a.b.summit.example', 'summit.example', []],
    ['https://sso.summit.example', 'https://app.summit.example', undefined, ['PRODUCT_URL']],
    ['https://sso.summit.example', 'https://app.other.example', 'summit.example', ['PRODUCT_URL']],
    ['https://sso.summit.example', 'https://evilsummit.example', 'summit.example', ['PRODUCT_URL']],
    ['https://sso.summit.example', 'https://app.summit.example', 'app.summit.example', ['SESSION_COOKIE_DOMAIN']],
    ['https://sso.summit.org', 'https://app.other.org', 'org', ['SESSION_COOKIE_DOMAIN']],
    ['https://sso.k12.ca.us', 'https://app.k12.ca.us', 'k12.ca.us', ['SESSION_COOKIE_DOMAIN']],
    ['https://a.github.io', 'https://b.github.io', 'github.io', ['SESSION_COOKIE_DOMAIN']],
    ['https://sso.summit.example', 'http://sso.summit.example', undefined, ['PRODUCT_URL', 'PRODUCT_URL']],
    ['http://localhost:3000', 'http://127.0.0.1:4000', undefined, ['PRODUCT_URL']],
    ['https://sso.summit.example/base', 'https://sso.summit.example', undefined, ['PUBLIC_URL']],
  ])('from %s reaches %s with the domain %s but for %j', (PUBLIC_URL, PRODUCT_URL, SESSION_COOKIE_DOMAIN, problems) => {
    expect(problemsOf({ ...least, PUBLIC_URL, PRODUCT_URL, SESSION_COOKIE_DOMAIN })).toEqual(problems);
  });
});

it('never repeats a value in a message', () => {
  const names = Object.keys({
    ...production,
    ...layer('default'),
    STAFF_ISSUER: '',
    RETURN_TO: '',
    TRUST_PROXY: '',
    SYNC_AT: '',
  });
  const secret = fc.string({ minLength: 6, maxLength: 30 }).map((text) => `§${text}§`);
  const shaped = fc
    .tuple(secret, fc.constantFrom('%', 'redis://u:%@h', 'https://u:%@x.example', 'a:%', 'embedded%', 'redis://%'))
    .map(([text, shape]) => [text, shape.replace('%', () => text)] as const);
  fc.assert(
    fc.property(fc.constantFrom(...names), shaped, (name, [text, value]) => {
      for (const read of [readConfig, readCommandConfig, readSyncConfig]) {
        const result = read({ ...least, [name]: value }, layers);
        if (result.kind === 'problems')
          expect(JSON.stringify(result.problems)).not.toContain(JSON.stringify(text).slice(1, -1));
      }
    }),
    { numRuns: 3000 },
  );
});

it('reads only the settings of the store for commands', () => {
  expect(readCommandConfig({}, layers)).toMatchObject({ kind: 'config' });
  expect(readCommandConfig({ PORT: 'bad', PRODUCT_URL: 'bad' }, layers)).toMatchObject({ kind: 'config' });
  expect(readCommandConfig({ STORE_URL: 'bad', SESSION_TTL: 'bad' }, layers)).toMatchObject({
    kind: 'problems',
    problems: [{ setting: 'STORE_URL' }, { setting: 'SESSION_TTL' }],
  });
});

describe('the settings of a sync', () => {
  const clever = {
    CLEVER_ISSUER: 'https://clever.example',
    CLEVER_API_URL: 'https://api.clever.example',
    CLEVER_CLIENT_ID: 'id',
    CLEVER_CLIENT_SECRET: 'secret',
  };

  it('are those of the store and of Clever, and no others', () => {
    expect(readSyncConfig({ ...clever, PORT: 'bad', PRODUCT_URL: 'bad' }, layers)).toMatchObject({ kind: 'config' });
  });

  it.each([
    ['no client', { CLEVER_CLIENT_ID: '' }, 'CLEVER_CLIENT_ID'],
    ['half of the second app', { CLEVER_SECURE_SYNC_CLIENT_ID: 'x' }, 'CLEVER_SECURE_SYNC_CLIENT_SECRET'],
    ['http to another machine', { CLEVER_API_URL: 'http://api.example' }, 'CLEVER_API_URL'],
    ['http in production', { CLEVER_ISSUER: 'http://localhost:1', NODE_ENV: 'production' }, 'CLEVER_ISSUER'],
  ])('are refused: %s', (_, changes, setting) => {
    expect(readSyncConfig({ ...clever, ...changes }, layers)).toMatchObject({
      kind: 'problems',
      problems: expect.arrayContaining([expect.objectContaining({ setting })]),
    });
  });
});

it('takes HTTPS_PROXY and NO_PROXY in either case, capitals first', () => {
  const proxy = 'http://user:a-password@proxy.example:3128/';
  expect(configOf({ ...least, https_proxy: proxy, no_proxy: '.internal' })).toMatchObject({
    HTTPS_PROXY: new URL(proxy),
    NO_PROXY: '.internal',
  });
  expect(configOf({ ...least, https_proxy: 'http://other.example', HTTPS_PROXY: proxy }).HTTPS_PROXY?.href).toBe(proxy);
  expect(problemsOf({ ...least, HTTPS_PROXY: 'proxy.example:3128' })).toEqual(['HTTPS_PROXY']);
});

it('takes the public half alone of the key for the escrow', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const folder = mkdtempSync(join(tmpdir(), 'sso-escrow-'));
  const [pub, priv] = [join(folder, 'public.pem'), join(folder, 'private.pem')];
  try {
    writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(priv, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(problemsOf({ ...least, STORE_ESCROW_KEY: pub })).toEqual([]);
    expect(problemsOf({ ...least, STORE_ESCROW_KEY: priv })).toEqual(['STORE_ESCROW_KEY']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('says what is expected of each setting that is wrong, in words of its own', () => {
  const read = readConfig(Object.fromEntries(settingNames.map((name) => [name, '?'])), layers);
  const messages = read.kind === 'problems' ? read.problems : [];
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.filter(({ message }) => /invalid/i.test(message))).toEqual([]);
  expect(problemsOf({ ...least, DRAIN_DELAY: '5' })).toEqual(['DRAIN_DELAY']);
  expect(configOf({ ...least, DRAIN_DELAY: '0s' })).toMatchObject({ DRAIN_DELAY: 0 });
});
