// A roster larger than what staging holds in memory: spilled, joined, paged, and found again.
import { createIndexBuild } from '../../src/paged-table/build-index.ts';
import { createPageBuild } from '../../src/paged-table/build-pages.ts';
import { createIdSet } from '../../src/paged-table/id-set.ts';
import { findLines, idOf, scanLines } from '../../src/paged-table/pages.ts';
import { parts } from '../../src/paged-table/spill.ts';
import { createVault } from '../../src/store/vault.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const vault = createVault(Buffer.alloc(32, 3));
const idAt = (index: number) => vault.blind('test-id', String(index));
const keyAt = (index: number) => vault.blind('test-key', String(index));

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
      index.build.add(keyAt(at), idAt(at), 'student', true);
      if (at % 1000 === 0) await pages.spillWhenFull();
    }
    // One whose first line was spilled long ago, and one who shares a key with another.
    pages.add(`${idAt(0)}again`);
    index.build.add(keyAt(1), idAt(2), 'student', true);
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
