// A second process on one embedded store. Compiled by the test that starts it; prints what is acknowledged.

import { openEmbeddedStore } from '../../src/store/lmdb/embedded-store.ts';

const [, , path = '', job = '', name = ''] = process.argv;
const at = (id: string) => ({ partition: 'p', id });
const store = await openEmbeddedStore(path);

async function write(): Promise<never> {
  for (let n = 0; ; n += 1) {
    const value = Buffer.from(`${name}${n}`);
    await store.commit(
      [],
      [
        { kind: 'put', at: at(`${name}${n}`), value },
        { kind: 'append', log: { partition: 'p', name: 'log', ttlSeconds: 600 }, value },
      ],
    );
    process.stdout.write(`${n}\n`);
  }
}

async function increment(): Promise<void> {
  for (let n = 0; n < 200; ) {
    const [before] = await store.get([at('n')]);
    const value = Buffer.from(`${Number(before ?? 0) + 1}`);
    if (await store.commit([{ at: at('n'), oneOf: [before] }], [{ kind: 'put', at: at('n'), value }])) n += 1;
  }
}

async function take(): Promise<void> {
  for (let n = 0; n < 300; n += 1)
    if ((await store.take(at(`prize${n}`))) !== undefined) process.stdout.write(`${n}\n`);
}

if (job === 'write') await write();
else if (job === 'increment') await increment();
else await take();
await store.close();
