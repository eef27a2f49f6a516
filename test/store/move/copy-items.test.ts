// How much a copy writes at once: each write waits for the disk of an embedded store, and all of it is in memory.
import { copyItems, type ItemSource } from '../../../src/store/move/copy-items.ts';
import type { StoreItem } from '../../../src/store/store-items.ts';

const item = (id: number, bytes: number): StoreItem => {
  return { kind: 'value', partition: 'p', name: '', id: `a-${id}`, value: Buffer.alloc(bytes) };
};

/** As a store hands them out. */
function sourceOf(count: number, bytes: number, each: number): ItemSource {
  return {
    count: async () => count,
    async *walk() {
      for (let from = 0; from < count; from += each)
        yield Array.from({ length: Math.min(each, count - from) }, (_, at) => item(from + at, bytes));
    },
  };
}

/** How many items each write has. */
async function writesOf(from: ItemSource): Promise<readonly number[]> {
  const writes: number[] = [];
  const ids = new Set<string>();
  const to = {
    find: async (items: readonly StoreItem[]) => items.map(() => undefined),
    put: async (items: readonly StoreItem[]) => {
      writes.push(items.length);
      for (const { id } of items) ids.add(id);
    },
    now: async () => 0,
    count: async () => 0,
    walk: () => from.walk(),
  };
  const written = await copyItems({ from, to, toOffsetMs: 0, checkTurn: async () => {}, onItems: () => {} });
  expect([written, ids.size]).toEqual([await from.count(), written]);
  return writes;
}

it('writes two thousand small items at once, however few the source hands out', async () => {
  expect(await writesOf(sourceOf(5_000, 10, 100))).toEqual([2_000, 2_000, 1_000]);
});

it('writes less of large ones, so that memory stays bounded', async () => {
  expect(await writesOf(sourceOf(100, 100_000, 10))).toEqual([40, 40, 20]);
});

it('writes nothing of an empty store', async () => {
  expect(await writesOf(sourceOf(0, 0, 1))).toEqual([]);
});
