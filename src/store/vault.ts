// Keeps the store blind: seals values, hashes look-up keys, derives account ids. The only file with cryptography of
// stored data, with keyed-hash.ts, all of it from node:crypto. The root key is random, created once, and stored wrapped by
// the keys of STORE_KEYS.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { refuseHalfStore } from './guard/store-identity.ts';
import { type HashThread, startHashThread } from './hash-thread.ts';
import { hashedText, keyedHash } from './keyed-hash.ts';
import { takeRandom } from './random.ts';
import { remember } from './remember.ts';
import type { Address, Store } from './store.ts';

/** One key of STORE_KEYS. */
export interface StoreKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface Vault {
  /**
   * AES-256-GCM under a key for the address's partition and the day, with the address as associated data: a value moved
   * to another address does not open.
   */
  seal(at: Address, plain: Buffer | string): Buffer;
  /** @throws SealBroken if the bytes were not sealed for this address by this root key */
  open(at: Address, sealed: Buffer): Buffer;
  /**
   * A keyed hash for look-ups: 128 bits of HMAC-SHA-256 as 32 hex digits, one derived key per purpose. Different splits
   * into parts give different hashes.
   */
  blind(purpose: string, ...parts: readonly string[]): string;
  /** Starts a second thread that hashes for these purposes as `blind` does. The caller ends it. */
  blindBeside(purposes: readonly string[]): HashThread;
}

export class SealBroken extends Error {
  readonly code = 'SEAL_BROKEN';
  constructor(cause?: unknown) {
    super('a stored value does not open: it was changed, moved, or sealed by another root key', { cause });
    this.name = 'SealBroken';
  }
}

/** None of STORE_KEYS unwraps the root key of this store. */
export class WrongStoreKeys extends Error {
  readonly code = 'WRONG_STORE_KEYS';
  constructor(wrappedBy: string) {
    super(`STORE_KEYS: none of the keys opens this store; its root key is wrapped by the key with id "${wrappedBy}"`);
    this.name = 'WrongStoreKeys';
  }
}

/** Maximum of cached derived keys: by purpose, and by partition and day. */
const maxKeys = 16_384;

const rootAt: Address = { partition: 'vault', id: 'root' };

/** The account id key if it is not derived from the root key: taken over from a store whose keys were lost. */
const accountKeyAt: Address = { partition: 'vault', id: 'account-key' };
const accountPurpose = 'account';

/**
 * Opens the vault of a store; creates the root key at first use, and rewraps it with the first of the keys if another
 * one wrapped it.
 * @param keys the first wraps, all unwrap; at least one
 * @throws WrongStoreKeys, StoreLost, StoreUnavailable
 * @param clock milliseconds since the epoch
 */
export async function openVault(
  store: Store,
  keys: readonly StoreKey[],
  clock: () => number = Date.now,
): Promise<Vault> {
  const [first] = keys;
  if (first === undefined) throw new TypeError('a vault needs at least one key');
  const [found, accountKey] = await store.get([rootAt, accountKeyAt]);
  const wrapped = found ?? (await makeRoot(store, first));
  if (wrapped === undefined) throw new SealBroken();
  const { root, wrappedBy } = unwrap(keys, wrapped);
  if (wrappedBy !== first.id) {
    await store.commit([{ at: rootAt, oneOf: [wrapped] }], [{ kind: 'put', at: rootAt, value: wrap(first, root) }]);
  }
  return createVault(root, clock, openAccountKey(root, accountKey));
}

const openAccountKey = (root: Buffer, sealed: Buffer | undefined): Buffer | undefined =>
  sealed === undefined ? undefined : createVault(root).open(accountKeyAt, sealed);

/** The key that account ids are derived with, 32 bytes; reveals nothing about the root key. @throws WrongStoreKeys */
export async function readAccountKey(store: Pick<Store, 'get'>, keys: readonly StoreKey[]): Promise<Buffer> {
  const [wrapped, sealed] = await store.get([rootAt, accountKeyAt]);
  if (wrapped === undefined) throw new SealBroken();
  const { root } = unwrap(keys, wrapped);
  return openAccountKey(root, sealed) ?? derive(root, `blind\0${accountPurpose}`);
}

/** Account ids are derived with this key after the store is next opened. False if it has one already. */
export const putAccountKey = (store: Pick<Store, 'put'>, vault: Vault, key: Buffer): Promise<boolean> =>
  store.put(accountKeyAt, vault.seal(accountKeyAt, key), { onlyIfAbsent: true });

