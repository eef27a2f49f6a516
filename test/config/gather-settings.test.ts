// Where settings come from: files that hold a secret, broken files of config/, names that are none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findUnknownSettings, readCommandConfig, readConfig } from '../../src/config/config.ts';
import { readLayers, secretNames } from '../../src/config/gather-settings.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const defaults = { STORE_URL: 'embedded:var/store', SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  mkdirSync(join(folder, 'config'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const problemsOf = (
  environment: Record<string, string>,
  layers: Parameters<typeof readCommandConfig>[1] = [defaults],
) => {
  const read = readCommandConfig(environment, layers);
  return read.kind === 'problems' ? read.problems : [];
};

describe('a secret in a file', () => {
  it.each(secretNames)('is taken of %s, without the line end behind it', (name) => {
    const value = { STORE_KEYS: `one:${key}`, STORE_URL: 'embedded:elsewhere' }[String(name)] ?? 'a secret';
    const at = file('secret', `${value}\r\n`);
    const clever = { CLEVER_ISSUER: 'https://c.example', CLEVER_API_URL: 'https://c.example', CLEVER_CLIENT_ID: 'id' };
    const rest = { ...clever, CLEVER_CLIENT_SECRET: 's', CLEVER_SECURE_SYNC_CLIENT_ID: 'i', STAFF_CLIENT_ID: 'i' };
    const { [name as 'CLEVER_CLIENT_SECRET']: _, ...others } = { ...rest, CLEVER_SECURE_SYNC_CLIENT_SECRET: 's' };
    if (name === 'STORE_SENTINEL_PASSWORD')
      Object.assign(others, { STORE_URL: 'redis+sentinel://h/main', STORE_KEYS: `one:${key}` });
    const read = readConfig(
      { ...others, PRODUCT_URL: 'http://localhost:1', PUBLIC_URL: 'http://localhost:2', [`${name}_FILE`]: at },
      [readLayers('.')[0] ?? {}],
    );
    expect(read.kind === 'problems' ? read.problems : []).toEqual([]);
    const config: Record<string, unknown> = read.kind === 'config' ? { ...read.config } : {};
    if (name === 'STORE_KEYS') expect(config[name]).toEqual([{ id: 'one', key: Buffer.alloc(32, 7) }]);
    else if (name === 'STORE_URL') expect(config[name]).toEqual({ kind: 'embedded', path: 'elsewhere' });
    else expect(config[name]).toBe(value);
  });

  it('counts over a text of a lower source, and a text over a file of a lower source', () => {
    const at = file('url', 'embedded:from-file');
    const urlOf = (environment: Record<string, string>, layer: object) => {
      const read = readCommandConfig(environment, [defaults, { ...layer }]);
      return read.kind === 'config' ? read.config.STORE_URL : read.problems;
    };
    expect(urlOf({ STORE_URL_FILE: at }, {})).toEqual({ kind: 'embedded', path: 'from-file' });
    expect(urlOf({}, { STORE_URL: null, STORE_URL_FILE: at })).toEqual({ kind: 'embedded', path: 'from-file' });
    expect(urlOf({ STORE_URL: 'embedded:x' }, { STORE_URL_FILE: at })).toEqual({ kind: 'embedded', path: 'x' });
  });

  it.each([
    ['is not there', 'absent', undefined, /cannot be read \(ENOENT\)/],
    ['is a folder', 'config', undefined, /cannot be read \(EISDIR\)/],
    ['is empty', 'empty', '\n', /empty/],
    ['is too large', 'large', 'x'.repeat(70_000), /more than 65536 bytes/],
  ])('that %s is a problem of its own, not a missing setting', (_, name, content, message) => {
    if (content !== undefined) file(name, content);
    expect(problemsOf({ STORE_KEYS_FILE: join(folder, name), STORE_URL: 'redis://h' })).toEqual([
      { setting: 'STORE_KEYS_FILE', message: expect.stringMatching(message) },
    ]);
  });

  it('is refused where the setting itself is set beside it', () => {
    const at = file('keys', `one:${key}`);
    expect(problemsOf({ STORE_KEYS_FILE: at, STORE_KEYS: `two:${key}` })).toEqual([
      { setting: 'STORE_KEYS_FILE', message: 'and STORE_KEYS are both set: set one of them' },
    ]);
  });

  it.each(['a-secret\n\n', 'a-secret\nanother\n', '\uFEFFa-secret\n', 'a\tsecret'])(
    'that is more than one line of text is refused, since no server would know it: %j',
    (content) => {
      const environment = { CLEVER_CLIENT_ID: 'id', CLEVER_CLIENT_SECRET_FILE: file('secret', content) };
      const read = readConfig({ ...environment, PRODUCT_URL: 'http://localhost:1' }, readLayers('.'));
      expect(read).toEqual({
        kind: 'problems',
        problems: [
          { setting: 'CLEVER_CLIENT_SECRET', message: 'must be text without line ends and control characters' },
        ],
      });
    },
  );

  it('whose content is wrong is named by the setting, and its content is not repeated', () => {
    const at = file('keys', 'one:c2hvcnQ=');
    expect(problemsOf({ STORE_KEYS_FILE: at, STORE_URL: 'redis://h' })).toEqual([
      { setting: 'STORE_KEYS', message: 'must be id:base64(32 bytes), comma separated, each id once' },
    ]);
  });
});

