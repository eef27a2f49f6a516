// What the servers of a store do while it is moved, and after.
import { guardStore } from '../../../src/store/guard/guarded-store.ts';
import { openStoreIdentity } from '../../../src/store/guard/store-identity.ts';
import { moveAt, type SourceMarker, writeMoveMarker } from '../../../src/store/move/move-marker.ts';
import { createMoveWatch } from '../../../src/store/move/move-watch.ts';
import type { Store } from '../../../src/store/store.ts';
import { openVault } from '../../../src/store/vault.ts';
import { until } from '../../helpers/bridge-process.ts';
import { storeKey } from '../../helpers/services.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';

const at = (id: string) => ({ partition: 'p', id });
const text = (value: string) => Buffer.from(value);
const marker = (state: SourceMarker['state']) =>
  writeMoveMarker({
    role: 'source',
    id: 'one',
    state,
    to: 'redis://elsewhere:6379/0',
    since: '2026-11-29T00:00:00.000Z',
  });
const refused = (reason: string) => ({ code: 'STORE_UNAVAILABLE', reason });

describe.each(engines)('on $name', ({ start }) => {
  let fixture: StoreFixture;
  let plain: Store;
  beforeEach(async () => {
    fixture = await start();
    plain = await fixture.place().open();
  });
  afterEach(() => fixture.stop());

  it('a server of a store that is being moved reads, writes nothing, and says why', async () => {
    const vault = await openVault(plain, [storeKey('one')]);
    const store = guardStore(plain, (await openStoreIdentity(plain, vault)).identities);
    await store.put(at('a'), text('1'));
    await plain.put(moveAt, marker('moving'));
    const reported: (string | undefined)[] = [];
    store.guard.onChange((health) => reported.push(`${health} ${store.guard.readOnlyReason() ?? ''}`));
    store.guard.start();
    await until(() => store.guard.health() === 'read_only', 'the guard to notice');

    const log = { partition: 'p', name: 'l', ttlSeconds: 60 };
    for (const write of [
      () => store.put(at('a'), text('2')),
      () => store.take(at('a')),
      () => store.remove(at('a')),
      () => store.commit([], [{ kind: 'append', log, value: text('x') }]),
      () => store.load('p', 't', [{ id: 'r', value: text('r') }]),
      () => store.drop('p', 't'),
      () => store.erase('p'),
    ])
      await expect(write()).rejects.toMatchObject(refused('MOVING'));
    expect(await store.get([at('a'), at('b')])).toEqual([text('1'), undefined]);
    await store.ping();

    await plain.put(moveAt, marker('moved'));
    await until(() => store.guard.readOnlyReason() === 'MOVED', 'the guard to notice the end');
    await expect(store.put(at('a'), text('2'))).rejects.toMatchObject(refused('MOVED'));
    expect(await store.get([at('a')])).toEqual([text('1')]);

    await plain.remove(moveAt);
    await until(() => store.guard.health() === 'whole', 'writes to be taken again');
    expect(await store.put(at('a'), text('2'))).toBe(true);
    expect(reported).toEqual(['read_only MOVING', 'read_only MOVED', 'whole ']);
  });

  it('no write goes out on what was known longer than two seconds ago', async () => {
    let now = 0;
    const watch = createMoveWatch(
      plain,
      () => {},
      () => now,
    );
    await watch.refuseWrites();
    await plain.put(moveAt, marker('moving'));
    now = 1_900;
    await watch.refuseWrites();
    now = 2_100;
    await expect(watch.refuseWrites()).rejects.toMatchObject(refused('MOVING'));
  });

  it('a moved store answers nothing ten minutes later', async () => {
    let now = 0;
    const watch = createMoveWatch(
      plain,
      () => {},
      () => now,
    );
    await plain.put(moveAt, marker('moved'));
    await watch.refresh();
    now = 599_000;
    expect(watch.isGone()).toBe(false);
    now = 601_000;
    expect(watch.isGone()).toBe(true);
  });

  it('a marker that this version does not know takes no writes', async () => {
    await plain.put(moveAt, text('{"role":"something new"}'));
    const watch = createMoveWatch(plain, () => {});
    await expect(watch.refuseWrites()).rejects.toMatchObject(refused('MOVING'));
  });

  it('a silent store leaves what was known', async () => {
    const silent = { get: () => plain.get([moveAt]) };
    const watch = createMoveWatch(silent, () => {});
    await fixture.stop();
    await watch.refuseWrites();
    expect(watch.state()).toBeUndefined();
  });
});
