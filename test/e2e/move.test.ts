// A store is moved into the other engine and back while bridges serve signed-in users: all stay signed in, and
// accounts and links are the same. The commands are processes, one of them killed half-way.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { inheritedEnvironment } from '../../sandbox/inherited-environment.ts';
import { engines, type Fixture, startFixture } from '../helpers/bridge.ts';
import { findBuilt, root } from '../helpers/bridge-build.ts';
import { bodyOf, problemAccept } from '../helpers/bridge-client.ts';
import { type CommandResult, runBridgeCommand } from '../helpers/bridge-command.ts';
import { type BridgeProcess, type Environment, readLine, until } from '../helpers/bridge-process.ts';
import { patientStore, type RedisServer, startRedis } from '../helpers/redis-server.ts';

/** The mover waits as long as a server may wait for an answer. */
const quick = { STORE_TIMEOUT: '2s' };

const newKeys = () => `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`;

describe.each(engines)('a store that is moved from %s and back', (engine) => {
  let fixture: Fixture;
  let other: RedisServer;
  let serving: BridgeProcess;
  const folder = mkdtempSync(join(tmpdir(), 'sso-move-'));

  beforeAll(async () => {
    fixture = await startFixture({ engine });
    other = await startRedis({ args: ['--appendonly', 'yes'] });
    serving = fixture.bridge;
  });
  afterAll(async () => {
    await fixture.stop();
    await other.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(person: string) {
    const client = fixture.browser();
    const stopBefore = (url: URL) => url.origin === fixture.productUrl;
    const { location, status } = await client.open(fixture.launchAddress(person), { stopBefore });
    if (location === undefined) throw new Error(`${person} did not get in: ${status}`);
    const token = client.cookie('summit_session') ?? '';
    return { token, account: decodeJwt(token).sub };
  }

  const askSession = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fixture.browser().once(`${fixture.publicUrl}/session`, { headers });
    return { status: answer.status, account: Object(bodyOf(answer))['account'] };
  };
  const introspect = async (token: string, { id, secret }: { id: string; secret: string }) => {
    const answer = await fixture.browser().once(`${fixture.publicUrl}/oauth/introspect`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ token }).toString(),
    });
    return bodyOf(answer);
  };
  const ready = async () => {
    const answer = await fetch(`${serving.opsUrl}/readyz`);
    return { http: answer.status, ...Object(await answer.json()) };
  };

  /** Killed when it says the word, as a power cut would. */
  async function killWhenItSays(env: Environment, words: readonly string[], word: string): Promise<void> {
    const child = spawn(process.execPath, [findBuilt('bridge/main.js'), ...words], {
      cwd: root,
      env: { ...inheritedEnvironment(), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
      if (said.includes(word)) child.kill('SIGKILL');
    });
    await ended;
    expect(said).toContain(word);
  }

  const settingsOf = (url: string, keys: string): Environment => ({
    ...patientStore,
    STORE_URL: url,
    STORE_KEYS: keys,
  });
  const placeEnv = (): Environment => {
    const url = fixture.env['STORE_URL'] ?? '';
    const keys = fixture.env['STORE_KEYS'] ?? readFileSync(`${url.replace('embedded:', '')}.keys`, 'utf8').trim();
    return settingsOf(url, keys);
  };
  const migrate = (from: Environment, to: Environment, ...more: readonly string[]): Promise<CommandResult> =>
    runBridgeCommand({ ...from, ...quick, STORE_KEYS_TO: to['STORE_KEYS'] ?? '' }, [
      'store',
      'migrate',
      '--from',
      from['STORE_URL'] ?? '',
      '--to',
      to['STORE_URL'] ?? '',
      '--json',
      ...more,
    ]);
  const address = () => ({
    PORT: new URL(fixture.publicUrl).port,
    OPS_PORT: new URL(fixture.bridge.opsUrl).port,
  });
  const codeOf = ({ json }: CommandResult) => Object(json['error']).code;
  const detailOf = ({ json }: CommandResult): string => String(Object(json['error']).detail);

  it('keeps accounts, links and sessions; a kill half-way costs nothing', async () => {
    const [student, teacher] = [await signIn('student'), await signIn('teacher')];
    await signIn('recycled-first');
    const { json } = await fixture.command('credential', 'create', '--scope', 'product', '--name', 'Main product');
    const product = { id: String(json['id']), secret: String(json['secret']) };
    const before = [await askSession(student.token), await introspect(student.token, product)];
    expect(before).toMatchObject([{ status: 200 }, { active: true }]);

    const first = placeEnv();
    const second = settingsOf(other.url, newKeys());
    const back = settingsOf(engine === 'embedded' ? `embedded:${join(folder, 'back')}` : `${other.url}/1`, newKeys());

    const expectSameAnswers = async () => {
      expect([await askSession(student.token), await introspect(student.token, product)]).toEqual(before);
      expect((await askSession(teacher.token)).status).toBe(200);
    };

    for (const [from, to] of [
      [first, second],
      [second, back],
    ] as const) {
      const words = ['store', 'migrate', '--from', from['STORE_URL'] ?? '', '--to', to['STORE_URL'] ?? ''];
      await killWhenItSays(
        { ...from, ...quick, STORE_KEYS_TO: to['STORE_KEYS'] ?? '' },
        words,
        'Waiting until no server writes',
      );
      // The running bridge goes on with sessions, and takes no one in whose sign-in would be lost.
      await until(async () => (await ready())['store'] === 'read_only', 'the bridge to notice');
      expect(await ready()).toMatchObject({ http: 200, status: 'ready', store: 'read_only', cause: 'MOVING' });
      expect(serving.raw.map(readLine)).toContainEqual(
        expect.objectContaining({ event: 'store-fault', fault: 'read_only', cause: 'MOVING' }),
      );
      const refused = await fixture.browser().open(fixture.launchAddress('student'), { accept: problemAccept });
      expect([refused.status, bodyOf(refused)['code']]).toEqual([503, 'service_unavailable']);
      await expectSameAnswers();
      const write = await runBridgeCommand(from, ['credential', 'create', '--scope', 'admin', '--name', 'x', '--json']);
      expect([write.exitCode, Object(write.json['error']).reason]).toEqual([1, 'MOVING']);
      const unfinished = await runBridgeCommand(to, ['district', 'list', '--json']);
      expect([unfinished.exitCode, codeOf(unfinished)]).toEqual([1, 'store_moved']);

      const moved = await migrate(from, to);
      expect([moved.exitCode, moved.json]).toMatchObject([0, { items: { accounts: { count: expect.any(Number) } } }]);
      await expectSameAnswers();
      await until(async () => (await ready())['cause'] === 'MOVED', 'the bridge to notice the end');
      await serving.stop();
      await expect(fixture.addBridge({ ...from, ...address() })).rejects.toThrow(
        /this store was moved to .*To go back/,
      );

      serving = await fixture.addBridge({ ...to, ...address() });
      expect(await ready()).toMatchObject({ http: 200, store: 'ready' });
      await expectSameAnswers();
      expect((await signIn('student')).account).toBe(student.account);
      expect((await signIn('teacher')).account).toBe(teacher.account);
      // The link stays: the address was given to another person at Clever.
      const recycled = await fixture
        .browser()
        .open(fixture.launchAddress('recycled-second'), { accept: problemAccept });
      expect(bodyOf(recycled)['code']).toBe('identity_changed');
      const check = await runBridgeCommand(to, ['store', 'check', '--json']);
      expect([check.exitCode, check.json['wrong']]).toEqual([0, []]);
      expect(check.json['districts']).toContainEqual({ id: 'juniper-flats', accounts: expect.any(Number), links: 3 });
      const trail = await runBridgeCommand(to, ['trail', '--json']);
      const actions = Object(trail.json)['entries'].map(({ action }: { action: string }) => action);
      expect(actions.filter((action: string) => action === 'store_moved').length).toBe(to === second ? 1 : 2);
    }
  });

  it('refuses a place that holds something, and one that does not answer, by name', async () => {
    const source = settingsOf(`embedded:${join(folder, 'small')}`, newKeys());
    expect((await runBridgeCommand(source, ['credential', 'create', '--scope', 'admin', '--name', 'x'])).exitCode).toBe(
      0,
    );
    const inUse = settingsOf(fixture.env['STORE_URL'] ?? '', newKeys());
    const full = await migrate(source, inUse);
    expect([full.exitCode, codeOf(full)]).toEqual([1, 'target_not_empty']);
    expect(detailOf(full)).toContain(`${inUse['STORE_URL']}`);
    expect(detailOf(full)).toContain('is not empty');
    const silent = await migrate(source, settingsOf('redis://127.0.0.1:1', newKeys()));
    expect([silent.exitCode, codeOf(silent)]).toEqual([1, 'service_unavailable']);
    expect(detailOf(silent)).toContain('redis://127.0.0.1:1/0 does not answer: ECONNREFUSED');
    const wrongKeys = await migrate({ ...source, STORE_KEYS: newKeys() }, settingsOf(`${other.url}/5`, newKeys()));
    expect([wrongKeys.exitCode, codeOf(wrongKeys)]).toEqual([1, 'store_keys']);
    const password = await migrate(source, settingsOf('redis://:a-secret@127.0.0.1:1', newKeys()));
    expect([password.exitCode, codeOf(password), JSON.stringify(password)]).toEqual([
      1,
      'configuration',
      expect.not.stringContaining('a-secret'),
    ]);
    // None of these has touched it.
    expect((await runBridgeCommand(source, ['credential', 'create', '--scope', 'admin', '--name', 'y'])).exitCode).toBe(
      0,
    );
  });
});
