// Checks that the sealed values of a store can be opened: each with the root key and under its own address. Counts as
// it goes.

import { createTally, kindOfItem, type Tally } from './move/tally.ts';
import type { Address } from './store.ts';
import type { StoreItem, StoreItems } from './store-items.ts';
import { SealBroken, type Vault } from './vault.ts';

interface ItemsCheck {
  readonly tally: Tally;
  /** By kind: the number that cannot be opened. */
  readonly broken: ReadonlyMap<string, number>;
}

/** Kinds of which every value is sealed under its own address. Others contain keyed hashes, times or markers. */
const sealedKinds: ReadonlySet<string> = new Set([
  'account-aliases',
  'accounts',
  'attempt',
  'classes',
  'changes',
  'credentials',
  'districts',
  'ended',
  'enrollments',
  'incident',
  'incident-closed',
  'incidents',
  'last-publish',
  'open',
  'references',
  'session',
  'settings',
  'sign-in-counts',
  'signing',
  'standing',
  'success',
  'today',
  'trail',
]);

/** In a paged table, the index rows and the shape are not secret. */
const isPlainRow = ({ kind, name, id }: StoreItem): boolean =>
  kind === 'row' && name.includes('.') && !/^p\d{7}$/.test(id);

/** @param onItems receives the number of items so far */
export async function checkItems(
  items: StoreItems,
  vault: Vault,
  onItems: (done: number) => void,
): Promise<ItemsCheck> {
  const tally = createTally();
  const broken = new Map<string, number>();
  let done = 0;
  for await (const batch of items.walk()) {
    tally.add(batch);
    for (const item of batch) {
      const kind = kindOfItem(item);
      if (sealedKinds.has(kind) && !isPlainRow(item) && !opens(vault, item))
        broken.set(kind, (broken.get(kind) ?? 0) + 1);
    }
    done += batch.length;
    onItems(done);
  }
  return { tally: tally.result(), broken };
}

function opens(vault: Vault, item: StoreItem): boolean {
  try {
    vault.open(addressOf(item), item.value);
    return true;
  } catch (failure) {
    if (failure instanceof SealBroken) return false;
    throw failure;
  }
}

/** An entry is sealed for the name of its log. */
function addressOf({ kind, partition, name, id }: StoreItem): Address {
  if (kind === 'entry') return { partition, id: name };
  return kind === 'row' ? { partition, table: name, id } : { partition, id };
}
