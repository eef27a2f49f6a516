// The Redis engine: the conformance suite on one server, and what happens when the server is gone.

import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { openRedisStore } from '../../../src/store/redis/redis-store.ts';
import { describeStore } from '../../conformance/describe-store.ts';
import { findBuilt } from '../../helpers/bridge-build.ts';
import { until } from '../../helpers/bridge-process.ts';
import { openRedisHarness } from '../../helpers/redis-harness.ts';
import { patient, startRedis } from '../../helpers/redis-server.ts';
import { askRedis } from '../../helpers/redis-topology.ts';
import { startTcpProxy } from '../../helpers/tcp-proxy.ts';

describeStore('redis store', async () => {
  const server = await startRedis();
  return openRedisHarness({ url: server.url, ports: [server.port], stop: server.stop });
});

describe('redis store and its server', () => {
  const text = (value: string) => Buffer.from(value);
  const at = (id: string) => ({ partition: 'p', id });

  it('loses nothing acknowledged when the server is killed', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const store = await openRedisStore(server.url, patient);
    const acknowledged: number[] = [];
    let isUp = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = writer; isUp; n += 8) {
        const done = await store.put(at(`${n}`), text(`${n}`)).catch(() => false);
        if (done) acknowledged.push(n);
      }
    });
    while (acknowledged.length < 500) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.kill9();
    isUp = false;
    await Promise.all(writers);
    await server.restart();
    const again = await openRedisStore(server.url, patient);
    const values = await again.get(acknowledged.map((n) => at(`${n}`)));
    expect(values.map(String)).toEqual(acknowledged.map(String));
    await Promise.all([store.close(), again.close()]);
    await server.stop();
  });

  it('asks what is asked within one turn in one go', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url, patient);
    const countReads = async () =>
      Number(/total_reads_processed:(\d+)/.exec(String(await askRedis(server.port, 'info', 'stats')))?.[1]);
    const before = await countReads();
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.put(at(`${n}`), text(`${n}`))));
    const after = await countReads();
    await store.close();
    await server.stop();
    // Counting takes a few itself.
    expect(after - before).toBeLessThan(20);
  });

  it('rejects at once while the server is down, and works again after', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url, patient);
    await store.put(at('v'), text('1'));
    await server.kill9();
    const calls = [
      () => store.get([at('v')]),
      () => store.put(at('v'), text('2')),
      () => store.take(at('v')),
      () => store.commit([], []),
      () => store.ping(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(openRedisStore(server.url, patient)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart();
    await until(() => store.put(at('v'), text('3')).catch(() => false), 'the store to take writes again');
    expect(await store.get([at('v')])).toEqual([text('3')]);
    await store.commit([], [{ kind: 'put', at: at('w'), value: text('4') }]);
    await store.close();
    await server.stop();
  });

  it.each([[undefined], [1_000]])(
    'rejects while the server hangs, though it never answers (%s ms)',
    async (answerMs) => {
      const server = await startRedis();
      const store = await openRedisStore(server.url, answerMs === undefined ? {} : { answerMs });
      server.pause();
      await expect(store.get([at('v')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect(openRedisStore(server.url, { answerMs: 1_000 })).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
      });
      server.resume();
      await store.close();
      await server.stop();
    },
  );

  it('waits for an answer as long as it is set to', async () => {
    const server = await startRedis();
    const proxy = await startTcpProxy(server.port);
    const store = await openRedisStore(`redis://127.0.0.1:${proxy.port}`, patient);
    await store.put(at('v'), text('1'));
    await proxy.set({ kind: 'hang' });
    const asked = store.get([at('v')]);
    // Longer than the two seconds that are waited otherwise.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await proxy.set({ kind: 'pass' });
    expect(await asked).toEqual([text('1')]);
    await store.close();
    await proxy.close();
    await server.stop();
  });

  it('that no server took keeps no process from ending', async () => {
    const script = `
      import { openRedisStore } from '${pathToFileURL(findBuilt('src/store/redis/redis-store.js')).href}';
      await openRedisStore('redis://127.0.0.1:1').catch(() => undefined);
      const refused = performance.now();
      process.on('exit', () => console.log(performance.now() - refused));`;
    // ioredis alone waits two seconds for a connection that never existed. The quickest of a few counts: on a busy
    // machine anything may be slow once.
    const times: number[] = [];
    while (times.length < 3 && Math.min(...times) >= 1_500) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
      times.push(Number(stdout));
    }
    expect(Math.min(...times)).toBeLessThan(1_500);
  });

  it('has no password, key or value in an error', async () => {
    const server = await startRedis({ args: ['--requirepass', 'right-secret'] });
    const url = `redis://user:wrong-secret@127.0.0.1:${server.port}`;
    const error: unknown = await openRedisStore(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const message =
      error instanceof Error
        ? JSON.stringify(error) + error.stack + String(error.cause) + JSON.stringify(error.cause)
        : '';
    expect(message).not.toContain('wrong-secret');
    await server.stop();
  });

  it('fails at once while it is known to be silent, and serves at once when it answers again', async () => {
    const server = await startRedis();
    const proxy = await startTcpProxy(server.port);
    const store = await openRedisStore(`redis://127.0.0.1:${proxy.port}`);
    const outcomeOf = (call: Promise<unknown>) =>
      call.then(
        () => 'answered',
        ({ code }) => code,
      );
    await store.put(at('v'), text('1'));
    await proxy.set({ kind: 'hang' });
    const first = await Promise.all(Array.from({ length: 12 }, () => outcomeOf(store.get([at('v')]))));
    expect(new Set(first)).toEqual(new Set(['STORE_UNAVAILABLE']));
    // Within this turn of the event loop: nothing is waited for.
    const turn = new Promise((resolve) => setImmediate(resolve, 'waited'));
    for (const call of [store.get([at('v')]), store.put(at('v'), text('2'))])
      expect(await Promise.race([outcomeOf(call), turn])).toBe('STORE_UNAVAILABLE');
    await proxy.set({ kind: 'pass' });
    await until(async () => (await outcomeOf(store.ping())) === 'answered', 'the store to answer again');
    expect(await store.get([at('v')])).toEqual([text('1')]);
    await store.close();
    await proxy.close();
    await server.stop();
  });

  it('is not taken for silent when it says no', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url, patient);
    await store.put(at('v'), text('1'));
    await askRedis(server.port, 'CONFIG', 'SET', 'maxmemory', '1');
    for (let time = 0; time < 20; time += 1)
      await expect(store.put(at('v'), text('2'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await store.get([at('v')])).toEqual([text('1')]);
    await store.close();
    await server.stop();
  });
});
