// Fills an embedded store until the system refuses writes, and reports the result. Started under a limit of file size.

import { openEmbeddedStore } from '../../src/store/lmdb/embedded-store.ts';
import type { Write } from '../../src/store/store.ts';

const [, , path = ''] = process.argv;
const at = (id: string) => ({ partition: 'p', id });
const log = { partition: 'p', name: 'log', ttlSeconds: 60 };
const block = Buffer.alloc(64 * 1024, 'x');
const codeOf = (failure: unknown): string => Object(failure).code;
const store = await openEmbeddedStore(path);

const kept: string[] = [];
let refused: string | undefined;
while (refused === undefined) {
  const id = `block-${kept.length}`;
  refused = await store.put(at(id), block).then(() => undefined, codeOf);
  if (refused === undefined) kept.push(id);
}
const values = await store.get(kept.map(at));
const writes: Write[] = [
  { kind: 'put', at: at('small'), value: Buffer.from('1') },
  { kind: 'remove', at: at('block-0') },
  { kind: 'append', log, value: Buffer.from('1') },
  ...Array.from({ length: 8 }, (_, n): Write => ({ kind: 'put', at: at(`big-${n}`), value: block })),
];
const commit = await store.commit([], writes).then(String, codeOf);
const [small, first, big] = await store.get(['small', 'block-0', 'big-0'].map(at));
const rows = Array.from({ length: 8 }, (_, n) => ({ id: `row-${n}`, value: block, index: ['k'] }));
const load = await store.load('p', 't', rows).then(String, codeOf);
const loaded = [await store.count('p', 't'), (await store.find('p', ['t'], ['k'])).length];
const entries = (await store.page(log, {}, 10)).length;
for (const id of kept.slice(0, 6)) await store.remove(at(id));
await store.put(at('again'), block);
const [again] = await store.get([at('again')]);
await store.close();

process.stdout.write(
  JSON.stringify({
    kept: kept.length,
    refused,
    areKept: values.every((value) => value?.equals(block)),
    commit,
    committed: [small === undefined, first?.equals(block), big === undefined, entries],
    load,
    loaded,
    again: again?.equals(block),
  }),
);
