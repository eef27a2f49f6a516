// A roster larger than what staging holds in memory: spilled, joined, paged, and found again.
import fc from 'fast-check';
import type { Kind } from '../../src/identity/identity.ts';
import { maxFoundAlike } from '../../src/identity/match-account.ts';
import { createIndexBuild } from '../../src/paged-table/build-index.ts';
import { createPageBuild } from '../../src/paged-table/build-pages.ts';
import { createIdSet } from '../../src/paged-table/id-set.ts';
import { findLines, idOf, scanLines } from '../../src/paged-table/pages.ts';
import { parts } from '../../src/paged-table/spill.ts';
import { bucketOf, bucketRow, idsIn } from '../../src/store/paged-table.ts';
import { createVault } from '../../src/store/vault.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const vault = createVault(Buffer.alloc(32, 3));
const idAt = (index: number) => vault.blind('test-id', String(index));
const keyAt = (index: number) => vault.blind('test-key', String(index));
const bytesOf = (hex: string) => Buffer.from(hex, 'hex');

const uniqueById = <Entry extends { readonly id: number }>(entries: readonly Entry[]): Entry[] =>
  entries.filter(({ id }, at) => entries.findIndex((each) => each.id === id) === at);

describe.each(engines)('a table of pages in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  async function build(count: number, textAt: (index: number) => string) {
    const context = { store: await storeFixture.place().open(), vault, partition: 'd' };
    const shared: string[] = [];
    const index = {
      build: createIndexBuild(context, 'spill'),
      onShared: async (ids: readonly string[]) => void shared.push(...ids),
    };
    const pages = createPageBuild(context, 't', 'spill', (before, line) => `${before}+${line.slice(32)}`, index);
    for (let at = 0; at < count; at += 1) {
      pages.add(idAt(at) + textAt(at));
      index.build.add(bytesOf(keyAt(at)), 0, bytesOf(idAt(at)), 'student', true);
      if (at % 1000 === 0) await pages.spillWhenFull();
    }
    // One whose first line was spilled long ago, and one who shares a key with another.
    pages.add(`${idAt(0)}again`);
    index.build.add(bytesOf(keyAt(1)), 0, bytesOf(idAt(2)), 'student', true);
    let written = 0;
    await pages.finish((lines) => {
      written += lines.length;
    });
    return { context, shared, written };
  }

  it.each([
    ['there are as few pages as there may be', 300, 'short'],
    ['pages and buckets go on from one part into the next', 20_003, 'short'],
    ['lines are spilled several times', 6000, 'x'.repeat(3000)],
  ])('holds every line once, in the order of ids, where %s', async (_name, count, text) => {
    const { context, shared, written } = await build(count, () => text);
    expect(written).toBe(count);
    expect(shared.sort()).toEqual([idAt(1), idAt(2)].sort());
    const ids: string[] = [];
    for await (const lines of scanLines(context, 't')) ids.push(...lines.map(idOf));
    expect(ids).toEqual(Array.from({ length: count }, (_, at) => idAt(at)).sort());
    const [joined] = await findLines(context, ['t'], { ids: [idAt(0)] });
    expect(joined?.line).toBe(`${idAt(0)}${text}+again`);
    expect((await findLines(context, ['t'], { keys: [keyAt(1)] })).map(({ line }) => idOf(line)).sort()).toEqual(
      [idAt(1), idAt(2)].sort(),
    );
    expect(await findLines(context, ['t'], { keys: [keyAt(count)], ids: [idAt(count)] })).toEqual([]);
  });

  it('finds of each kind the first ids of a key, each once, and reports those that share it', async () => {
    const entry = fc.record({
      key: fc.nat(3),
      id: fc.nat(40),
      kind: fc.constantFrom<Kind>('student', 'employee'),
      isReported: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 200 }), async (entries) => {
        const context = { store: await storeFixture.place().open(), vault, partition: 'd' };
        const index = createIndexBuild(context, 'spill');
        const keys = Buffer.concat([0, 1, 2, 3].map((at) => bytesOf(keyAt(at))));
        for (const { key, id, kind, isReported } of entries)
          index.add(keys, key * 16, bytesOf(idAt(id)), kind, isReported);
        const reported: string[] = [];
        const buckets = await index.finish('t', async (ids) => void reported.push(...ids));
        const found = await Promise.all(
          [0, 1, 2, 3].map(async (key) => {
            const row = bucketRow(bucketOf(keyAt(key), { pages: 1, buckets }));
            const [bucket] = await context.store.get([{ partition: 'd', table: 't', id: row }]);
            return bucket === undefined ? [] : idsIn(bucket, keyAt(key));
          }),
        );
        const expected = [0, 1, 2, 3].map((key) => {
          const firsts = uniqueById(entries.filter((each) => each.key === key));
          return (['student', 'employee'] as const)
            .flatMap((kind) => firsts.filter((each) => each.kind === kind).slice(0, maxFoundAlike + 1))
            .map(({ id }) => idAt(id));
        });
        expect(found.map((ids) => ids.sort())).toEqual(expected.map((ids) => ids.sort()));
        const shared = [0, 1, 2, 3].flatMap((key) => {
          const firsts = uniqueById(entries.filter((each) => each.key === key)).filter((each) => each.isReported);
          return firsts.length > 1 ? firsts.map(({ id }) => idAt(id)) : [];
        });
        expect([...new Set(reported)].sort()).toEqual([...new Set(shared)].sort());
      }),
      { numRuns: 30 },
    );
  });

  it('spills what is sealed only', async () => {
    const { context } = await build(6000, () => `Quentin${'x'.repeat(3000)}`);
    for await (const [key, value] of context.store.dump()) {
      expect(key.includes('Quentin') || value.includes('Quentin')).toBe(false);
    }
    expect(await context.store.count('d', 'spill')).toBeGreaterThan(parts);
  });

  it('of another place is not believed', async () => {
    const { context } = await build(300, () => 'text');
    const [from, to] = ['p0000001', 'p0000002'].map((id) => ({ partition: 'd', table: 't', id }));
    const [page] = from === undefined ? [] : await context.store.get([from]);
    if (to !== undefined && page !== undefined) await context.store.put(to, page);
    const read = async () => {
      for await (const lines of scanLines(context, 't')) expect(lines.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

describe('a set of ids', () => {
  it.each([0, 100, 50_000])(
    'for which %d are expected knows 50,000 that were added twice, and none besides',
    (expected) => {
      const set = createIdSet(expected);
      for (let at = 0; at < 100_000; at += 1) set.add(idAt(at % 50_000));
      expect(set.size()).toBe(50_000);
      expect(Array.from({ length: 50_000 }, (_, at) => set.has(idAt(at))).every(Boolean)).toBe(true);
      expect(Array.from({ length: 50_000 }, (_, at) => set.has(idAt(at + 50_000))).some(Boolean)).toBe(false);
    },
  );

  it('takes no id that is not hex into a set of ids, where it could never be found', () => {
    const set = createIdSet();
    expect(() => set.add('')).toThrow(TypeError);
    expect(() => set.has('no hex')).toThrow(TypeError);
  });
});
