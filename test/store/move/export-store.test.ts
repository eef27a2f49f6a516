// A store is written into files and read into another place; what is broken, cut off or of another store is refused by
// name, and nothing of it is used.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportStore, importStore } from '../../../src/store/move/export-store.ts';
import { readMoveMarker, refuseMoved } from '../../../src/store/move/move-marker.ts';
import type { MoveReport, MoveSide } from '../../../src/store/move/move-store.ts';
import type { Log } from '../../../src/store/store.ts';
import { openVault } from '../../../src/store/vault.ts';
import { storeKey } from '../../helpers/services.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';

const [keyOne, keyTwo] = [storeKey('one'), storeKey('two')];
const text = (value: string) => Buffer.from(value);
const district = 'd-00000000000000000000000000000001';
const log: Log = { partition: district, name: 'trail', ttlSeconds: 3_600 };
const secret = 'a name that must not be read';
const silent = (): MoveReport => ({
  progress: () => {},
  notice: () => {},
  begun: async () => {},
  done: async () => {},
});

describe.each(engines)('an export of $name', ({ start }) => {
  let fixture: StoreFixture;
  let root: string;
  let folder: string;
  let source: MoveSide;
  const open = async (key: typeof keyOne): Promise<MoveSide> => {
    const place = fixture.place();
    return { store: await place.open(), keys: [key], place: place.url };
  };
  const write = (report = silent()) => exportStore(source, folder, [keyTwo], report, 0);

  beforeEach(async () => {
    fixture = await start();
    root = mkdtempSync(join(tmpdir(), 'sso-export-'));
    folder = join(root, 'export');
    source = await open(keyOne);
    const vault = await openVault(source.store, [keyOne]);
    const at = { partition: district, table: 'accounts', id: 'p0000001' };
    await source.store.load(district, 'accounts', [
      { id: at.id, value: vault.seal(at, secret), index: ['k'] },
      ...Array.from({ length: 600 }, (_, row) => ({ id: `r${row}`, value: text(secret.repeat(20)), index: ['k'] })),
    ]);
    for (const one of ['first', 'second']) await source.store.commit([], [{ kind: 'append', log, value: text(one) }]);
    await source.store.put({ partition: 'state-abc', id: 'one' }, text('1'), { ttlSeconds: 3_000 });
  });
  afterEach(async () => {
    await fixture.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('into a place where no folder can be made is refused before the store is closed for writes', async () => {
    const refused = await exportStore(source, '/proc/export', [keyTwo], silent(), 0);
    expect(refused).toMatchObject({
      kind: 'refused',
      code: 'export_folder',
      detail: expect.stringContaining('/proc/export'),
    });
    expect(await readMoveMarker(source.store)).toBeUndefined();
  });

  it('fills an empty place, with nothing readable on the way', async () => {
    expect(await write()).toMatchObject({ kind: 'done', items: { accounts: { count: 601 } } });
    await expect(refuseMoved(source.store)).rejects.toMatchObject({ code: 'STORE_MOVED' });
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).includes(secret)).toBe(false);

    const target = await open(keyTwo);
    expect(await importStore(folder, target, silent())).toMatchObject({
      kind: 'done',
      items: { index: { count: 601 } },
    });
    const vault = await openVault(target.store, [keyTwo]);
    const at = { partition: district, table: 'accounts', id: 'p0000001' };
    const [page] = await target.store.get([at]);
    expect(vault.open(at, page ?? text('')).toString()).toBe(secret);
    expect(await target.store.find(district, ['accounts'], ['k'])).toHaveLength(601);
    const entries = (store: MoveSide['store']) => store.page(log, {}, 10);
    expect(await entries(target.store)).toEqual(await entries(source.store));
    await refuseMoved(target.store);
    // A second time it is refused, since the place is in use.
    expect(await importStore(folder, target, silent())).toMatchObject({ code: 'target_not_empty' });
  });

  it('that was broken off is written anew, and an import that was broken off goes on', async () => {
    const fail = (wanted: string): Partial<MoveReport> => ({
      progress: (step) => {
        if (step === wanted) throw new Error('power cut');
      },
    });
    for (const step of ['copy', 'compare'])
      await expect(write({ ...silent(), ...fail(step) })).rejects.toThrow('power cut');
    const target = await open(keyTwo);
    expect(await importStore(folder, target, silent())).toMatchObject({ code: 'export_unfinished' });
    expect(await write()).toMatchObject({ kind: 'done' });
    for (const step of ['copy', 'compare'])
      await expect(importStore(folder, target, { ...silent(), ...fail(step) })).rejects.toThrow('power cut');
    await expect(refuseMoved(target.store)).rejects.toMatchObject({ code: 'STORE_MOVED' });
    expect(await importStore(folder, target, silent())).toMatchObject({ kind: 'done' });
    expect(await target.store.page(log, {}, 10)).toHaveLength(2);
  });

  it.each<[string, string, (folder: string) => void]>([
    ['a part that was changed', 'export_broken', (at) => appendFileSync(join(at, 'part-000001.sealed'), 'x')],
    ['a part that was cut off', 'export_broken', (at) => truncateSync(join(at, 'part-000001.sealed'), 100)],
    ['a part that is missing', 'export_broken', (at) => rmSync(join(at, 'part-000001.sealed'))],
    ['a manifest that is cut off', 'export_broken', (at) => truncateSync(join(at, 'manifest.json'), 200)],
    ['no manifest', 'export_missing', (at) => rmSync(join(at, 'manifest.json'))],
    [
      'a file where the folder should be',
      'export_missing',
      (at) => {
        rmSync(at, { recursive: true });
        writeFileSync(at, 'an archive');
      },
    ],
    [
      'a manifest that was changed',
      'export_broken',
      (at) => {
        const file = join(at, 'manifest.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"taken_at": "2/, '"taken_at": "3'));
      },
    ],
    [
      'a later version',
      'export_version',
      (at) => {
        const file = join(at, 'manifest.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"version": 1/, '"version": 2'));
      },
    ],
  ])('with %s is refused, and nothing is written', async (_what, code, spoil) => {
    await write();
    spoil(folder);
    const target = await open(keyTwo);
    expect(await importStore(folder, target, silent())).toMatchObject({ kind: 'refused', code });
    expect(await target.store.items.count()).toBe(0);
  });

  it('of other keys is refused, with the id of the key it needs', async () => {
    await write();
    const result = await importStore(folder, await open(keyOne), silent());
    expect(result).toMatchObject({ code: 'export_foreign', detail: expect.stringContaining('with id "two"') });
  });

  it('never replaces what is there, and leaves the store as it was', async () => {
    writeFileSync(join(root, 'something'), 'x');
    const result = await exportStore(source, root, [keyTwo], silent(), 0);
    expect(result).toMatchObject({ kind: 'refused', code: 'export_exists' });
    expect(await readMoveMarker(source.store)).toBeUndefined();
  });
});
