// What a server remembers of districts is never older than half a second, whatever others do, and costs one question for all.
import fc from 'fast-check';
import { createDistricts, type District, type Districts } from '../../src/district/district.ts';
import { createFindKnownDistrict } from '../../src/district/known-districts.ts';
import { guardStore } from '../../src/store/guard/guarded-store.ts';
import { openStoreIdentity } from '../../src/store/guard/store-identity.ts';
import { type Store, StoreUnavailable } from '../../src/store/store.ts';
import { createVault } from '../../src/store/vault.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';

const vault = createVault(Buffer.alloc(32, 1));
const districtOf = (id: string, cleverId: string): District => ({ id, cleverId, name: id, rostering: ['sftp'] });
const juniper = districtOf('juniper', 'a');

interface Change {
  readonly do: 'put' | 'remove';
  readonly id: string;
  readonly cleverId: string;
}
type Step = Change | { readonly do: 'find'; readonly cleverId: string } | { readonly do: 'wait'; readonly ms: number };

const id = fc.constantFrom('juniper', 'maple');
const cleverId = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('put' as const, 'remove' as const), id, cleverId }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('find' as const), cleverId }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 200, 499, 500, 900) }) },
);

/** Each district by the Clever district it is linked to. */
type Truth = Readonly<Record<string, string | undefined>>;

function after(truth: Truth, { do: verb, id: changed, cleverId: wanted }: Change): Truth {
  const others = Object.fromEntries(Object.entries(truth).filter(([, linked]) => linked !== changed));
  if (verb === 'remove') return others;
  return others[wanted] === undefined ? { ...others, [wanted]: changed } : truth;
}

