// The embedded engine: the conformance suite, and what only a folder shared by processes can get wrong.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openEmbeddedStore } from '../../../src/store/lmdb/embedded-store.ts';
import { describeStore } from '../../conformance/describe-store.ts';
import { type CompiledChild, compileChild } from '../../helpers/compile-child.ts';

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sso-store-'));
}

describeStore('embedded store', async () => {
  const path = makeFolder();
  let now = Date.now();
  const clock = () => now;
  const store = await openEmbeddedStore(path, { clock });
  return {
    store,
    advance: async (seconds) => {
      now += seconds * 1000;
    },
    reopen: () => openEmbeddedStore(path, { clock }),
    close: async () => {
      await store.close();
      rmSync(path, { recursive: true });
    },
  };
});

describe('embedded store and several processes', () => {
  let compiled: CompiledChild;
  let path: string;
  const children: ChildProcess[] = [];
  const at = (id: string) => ({ partition: 'p', id });

  beforeAll(async () => {
    compiled = await compileChild('test/helpers/embedded-child.ts');
  });
  beforeEach(() => {
    path = makeFolder();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(path, { recursive: true, force: true });
  });
  afterAll(() => compiled.remove());

  function start(...args: string[]): ChildProcess & { readonly lines: string[]; readonly ended: Promise<unknown> } {
    const child = spawn(process.execPath, [compiled.file, path, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    children.push(child);
    const lines: string[] = [];
    let rest = '';
    child.stdout.on('data', (data: Buffer) => {
      const parts = (rest + data).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    return Object.assign(child, { lines, ended: new Promise((resolve) => child.once('close', resolve)) });
  }

  it('loses none of two processes and this one racing to increment', async () => {
    const store = await openEmbeddedStore(path);
    const ended = Promise.all([start('increment').ended, start('increment').ended]);
    for (let n = 0; n < 200; ) {
      const [before] = await store.get([at('n')]);
      const value = Buffer.from(`${Number(before ?? 0) + 1}`);
      if (await store.commit([{ at: at('n'), oneOf: [before] }], [{ kind: 'put', at: at('n'), value }])) n += 1;
    }
    expect(await ended).toEqual([0, 0]);
    expect(await store.get([at('n')])).toEqual([Buffer.from('600')]);
    await store.close();
  });

  it('gives each taken value to one process', async () => {
    const store = await openEmbeddedStore(path);
    await Promise.all(Array.from({ length: 300 }, (_, n) => store.put(at(`prize${n}`), Buffer.from('1'))));
    const takers = [start('take'), start('take')];
    await Promise.all(takers.map(({ ended }) => ended));
    expect(
      takers
        .flatMap(({ lines }) => lines)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 300 }, (_, n) => n));
    await store.close();
  });

  it('loses nothing acknowledged when a writer is killed, beside one that goes on', async () => {
    const store = await openEmbeddedStore(path);
    const [victim, other] = [start('write', 'a'), start('write', 'b')];
    while (victim.lines.length < 100 || other.lines.length < 100) await wait(5);
    victim.kill('SIGKILL');
    await victim.ended;
    const before = other.lines.length;
    while (other.lines.length < before + 50) await wait(5);
    other.kill('SIGKILL');
    await other.ended;
    await store.close();
    const again = await openEmbeddedStore(path);
    for (const [name, { lines }] of [
      ['a', victim],
      ['b', other],
    ] as const) {
      const values = await again.get(lines.map((n) => at(`${name}${n}`)));
      expect(values.map(String)).toEqual(lines.map((n) => `${name}${n}`));
    }
    const logged = new Set(
      (await again.page({ partition: 'p', name: 'log' }, {}, 100_000)).map(({ value }) => value.toString()),
    );
    expect(victim.lines.every((n) => logged.has(`a${n}`))).toBe(true);
    await again.close();
  });
});

describe('embedded store and its folder', () => {
  it('removes from disk what has expired', async () => {
    const path = makeFolder();
    let now = Date.now();
    const store = await openEmbeddedStore(path, { clock: () => now, sweepMilliseconds: 20 });
    const puts = Array.from({ length: 1000 }, (_, n) =>
      store.put({ partition: 'p', id: `${n}` }, Buffer.from('x'), { ttlSeconds: 60 }),
    );
    await Promise.all([...puts, store.put({ partition: 'p', id: 'stays' }, Buffer.from('x'))]);
    now += 61_000;
    const count = async () => {
      let found = 0;
      for await (const _ of store.dump()) found += 1;
      return found;
    };
    const deadline = Date.now() + 60_000;
    while ((await count()) > 1 && Date.now() < deadline) await wait(20);
    expect(await count()).toBe(1);
    await store.close();
    rmSync(path, { recursive: true });
  });

  it('writes nothing to a disk that is nearly full, reads on, and writes again when there is room', async () => {
    const path = makeFolder();
    const at = { partition: 'p', id: 'v' };
    let free = 2 ** 30;
    const store = await openEmbeddedStore(path, { freeBytes: () => free });
    await store.put(at, Buffer.from('1'));
    free = 60 * 2 ** 20;
    for (const write of [() => store.put(at, Buffer.from('2')), () => store.take(at), () => store.remove(at)])
      await expect(write()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', cause: { code: 'ENOSPC' } });
    expect((await store.get([at])).map(String)).toEqual(['1']);
    free = 2 ** 30;
    await store.put(at, Buffer.from('3'));
    expect((await store.get([at])).map(String)).toEqual(['3']);
    await store.close();
    rmSync(path, { recursive: true });
  });

  it('rejects with StoreUnavailable when the folder cannot be made', async () => {
    await expect(openEmbeddedStore('/dev/null/store')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