describe('config/', () => {
  it.each([
    ['{\n  "STORE_KEYS": "a-secret-word",\n}', 'is not valid JSON (line 3)'],
    ['a-secret-word', 'is not valid JSON'],
    ['["a-secret-word"]', 'must be one JSON object of names and texts'],
    ['', 'is not valid JSON'],
  ])('that is broken is named without a line of it: %j', (content, message) => {
    file('config/production.json', content);
    const problems = problemsOf({}, [defaults, ...readLayers(folder, 'production')]);
    expect(problems).toEqual([{ setting: 'config/production.json', message: expect.stringContaining(message) }]);
    expect(JSON.stringify(problems)).not.toContain('secret-word');
  });

  it('takes texts only, and does not say that a number is missing', () => {
    expect(problemsOf({}, [defaults, { SESSION_TTL: 8 }])).toEqual([
      { setting: 'SESSION_TTL', message: 'must be text in double quotes in config/' },
    ]);
  });

  it('is not looked for outside of its folder', () => {
    file('outside.json', '{}');
    expect(readLayers(folder, '../outside')).toEqual([]);
  });
});

it('never says "is required" of what was given and is wrong', () => {
  const bad = { NODE_ENV: 'production', STORE_KEYS: 'x', STORE_URL: 'redis://h' };
  expect(problemsOf(bad).map(({ message }) => message)).toEqual([
    'must be id:base64(32 bytes), comma separated, each id once',
  ]);
});

it('names what looks like a setting and is none, in the environment by its prefix and in config/ always', () => {
  const environment = { STORE_KEY: 'x', SESSION_TLL: '1h', STAFF_ISUER: 'x', CLEVER_CLIENTID: 'x', HOME: '/' };
  expect(findUnknownSettings(environment, [{ ...defaults, LIMIT: 'off' }])).toEqual([
    'STORE_KEY',
    'SESSION_TLL',
    'STAFF_ISUER',
    'CLEVER_CLIENTID',
    'LIMIT',
  ]);
});

it("knows OpenTelemetry's own settings in the environment, where its SDK reads them, and no other of its prefix", () => {
  const unknown = findUnknownSettings(
    {
      OTEL_SERVICE_NAME: 'a',
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_EXPORTER_OTLP_ENDPIONT: 'x',
      OTEL_TRACES_SAMPLER: 'x',
    },
    [{ ...defaults, OTEL_SERVICE_NAME: 'a', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }],
  );
  expect(unknown).toEqual(['OTEL_EXPORTER_OTLP_ENDPIONT', 'OTEL_SERVICE_NAME']);
});
