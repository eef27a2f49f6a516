// A backup is taken while people sign in, and put in place on another day: people are who they were, and what ended since
// does not live again.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { readCommandConfig } from '../../src/config/config.ts';
import { engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { bodyOf, type Client, problemAccept } from '../helpers/bridge-client.ts';
import { runBridgeCommand } from '../helpers/bridge-command.ts';
import type { Environment } from '../helpers/bridge-process.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { openServices } from '../helpers/services.ts';

describe.each(engines)('a backup of the %s store', (engine) => {
  let fixture: Fixture;
  let copied: RedisServer | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'sso-backup-'));

  beforeAll(async () => {
    fixture = await startFixture({ engine });
  });
  afterAll(async () => {
    await fixture.stop();
    await copied?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(person: string): Promise<{ client: Client; token: string }> {
    const client = fixture.browser();
    // Not into the product: it keeps the old keys for a while after a restore, as any verifier may.
    const stopBefore = (url: URL) => url.origin === fixture.productUrl;
    const { location, status } = await client.open(fixture.launchAddress(person), { stopBefore });
    if (location === undefined) throw new Error(`${person} did not get in: ${status}`);
    return { client, token: client.cookie('summit_session') ?? '' };
  }
  const signOut = ({ client }: { client: Client }) =>
    client.once(`${fixture.publicUrl}/logout`, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } });
  const statusOf = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fixture.browser().once(`${fixture.publicUrl}/session`, { headers })).status;
  };
  const create = async (scope: string, name: string) => {
    const { json } = await fixture.command('credential', 'create', '--scope', scope, '--name', name);
    return { id: String(json['id']), secret: String(json['secret']) };
  };
  const askRevocations = ({ id, secret }: { id: string; secret: string }, after = '') =>
    fixture.browser().once(`${fixture.publicUrl}/session/revocations${after === '' ? '' : `?after=${after}`}`, {
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    });

  /** Sign-ins one after the other until stopped; returns how many. */
  function keepSigningIn() {
    let isOver = false;
    const loop = async () => {
      let done = 0;
      while (!isOver) {
        await signIn('teacher');
        done += 1;
      }
      return done;
    };
    const running = Promise.all([loop(), loop()]);
    return async () => {
      isOver = true;
      return (await running).reduce((sum, each) => sum + each, 0);
    };
  }

  /** Settings by which the copy is opened, as a store of its own. */
  async function putInPlace(file: string): Promise<Environment> {
    if (engine === 'embedded') {
      const keys = readFileSync(`${fixture.env['STORE_URL']?.replace('embedded:', '')}.keys`, 'utf8').trim();
      return { ...fixture.env, STORE_URL: `embedded:${file}`, STORE_KEYS: keys };
    }
    copyFileSync(file, join(folder, 'dump.rdb'));
    copied = await startRedis({ args: ['--dir', folder, '--dbfilename', 'dump.rdb'] });
    return { ...fixture.env, STORE_URL: copied.url };
  }

  /** Whether the copy, as it was taken, has the session; the check that `serve` would make is left out. */
  async function livesIn(env: Environment, token: string): Promise<boolean> {
    const layer = JSON.parse(readFileSync(new URL('../../config/default.json', import.meta.url), 'utf8'));
    const read = readCommandConfig(env, [layer]);
    if (read.kind === 'problems') throw new Error(JSON.stringify(read.problems));
    const services = await openServices(read.config);
    const { sub = '', sid, district } = decodeJwt<{ sid: string; district: string }>(token);
    const found = await services.registry.find({ districtId: district, sid, accountId: sub });
    await services.store.close();
    return found !== undefined;
  }

  it('is whole though people sign in meanwhile, and brings back neither what had ended nor what ends later', async () => {
    const [endedBefore, endedAfter, live] = [await signIn('student'), await signIn('student'), await signIn('teacher')];
    await signIn('recycled-first');
    await signOut(endedBefore);
    const product = await create('product', 'Main product');
    const stolen = await create('admin', 'A laptop');

    const stopSigningIn = keepSigningIn();
    const target = join(folder, 'copy');
    const words = engine === 'embedded' ? [target] : [];
    const backup = await fixture.command('store', 'backup', ...words);
    expect(await stopSigningIn()).toBeGreaterThan(0);
    expect([backup.exitCode, backup.json]).toMatchObject([0, { copies: [{ file: expect.any(String) }] }]);
    const file = String(Object(backup.json['copies'])[0].file);
    expect(statSync(file).size).toBeGreaterThan(0);

    await signOut(endedAfter);
    await fixture.command('credential', 'revoke', stolen.id);
    const { cursor } = Object(bodyOf(await askRevocations(product)));
    await fixture.bridge.stop();

    const env = await putInPlace(file);
    expect(await livesIn(env, endedBefore.token)).toBe(false);
    // The copy brings the ended session back, which is why the server refuses it.
    expect(await livesIn(env, endedAfter.token)).toBe(true);
    const address = { PORT: new URL(fixture.publicUrl).port, OPS_PORT: new URL(fixture.bridge.opsUrl).port };
    await expect(fixture.addBridge({ ...env, ...address })).rejects.toThrow(
      /this store is a backup, taken at .*store restored/,
    );

    const command = (...more: readonly string[]) => runBridgeCommand(env, ['store', 'restored', '--json', ...more]);
    const unsaid = await command();
    expect([unsaid.exitCode, Object(unsaid.json['error']).credentials]).toMatchObject([
      2,
      [{ id: product.id }, { id: stolen.id }],
    ]);
    const restored = await command('--keep-credential', product.id);
    expect([restored.exitCode, restored.json]).toMatchObject([
      0,
      { credentials_kept: [product.id], credentials_revoked: [stolen.id], sessions_ended: expect.any(Array) },
    ]);

    await fixture.addBridge({ ...env, ...address });
    for (const { token } of [endedBefore, endedAfter, live]) expect(await statusOf(token)).toBe(401);
    const again = await signIn('student');
    expect(decodeJwt(again.token).sub).toBe(decodeJwt(endedBefore.token).sub);
    expect(await statusOf(again.token)).toBe(200);
    const other = await fixture.browser().open(fixture.launchAddress('recycled-second'), { accept: problemAccept });
    expect(bodyOf(other)['code']).toBe('identity_changed');
    const revoked = Object(bodyOf(await askRevocations(product, cursor)));
    expect(revoked.revocations).toContainEqual(expect.objectContaining({ kind: 'district', id: 'juniper-flats' }));
    const admin = await fixture.browser().once(`${fixture.publicUrl}/districts`, {
      headers: { authorization: `Bearer ${stolen.secret}` },
    });
    expect(admin.status).toBe(401);
  });

  it('is noise without the keys, and the wrong ones are named', async () => {
    const words = engine === 'embedded' ? [join(folder, 'another')] : [];
    const wrong = { ...fixture.env, STORE_KEYS: `wrong:${Buffer.alloc(32, 7).toString('base64')}` };
    const backup = await runBridgeCommand(wrong, ['store', 'backup', '--json', ...words]);
    expect([backup.exitCode, Object(backup.json['error']).code]).toEqual([1, 'store_keys']);
    const detail: string = Object(backup.json['error']).detail;
    expect(detail).toMatch(/^STORE_KEYS: none of the keys opens this store; .* wrapped by the key with id/);
  });

  it('never replaces what is there, and says how it is called', async () => {
    const codes = async (...words: readonly string[]) => {
      const { exitCode, json } = await fixture.command('store', 'backup', ...words);
      return [exitCode, Object(json['error']).code];
    };
    if (engine === 'redis') expect(await codes(folder)).toEqual([2, 'path_not_for_redis']);
    else {
      expect(await codes(folder)).toEqual([1, 'path_exists']);
      expect(await codes()).toEqual([2, 'path_missing']);
    }
  });
});
