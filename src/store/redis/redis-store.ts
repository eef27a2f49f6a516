// The store on Redis: the verbs of the port. The names of the keys are redis-keys.ts, the connection
// redis-connection.ts.

import { type Ensured, takeEnsured } from '../ensured.ts';
import { checkName, checkOnePartition, readTtl } from '../names.ts';
import { checkKeys } from '../paged-table.ts';
import type { Condition, Log, LogEntry, Paged, Row, Store, Write } from '../store.ts';
import type { EngineStore } from '../store-items.ts';
import { type RedisAddress, readStoreUrl } from '../store-url.ts';
import { connectRedis, type RedisConnection, type RedisConnectionOptions } from './redis-connection.ts';
import { createRedisItems } from './redis-items.ts';
import { keyOf, locate, prefixOf, tableKeys, toCursor, toStreamId } from './redis-keys.ts';
import { dumpRedis, eraseKeys } from './redis-keyspace.ts';
import { clusterParts, countEvictions } from './redis-parts.ts';

const rowsPerLoad = 500;

export interface RedisStoreOptions extends RedisConnectionOptions {
  /**
   * Milliseconds since the epoch; decides which log entries are too old. Everything else expires by the server's clock.
   */
  readonly clock?: () => number;
}

/**
 * Connects and pings once. Rejects with StoreUnavailable if there is no answer in time, TypeError for an invalid url.
 */
