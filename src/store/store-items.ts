// The items of a store, as a move and a check read them: every value, row, index entry and log entry under the name
// that the port gave it, independent of the engine. The port itself is store.ts.
import type { Store } from './store.ts';

/**
 * `value`: outside of any table. `row`: of a table. `first`: the first row of an index key; `further`: another row of
 * the same key. `entry`: of a log.
 */
export type ItemKind = 'value' | 'row' | 'first' | 'further' | 'entry';

export interface StoreItem {
  readonly kind: ItemKind;
  readonly partition: string;
  /** Of the table or log; empty for a value. */
  readonly name: string;
  /** Of the value or row; or the index key; or the cursor of the entry. */
  readonly id: string;
  /** Of an index entry: the id of its row. */
  readonly value: Buffer;
  /** Milliseconds since the epoch by the engine's clock. Absent if it does not expire. */
  readonly expiresAt?: number;
}

/** Every verb rejects with StoreUnavailable, as those of the store do. */
export interface StoreItems {
  /** Approximate number of items; reads no values. */
  count(): Promise<number>;
  /**
   * All items in batches of bounded size, log entries in order. An item that is written or removed meanwhile may or may
   * not appear; on Redis one may appear twice.
   */
  walk(): AsyncIterable<readonly StoreItem[]>;
  /** This store's items of the same names, in their order; undefined for absent ones. */
  find(items: readonly StoreItem[]): Promise<(StoreItem | undefined)[]>;
  /** Writes the items unchanged. Log entries are appended in order after the existing ones. */
  put(items: readonly StoreItem[]): Promise<void>;
  /** The engine's clock: milliseconds since the epoch. */
  now(): Promise<number>;
}

/** A store as an engine opens it. */
export interface EngineStore extends Store {
  readonly items: StoreItems;
}
