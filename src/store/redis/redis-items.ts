// The items of the store on Redis: for a move and a check. The verbs of the port are redis-store.ts.
import type { Redis } from 'ioredis';
import { encodeName } from '../names.ts';
import type { ItemKind, StoreItem, StoreItems } from '../store-items.ts';
import type { RedisConnection } from './redis-connection.ts';
import { keyOf, type RedisKey, readKey, toCursor, toStreamId } from './redis-keys.ts';
import { entriesOf, keysOf, pairsOf } from './redis-keyspace.ts';

/** Pages of a table may have 100 kB each. */
const rowsPerScan = 100;

const keyKinds: Readonly<Record<ItemKind, string>> = { value: 'v', row: 't', first: 'i', further: 'j', entry: 'l' };

/** @param time of the server, in milliseconds since the epoch */
export function createRedisItems(connection: RedisConnection, time: () => Promise<number>): StoreItems {
  // Long because of its verbs over one connection; each is short.
  const { client, answer } = connection;
  const keyOfItem = ({ kind, partition, name, id }: StoreItem) =>
    keyOf(partition, keyKinds[kind], kind === 'value' ? id : name);

  async function readValue({ partition, name }: Pick<RedisKey, 'partition' | 'name'>, now: number) {
    const key = keyOf(partition, 'v', name);
    const [value, leftMs] = await Promise.all([answer(() => client.getBuffer(key)), answer(() => client.pttl(key))]);
    if (value === null || leftMs === -2 || leftMs === 0) return undefined;
    return toItem('value', partition, '', name, value, leftMs < 0 ? undefined : Math.round(now + leftMs));
  }

  async function* walkKey(node: Redis, key: Buffer, { partition, kind, name }: RedisKey) {
    if (kind === 'l') {
      const now = await time();
      for await (const entries of entriesOf(answer, node, key))
        yield entries.flatMap(([id, fields]) => entryOf(partition, name, id, fields, now) ?? []);
      return;
    }
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

  async function* walkNode(node: Redis): AsyncIterable<readonly StoreItem[]> {
    for await (const found of keysOf(connection, node, 'sso:')) {
      const known = [...new Set(found.map(String))].flatMap((key) => readKey(key) ?? []);
      const now = await time();
      const values = await Promise.all(known.filter(({ kind }) => kind === 'v').map((key) => readValue(key, now)));
      const items = values.filter((item) => item !== undefined);
      if (items.length > 0) yield items;
      for (const key of known)
        if (key.kind !== 'v') yield* walkKey(node, Buffer.from(keyOf(key.partition, key.kind, key.name)), key);
    }
  }

  async function findOne(item: StoreItem, now: number): Promise<StoreItem | undefined> {
    const { kind, partition, name, id } = item;
    const key = keyOfItem(item);
    if (kind === 'value') return readValue({ partition, name: id }, now);
    if (kind === 'entry') {
      const streamId = toStreamId(id);
      const [entry] = await answer(() => client.xrangeBuffer(key, streamId, streamId));
      return entry === undefined ? undefined : entryOf(partition, name, entry[0], entry[1], now);
    }
    if (kind === 'further') return (await answer(() => client.zscore(key, memberOf(item)))) === null ? undefined : item;
    const value = await answer(() => client.hgetBuffer(key, id));
    return value === null ? undefined : { ...item, value };
  }

  async function putOne(item: StoreItem): Promise<void> {
    const { kind, id, value, expiresAt } = item;
    const key = keyOfItem(item);
    if (kind === 'value')
      await answer(() =>
        expiresAt === undefined ? client.set(key, value) : client.set(key, value, 'PXAT', expiresAt),
      );
    else if (kind === 'entry') {
      const fields = ['v', value, 'x', `${expiresAt ?? 0}`];
      await answer(() => client.xadd(key, toStreamId(id), ...fields));
      // As with an append: the log expires with its last entry.
      await answer(() => client.pexpireat(key, expiresAt ?? 0));
    } else if (kind === 'further') await answer(() => client.zadd(key, 0, memberOf(item)));
    else await answer(() => client.hset(key, id, value));
  }

  async function countKey(key: string, kind: string): Promise<number> {
    if (kind === 'v') return 1;
    if (kind === 'l') return answer(() => client.xlen(key));
    return kind === 'j' ? answer(() => client.zcard(key)) : answer(() => client.hlen(key));
  }

  return {
    async count() {
      let total = 0;
      for (const node of connection.masters())
        for await (const found of keysOf(connection, node, 'sso:')) {
          const known = found.map(String).flatMap((key) => ({ key, kind: readKey(key)?.kind ?? 'v' }));
          const counts = await Promise.all(known.map(({ key, kind }) => countKey(key, kind)));
          total += counts.reduce((sum, count) => sum + count, 0);
        }
      return total;
    },
    async *walk() {
      for (const node of connection.masters()) yield* walkNode(node);
    },
    async find(items) {
      const now = await time();
      return Promise.all(items.map((item) => findOne(item, now)));
    },
    async put(items) {
      // Sent in order on one connection; each log is on one server.
      await Promise.all(items.map(putOne));
    },
    now: time,
  };
}

const toItem = (
  kind: ItemKind,
  partition: string,
  name: string,
  id: string,
  value: Buffer,
  expiresAt?: number,
): StoreItem => ({ kind, partition, name, id, value, ...(expiresAt === undefined ? {} : { expiresAt }) });

/** Undefined for an expired entry. */
function entryOf(partition: string, name: string, id: Buffer, fields: readonly Buffer[], now: number) {
  const [, value, , expires] = fields;
  if (value === undefined || !(Number(expires) > now)) return undefined;
  return toItem('entry', partition, name, toCursor(id), value, Number(expires));
}

/** A member of the sorted set of further rows: the length of the index key, the key, the id. */
function memberOf({ id, value }: StoreItem): Buffer {
  const key = encodeName(id);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(key.length);
  return Buffer.concat([length, key, value]);
}

function furtherOf(partition: string, name: string, member: Buffer): StoreItem {
  const end = 2 + member.readUInt16BE(0);
  return toItem('further', partition, name, member.toString('utf8', 2, end), member.subarray(end));
}
