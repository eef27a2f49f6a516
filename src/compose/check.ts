// Checks a store without changing it: whether every value can be opened, and whether all related data exists.
import type { CommandConfig } from '../config/config.ts';
import { checkDistrict } from '../roster/check-district.ts';
import { checkItems } from '../store/check-items.ts';
import { countWrongIdentities } from '../store/guard/store-identity.ts';
import { readMoveMarker } from '../store/move/move-marker.ts';
import { placeOf } from '../store/move/place.ts';
import type { Tally } from '../store/move/tally.ts';
import { openStore } from '../store/open-store.ts';
import { openStoreClock } from '../store/store-clock.ts';
import { checkStoreFormat } from '../store/store-format.ts';
import type { EngineStore } from '../store/store-items.ts';
import { openWrapped, readWrappedRoot, SealBroken, type Vault } from '../store/vault.ts';
import { createServices } from './services.ts';
import { answerTimeOf, storeKeys } from './storage.ts';

export interface StoreCheck {
  /** The name from place.ts. */
  readonly place: string;
  readonly tally: Tally;
  readonly districts: readonly { readonly id: string; readonly accounts: number; readonly links: number }[];
  /** In plain words; empty if the store is intact. */
  readonly wrong: readonly string[];
}

/** @throws StoreUnavailable, WrongStoreKeys, WrongStoreFormat */
export async function checkWholeStore(
  config: CommandConfig,
  onProgress: (done: number, total: number) => void,
): Promise<StoreCheck> {
  const place = placeOf(config.STORE_URL);
  const store = await openStore(config.STORE_URL, answerTimeOf(config));
  try {
    const root = await readWrappedRoot(store);
    if (root === undefined) return { place, tally: {}, districts: [], wrong: [`There is no store at ${place}.`] };
    await checkStoreFormat(store);
    return { place, ...(await checkOpened(config, store, openWrapped(root, await storeKeys(config)), onProgress)) };
  } finally {
    await store.close();
  }
}

async function checkOpened(
  config: CommandConfig,
  store: EngineStore,
  vault: Vault,
  onProgress: (done: number, total: number) => void,
): Promise<Omit<StoreCheck, 'place'>> {
  const wrong: string[] = [];
  const marker = await readMoveMarker(store);
  if (marker?.role === 'target') wrong.push(`It is the target of a move from ${marker.from} that is not finished.`);
  else if (marker !== undefined) wrong.push(`It is ${marker.state} to ${marker.to}, and takes no writes.`);
  const missing = await countWrongIdentities(store, vault);
  if (missing > 0) wrong.push(`${missing} parts of the store have lost what they held; bring them back from a backup.`);
  const total = await store.items.count();
  const { tally, broken } = await checkItems(store.items, vault, (done) => onProgress(done, total));
  for (const [kind, count] of broken)
    wrong.push(`${count} of kind ${kind} do not open: they were changed, or moved here from another store.`);
  const districts = await checkDistricts(config, store, vault, wrong);
  return { tally, districts, wrong };
}

async function checkDistricts(config: CommandConfig, store: EngineStore, vault: Vault, wrong: string[]) {
  const { now: clock } = await openStoreClock(store);
  const { rosters } = createServices({ store, vault, clock }, config);
  const checked: { id: string; accounts: number; links: number }[] = [];
  try {
    for (const { id } of await rosters.districts.list()) {
      const found = await checkDistrict({ store, vault, rosters: rosters.rosters }, id);
      checked.push({ id, accounts: found.accounts, links: found.links });
      wrong.push(...found.wrong.map((line) => `${id}: ${line}.`));
    }
  } catch (failure) {
    // Values that cannot be opened were counted above.
    if (!(failure instanceof SealBroken)) throw failure;
    wrong.push('The districts could not be looked through, since part of them does not open.');
  }
  return checked;
}