describe.each(engines)('districts that a server knows, on $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let store: Store;
  /** Another process'. */
  let elsewhere: Districts;
  let now: number;
  let questions: string[];

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(begin);
  afterAll(() => storeFixture.stop());

  async function begin(): Promise<void> {
    place = storeFixture.place();
    [store, elsewhere] = [await place.open(), createDistricts(await place.open(), vault)];
    [now, questions] = [0, []];
  }

  const createFind = (change: Partial<Districts> = {}, over: Store = store) => {
    const plain = createDistricts(over, vault);
    const districts = { ...plain, ...change };
    return createFindKnownDistrict(
      {
        see(wanted) {
          questions.push(wanted);
          return districts.see(wanted);
        },
        version() {
          questions.push('version');
          return districts.version();
        },
      },
      () => now,
    );
  };
  const asked = () => questions.splice(0);

  it('are as they were within the last half second, whatever another process does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await begin();
        const find = createFind();
        let truth: Truth = {};
        let past: { readonly until: number; readonly truth: Truth }[] = [];
        for (const next of steps) {
          if (next.do === 'wait') now += next.ms;
          else if (next.do === 'find') {
            past = past.filter(({ until }) => until > now - 500);
            const right = [truth, ...past.map((was) => was.truth)].map((was) => was[next.cleverId]);
            expect(right).toContain((await find(next.cleverId))?.id);
          } else {
            past.push({ until: now, truth });
            truth = after(truth, next);
            if (next.do === 'remove') await elsewhere.remove(districtOf(next.id, next.cleverId));
            else await elsewhere.put(districtOf(next.id, next.cleverId));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('cost one question each at first, and then one for all of them every half second', async () => {
    const cleverIds = Array.from({ length: 300 }, (_, at) => `c${at}`);
    for (const each of cleverIds) await elsewhere.put(districtOf(`d-${each}`, each));
    const find = createFind();
    const findAll = () => Promise.all(cleverIds.map(find));
    await findAll();
    expect(asked()).toEqual(cleverIds);
    for (const ms of [499, 1, 499]) {
      now += ms;
      expect((await findAll()).every((found) => found !== undefined)).toBe(true);
    }
    expect(asked()).toEqual(['version']);
    now += 1;
    await findAll();
    expect(asked()).toEqual(['version']);
  });

  it('are asked for once, however many come while the answer is on its way', async () => {
    await elsewhere.put(juniper);
    const find = createFind();
    const findMany = () => Promise.all(Array.from({ length: 50 }, () => find('a')));
    await findMany();
    expect(asked()).toEqual(['a']);
    await elsewhere.put({ ...juniper, name: 'Juniper Flats' });
    now += 500;
    expect(new Set((await findMany()).map((found) => found?.name))).toEqual(new Set(['Juniper Flats']));
    expect(asked()).toEqual(['version', 'a']);
  });

  it('that are removed and come back are found again', async () => {
    const find = createFind();
    for (const expected of [juniper, undefined, { ...juniper, name: 'Anew' }]) {
      await (expected === undefined ? elsewhere.remove(juniper) : elsewhere.put(expected));
      now += 500;
      expect(await find('a')).toEqual(expected);
    }
  });

  it('remember that a Clever district is none of ours, for no longer than that is so', async () => {
    await elsewhere.put(juniper);
    const find = createFind();
    expect(await find('stranger')).toBeUndefined();
    now += 500;
    expect(await find('stranger')).toBeUndefined();
    expect(asked()).toEqual(['stranger', 'version']);
    await elsewhere.put(districtOf('maple', 'stranger'));
    now += 500;
    expect(await find('stranger')).toMatchObject({ id: 'maple' });
  });

  it('are not evicted by unknown Clever districts, of which a thousand are cached', async () => {
    await elsewhere.put(juniper);
    const seen = new Map<string, number>();
    const find = createFind({
      see: async (wanted) => {
        seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
        return { district: wanted === 'a' ? juniper : undefined, version: 'one' };
      },
      version: async () => 'one',
    });
    await find('a');
    for (let count = 0; count < 3_500; count += 1) await find(`stranger-${count}`);
    await find('a');
    await find('stranger-3499');
    await find('stranger-0');
    expect([seen.get('a'), seen.get('stranger-3499'), seen.get('stranger-0')]).toEqual([1, 1, 2]);
  });

  it('are asked for again within a minute, for what a version of before changes during an upgrade', async () => {
    await elsewhere.put(juniper);
    const find = createFind();
    expect(await find('a')).toEqual(juniper);
    // As a server does that knows no version.
    const at = { partition: 'districts', table: 'districts', id: vault.blind('district', 'juniper') };
    await store.put(at, vault.seal(at, JSON.stringify({ ...juniper, name: 'Juniper Flats' })));
    now = 59_999;
    expect(await find('a')).toEqual(juniper);
    now = 60_000;
    expect(await find('a')).toMatchObject({ name: 'Juniper Flats' });
  });

  it('of a store without a version are right, and cost its guard one look', async () => {
    await elsewhere.put(juniper);
    await store.remove({ partition: 'districts', table: 'clever', id: 'version' });
    let looks = 0;
    const counting: Store = {
      ...store,
      get(addresses) {
        looks += addresses.filter((at) => at.id === 'mark').length;
        return store.get(addresses);
      },
    };
    const { identities } = await openStoreIdentity(store, vault);
    const guarded = guardStore(counting, identities);
    const find = createFind({}, guarded);
    for (let count = 0; count < 5; count += 1) {
      expect(await find('a')).toEqual(juniper);
      now += 500;
    }
    expect(looks).toBe(1);
    await elsewhere.remove(juniper);
    expect(await find('a')).toBeUndefined();
  });

  it('of a store that was emptied are not answered for', async () => {
    await elsewhere.put(juniper);
    const { identities } = await openStoreIdentity(store, vault);
    const find = createFind({}, guardStore(store, identities));
    expect(await find('a')).toEqual(juniper);
    await store.erase('districts');
    for (const { at } of identities) await store.remove(at);
    now += 500;
    for (const each of ['a', 'stranger']) await expect(find(each)).rejects.toThrow(StoreUnavailable);
    for (const { at, value } of identities) await store.put(at, value);
    await elsewhere.put({ ...juniper, name: 'Back' });
    expect(await find('a')).toMatchObject({ name: 'Back' });
  });

  it('are asked for again after a question that failed', async () => {
    await elsewhere.put(juniper);
    let isSilent = true;
    const silent = <Value>(ask: () => Promise<Value>) =>
      isSilent ? Promise.reject(new StoreUnavailable(new Error('silent'))) : ask();
    const plain = createDistricts(store, vault);
    const find = createFind({ see: (wanted) => silent(() => plain.see(wanted)), version: () => silent(plain.version) });
    await expect(find('a')).rejects.toThrow(StoreUnavailable);
    isSilent = false;
    expect(await find('a')).toEqual(juniper);
    [now, isSilent] = [500, true];
    await expect(find('a')).rejects.toThrow(StoreUnavailable);
    isSilent = false;
    expect(await find('a')).toEqual(juniper);
  });
});
