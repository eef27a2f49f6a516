// In a file of its own: every command refers to it, and few move a store.
import { type StoreUnavailable, storeHint } from '../store.ts';

/** One of the two places does not answer; nothing was started. */
export class PlaceSilent extends Error {
  readonly code = 'PLACE_SILENT';
  constructor(place: string, failure: StoreUnavailable) {
    const { reason, folder, cause } = failure;
    const what = folder === undefined ? 'does not answer' : 'cannot be opened';
    super(`${place} ${what}: ${reason}.${storeHint(failure)}`, { cause });
    this.name = 'PlaceSilent';
  }
}
