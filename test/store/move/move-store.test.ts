// A store is moved between the engines and is the same afterwards; what stops half-way goes on, and what is no place to
// move to is refused.
import { compareItems, sourceOf } from '../../../src/store/move/copy-items.ts';
import { moveAt, readMoveMarker, refuseMoved } from '../../../src/store/move/move-marker.ts';
import { type MoveReport, type MoveSide, moveStore, undoMove } from '../../../src/store/move/move-store.ts';
import { isOfOneStore } from '../../../src/store/move/tally.ts';
import type { Log } from '../../../src/store/store.ts';
import type { EngineStore, StoreItem } from '../../../src/store/store-items.ts';
import { openVault } from '../../../src/store/vault.ts';
import { storeKey } from '../../helpers/services.ts';
import { type Engine, embedded, redis, type StoreFixture } from '../../helpers/stores.ts';

const [keyOne, keyTwo] = [storeKey('one'), storeKey('two')];
const text = (value: string) => Buffer.from(value);
const district = 'd-00000000000000000000000000000001';
const log: Log = { partition: district, name: 'trail', ttlSeconds: 3_600 };
const silent = (): MoveReport => ({
  progress: () => {},
  notice: () => {},
  begun: async () => {},
  done: async () => {},
});

/** Every shape that a store has: values with and without a time, rows, shared index keys, logs, awkward names. */
async function fill(store: EngineStore): Promise<void> {
  const vault = await openVault(store, [keyOne]);
  const sealed = (id: string, value: string) => vault.seal({ partition: district, id }, value);
  await store.put({ partition: district, id: 'standing' }, sealed('standing', 'published'));
  await store.put({ partition: 'state-abc', id: 'a:b\0ä*' }, text('counter'), { ttlSeconds: 3_000 });
  await store.put({ partition: 'state-abc', id: 'soon' }, text('gone soon'), { ttlSeconds: 1 });
  const rows = Array.from({ length: 700 }, (_, at) => ({
    id: `row-${at}`,
    value: text(`value ${at}`),
    index: [`every-${at % 7}`, `own-${at}`],
  }));
  await store.load(district, 'sftp.0mx1.accounts', rows);
  await store.put({ partition: district, table: 'links', id: '' }, text('a row of an empty name'));
  for (let at = 0; at < 40; at += 1) await store.commit([], [{ kind: 'append', log, value: text(`entry ${at}`) }]);
}

/** All that a caller can read of it. */
async function readAll(store: EngineStore) {
  const entries = await store.page(log, {}, 1_000);
  const shared = await store.find(district, ['sftp.0mx1.accounts'], ['every-3', 'own-12']);
  const rows: [string, string][] = [];
  for await (const batch of store.scan(district, 'sftp.0mx1.accounts'))
    for (const { id, value } of batch) rows.push([id, value.toString()]);
  const [standing] = await store.get([{ partition: district, id: 'standing' }]);
  const [counter] = await store.get([{ partition: 'state-abc', id: 'a:b\0ä*' }]);
  const [link] = await store.get([{ partition: district, table: 'links', id: '' }]);
  return {
    entries: entries.map(({ cursor, value }) => [cursor, value.toString()]),
    shared: shared.map(({ id, value }) => [id, value.toString()]).toSorted(),
    rows: rows.toSorted(),
    values: [standing, counter, link].map((value) => value?.toString('hex')),
  };
}

const pairs: readonly (readonly [Engine, Engine])[] = [
  [embedded, redis],
  [redis, embedded],
  [redis, redis],
  [embedded, embedded],
];
const named = pairs.map(([from, to]) => ({ title: `${from.name} to ${to.name}`, fromEngine: from, toEngine: to }));

