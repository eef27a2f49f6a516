// A store that counts what is read from it: how many questions a search costs, on any machine.
import type { Store } from '../src/store/store.ts';

/** Adds one to `seen.reads` for each read that is sent to the store; a scan counts each of its batches. */
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
    find(...given) {
      seen.reads += 1;
      return store.find(...given);
    },
    lookUp(...given) {
      seen.reads += 1;
      return store.lookUp(...given);
    },
    count(...given) {
      seen.reads += 1;
      return store.count(...given);
    },
    async *scan(...given) {
      for await (const rows of store.scan(...given)) {
        seen.reads += 1;
        yield rows;
      }
    },
  };
}
