// All items of the store on Redis: counted and walked, for a move and a check. The verbs of the port are redis-store.ts.
import type { Redis } from 'ioredis';
import type { StoreItem, StoreItems } from '../store-items.ts';
import type { RedisConnection } from './redis-connection.ts';
import { entryOf, findItem, furtherOf, putItem, readValue, toItem } from './redis-item.ts';
import { keyOf, type RedisKey, readKey } from './redis-keys.ts';
import { entriesOf, keysOf, pairsOf } from './redis-keyspace.ts';

/** Pages of a table may have 100 kB each. */
const rowsPerScan = 100;

/** @param time of the server, in milliseconds since the epoch */
export function createRedisItems(connection: RedisConnection, time: () => Promise<number>): StoreItems {
  return {
    async count() {
      let total = 0;
      for (const node of connection.masters())
        for await (const found of keysOf(connection, node, 'sso:')) {
          const counts = await Promise.all(found.map((key) => countKey(connection, String(key))));
          total += counts.reduce((sum, count) => sum + count, 0);
        }
      return total;
    },
    async *walk() {
      for (const node of connection.masters()) yield* walkNode(connection, node, time);
    },
    async find(items) {
      const now = await time();
      return Promise.all(items.map((item) => findItem(connection, item, now)));
    },
    async put(items) {
      // Sent in order on one connection; each log is on one server.
      await Promise.all(items.map((item) => putItem(connection, item)));
    },
    now: time,
  };
}

/** The items under one key. */
async function countKey({ client, answer }: RedisConnection, key: string): Promise<number> {
  const kind = readKey(key)?.kind ?? 'v';
  if (kind === 'v') return 1;
  if (kind === 'l') return answer(() => client.xlen(key));
  return kind === 'j' ? answer(() => client.zcard(key)) : answer(() => client.hlen(key));
}

async function* walkNode(
  connection: RedisConnection,
  node: Redis,
  time: () => Promise<number>,
): AsyncIterable<readonly StoreItem[]> {
  for await (const found of keysOf(connection, node, 'sso:')) {
    const known = [...new Set(found.map(String))].flatMap((key) => readKey(key) ?? []);
    const now = await time();
    const values = known.filter(({ kind }) => kind === 'v').map((key) => readValue(connection, key, now));
    const items = (await Promise.all(values)).filter((item) => item !== undefined);
    if (items.length > 0) yield items;
    for (const key of known) {
      if (key.kind === 'l') yield* walkLog(connection, node, key, await time());
      else if (key.kind !== 'v') yield* walkTable(connection, node, key);
    }
  }
}

const toBytes = ({ partition, kind, name }: RedisKey): Buffer => Buffer.from(keyOf(partition, kind, name));

/** Without its expired entries. @param now of the server, in milliseconds since the epoch */
async function* walkLog({ answer }: RedisConnection, node: Redis, key: RedisKey, now: number) {
  for await (const entries of entriesOf(answer, node, toBytes(key)))
    yield entries.flatMap(([id, fields]) => entryOf(key.partition, key.name, id, fields, now) ?? []);
}

/** Rows, or rows of an index. */
async function* walkTable({ answer }: RedisConnection, node: Redis, redisKey: RedisKey) {
  const { partition, kind, name } = redisKey;
  const key = toBytes(redisKey);
  const count = ['COUNT', rowsPerScan] as const;
  const pairs =
    kind === 'j'
      ? pairsOf((cursor) => answer(() => node.zscanBuffer(key, cursor, ...count)))
      : pairsOf((cursor) => answer(() => node.hscanBuffer(key, cursor, ...count)));
  for await (const some of pairs)
    yield some.map(([field, value]): StoreItem => {
      if (kind === 'j') return furtherOf(partition, name, field);
      return toItem(kind === 't' ? 'row' : 'first', partition, name, field.toString(), value);
    });
}
