// Tables of the embedded engine: rows and their index.

import { checkName, encodeName } from '../names.ts';
import { bucketOf, bucketRow, checkKeys, idsIn, pageOf, pageRow, shapeRow, unpackShape } from '../paged-table.ts';
import type { Paged, Row, Store } from '../store.ts';
import type { EmbeddedEngine, Entry } from './embedded-engine.ts';
import { endOf, indexKeys, tableKeys } from './embedded-keys.ts';

const keysPerRead = 2000;

type Tables = Pick<Store, 'load' | 'find' | 'lookUp' | 'scan'>;

/**
 * The first row of an index key is stored under the key itself, so the usual row costs one read; further rows are
 * separate entries.
 */
export function createTables(engine: EmbeddedEngine): Tables {
  // Long because of four verbs of the port over one layout of rows and index keys.
  function isLiveRow(rows: Buffer, id: Buffer): boolean {
    return engine.get(Buffer.concat([rows, id])) !== undefined;
  }

  function* idsOf(at: { first: Buffer; more: Buffer }): Iterable<Buffer> {
    const first = engine.get(at.first);
    if (first === undefined) return;
    yield first;
    let from = at.more;
    for (;;) {
      const some = engine.keys(from, endOf(at.more), keysPerRead);
      const last = some.at(-1);
      if (last === undefined) return;
      for (const key of some) yield key.subarray(at.more.length);
      from = Buffer.concat([last, Buffer.of(0)]);
    }
  }

  /** Whether the key has more than one row now. */
  function addToIndex(rows: Buffer, at: { first: Buffer; more: Buffer }, id: Buffer): boolean {
    const first = engine.get(at.first);
    if (first === undefined || (!first.equals(id) && !isLiveRow(rows, first))) engine.put(at.first, id);
    else if (!first.equals(id)) engine.put(Buffer.concat([at.more, id]), Buffer.alloc(0));
    if (first === undefined) return false;
    const live = new Set<string>();
    for (const other of idsOf(at)) {
      if (isLiveRow(rows, other)) live.add(other.toString());
      if (live.size > 1) return true;
    }
    return false;
  }

  async function load(partition: string, table: string, rows: readonly Row[]): Promise<string[]> {
    const keys = tableKeys(partition, table);
    const shared = new Set<string>();
    for (let start = 0; start < rows.length; start += keysPerRead) {
      const batch = rows.slice(start, start + keysPerRead).map(({ id, value, index = [] }) => ({
        id: encodeName(id),
        value,
        index: index.map((key) => ({ key, at: indexKeys(keys, key) })),
      }));
      await engine.write(() => {
        for (const { id, value } of batch) engine.put(Buffer.concat([keys.rows, id]), value);
        for (const { id, index } of batch) {
          for (const { key, at } of index) if (addToIndex(keys.rows, at, id)) shared.add(key);
        }
      });
    }
    return [...shared];
  }

  function findIn(partition: string, table: string, wanted: readonly string[]): (Row & { table: string })[] {
    const keys = tableKeys(partition, table);
    const ids = new Map<string, Buffer>();
    for (const key of wanted) for (const id of idsOf(indexKeys(keys, key))) ids.set(id.toString(), id);
    return [...ids].flatMap(([id, bytes]) => {
      const value = engine.get(Buffer.concat([keys.rows, bytes]));
      return value === undefined ? [] : [{ id, value, table }];
    });
  }

  function lookUpIn(partition: string, table: string, keys: readonly string[], ids: readonly string[]): Paged {
    const { rows } = tableKeys(partition, table);
    const read = (row: string) => engine.get(Buffer.concat([rows, Buffer.from(row)]));
    const bytes = read(shapeRow);
    if (bytes === undefined) return { table, ids: [], pages: [] };
    const shape = unpackShape(bytes);
    const found = keys.flatMap((key) => idsIn(read(bucketRow(bucketOf(key, shape))) ?? Buffer.alloc(0), key));
    const all = [...new Set([...ids, ...found])];
    const pages = [...new Set(all.map((id) => pageOf(id, shape)))].flatMap((at): Row[] => {
      const value = read(pageRow(at));
      return value === undefined ? [] : [{ id: pageRow(at), value }];
    });
    return { table, ids: all, pages };
  }

  return {
    load,
    lookUp: async (partition, tables, keys, ids) => {
      checkKeys([...keys, ...ids]);
      return engine.read(() => [...new Set(tables)].map((table) => lookUpIn(partition, table, keys, ids)));
    },
    find: async (partition, tables, keys) => {
      for (const name of [...tables, ...keys]) checkName(name);
      for (const table of tables) tableKeys(partition, table);
      return engine.read(() => [...new Set(tables)].flatMap((table) => findIn(partition, table, keys)));
    },
    async *scan(partition, table, batch = keysPerRead) {
      const { rows } = tableKeys(partition, table);
      const toRow = ({ key, value }: Entry): Row => ({ id: key.subarray(rows.length).toString(), value });
      for await (const chunk of engine.walk(rows, endOf(rows), Math.max(1, batch))) yield chunk.map(toRow);
    },
  };
}
