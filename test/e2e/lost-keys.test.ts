// STORE_KEYS are lost, and the store with them. From the escrow a new store gets the account ids of the old one: the same
// rosters lead to the same accounts.
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { prepareStore } from '../../sandbox/demo/prepare-store.ts';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { findBuilt, root } from '../helpers/bridge-build.ts';
import { runBridgeCommand } from '../helpers/bridge-command.ts';
import { type Environment, readLine } from '../helpers/bridge-process.ts';

const pem = (key: { export(how: object): string | Buffer }, type: string) => key.export({ type, format: 'pem' });

describe.each(engines)('the day on which STORE_KEYS of the %s store are lost', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'sso-escrow-'));
  const file = (name: string) => join(folder, name);
  let fixture: Fixture;

  beforeAll(async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file('public.pem'), pem(pair.publicKey, 'spki'));
    writeFileSync(file('private.pem'), pem(pair.privateKey, 'pkcs8'));
    writeFileSync(file('other.pem'), pem(other.privateKey, 'pkcs8'));
    fixture = await startFixture({ engine, env: { STORE_ESCROW_KEY: file('public.pem') } });
  });
  afterAll(async () => {
    await fixture.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function accountOf(person: string): Promise<string | undefined> {
    const client = fixture.browser();
    const stopBefore = (url: URL) => url.origin === fixture.productUrl;
    const { location, status } = await client.open(fixture.launchAddress(person), { stopBefore });
    if (location === undefined) throw new Error(`${person} did not get in: ${status}`);
    return decodeJwt(client.cookie('summit_session') ?? '').sub;
  }

  /** With the private key on standard input. */
  function restoreFromInput(env: Environment): Promise<{ exitCode: number | null; stdout: string }> {
    const words = ['store', 'recover', file('escrow.jwe'), '--key', '-', '--json'];
    const child = spawn(process.execPath, [findBuilt('bridge/main.js'), ...words], {
      cwd: root,
      env: { ...inheritedEnvironment(), ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (bytes) => {
      stdout += bytes;
    });
    child.stdin.end(readFileSync(file('private.pem')));
    return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, stdout })));
  }

  it('the escrow brings the account ids back, into a new store and before its first roster', async () => {
    const before = [await accountOf('student'), await accountOf('teacher')];
    expect(fixture.bridge.raw.map(readLine)).toContainEqual(expect.objectContaining({ event: 'escrow-made' }));

    // The keys are gone: what opens the store now is not what made it.
    const keys = `new:${randomBytes(32).toString('base64')}`;
    const lost = { ...fixture.env, STORE_KEYS: keys };
    expect((await runBridgeCommand(lost, ['district', 'list'])).exitCode).toBe(1);
    const taken = await runBridgeCommand(lost, ['store', 'escrow', '--out', file('escrow.jwe'), '--json']);
    expect([taken.exitCode, taken.json]).toEqual([0, { file: file('escrow.jwe') }]);
    await fixture.bridge.stop();

    const url = engine === 'embedded' ? `embedded:${file('store')}` : `${fixture.redis?.url}/1`;
    const env = { ...fixture.env, STORE_URL: url, STORE_KEYS: keys };
    const wrong = await runBridgeCommand(env, [
      'store',
      'recover',
      file('escrow.jwe'),
      '--key',
      file('other.pem'),
      '--json',
    ]);
    expect([wrong.exitCode, Object(wrong.json['error']).code]).toEqual([1, 'escrow_key']);
    writeFileSync(file('broken.jwe'), 'not an escrow');
    const broken = await runBridgeCommand(env, [
      'store',
      'recover',
      file('broken.jwe'),
      '--key',
      file('private.pem'),
      '--json',
    ]);
    expect([broken.exitCode, Object(broken.json['error']).code]).toEqual([1, 'escrow_broken']);

    expect(await restoreFromInput(env)).toEqual({ exitCode: 0, stdout: '{"restored":true}\n' });
    await prepareStore({ STORE_URL: url, STORE_KEYS: keys });
    const late = await runBridgeCommand(env, [
      'store',
      'recover',
      file('escrow.jwe'),
      '--key',
      file('private.pem'),
      '--json',
    ]);
    expect([late.exitCode, Object(late.json['error']).code]).toEqual([1, 'has_rosters']);

    const address = { PORT: new URL(fixture.publicUrl).port, OPS_PORT: new URL(fixture.bridge.opsUrl).port };
    await fixture.addBridge({ ...env, ...address });
    expect([await accountOf('student'), await accountOf('teacher')]).toEqual(before);
    // And the new store's own escrow holds the same.
    const again = await runBridgeCommand(env, ['store', 'escrow', '--json']);
    expect([again.exitCode, again.json['escrow']]).toEqual([0, expect.stringMatching(/^ey/)]);
    const trail = await runBridgeCommand(env, ['trail', '--json', '--limit', '100']);
    expect(JSON.stringify(trail.json)).toContain('account_ids_restored');
  });

  it('a key of a kind that none can be sealed to is refused at start', async () => {
    writeFileSync(file('small.pem'), pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey, 'spki'));
    await expect(fixture.addBridge({ STORE_ESCROW_KEY: file('small.pem') })).rejects.toThrow(
      /STORE_ESCROW_KEY must be/,
    );
  });
});
