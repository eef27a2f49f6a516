// `sso-bridge sync`: which districts, the output, the exit code, and the settings it needs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cedarHollow, willowBend } from '../../sandbox/clever/data-people.ts';
import type { Clever } from '../../sandbox/clever/start-clever.ts';
import { runCommand } from '../../src/cli.ts';
import { startTestClever, syncApp } from '../sandbox/start.ts';

describe('sso-bridge sync', () => {
  let clever: Clever;
  let folder: string;
  beforeAll(async () => {
    clever = await startTestClever();
  });
  afterAll(() => clever.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sync-command-'));
    await put('cedar-hollow', cedarHollow.id, 'secure-sync:full');
    await put('willow-bend', willowBend.id, 'manual,secure-sync:provisioning');
    await put('files-only', 'f'.repeat(24), 'sftp');
  });
  afterEach(async () => {
    clever.switches.clear();
    await rm(folder, { recursive: true });
  });

  const put = (id: string, cleverId: string, rostering: string) =>
    run(['district', 'put', id, '--clever-id', cleverId, '--name', id, '--rostering', rostering]);

  async function run(words: readonly string[], settings: Readonly<Record<string, string>> = {}, json = true) {
    const [out, err]: [string[], string[]] = [[], []];
    const environment = {
      STORE_URL: `embedded:${join(folder, 'store')}`,
      SESSION_TTL: '8h',
      ATTEMPT_RETENTION: '90d',
      CLEVER_ISSUER: clever.url,
      CLEVER_API_URL: clever.url,
      CLEVER_CLIENT_ID: 'first-app',
      CLEVER_CLIENT_SECRET: 'first-secret',
      CLEVER_SECURE_SYNC_CLIENT_ID: syncApp.clientId,
      CLEVER_SECURE_SYNC_CLIENT_SECRET: syncApp.clientSecret,
      ...settings,
    };
    const exitCode = await runCommand(
      json ? [...words, '--json'] : words,
      {
        environment,
        layers: [],
        version: '1.2.3',
        stdout: { write: (text) => out.push(text) },
        stderr: { write: (text) => err.push(text) },
      },
      async () => 0,
    );
    const text = out.join('');
    const document: unknown = json && text !== '' ? JSON.parse(text) : undefined;
    return { exitCode, text, document, err: err.join('') };
  }

  it('syncs every Secure Sync district and no other', async () => {
    const { exitCode, document } = await run(['sync']);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      syncs: [
        { district: 'cedar-hollow', result: 'published', method: 'secure-sync', accounts: { teacher: 1 } },
        { district: 'willow-bend', result: 'published', accounts: { student: 16, teacher: 0 }, classes: 0 },
      ],
    });
  });

  it('syncs one district, and roster status shows it', async () => {
    const { document } = await run(['sync', '--district', 'willow-bend']);
    expect(document).toMatchObject({ syncs: [{ district: 'willow-bend' }] });
    const status = await run(['roster', 'status', '--district', 'willow-bend']);
    expect(status.document).toMatchObject({ last_sync: { result: 'published', by: 'command' } });
  });

  it.each(['paused', 'pending', 'error'] as const)('ends with 1 and the reason while Clever says %s', async (state) => {
    await run(['sync']);
    clever.switches.set({ dataApi: { state } });
    const { exitCode, document } = await run(['sync', '--district', 'cedar-hollow']);
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      syncs: [
        { result: 'refused', code: `clever_district_${state}`, detail: expect.stringContaining('last good roster') },
      ],
    });
    const { text } = await run(['sync'], {}, false);
    expect(text).toContain('The last good roster stands.');
    const status = await run(['roster', 'status', '--district', 'cedar-hollow']);
    expect(status.document).toMatchObject({
      last_sync: { result: 'refused', code: `clever_district_${state}` },
      feeds: [{ method: 'secure-sync', active: { accounts: { teacher: 1 } } }],
    });
  });

  it.each([
    ['a wrong secret', { CLEVER_SECURE_SYNC_CLIENT_SECRET: 'wrong-secret' }, 'clever_misconfigured', 'invalid-client'],
    ['no server at the address', { CLEVER_ISSUER: 'http://localhost:1' }, 'clever_unavailable', 'refused-connection'],
  ])('ends with 1 for %s, and prints no secret', async (_, settings, code, reason) => {
    const { exitCode, document, text, err } = await run(['sync', '--district', 'cedar-hollow'], settings);
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ syncs: [{ result: 'failed', code, reason }] });
    expect(text + err).not.toMatch(/-secret|Bearer|Basic/);
  });

  it('refuses a district that is unknown, or not rostered by Secure Sync', async () => {
    const unknown = await run(['sync', '--district', 'nowhere']);
    expect(unknown).toMatchObject({ exitCode: 1, document: { error: { code: 'district_unknown' } } });
    const files = await run(['sync', '--district', 'files-only']);
    expect(files).toMatchObject({ exitCode: 1, document: { error: { code: 'method_not_used' } } });
  });

  it('names every setting it lacks at once, and those of the store with them', async () => {
    const { exitCode, document } = await run(['sync'], {
      CLEVER_ISSUER: '',
      CLEVER_CLIENT_SECRET: '',
      SESSION_TTL: 'long',
    });
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      error: {
        code: 'configuration',
        settings: expect.arrayContaining([
          expect.objectContaining({ setting: 'CLEVER_ISSUER' }),
          expect.objectContaining({ setting: 'CLEVER_CLIENT_SECRET' }),
          expect.objectContaining({ setting: 'SESSION_TTL' }),
        ]),
      },
    });
  });
});