export async function openRedisStore(
  url: string | RedisAddress,
  options: RedisStoreOptions = {},
): Promise<EngineStore> {
  const address = typeof url === 'string' ? readStoreUrl(url) : url;
  if (address.kind === 'invalid') throw new TypeError(`the store's address ${address.reason}`);
  if (address.kind === 'embedded') throw new TypeError('the store is not on Redis');
  const connection = connectRedis(address, options);
  const store = createStore(connection, options.clock ?? Date.now);
  try {
    await store.ping();
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

function createStore(connection: RedisConnection, clock: () => number): EngineStore {
  const { client, answer, script } = connection;
  const time = async () => {
    const [seconds, microseconds] = await answer(() => client.time());
    return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  };
  return {
    ...createValues(connection),
    ...createTables(connection),
    async commit(conditions, writes) {
      checkOnePartition([...conditions.map(({ at }) => at.partition), ...writes.map(partitionOf)]);
      const { ensured, ...others } = takeEnsured(conditions, writes);
      const conditionParts = [...others.conditions.map(encodeCondition), ...ensured.map(encodeEnsured)];
      const writeParts = others.writes.map((write) => encodeWrite(write, clock));
      const parts = [...conditionParts, ...writeParts];
      const args = [
        conditionParts.length,
        ...conditionParts.flatMap(({ args }) => args),
        writeParts.length,
        ...writeParts.flatMap(({ args }) => args),
      ];
      return (
        (await script(
          'ssoCommit',
          parts.map(({ key }) => key),
          args,
        )) === 1
      );
    },
    async page(log, from, limit) {
      const key = keyOf(log.partition, 'l', log.name);
      const isNewestFirst = 'before' in from;
      const cursor = 'before' in from ? from.before : 'after' in from ? from.after : undefined;
      const start = cursor === undefined ? (isNewestFirst ? '+' : '-') : `(${toStreamId(cursor)}`;
      if (limit < 1) return [];
      const args = [isNewestFirst ? 'before' : 'after', start, Math.floor(clock()), Math.floor(limit)];
      return readPairs(await script('ssoPage', [key], args)).map(
        ([id, value]): LogEntry => ({ cursor: toCursor(id), value }),
      );
    },
    erase: (partition) => eraseKeys(connection, prefixOf(partition)),
    dump: () => dumpRedis(connection),
    replicaWait: (partitions) => connection.replicaWait(partitions.map((partition) => keyOf(partition, 'v', 'settle'))),
    epoch: connection.epoch,
    ...(connection.isCluster ? { parts: clusterParts } : {}),
    evictions: () => countEvictions(connection),
    time,
    items: createRedisItems(connection, time),
    ping: async () => void (await answer(() => client.ping())),
    close: connection.close,
  };
}

function createValues({ client, answer, script }: RedisConnection): Pick<Store, 'get' | 'put' | 'take' | 'remove'> {
  return {
    async get(addresses) {
      checkOnePartition(addresses.map((at) => at.partition));
      if (addresses.length === 0) return [];
      const at = addresses.map(locate);
      return readBuffers(
        await script(
          'ssoRead',
          at.map(({ key }) => key),
          at.map(({ field }) => field),
        ),
      );
    },
    async put(at, value, { ttlSeconds, onlyIfAbsent = false } = {}) {
      const { key } = locate(at);
      const ttl = readTtl(at, ttlSeconds);
      if (at.table !== undefined) {
        if (onlyIfAbsent) return (await answer(() => client.hsetnx(key, at.id, value))) === 1;
        await answer(() => client.hset(key, at.id, value));
        return true;
      }
      if (!onlyIfAbsent) {
        await answer(() => (ttl === undefined ? client.set(key, value) : client.set(key, value, 'PX', ttl)));
        return true;
      }
      const done = await answer(() =>
        ttl === undefined ? client.set(key, value, 'NX') : client.set(key, value, 'PX', ttl, 'NX'),
      );
      return done === 'OK';
    },
    async take(at) {
      const { key } = locate(at);
      const { table } = at;
      const reply = await (table === undefined
        ? answer(() => client.getdelBuffer(key))
        : script('ssoTakeRow', [key], [at.id]));
      return Buffer.isBuffer(reply) ? reply : undefined;
    },
    async remove(at) {
      const { key } = locate(at);
      await answer(() => (at.table === undefined ? client.unlink(key) : client.hdel(key, at.id)));
    },
  };
}

function createTables({
  client,
  answer,
  script,
}: RedisConnection): Pick<Store, 'load' | 'find' | 'lookUp' | 'scan' | 'count' | 'drop'> {
  // Long because of the verbs of the port, each one script or command.
  return {
    async load(partition, table, rows) {
      const keys = tableKeys(partition, table);
      for (const { id, index = [] } of rows) for (const name of [id, ...index]) checkName(name);
      const shared = new Set<string>();
      for (let start = 0; start < rows.length; start += rowsPerLoad) {
        const chunk = rows.slice(start, start + rowsPerLoad);
        const args = chunk.flatMap(({ id, value, index = [] }) => [id, value, index.length, ...index]);
        for (const key of readBuffers(await script('ssoLoad', keys, [chunk.length, ...args]))) shared.add(String(key));
      }
      return [...shared];
    },
    async find(partition, tables, keys) {
      const names = [...new Set(tables)];
      for (const key of keys) checkName(key);
      if (names.length === 0 || keys.length === 0) return [];
      const reply = await script(
        'ssoFind',
        names.flatMap((table) => tableKeys(partition, table)),
        [...new Set(keys)],
      );
      const found: unknown[] = Array.isArray(reply) ? reply : [];
      return names.flatMap((table, at) =>
        readPairs(found[at]).map(([id, value]) => ({ id: id.toString(), value, table })),
      );
    },
    async lookUp(partition, tables, keys, ids) {
      checkKeys([...keys, ...ids]);
      const names = [...new Set(tables)];
      if (names.length === 0) return [];
      const raw = [...keys, ...ids].map((hex) => Buffer.from(hex, 'hex'));
      const reply = await script(
        'ssoLookUp',
        names.map((table) => keyOf(partition, 't', table)),
        [keys.length, ...raw],
      );
      return names.map((table, at) => toPaged(table, Array.isArray(reply) ? reply[at] : undefined));
    },
    async *scan(partition, table, batch = rowsPerLoad) {
      const key = keyOf(partition, 't', table);
      let cursor = '0';
      do {
        const from = cursor;
        const [next, flat] = await answer(() => client.hscanBuffer(key, from, 'COUNT', Math.max(1, batch)));
        cursor = next.toString();
        const rows = readPairs(flat).map(([id, value]): Row => ({ id: id.toString(), value }));
        if (rows.length > 0) yield rows;
      } while (cursor !== '0');
    },
    count: (partition, table) => {
      const key = keyOf(partition, 't', table);
      return answer(() => client.hlen(key));
    },
    async drop(partition, table) {
      const keys = tableKeys(partition, table);
      await answer(() => client.unlink(...keys));
    },
  };
}

interface CommandPart {
  readonly key: string;
  readonly args: readonly (string | Buffer | number)[];
}

function encodeCondition({ at, oneOf }: Condition): CommandPart {
  const { key, field } = locate(at);
  const values = oneOf.filter((one) => one !== undefined);
  return { key, args: [field, values.length, values.length < oneOf.length ? 'absent' : '', ...values] };
}

function encodeEnsured({ at, value }: Ensured): CommandPart {
  const { key, field } = locate(at);
  return { key, args: [field, 'ensured', value] };
}

function encodeWrite(write: Write, clock: () => number): CommandPart {
  if (write.kind === 'append') return encodeAppend(write.log, write.value, clock);
  const { key, field } = locate(write.at);
  if (write.kind === 'remove') return { key, args: ['remove', field] };
  return { key, args: ['put', field, write.value, readTtl(write.at, write.ttlSeconds) ?? ''] };
}

function encodeAppend(log: Log, value: Buffer, clock: () => number): CommandPart {
  const ttl = readTtl({}, log.ttlSeconds) ?? 0;
  return { key: keyOf(log.partition, 'l', log.name), args: ['append', value, ttl, Math.ceil(clock() + ttl)] };
}

const partitionOf = (write: Write) => (write.kind === 'append' ? write.log.partition : write.at.partition);

function toPaged(table: string, reply: unknown): Paged {
  const [ids, pages]: unknown[] = Array.isArray(reply) ? reply : [];
  return {
    table,
    ids: readBuffers(ids).flatMap((id) => id?.toString('hex') ?? []),
    pages: readPairs(pages).map(([id, value]) => ({ id: id.toString(), value })),
  };
}

function readBuffers(reply: unknown): (Buffer | undefined)[] {
  const list: unknown[] = Array.isArray(reply) ? reply : [];
  return list.map((one) => (Buffer.isBuffer(one) ? one : undefined));
}

function readPairs(reply: unknown): [Buffer, Buffer][] {
  const flat = readBuffers(reply);
  const pairs: [Buffer, Buffer][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const [key, value] = [flat[at], flat[at + 1]];
    if (key !== undefined && value !== undefined) pairs.push([key, value]);
  }
  return pairs;
}
