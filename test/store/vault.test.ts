// The vault: what it seals opens nowhere else, and STORE_KEYS can be changed without touching anything it sealed.
import type { Store } from '../../src/store/store.ts';
import { createVault, equalInConstantTime, openVault, SealBroken, WrongStoreKeys } from '../../src/store/vault.ts';
import { createClock } from '../helpers/clock.ts';
import { storeKey } from '../helpers/services.ts';
import { engines, type Place, type StoreFixture } from '../helpers/stores.ts';

const root = Buffer.alloc(32, 7);
const at = { partition: 'p', table: 't', id: 'one' };

describe('sealing', () => {
  const vault = createVault(root);

  it.each([
    ['a text', Buffer.from('maría@school.example')],
    ['nothing', Buffer.alloc(0)],
    ['bytes that are no text', Buffer.from([0, 255, 128, 13, 10])],
    ['a megabyte', Buffer.alloc(2 ** 20, 'x')],
  ])('opens %s again', (_name, plain) => {
    expect(vault.open(at, vault.seal(at, plain)).equals(plain)).toBe(true);
  });

  it('seals the same value differently each time', () => {
    expect(vault.seal(at, 'same').equals(vault.seal(at, 'same'))).toBe(false);
  });

  it.each([
    ['another id', { ...at, id: 'two' }],
    ['another table', { ...at, table: 'u' }],
    ['no table', { partition: 'p', id: 'one' }],
    ['another partition', { ...at, partition: 'q' }],
    ['parts cut elsewhere', { partition: 'p', table: 't"o', id: 'ne' }],
  ])('refuses a value moved to %s', (_name, elsewhere) => {
    const sealed = vault.seal(at, 'value');
    expect(() => vault.open(elsewhere, sealed)).toThrow(SealBroken);
  });

  it('refuses a value of which any single bit was changed', () => {
    const sealed = vault.seal(at, 'value');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => vault.open(at, changed)).toThrow(SealBroken);
    }
  });

  it('refuses a value cut short or made longer', () => {
    const sealed = vault.seal(at, 'value');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => vault.open(at, sealed.subarray(0, length))).toThrow(SealBroken);
    }
    expect(() => vault.open(at, Buffer.concat([sealed, Buffer.of(0)]))).toThrow(SealBroken);
  });

  it('refuses what another root key sealed', () => {
    expect(() => createVault(Buffer.alloc(32, 8)).open(at, vault.seal(at, 'value'))).toThrow(SealBroken);
  });

  it('takes another key every day, and opens what was sealed on any day', () => {
    const clock = createClock(Date.UTC(2026, 0, 1));
    const daily = createVault(root, clock);
    const first = daily.seal(at, 'value');
    clock.advance(86_400);
    const second = daily.seal(at, 'value');
    const dayOf = (sealed: Buffer) => sealed.readUInt32BE(0);
    expect(dayOf(second)).toBe(dayOf(first) + 1);
    expect([first, second].map((sealed) => daily.open(at, sealed).toString())).toEqual(['value', 'value']);
    const redated = Buffer.from(first);
    redated.writeUInt32BE(dayOf(second));
    expect(() => daily.open(at, redated)).toThrow(SealBroken);
  });
});

describe('blinding', () => {
  const vault = createVault(root);

  it('returns the same 32 hex characters for the same purpose and parts', () => {
    expect(vault.blind('email', 'a@x.example')).toMatch(/^[0-9a-f]{32}$/);
    expect(vault.blind('email', 'a@x.example')).toBe(createVault(root).blind('email', 'a@x.example'));
  });

  it.each([
    ['purpose', vault.blind('name', 'a')],
    ['root key', createVault(Buffer.alloc(32, 8)).blind('email', 'a')],
    ['text', vault.blind('email', 'A')],
    ['number of parts', vault.blind('email', 'a', '')],
  ])('differs by %s', (_name, other) => {
    expect(vault.blind('email', 'a')).not.toBe(other);
  });

  it.each([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['a', 'b'], ['["a","b"]']],
    [
      ['a","b', 'c'],
      ['a', 'b","c'],
    ],
    [
      ['a', ''],
      ['', 'a'],
    ],
  ])('keeps the parts %j and %j apart', (some, others) => {
    expect(vault.blind('account', ...some)).not.toBe(vault.blind('account', ...others));
  });
});

it.each([
  ['same', 'same', true],
  ['same', 'sama', false],
  ['same', 'same ', false],
  ['', '', true],
])('compares %j with %j in constant time', (one, other, isEqual) => {
  expect(equalInConstantTime(one, other)).toBe(isEqual);
});

describe.each(engines)('the root key in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  let place: Place;
  let store: Store;
  const [one, two, three] = [storeKey('one'), storeKey('two'), storeKey('three')];

  beforeAll(async () => {
    storeFixture = await start();
  });
  beforeEach(async () => {
    place = storeFixture.place();
    store = await place.open();
  });
  afterAll(() => storeFixture.stop());

  it('is made once, also when a dozen handles open a fresh store at the same time', async () => {
    const handles = await Promise.all(Array.from({ length: 12 }, () => place.open()));
    const vaults = await Promise.all(handles.map((handle) => openVault(handle, [one])));
    expect(new Set(vaults.map((vault) => vault.blind('email', 'a'))).size).toBe(1);
  });

  it('stays the same through a change of STORE_KEYS: new and old, then new alone', async () => {
    const before = await openVault(store, [one]);
    const sealed = before.seal(at, 'value');
    const blinds = (vault: typeof before) =>
      ['email', 'account', 'link-of-account'].map((name) => vault.blind(name, 'x'));
    const during = await openVault(await place.open(), [two, one]);
    const after = await openVault(await place.open(), [two]);
    for (const vault of [during, after]) {
      expect(vault.open(at, sealed).toString()).toBe('value');
      expect(blinds(vault)).toEqual(blinds(before));
    }
    await expect(openVault(store, [one])).rejects.toThrow(WrongStoreKeys);
  });

  it('is not wrapped anew by a key that is not the first', async () => {
    await openVault(store, [one]);
    await openVault(store, [one, two]);
    await expect(openVault(store, [two])).rejects.toThrow(WrongStoreKeys);
  });

  it('survives servers with new and with old first that start at the same time', async () => {
    const first = await openVault(store, [one]);
    const vaults = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => openVault(await place.open(), index % 2 ? [one, two] : [two, one])),
    );
    for (const vault of vaults) expect(vault.blind('email', 'a')).toBe(first.blind('email', 'a'));
  });

  it.each([
    ['an unknown id', [three]],
    ['the right id with another key', [{ id: 'one', key: Buffer.alloc(32, 99) }]],
  ])('is not opened by %s, and only the id is reported', async (_name, keys) => {
    await openVault(store, [one]);
    const failure: unknown = await openVault(await place.open(), keys).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WrongStoreKeys);
    const message = failure instanceof Error ? failure.message : '';
    expect(message).toContain('"one"');
    for (const { key } of keys) {
      expect(message).not.toContain(key.toString('base64'));
      expect(message).not.toContain(key.toString('hex'));
    }
  });
});
