// Store identities: markers that distinguish a store from an empty one and from others, one in every part of the engine
// that can lose its data individually. Owns their values and first creation; guarded-store.ts checks them while the
// store is used.

import type { Address, Store } from '../store.ts';

export interface IdentityMark {
  readonly at: Address;
  readonly value: Buffer;
}

/** A part of the store's data is lost. No reads are answered: missing data would read as "no". */
export class StoreLost extends Error {
  readonly code = 'STORE_LOST';
  constructor(missing: number, all: number) {
    super(
      `STORE_URL: ${missing} of ${all} parts of the store have lost what they held; bring it back from a replica or a backup`,
    );
    this.name = 'StoreLost';
  }
}

/** Present once every marker was written; an operator removes it to continue without the lost data. */
const identityWrittenAt: Address = { partition: 'vault', id: 'marked' };

const onePart = ['mark'];
const identityAddresses = ({ parts = onePart }: Pick<Store, 'parts'>): Address[] =>
  parts.map((partition) => ({ partition, id: 'mark' }));

/** The value at each address; each may be of another partition. */
const readAll = (store: Store, addresses: readonly Address[]) =>
  Promise.all(addresses.map(async (at) => (await store.get([at]))[0]));

/** Call before creating a root key because there is none. @throws StoreLost if the store was in use before */
export async function refuseHalfStore(store: Store): Promise<void> {
  const addresses = identityAddresses(store);
  const published = (await readAll(store, addresses)).filter((value) => value !== undefined);
  if (published.length > 0) throw new StoreLost(addresses.length - published.length, addresses.length);
}

/** The number of markers missing or of another store; writes nothing. 0 in a store without markers. */
export async function countWrongIdentities(store: Store, vault: Blinder): Promise<number> {
  const [marked] = await store.get([identityWrittenAt]);
  if (marked === undefined) return 0;
  const states = await Promise.all(identitiesOf(store, vault).map((mark) => readIdentity(store, mark)));
  return states.filter((state) => state !== 'stands').length;
}

interface Blinder {
  blind(use: string, ...parts: string[]): string;
}

const identitiesOf = (store: Store, vault: Blinder): IdentityMark[] =>
  identityAddresses(store).map((at) => ({ at, value: Buffer.from(vault.blind('store-mark', at.partition)) }));

interface OpenStoreIdentity {
  readonly identities: readonly IdentityMark[];
  /** They were written now: the store was empty, or of a version without markers. */
  readonly isFirst: boolean;
}

/**
 * The markers of this store, written at first use. Derived from the root key, so that a store with another root has
 * others.
 * @throws StoreLost, StoreUnavailable
 */
export async function openStoreIdentity(store: Store, vault: Blinder): Promise<OpenStoreIdentity> {
  const identities = identitiesOf(store, vault);
  const [marked] = await store.get([identityWrittenAt]);
  if (marked === undefined) {
    await Promise.all(identities.map(({ at, value }) => store.put(at, value)));
    await store.put(identityWrittenAt, Buffer.from('1'));
    return { identities, isFirst: true };
  }
  const states = await Promise.all(identities.map((mark) => readIdentity(store, mark)));
  const missing = states.filter((state) => state !== 'stands').length;
  if (missing > 0) throw new StoreLost(missing, identities.length);
  return { identities, isFirst: false };
}

/** Rejects if its part does not answer. */
export async function readIdentity(store: Store, { at, value }: IdentityMark): Promise<'stands' | 'missing' | 'other'> {
  const [found] = await store.get([at]);
  return found === undefined ? 'missing' : found.equals(value) ? 'stands' : 'other';
}
