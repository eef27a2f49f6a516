import { createCredentials } from '../../src/session/credentials.ts';
import { openVault } from '../../src/store/vault.ts';
import { dump, findTexts } from '../helpers/at-rest.ts';
import { until } from '../helpers/bridge-process.ts';
import { createClock } from '../helpers/clock.ts';
import { storeKey } from '../helpers/services.ts';
import { embedded, engines, type StoreFixture } from '../helpers/stores.ts';

describe.each(engines)('credentials on $name', (engine) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await engine.start();
  });
  afterAll(() => storeFixture.stop());

  async function open() {
    const clock = createClock();
    const store = await storeFixture.place().open();
    const vault = await openVault(store, [storeKey('one')]);
    const credentials = createCredentials(store, vault, { clock, maxAgeMs: 0 });
    return { clock, store, vault, credentials };
  }

  it('finds a credential by its secret, and by id and secret', async () => {
    const { credentials } = await open();
    const { credential, secret } = await credentials.create('product', 'the product');
    expect(await credentials.find(secret)).toEqual(credential);
    expect(await credentials.find(secret, credential.id)).toEqual(credential);
    expect(credential).toMatchObject({ scope: 'product', name: 'the product' });
  });

  it('makes secrets of 256 bits, no two alike', async () => {
    const { credentials } = await open();
    const secrets = await Promise.all(Array.from({ length: 50 }, () => credentials.create('admin', 'many')));
    expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(50);
    for (const { secret } of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });

  it.each([
    ['empty', ''],
    ['short', 'abc'],
    ['of another credential', undefined],
    ['not of the alphabet', `${'a'.repeat(42)}:`],
    ['endless', 'a'.repeat(100_000)],
  ])('knows no secret that is %s', async (_what, given) => {
    const { credentials } = await open();
    const { credential } = await credentials.create('product', 'one');
    const other = await credentials.create('product', 'other');
    expect(await credentials.find(given ?? other.secret, credential.id)).toBeUndefined();
  });

  it('knows a credential with an end until then, and keeps it listed after it', async () => {
    const { clock, credentials, store, vault } = await open();
    const elsewhere = createCredentials(store, vault, { clock, maxAgeMs: 500 });
    const { credential, secret } = await credentials.create('product', 'one', 60_000);
    clock.advance(1);
    const lasting = await credentials.create('product', 'other');
    clock.advance(58);
    expect(await elsewhere.find(secret)).toEqual(credential);
    clock.advance(1);
    for (const each of [credentials, elsewhere]) expect(await each.find(secret)).toBeUndefined();
    expect(await credentials.list()).toMatchObject([{ expiresAt: credential.createdAt + 60_000 }, { name: 'other' }]);
    clock.advance(10 * 365 * 86_400);
    expect(await credentials.find(lasting.secret)).toEqual(lasting.credential);
  });

  it('knows a revoked credential no more, nor does another server, nor after a use', async () => {
    const { credentials, store, vault } = await open();
    const elsewhere = createCredentials(store, vault, { maxAgeMs: 0 });
    const { credential, secret } = await credentials.create('support', 'one');
    expect(await elsewhere.find(secret)).toEqual(credential);
    expect(await credentials.revoke(credential.id)).toBe(true);
    expect(await credentials.find(secret)).toBeUndefined();
    expect(await elsewhere.find(secret)).toBeUndefined();
    expect(await credentials.revoke(credential.id)).toBe(false);
  });

  it('still names a credential after it was revoked, and when that was, but keeps no hash of its secret', async () => {
    const { credentials, clock, store, vault } = await open();
    const { credential, secret } = await credentials.create('support', 'one');
    clock.advance(5);
    await credentials.revoke(credential.id);
    expect(await credentials.list()).toEqual([{ ...credential, lastUsedAt: undefined, revokedAt: clock() }]);
    expect(await credentials.find(secret, credential.id)).toBeUndefined();
    expect(await store.find('credentials', ['credentials', 'revoked'], [vault.blind('credential', secret)])).toEqual(
      [],
    );
  });

  it('lists when a credential was last used, right to the minute, and never a secret', async () => {
    const { credentials, clock } = await open();
    const { credential, secret } = await credentials.create('admin', 'one');
    expect(await credentials.list()).toEqual([{ ...credential, lastUsedAt: undefined, revokedAt: undefined }]);
    const first = clock();
    const lastUse = async () => (await credentials.list())[0]?.lastUsedAt;
    await credentials.find(secret);
    await until(async () => (await lastUse()) === first, 'the first use to be noted');
    clock.advance(59);
    await credentials.find(secret);
    await settled();
    expect(await credentials.list()).toEqual([{ ...credential, lastUsedAt: first, revokedAt: undefined }]);
    clock.advance(2);
    await credentials.find(secret);
    await until(async () => (await lastUse()) !== first, 'the later use to be noted');
    expect(await credentials.list()).toEqual([{ ...credential, lastUsedAt: first + 61_000, revokedAt: undefined }]);
    expect(JSON.stringify(await credentials.list())).not.toContain(secret);
  });

  it('keeps neither the secret nor the name readable at rest', async () => {
    const { credentials, store } = await open();
    const { secret } = await credentials.create('admin', 'a name of a credential');
    await credentials.find(secret);
    const bytes = Buffer.concat((await dump(store)).flat());
    expect(findTexts(bytes, [secret, 'a name of a credential'])).toEqual([]);
  });
});

it('lets a request through when the last use cannot be noted', async () => {
  const storeFixture = await embedded.start();
  const store = await storeFixture.place().open();
  const vault = await openVault(store, [storeKey('one')]);
  const { credential, secret } = await createCredentials(store, vault).create('product', 'one');
  const silent = { ...store, put: async () => Promise.reject(new Error('full')) };
  expect(await createCredentials(silent, vault).find(secret)).toEqual(credential);
  await settled();
  await storeFixture.stop();
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
