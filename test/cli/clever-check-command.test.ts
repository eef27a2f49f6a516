// `sso-bridge clever check` against the stand-in Clever, with each fault that a go-live meets.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cedarHollow, willowBend } from '../../sandbox/clever/data-people.ts';
import { juniperFlats } from '../../sandbox/clever/districts.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import type { SwitchSettings } from '../../sandbox/clever/switches.ts';
import { runCommand } from '../../src/cli.ts';
import { app, startTestClever, syncApp } from '../sandbox/start.ts';

describe('sso-bridge clever check', () => {
  let clever: Clever;
  let folder: string;
  beforeAll(async () => {
    clever = await startTestClever();
    folder = await mkdtemp(join(tmpdir(), 'clever-check-'));
    await put('cedar-hollow', cedarHollow.id, 'secure-sync:full');
    await put('willow-bend', willowBend.id, 'manual,secure-sync:provisioning');
    await put('juniper-flats', juniperFlats.id, 'sftp');
  });
  afterEach(() => clever.switches.clear());
  afterAll(async () => {
    await clever.close();
    await rm(folder, { recursive: true });
  });

  const put = (id: string, cleverId: string, rostering: string) =>
    run(['district', 'put', id, '--clever-id', cleverId, '--name', id, '--rostering', rostering]);

  async function run(words: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    const [out, err]: [string[], string[]] = [[], []];
    const environment = {
      STORE_URL: `embedded:${join(folder, 'store')}`,
      SESSION_TTL: '8h',
      ATTEMPT_RETENTION: '90d',
      PUBLIC_URL: 'https://sso.example.org',
      CLEVER_ISSUER: clever.url,
      CLEVER_API_URL: clever.url,
      CLEVER_CLIENT_ID: app.clientId,
      CLEVER_CLIENT_SECRET: app.clientSecret,
      CLEVER_SECURE_SYNC_CLIENT_ID: syncApp.clientId,
      CLEVER_SECURE_SYNC_CLIENT_SECRET: syncApp.clientSecret,
      ...settings,
    };
    const exitCode = await runCommand(
      words,
      {
        environment,
        layers: [],
        version: '1.2.3',
        stdout: { write: (text) => out.push(text) },
        stderr: { write: (text) => err.push(text) },
      },
      async () => 0,
    );
    return { exitCode, text: out.join(''), err: err.join('') };
  }

  interface Check {
    readonly check: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly app?: string;
    readonly district?: string;
    readonly reason?: string;
    readonly ask?: string;
  }

  async function check(settings: Readonly<Record<string, string>> = {}, ...more: string[]) {
    const { exitCode, text } = await run(['clever', 'check', ...more, '--json'], settings);
    const document: { readonly result: string; readonly checks: readonly Check[] } = JSON.parse(text);
    expect(text).not.toMatch(/secret-k12|secret-sync/);
    return { exitCode, ...document, wrong: document.checks.filter(({ ok }) => !ok) };
  }

  it('is well where everything is', async () => {
    const { exitCode, result, checks, wrong } = await check();
    expect([exitCode, result, wrong]).toEqual([0, 'ok', []]);
    expect(checks.map(({ check, app, district }) => district ?? app ?? check)).toEqual([
      'discovery',
      'issuer',
      'algorithms',
      'keys',
      'summit-k12',
      'secure-sync',
      'summit-k12',
      'secure-sync',
      'cedar-hollow',
      'juniper-flats',
      'willow-bend',
    ]);
  });

  it('says in words what it saw, and the redirect addresses', async () => {
    const { text, exitCode } = await run(['clever', 'check']);
    expect(exitCode).toBe(0);
    expect(text).toMatch(
      /^ENTER .*for Summit K12: https:\/\/sso\.example\.org\/oauth\/clever\/callback\. It must stand first/m,
    );
    expect(text).toMatch(/^ENTER .*for SK12 Secure Sync: .*It must stand first.*cannot be checked from here/m);
    expect(text).toContain('https://sso.example.org/oauth/clever/callback.');
    expect(text).toContain('https://sso.example.org/oauth/clever/secure-sync/callback.');
    expect(text).toContain('RS256');
    expect(text).toMatch(/All well\.\n$/);
    expect(text).not.toMatch(/secret-k12|secret-sync|WRONG/);
  });

  it('names both redirect addresses for the one app, where the second is not set', async () => {
    const { checks } = await check({ CLEVER_SECURE_SYNC_CLIENT_ID: '', CLEVER_SECURE_SYNC_CLIENT_SECRET: '' });
    const details = checks.filter((one) => one.check === 'redirect').map(({ detail }) => detail);
    expect(details).toEqual([
      expect.stringMatching(/for Summit K12: .*\/oauth\/clever\/callback\. It must stand first/),
      expect.stringMatching(/for Summit K12: .*\/oauth\/clever\/secure-sync\/callback\. It must stand as well/),
    ]);
  });

  it('checks one district', async () => {
    const { checks } = await check({}, '--district', 'cedar-hollow');
    expect(checks.filter(({ check }) => check === 'district')).toHaveLength(1);
  });

  it('refuses an unknown district', async () => {
    expect(await run(['clever', 'check', '--district', 'nowhere'])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('There is no district "nowhere"'),
    });
  });

  const faults: [string, SwitchSettings, string, string | undefined][] = [
    ['no discovery', { fail: { on: ['discovery'], status: 404 } }, 'discovery', 'unexpected-status'],
    ['a page for discovery', { html: { on: ['discovery'] } }, 'discovery', 'not-json'],
    ['metadata without addresses', { metadata: { jwks_uri: null } }, 'discovery', 'bad-metadata'],
    ['another issuer', { metadata: { issuer: 'https://other.example' } }, 'issuer', undefined],
    ['no keys', { keys: 'none' }, 'keys', 'no-keys'],
    ['keys that fail', { fail: { on: ['jwks'] } }, 'keys', 'status-5xx'],
    [
      'an algorithm the bridge does not take',
      { metadata: { id_token_signing_alg_values_supported: ['HS256'] } },
      'algorithms',
      undefined,
    ],
  ];

  it.each(faults)('finds %s, and says what to do', async (_, switches, name, reason) => {
    clever.switches.set(switches);
    const { exitCode, result, wrong } = await check();
    expect([exitCode, result]).toEqual([1, 'attention']);
    const found = wrong.filter(({ check }) => check !== 'district');
    expect(found.map(({ check, reason }) => [check, reason])).toEqual([[name, reason]]);
    expect(found[0]?.ask).toMatch(/Clever Support/);
  });

  it('sends no secret where the issuer is another', async () => {
    clever.switches.set({ metadata: { issuer: 'https://other.example' } });
    const { checks } = await check({}, '--district', 'cedar-hollow');
    expect(checks.filter(({ check }) => check === 'credentials')).toEqual([]);
  });

  it.each([
    ['summit-k12', { CLEVER_CLIENT_SECRET: 'wrong' }, 'juniper-flats'],
    ['secure-sync', { CLEVER_SECURE_SYNC_CLIENT_SECRET: 'wrong' }, 'cedar-hollow'],
  ])('finds a wrong secret of %s', async (name, settings, district) => {
    const { exitCode, wrong } = await check(settings, '--district', district);
    expect(exitCode).toBe(1);
    expect(wrong.map(({ check, app, reason }) => [check, app, reason])).toEqual([
      ['credentials', name, 'invalid-client'],
      ['district', name, 'invalid-client'],
    ]);
  });

  it('takes every form of a refused code for credentials that are right', async () => {
    for (const as of ['clever', 'message', 'ok'] as const) {
      clever.switches.set({ tokenError: { as } });
      expect((await check({}, '--district', 'cedar-hollow')).exitCode).toBe(0);
    }
  });

  it('finds a district that is not connected', async () => {
    await put('far-away', 'f'.repeat(24), 'secure-sync:full');
    const { exitCode, wrong } = await check({}, '--district', 'far-away');
    expect(exitCode).toBe(1);
    expect(wrong).toEqual([expect.objectContaining({ district: 'far-away', reason: 'no-token' })]);
    await run(['district', 'remove', 'far-away']);
  });

  it.each(['404', '403', 'text', 'html'] as const)('finds rights that are missing, refused as %s', async (refusal) => {
    clever.switches.set({ dataApi: { noRights: true, refusal } });
    const { exitCode, wrong } = await check({}, '--district', 'cedar-hollow');
    expect(exitCode).toBe(1);
    expect(wrong).toEqual([expect.objectContaining({ district: 'cedar-hollow', reason: 'not-allowed' })]);
    expect(wrong[0]?.ask).toMatch(/Ask Clever Support/);
  });

  it.each<[string, SwitchSettings, string, RegExp]>([
    [
      'a limit that is reached',
      { dataApi: { rate: { requests: 1, seconds: 3600 }, rateHeaders: 'never' } },
      'rate-limited',
      /^Wait a minute.*Clever Support/,
    ],
    ['a Data API that fails', { fail: { on: ['api'] } }, 'status-5xx', /status\.clever\.com/],
    ['a Data API that hangs up', { drop: { on: ['api'] } }, 'reset', /status\.clever\.com/],
    ['a page for the Data API', { html: { on: ['api'] } }, 'not-json', /CLEVER_API_URL.*Clever Support/],
    ['a district that Clever paused', { dataApi: { state: 'paused' } }, 'paused', /ends the pause/],
    ['a district that has to approve', { dataApi: { state: 'pending' } }, 'pending', /approved or completed/],
    ['a district with an error', { dataApi: { state: 'error' } }, 'error', /sees the error.*Clever Support/],
  ])('finds %s, and says what to do about it', async (_, switches, reason, ask) => {
    clever.switches.set(switches);
    const { exitCode, wrong } = await check({}, '--district', 'cedar-hollow');
    expect([exitCode, wrong.map(({ district, reason: found }) => [district, found])]).toEqual([
      1,
      [['cedar-hollow', reason]],
    ]);
    expect(wrong[0]?.ask).toMatch(ask);
  });

  it('does not mind that Clever paused a district whose roster comes from elsewhere', async () => {
    clever.switches.set({ dataApi: { state: 'paused' } });
    expect((await check({}, '--district', 'juniper-flats')).exitCode).toBe(0);
  });

  it('asks to check an address that does not answer', async () => {
    const { wrong } = await check({ CLEVER_API_URL: 'http://127.0.0.1:9' }, '--district', 'cedar-hollow');
    expect(wrong).toEqual([
      expect.objectContaining({ reason: 'refused-connection', ask: expect.stringMatching(/CLEVER_API_URL/) }),
    ]);
  });

  it('finds courses that are missing', async () => {
    clever.switches.set({ dataApi: { noCourses: true } });
    const { text, exitCode } = await run(['clever', 'check', '--district', 'cedar-hollow']);
    expect(exitCode).toBe(1);
    expect(text).toContain('may not read courses.');
  });

  it('prints what Clever names without control characters', async () => {
    clever.switches.set({ metadata: { id_token_signing_alg_values_supported: ['\u001b]52;c;x\u0007'] } });
    const { text } = await run(['clever', 'check']);
    expect(text.split('\n').join('')).not.toMatch(/\p{Cc}/u);
  });
});
