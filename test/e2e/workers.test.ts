// WORKERS: several processes of one command serve as one server does, on either store.
import { readFileSync } from 'node:fs';
import { engines, type Fixture, isAtProduct, startFixture } from '../helpers/bridge.ts';
import { type BridgeProcess, until } from '../helpers/bridge-process.ts';

describe.each(engines)('a bridge with two workers, on the %s store', (engine) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ engine, env: { WORKERS: '2' } });
  });
  afterAll(() => fixture.stop());

  const readyz = async ({ opsUrl }: BridgeProcess) => {
    const answer = await fetch(`${opsUrl}/readyz`);
    return { status: answer.status, body: Object(await answer.json()) };
  };
  const linesOf = (bridge: BridgeProcess, event: string) =>
    bridge.raw.map((line) => Object(JSON.parse(line))).filter((line) => line.event === event);
  /** Whether the process of this id runs; 0 asks only. */
  const runs = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const workersOf = ({ pid }: BridgeProcess): number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

  it('signs people in by both, says once that it listens, and each line names its worker', async () => {
    const workers = new Set<unknown>();
    // Connections go to the workers in turn.
    for (let turn = 0; turn < 6; turn += 1) {
      const [line] = await fixture.bridge.signInsDuring(async () => {
        expect(isAtProduct(fixture, await fixture.browser().open(fixture.launchAddress('student')))).toBe(true);
      });
      workers.add(line?.['worker']);
      // A sign-in takes two connections: with one between them the next one's callback comes to the other worker.
      await fetch(`${fixture.bridge.url}/`, { headers: { connection: 'close' } });
    }
    expect(workers.size).toBe(2);
    expect(linesOf(fixture.bridge, 'listening')).toEqual([expect.objectContaining({ workers: 2 })]);
  });

  it('is ready as a whole, and adds up the metrics of its workers', async () => {
    expect(await readyz(fixture.bridge)).toMatchObject({
      status: 200,
      body: { status: 'ready', store: 'ready', signing_key: 'loaded', workers: { running: 2, of: 2 } },
    });
    const text = await (await fetch(`${fixture.bridge.opsUrl}/metrics`)).text();
    const signIns = [...text.matchAll(/^sso_bridge_sign_ins_total\{[^}]*\} (\d+)$/gm)];
    expect(signIns.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(6);
    expect(text).toMatch(/^sso_bridge_build_info\{version="[^"]+"\} 1$/m);
    expect(text).toMatch(/^sso_bridge_store_up 1$/m);
  });

  it('goes on when a worker is killed, and starts another that takes over its work', async () => {
    const bridge = await fixture.addBridge();
    const before = workersOf(bridge);
    const [first = 0] = before;
    process.kill(first, 'SIGKILL');
    await until(() => linesOf(bridge, 'worker-ended').length === 1, 'a word on the worker');
    expect((await fetch(`${bridge.url}/`)).status).toBe(200);
    await until(async () => (await readyz(bridge)).body.workers?.running === 2, 'another worker');
    const after = workersOf(bridge);
    expect(after).not.toContain(first);
    expect(await bridge.stop()).toBe(0);
    expect([...before, ...after].filter(runs)).toEqual([]);
  });

  it('drains them together, and none outlives the command', async () => {
    const bridge = await fixture.addBridge({ DRAIN_DELAY: '5s' });
    const workers = workersOf(bridge);
    const ended = bridge.stop();
    await until(async () => (await readyz(bridge)).status === 503, '/readyz to say no');
    expect((await readyz(bridge)).body).toMatchObject({ status: 'draining' });
    expect((await fetch(`${bridge.url}/`)).status).toBe(200);
    expect(await ended).toBe(0);
    const killed = await fixture.addBridge();
    workers.push(...workersOf(killed));
    await killed.kill9();
    await until(() => !workers.some(runs), 'the workers to end');
  });

  it('does not start on a port that is taken, and says why in one line', async () => {
    const taken = new URL(fixture.bridge.url).port;
    await expect(fixture.addBridge({ PORT: taken })).rejects.toThrow(/EADDRINUSE/);
  });
});
