// The Redis engine: the conformance suite on one server, and what happens when the server is gone.

import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { openRedisStore } from '../../src/store/redis-store.ts';
import { describeStore } from '../conformance/describe-store.ts';
import { findBuilt } from '../support/bridge-build.ts';
import { openRedisHarness } from '../support/redis-harness.ts';
import { startRedis } from '../support/redis-server.ts';
import { askRedis } from '../support/redis-topology.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

describeStore('redis store', async () => {
  const server = await startRedis();
  return openRedisHarness({ url: server.url, ports: [server.port], stop: server.stop });
});

describe('redis store and its server', () => {
  const text = (value: string) => Buffer.from(value);
  const at = (id: string) => ({ partition: 'p', id });

  it('loses nothing acknowledged when the server is killed', async () => {
    const server = await startRedis({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
    const store = await openRedisStore(server.url);
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
    const again = await openRedisStore(server.url);
    const values = await again.get(acknowledged.map((n) => at(`${n}`)));
    expect(values.map(String)).toEqual(acknowledged.map(String));
    await Promise.all([store.close(), again.close()]);
    await server.stop();
  });

  it('asks what is asked within one turn in one go', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url);
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

  it('rejects in bounded time while the server is down, and works again after', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url);
    await store.put(at('v'), text('1'));
    await server.kill9();
    const start = Date.now();
    const calls = [
      () => store.get([at('v')]),
      () => store.put(at('v'), text('2')),
      () => store.take(at('v')),
      () => store.commit([], []),
      () => store.ping(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(Date.now() - start).toBeLessThan(calls.length * 2_500);
    await expect(openRedisStore(server.url)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart();
    const deadline = Date.now() + 5_000;
    while (!(await store.put(at('v'), text('3')).catch(() => false))) expect(Date.now()).toBeLessThan(deadline);
    expect(await store.get([at('v')])).toEqual([text('3')]);
    await store.commit([], [{ kind: 'put', at: at('w'), value: text('4') }]);
    await store.close();
    await server.stop();
  });

  it('rejects in bounded time while the server hangs', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url);
    const other = new Redis(server.url);
    other.client('PAUSE', 10_000, 'ALL').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = Date.now();
    await expect(store.get([at('v')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(Date.now() - start).toBeLessThan(3_000);
    other.disconnect();
    await store.close();
    await server.stop();
  });

  it('that no server took keeps no process from ending', async () => {
    const script = `
      import { openRedisStore } from '${pathToFileURL(findBuilt('src/store/redis-store.js')).href}';
      await openRedisStore('redis://127.0.0.1:1').catch(() => undefined);
      const refused = performance.now();
      process.on('exit', () => console.log(performance.now() - refused));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    // ioredis by itself waits two seconds for a connection that there never was.
    expect(Number(stdout)).toBeLessThan(1_500);
  });

  it('tells no password, key or value in an error', async () => {
    const server = await startRedis({ args: ['--requirepass', 'right-secret'] });
    const url = `redis://user:wrong-secret@127.0.0.1:${server.port}`;
    const error: unknown = await openRedisStore(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const told =
      error instanceof Error
        ? JSON.stringify(error) + error.stack + String(error.cause) + JSON.stringify(error.cause)
        : '';
    expect(told).not.toContain('wrong-secret');
    await server.stop();
  });

  it('keeps nobody waiting once it is known to be silent, and serves at once when it speaks again', async () => {
    const server = await startRedis();
    const proxy = await startTcpProxy(server.port);
    const store = await openRedisStore(`redis://127.0.0.1:${proxy.port}`);
    const timed = async (call: () => Promise<unknown>) => {
      const began = performance.now();
      const outcome = await call().then(
        () => 'answered',
        ({ code }) => code,
      );
      return { outcome, ms: performance.now() - began };
    };
    await store.put(at('v'), text('1'));
    await proxy.set({ kind: 'hang' });
    const first = await Promise.all(Array.from({ length: 12 }, () => timed(() => store.get([at('v')]))));
    for (const { outcome, ms } of first) expect([outcome, ms < 2_500]).toEqual(['STORE_UNAVAILABLE', true]);
    const next = await Promise.all([timed(() => store.get([at('v')])), timed(() => store.put(at('v'), text('2')))]);
    for (const { outcome, ms } of next) expect([outcome, ms < 100]).toEqual(['STORE_UNAVAILABLE', true]);
    await proxy.set({ kind: 'pass' });
    const deadline = Date.now() + 4_000;
    while ((await timed(() => store.ping())).outcome !== 'answered') {
      expect(Date.now()).toBeLessThan(deadline);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await store.get([at('v')])).toEqual([text('1')]);
    await store.close();
    await proxy.close();
    await server.stop();
  });

  it('is not taken for silent when it says no', async () => {
    const server = await startRedis();
    const store = await openRedisStore(server.url);
    await store.put(at('v'), text('1'));
    await askRedis(server.port, 'CONFIG', 'SET', 'maxmemory', '1');
    for (let time = 0; time < 20; time += 1)
      await expect(store.put(at('v'), text('2'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await store.get([at('v')])).toEqual([text('1')]);
    await store.close();
    await server.stop();
  });
});