/** The root key as stored, wrapped; undefined in an unused store. */
export async function readWrappedRoot(store: Pick<Store, 'get'>): Promise<Buffer | undefined> {
  return (await store.get([rootAt]))[0];
}

/** For a copy of another store: it opens with the keys that wrapped this root key. */
export async function putWrappedRoot(store: Pick<Store, 'put'>, wrapped: Buffer): Promise<void> {
  await store.put(rootAt, wrapped);
}

/** The same root key, wrapped by the first of the other keys. @throws WrongStoreKeys */
export function rewrapRoot(wrapped: Buffer, from: readonly StoreKey[], to: readonly StoreKey[]): Buffer {
  const [first] = to;
  if (first === undefined) throw new TypeError('a vault needs at least one key');
  return wrap(first, unwrap(from, wrapped).root);
}

/** The vault of a wrapped root key; writes nothing. @throws WrongStoreKeys */
export const openWrapped = (wrapped: Buffer, keys: readonly StoreKey[]): Vault =>
  createVault(unwrap(keys, wrapped).root);

async function makeRoot(store: Store, first: StoreKey): Promise<Buffer | undefined> {
  // A part of a cluster that came back empty must not get a root key of its own: no other stored value would open.
  await refuseHalfStore(store);
  await store.put(rootAt, wrap(first, randomBytes(32)), { onlyIfAbsent: true });
  return (await store.get([rootAt]))[0];
}

/**
 * @param root 32 bytes
 * @param accountKey replaces the root's own
 */
export function createVault(root: Buffer, clock: () => number = Date.now, accountKey?: Buffer): Vault {
  const sealKey = remember(maxKeys, (label) => derive(root, `seal\0${label}`));
  // A key object is created once; from bytes, every hash would create one.
  const blindKey = remember(maxKeys, (purpose) =>
    createSecretKey((purpose === accountPurpose ? accountKey : undefined) ?? derive(root, `blind\0${purpose}`)),
  );
  return {
    seal(at, plain) {
      const day = Math.floor(clock() / 86_400_000);
      const header = Buffer.alloc(4);
      header.writeUInt32BE(day);
      return Buffer.concat([header, ...encrypt(sealKey(`${at.partition}\0${day}`), plain, associated(at))]);
    },
    open(at, sealed) {
      if (sealed.length < 4) throw new SealBroken();
      return decrypt(sealKey(`${at.partition}\0${sealed.readUInt32BE(0)}`), sealed.subarray(4), associated(at));
    },
    blind: (purpose, ...parts) => keyedHash(blindKey(purpose), hashedText(parts)),
    blindBeside: (purposes) => startHashThread(purposes.map((purpose) => ({ purpose, key: blindKey(purpose) }))),
  };
}

/** Constant-time comparison: does not reveal where two texts differ; may reveal their lengths. */
export function equalInConstantTime(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}

const derive = (root: Buffer, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `summit-k12-sso-bridge\0${info}`, 32));

const associated = ({ partition, table = '', id }: Address): Buffer =>
  Buffer.from(JSON.stringify([partition, table, id]));

/** Nonce, body, tag: in pieces, so that a caller that concatenates them with others copies them once. */
function encrypt(key: Buffer, plain: Buffer | string, data: Buffer): readonly Buffer[] {
  const nonce = takeRandom(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(data);
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  return [nonce, body, cipher.final(), cipher.getAuthTag()];
}

function decrypt(key: Buffer, bytes: Buffer, data: Buffer): Buffer {
  if (bytes.length < 28) throw new SealBroken();
  try {
    const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    opener.setAAD(data).setAuthTag(bytes.subarray(-16));
    const plain = opener.update(bytes.subarray(12, -16));
    // Verifies the tag; GCM outputs no further bytes here.
    opener.final();
    return plain;
  } catch (cause) {
    throw new SealBroken(cause);
  }
}

const wrap = ({ id, key }: StoreKey, root: Buffer): Buffer =>
  Buffer.from(
    JSON.stringify({ id, root: Buffer.concat(encrypt(key, root, Buffer.from(`root\0${id}`))).toString('base64') }),
  );

function unwrap(keys: readonly StoreKey[], wrapped: Buffer): { root: Buffer; wrappedBy: string } {
  const { id, root }: { id: string; root: string } = JSON.parse(wrapped.toString());
  const key = keys.find((candidate) => candidate.id === id);
  if (key === undefined) throw new WrongStoreKeys(id);
  try {
    return { root: decrypt(key.key, Buffer.from(root, 'base64'), Buffer.from(`root\0${id}`)), wrappedBy: id };
  } catch {
    throw new WrongStoreKeys(id);
  }
}