describe.each(named)('a move from $title', ({ fromEngine, toEngine }) => {
  let fixtures: StoreFixture[];
  let source: MoveSide;
  let target: MoveSide;
  const open = async (fixture: StoreFixture, key: typeof keyOne): Promise<MoveSide> => {
    const place = fixture.place();
    return { store: await place.open(), keys: [key], place: place.url };
  };
  const run = (report: MoveReport = silent(), to = target) => moveStore(source, to, report, 0);

  beforeEach(async () => {
    fixtures = [await fromEngine.start(), await toEngine.start()];
    const [one, other] = fixtures;
    if (one === undefined || other === undefined) throw new TypeError('two places');
    source = await open(one, keyOne);
    target = await open(other, keyTwo);
    await fill(source.store);
  });
  afterEach(async () => {
    for (const fixture of fixtures) await fixture.stop();
  });

  it('keeps everything, opens with the keys of the new place, and closes the old one', async () => {
    const before = await readAll(source.store);
    const vault = await openVault(source.store, [keyOne]);
    const result = await run();
    expect(result).toMatchObject({ kind: 'done', isAlready: false, items: { accounts: { count: 700 } } });
    expect(await readAll(target.store)).toEqual(before);

    const moved = await openVault(target.store, [keyTwo]);
    expect(moved.blind('account', 'x')).toBe(vault.blind('account', 'x'));
    await expect(openVault(target.store, [keyOne])).rejects.toMatchObject({ code: 'WRONG_STORE_KEYS' });
    await refuseMoved(target.store);
    await expect(refuseMoved(source.store)).rejects.toMatchObject({ code: 'STORE_MOVED' });
    expect(await run()).toMatchObject({ kind: 'done', isAlready: true });
  });

  it('keeps what is left of a time to live', async () => {
    await run();
    const at = { partition: 'state-abc', kind: 'value' as const, name: '', id: 'a:b\0ä*', value: text('') };
    const [one] = await source.store.items.find([at]);
    const [other] = await target.store.items.find([at]);
    expect(Math.abs((one?.expiresAt ?? 0) - (other?.expiresAt ?? Number.NaN))).toBeLessThanOrEqual(5_000);
  });

  it('that was broken off at any step goes on, and nothing is there twice', async () => {
    const before = await readAll(source.store);
    const fail = () => {
      throw new Error('power cut');
    };
    const breaks: Partial<MoveReport>[] = [
      { notice: fail },
      { progress: (step, done) => step === 'copy' && done > 1_000 && fail() },
      { progress: (step) => step === 'compare' && fail() },
      { done: async () => fail() },
    ];
    for (const one of breaks) {
      await expect(run({ ...silent(), ...one })).rejects.toThrow('power cut');
      await expect(refuseMoved(target.store))
        .resolves.toBeUndefined()
        .catch(() => undefined);
    }
    expect(await run()).toMatchObject({ kind: 'done' });
    expect(await readAll(target.store)).toEqual(before);
    const pass = { from: sourceOf(source.store.items, 0), to: target.store.items, toOffsetMs: 0, onItems: () => {} };
    expect(await compareItems(pass)).toMatchObject({ different: 0, kinds: [] });
  });

  it('copies again what was still written while it was copied', async () => {
    let isLate = true;
    const late: MoveReport = {
      ...silent(),
      progress: (step, done) => {
        if (step !== 'copy' || done < 2_000 || !isLate) return;
        isLate = false;
        void source.store.put({ partition: district, table: 'links', id: 'late' }, text('late'));
      },
    };
    expect(await run(late)).toMatchObject({ kind: 'done', items: { links: { count: 2 } } });
    const [value] = await target.store.get([{ partition: district, table: 'links', id: 'late' }]);
    expect([isLate, value?.toString()]).toEqual([false, 'late']);
  });

  it('is refused where the place is not empty, is another move, or the same place; and nothing is marked', async () => {
    expect(await run(silent(), source)).toMatchObject({ code: 'same_place' });
    await openVault(target.store, [keyTwo]);
    const refused = await run();
    expect(refused).toMatchObject({ kind: 'refused', code: 'target_not_empty' });
    expect(Object(refused).detail).toContain(target.place);
    expect(await readMoveMarker(source.store)).toBeUndefined();
    expect(await readMoveMarker(target.store)).toBeUndefined();
  });

  it('can be given up: the target is empty, and the source takes writes', async () => {
    const fail = (step: string) => {
      if (step === 'compare') throw new Error('power cut');
    };
    await expect(run({ ...silent(), progress: fail })).rejects.toThrow('power cut');
    await expect(refuseMoved(target.store)).rejects.toMatchObject({ code: 'STORE_MOVED' });
    expect(await undoMove(source, target)).toMatchObject({ kind: 'undone', wasMoved: false, isTargetEmpty: true });
    const left: StoreItem[] = [];
    for await (const batch of target.store.items.walk()) left.push(...batch.filter((item) => !isOfOneStore(item)));
    expect(left).toEqual([]);
    expect(await source.store.get([moveAt])).toEqual([undefined]);
    expect(await run()).toMatchObject({ kind: 'done' });
    // A store that was moved is a backup from then on.
    expect(await undoMove(source, undefined)).toMatchObject({ kind: 'undone', wasMoved: true });
    expect(await source.store.get([{ partition: 'vault', id: 'copy' }])).not.toEqual([undefined]);
  });

  it('opens the source with its own keys only, and says which those are', async () => {
    source = { ...source, keys: [keyTwo] };
    await expect(run()).rejects.toThrow(/wrapped by the key with id "one"/);
    expect(await readMoveMarker(source.store)).toBeUndefined();
  });
});
