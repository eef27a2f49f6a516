// The items of the embedded store: for a move and a check. The keys are embedded-keys.ts.
import type { StoreItem, StoreItems } from '../store-items.ts';
import type { EmbeddedEngine, Entry } from './embedded-engine.ts';
import { addressKey, endOf, indexKeys, logPrefix, readItemKey, tableKeys } from './embedded-keys.ts';
import type { Values } from './embedded-values.ts';

const itemsPerRead = 200;
const all = Buffer.from('d');

/** @param clock milliseconds since the epoch */
export function createEmbeddedItems(engine: EmbeddedEngine, values: Values, clock: () => number): StoreItems {
  function toItem({ key, value }: Entry): StoreItem | undefined {
    const named = readItemKey(key);
    if (named.kind === 'row' || named.kind === 'first') return { ...named, value };
    if (named.kind === 'further') return { ...named, value: named.rowId };
    const live = values.openExpiring(value);
    return live === undefined ? undefined : { ...named, ...live };
  }

  function keyOf({ kind, partition, name, id, value }: StoreItem): Buffer {
    if (kind === 'value') return addressKey({ partition, id });
    if (kind === 'row') return addressKey({ partition, table: name, id });
    if (kind === 'entry') return Buffer.concat([logPrefix({ partition, name }), Buffer.from(id)]);
    const { first, more } = indexKeys(tableKeys(partition, name), id);
    return kind === 'first' ? first : Buffer.concat([more, value]);
  }

  function putOne(item: StoreItem): void {
    const { kind, value, expiresAt } = item;
    if (kind === 'value' || kind === 'entry') values.putUntil(keyOf(item), value, expiresAt ?? 0);
    else engine.put(keyOf(item), kind === 'further' ? Buffer.alloc(0) : value);
  }

  return {
    count: async () => engine.count(all),
    async *walk() {
      for await (const entries of engine.walk(all, endOf(all), itemsPerRead)) {
        const items = entries.flatMap((entry) => toItem(entry) ?? []);
        if (items.length > 0) yield items;
      }
    },
    find: async (items) =>
      engine.read(() =>
        items.map((item) => {
          const key = keyOf(item);
          const value = engine.get(key);
          return value === undefined ? undefined : toItem({ key, value });
        }),
      ),
    async put(items) {
      await engine.write(() => items.forEach(putOne));
    },
    now: async () => clock(),
  };
}
