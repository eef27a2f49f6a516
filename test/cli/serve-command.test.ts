// `serve` when it cannot start: the message for people and for programs.
import { runBridgeCommand } from '../helpers/bridge-command.ts';

describe('serve with settings that need attention', () => {
  it('names each to a program, with --json, in one document', async () => {
    const { exitCode, json, stderr } = await runBridgeCommand({ SESSION_TTL: 'soon' }, ['serve', '--json']);
    const { code, settings } = Object(json['error']);
    const names = settings.map(({ setting }: { setting: string }) => setting).sort();
    expect([exitCode, code, stderr]).toEqual([1, 'configuration', '']);
    expect(names).toEqual(['CLEVER_CLIENT_ID', 'CLEVER_CLIENT_SECRET', 'PRODUCT_URL', 'SESSION_TTL']);
  });

  it('names each to a person, on standard error', async () => {
    const { exitCode, stdout, stderr } = await runBridgeCommand({}, ['serve']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /CLEVER_CLIENT_ID is required\n.*CLEVER_CLIENT_SECRET is required\n.*PRODUCT_URL is required/,
    );
  });
});

describe('a misspelled setting', () => {
  const misspelled = { CLEVER_CLIENT_SECRT: 'a-secret-word' };

  it('is reported beside the one that is missing', async () => {
    const { stderr } = await runBridgeCommand(misspelled, ['serve']);
    expect(stderr).toMatch(/CLEVER_CLIENT_SECRT is no setting of the bridge(.|\n)*CLEVER_CLIENT_SECRET is required/);
    const { stdout } = await runBridgeCommand({ ...misspelled, NODE_ENV: 'production' }, ['serve']);
    expect(stdout).toMatch(/"unknown-setting","setting":"CLEVER_CLIENT_SECRT"(.|\n)*"setting":"CLEVER_CLIENT_SECRET"/);
    expect(stderr + stdout).not.toContain('a-secret-word');
  });

  it.each([
    ['store', 'check'],
    ['store', 'migrate', '--to', 'embedded:none'],
    ['district', 'list'],
  ])('is reported by %s %s', async (...words) => {
    const { stderr } = await runBridgeCommand({ STORE_URL: 'x', STORE_KEY: 'a-secret-word' }, words);
    expect(stderr).toMatch(/^STORE_KEY is no setting of the bridge/);
  });
});

it('names each as a line of JSON in production, and what else keeps it from starting', async () => {
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://sso.summit.example', SESSION_TTL: 'soon' };
  const refused = await runBridgeCommand(production, ['serve']);
  const lines = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((line) => Object(JSON.parse(line)));
  expect([refused.exitCode, refused.stderr]).toEqual([1, '']);
  expect(lines(refused.stdout)).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'setting-refused', setting: 'SESSION_TTL' }),
  );

  const failed = await runBridgeCommand(
    {
      ...production,
      SESSION_TTL: '8h',
      CLEVER_CLIENT_ID: 'a',
      CLEVER_CLIENT_SECRET: 'b',
      PRODUCT_URL: 'https://sso.summit.example',
      STORE_URL: 'redis://127.0.0.1:1',
      STORE_KEYS: `k:${Buffer.alloc(32).toString('base64')}`,
    },
    ['serve'],
  );
  expect([failed.exitCode, failed.stderr]).toEqual([1, '']);
  expect(lines(failed.stdout).at(-1)).toMatchObject({
    event: 'serve-failed',
    detail: expect.stringMatching('ECONNREFUSED'),
  });
});
