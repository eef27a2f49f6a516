// Districts and their links: changed whole or not at all, also under concurrent changes; and where a user's row comes
// from.
import {
  createDistricts,
  type District,
  type Districts,
  type Rostering,
  type RosterSource,
  rosterSourceOf,
} from '../../src/district/district.ts';
import type { Store } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { engines, type StoreFixture } from '../helpers/stores.ts';

const vault = createVault(Buffer.alloc(32, 1));
const juniper: District = { id: 'juniper', cleverId: 'a1', name: 'Juniper', rostering: ['sftp'] };
const maple: District = { id: 'maple', cleverId: 'b2', name: 'Maple', rostering: ['manual'] };

describe.each(engines)('districts in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let store: Store;
  let districts: Districts;

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    store = await storeFixture.place().open();
    districts = createDistricts(store, vault);
    await districts.put(juniper);
  });
  afterAll(() => storeFixture.stop());

  /** Districts of a server before whose commits another process makes a change. */
  function overtaken(work: () => Promise<unknown>): Districts {
    let isDone = false;
    const slow: Store = {
      ...store,
      async commit(conditions, writes) {
        if (!isDone) {
          isDone = true;
          await work();
        }
        return store.commit(conditions, writes);
      },
    };
    return createDistricts(slow, vault);
  }

  it('lie by their id alone beside the Clever district, as a version before reads it during an upgrade', async () => {
    const link = { partition: 'districts', table: 'clever', id: vault.blind('clever-district', 'a1') };
    const [value = Buffer.alloc(0)] = await store.get([link]);
    expect(JSON.parse(vault.open(link, value).toString())).toBe('juniper');
  });

  it('that are removed while another process links them anew leave no link behind', async () => {
    await overtaken(() => districts.put({ ...juniper, cleverId: 'c3' })).remove(juniper);
    expect(await districts.find('juniper')).toBeUndefined();
    expect(await districts.findByCleverId('a1')).toBeUndefined();
    expect(await districts.findByCleverId('c3')).toBeUndefined();
  });

  it('that are removed with an outdated link leave the new link alone', async () => {
    await districts.put({ ...juniper, cleverId: 'c3' });
    await districts.put({ ...maple, cleverId: 'a1' });
    await districts.remove(juniper);
    expect(await districts.findByCleverId('a1')).toMatchObject({ id: 'maple' });
    expect(await districts.findByCleverId('c3')).toBeUndefined();
  });

  it('have another version after every change, and no version twice', async () => {
    const seen = [await districts.version(), await districts.version()];
    expect(new Set(seen).size).toBe(1);
    for (const change of [
      () => districts.put(juniper),
      () => districts.put({ ...juniper, cleverId: 'c3' }),
      () => districts.remove(juniper),
      () => districts.put(juniper),
    ]) {
      await change();
      seen.push(await districts.version());
    }
    expect(new Set(seen).size).toBe(5);
    expect(await districts.see('a1')).toEqual({ district: juniper, version: seen.at(-1) });
  });

  it('keep their version when a change is refused', async () => {
    const before = await districts.version();
    expect(await districts.put({ ...maple, cleverId: 'a1' })).toMatchObject({ kind: 'refused' });
    await districts.remove(maple);
    expect(await districts.version()).toBe(before);
  });

  it('of a store without a version get one when it is asked for, the same for all who ask', async () => {
    await store.remove({ partition: 'districts', table: 'clever', id: 'version' });
    expect(await districts.see('a1')).toEqual({ district: juniper, version: undefined });
    const asked = await Promise.all(Array.from({ length: 20 }, () => districts.version()));
    expect(new Set(asked).size).toBe(1);
    expect(await districts.see('a1')).toMatchObject({ version: asked[0] });
  });
});

describe('where a person of a district comes from', () => {
  it.each<[readonly Rostering[], RosterSource, RosterSource]>([
    [['sftp'], 'district', 'district'],
    [['sftp', 'manual'], 'district', 'district'],
    [['secure-sync:full'], 'clever', 'clever'],
    [['secure-sync:provisioning'], 'clever', 'spreadsheet'],
    [['secure-sync:provisioning', 'sftp'], 'both', 'district'],
    [['manual', 'secure-sync:full'], 'both', 'both'],
  ])('rostered by %j: a student %s, an employee %s', (rostering, ofStudents, ofEmployees) => {
    expect(rosterSourceOf({ rostering }, 'student')).toBe(ofStudents);
    expect(rosterSourceOf({ rostering }, 'employee')).toBe(ofEmployees);
  });

  it('is the district where its rostering is not known', () => {
    expect(rosterSourceOf(undefined, 'unknown')).toBe('district');
  });
});
