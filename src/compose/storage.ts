// Opens the store with its checks, its vault and its clock: the first step of every composition.

import type { CommandConfig } from '../config/config.ts';
import { guardStore } from '../store/guard/guarded-store.ts';
import { openStoreIdentity } from '../store/guard/store-identity.ts';
import { refuseMoved } from '../store/move/move-marker.ts';
import { openStore, readDevelopmentKeys } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { openStoreClock } from '../store/store-clock.ts';
import { checkStoreFormat, writeStoreFormat } from '../store/store-format.ts';
import { openVault, type Vault } from '../store/vault.ts';

export interface Storage {
  readonly store: Store;
  readonly vault: Vault;
  /** The store's clock: milliseconds since the epoch. */
  readonly clock: () => number;
}

interface OpenStorageOptions {
  /** Wraps the store as soon as it is open, to measure calls. */
  readonly watch?: (store: Store) => Store;
  /** How long to wait until a lost replica is dropped from the set. Milliseconds. */
  readonly replicaPatienceMs?: number;
}

/**
 * @returns the storage, and for a server the guard that follows the store's health
 * @throws StoreUnavailable, StoreMoved, WrongStoreFormat, WrongStoreKeys, StoreLost
 */
export async function openStorage(
  config: CommandConfig,
  { watch = (store) => store, replicaPatienceMs = 0 }: OpenStorageOptions = {},
) {
  const store = watch(await openStore(config.STORE_URL, { replicaPatienceMs, ...answerTimeOf(config) }));
  try {
    await refuseMoved(store);
    const hasFormat = await checkStoreFormat(store);
    const vault = await openVault(store, await storeKeys(config));
    const { identities, isFirst } = await openStoreIdentity(store, vault);
    if (!hasFormat) await writeStoreFormat(store);
    const guarded = guardStore(store, identities);
    const clock = await openStoreClock(store);
    const storage: Storage = { store: guarded, vault, clock: clock.now };
    return { storage, guard: guarded.guard, isFirst, clockOffsetMs: clock.offsetMs };
  } catch (failure) {
    await store.close();
    throw failure;
  }
}

/** Timeout of one answer of the store, if configured. */
export const answerTimeOf = ({ STORE_TIMEOUT }: Pick<CommandConfig, 'STORE_TIMEOUT'>) =>
  STORE_TIMEOUT === undefined ? {} : { answerMs: STORE_TIMEOUT * 1_000 };

/** STORE_KEYS, or the development key stored beside an embedded store. */
export async function storeKeys({ STORE_KEYS, STORE_URL }: CommandConfig) {
  if (STORE_KEYS !== undefined) return STORE_KEYS;
  if (STORE_URL.kind !== 'embedded') throw new TypeError('STORE_KEYS is required with a Redis store');
  return readDevelopmentKeys(STORE_URL.path);
}
