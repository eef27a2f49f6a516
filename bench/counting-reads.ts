// A store that counts what is read from it: how many questions a search costs, on any machine.
import type { Store } from '../src/store/store.ts';

/** Adds one to `seen.reads` for each `get` and each `page`. */
export function countingReads(store: Store, seen: { reads: number }): Store {
  return {
    ...store,
    get(...given) {
      seen.reads += 1;
      return store.get(...given);
    },
    page(...given) {
      seen.reads += 1;
      return store.page(...given);
    },
  };
}
