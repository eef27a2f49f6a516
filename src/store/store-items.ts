// The store item by item, as a move and a check read it: every value, row, index entry and log entry under the name that
// the port gave it, whatever the engine makes of it. The port itself is store.ts.
import type { Store } from './store.ts';

/**
 * `value` stands alone. `row` is one of a table. `first` is the first row of an index key, `further` another one of the same
 * key. `entry` is one of a log.
 */
export type ItemKind = 'value' | 'row' | 'first' | 'further' | 'entry';

export interface StoreItem {
  readonly kind: ItemKind;
  readonly partition: string;
  /** Of the table or log; empty for a value. */
  readonly name: string;
  /** Of the value or row; the index key; the cursor of the entry. */
  readonly id: string;
  /** Of an index entry: the id of its row. */
  readonly value: Buffer;
  /** Milliseconds since the epoch by the engine's clock. Absent for what stays. */
  readonly expiresAt?: number;
}

/** Every verb rejects with StoreUnavailable as those of the store do. */
export interface StoreItems {
  /** Roughly how many there are; reads no value. */
  count(): Promise<number>;
  /**
   * All items in batches of a bounded size, entries of a log in their order. An item that is written or removed meanwhile
   * may be there or not; on Redis one may come twice.
   */
  walk(): AsyncIterable<readonly StoreItem[]>;
  /** What this store has under the names of the items, in their order; undefined where it has nothing. */
  find(items: readonly StoreItem[]): Promise<(StoreItem | undefined)[]>;
  /** Writes them as they are. Entries of a log come in their order, behind those that the log has. */
  put(items: readonly StoreItem[]): Promise<void>;
  /** The engine's clock: milliseconds since the epoch. */
  now(): Promise<number>;
}

/** A store as an engine opens it. */
export interface EngineStore extends Store {
  readonly items: StoreItems;
}
