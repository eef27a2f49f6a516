// Copies a store item by item and compares the two. Items that the target has already are not written again, so that an
// interrupted copy continues.
import type { StoreItem, StoreItems } from '../store-items.ts';
import { createTally, findDifferentKinds, isOfOneStore, type Tally } from './tally.ts';

/** The source of items: a store, or an export of one. */
export interface ItemSource {
  /** Approximate. */
  count(): Promise<number>;
  /** Times by this machine's clock. */
  walk(): AsyncIterable<readonly StoreItem[]>;
}

interface Pass {
  readonly from: ItemSource;
  readonly to: StoreItems;
  /** The target's clock minus this machine's, in milliseconds. */
  readonly toOffsetMs: number;
  /** Called before each batch. @throws when another process has taken over, or the target is in use */
  checkTurn(): Promise<void>;
  /** Items so far. */
  onItems(done: number): void;
}

/**
 * Items read and written in one step: each write waits for the disk of an embedded store. A value has some 100 kB at
 * most.
 */
const batchLimit = { items: 2_000, bytes: 4_000_000 };

/** Tolerance for a time that is read twice over the network. */
const timeToleranceMs = 5_000;

/** Writes the items that the target lacks or has with another value; returns their number. */
export async function copyItems({ from, to, toOffsetMs, checkTurn, onItems }: Pass): Promise<number> {
  let done = 0;
  let written = 0;
  for await (const batch of gather(from.walk())) {
    const items = own(batch, toOffsetMs);
    const found = await to.find(items);
    const missing = items.filter((item, index) => !isSame(item, found[index]));
    if (missing.length > 0) {
      await checkTurn();
      await to.put(missing);
    }
    written += missing.length;
    done += batch.length;
    onItems(done);
  }
  return written;
}

interface Comparison {
  readonly source: Tally;
  readonly target: Tally;
  /** Items missing in the target or with another value; excludes those that expired meanwhile. */
  readonly different: number;
  /** Kinds whose counts or digests differ. */
  readonly kinds: readonly string[];
}

/** Reads both: each item of the source in the target, then all of the target. */
export async function compareItems({ from, to, toOffsetMs, onItems }: Omit<Pass, 'checkTurn'>): Promise<Comparison> {
  const [ofSource, ofTarget] = [createTally(), createTally()];
  let done = 0;
  let different = 0;
  for await (const batch of from.walk()) {
    const items = own(batch, toOffsetMs);
    const found = await to.find(items);
    const now = await to.now();
    const isOver = ({ expiresAt = Number.POSITIVE_INFINITY }: StoreItem) => expiresAt <= now + timeToleranceMs;
    different += items.filter((item, index) => !isSame(item, found[index]) && !isOver(item)).length;
    ofSource.add(items);
    done += batch.length;
    onItems(done);
  }
  for await (const batch of to.walk()) ofTarget.add(own(batch, 0));
  const [source, target] = [ofSource.result(), ofTarget.result()];
  return { source, target, different, kinds: findDifferentKinds(source, target) };
}

/** The same items in larger batches. */
async function* gather(batches: AsyncIterable<readonly StoreItem[]>): AsyncIterable<readonly StoreItem[]> {
  let items: StoreItem[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    items.push(...batch);
    bytes += batch.reduce((sum, { value }) => sum + value.length, 0);
    if (items.length < batchLimit.items && bytes < batchLimit.bytes) continue;
    yield items;
    [items, bytes] = [[], 0];
  }
  if (items.length > 0) yield items;
}

/** The items to copy, with their times by the target's clock. */
const own = (batch: readonly StoreItem[], offsetMs: number): readonly StoreItem[] =>
  batch
    .filter((item) => !isOfOneStore(item))
    .map((item) => (item.expiresAt === undefined ? item : { ...item, expiresAt: item.expiresAt + offsetMs }));

function isSame(item: StoreItem, found: StoreItem | undefined): boolean {
  if (found === undefined || !found.value.equals(item.value)) return false;
  const [one, other] = [item.expiresAt, found.expiresAt];
  return one === undefined || other === undefined ? one === other : Math.abs(one - other) <= timeToleranceMs;
}

/**
 * A store as the source of a copy.
 * @param offsetMs its clock minus this machine's
 */
export const sourceOf = (items: StoreItems, offsetMs: number): ItemSource => ({
  count: items.count,
  async *walk() {
    for await (const batch of items.walk())
      yield batch.map((item) =>
        item.expiresAt === undefined ? item : { ...item, expiresAt: item.expiresAt - offsetMs },
      );
  },
});

/** An engine's clock minus this machine's; less than a second counts as none. Milliseconds. */
export async function readOffset(items: Pick<StoreItems, 'now'>): Promise<number> {
  const began = Date.now();
  const offset = Math.round((await items.now()) - (began + Date.now()) / 2);
  return Math.abs(offset) < 1_000 ? 0 : offset;
}
