// Walks all keys of the bridge on every server that holds some: for erasure and for the dump. Slow on a large Redis.

import type { Redis } from 'ioredis';
import type { RedisConnection } from './redis-connection.ts';

const keysPerScan = 500;
const specialInGlob = /[*?[\]\\^-]/g;

/** Keys by prefix on one server; one may appear twice. */
export async function* keysOf({ answer }: RedisConnection, node: Redis, prefix: string): AsyncIterable<Buffer[]> {
  const pattern = `${prefix.replace(specialInGlob, '\\$&')}*`;
  let cursor = '0';
  do {
    const from = cursor;
    const [next, keys] = await answer(() => node.scanBuffer(from, 'MATCH', pattern, 'COUNT', keysPerScan));
    cursor = next.toString();
    yield keys;
  } while (cursor !== '0');
}

/** Removes every key that begins with the prefix. */
export async function eraseKeys(connection: RedisConnection, prefix: string): Promise<void> {
  for (const node of connection.masters()) {
    for await (const keys of keysOf(connection, node, prefix)) {
      if (keys.length > 0) await connection.answer(() => node.unlink(...keys));
    }
  }
}

/** Each value with its key; the content of a hash, sorted set or stream with key, NUL and field. */
export async function* dumpRedis(connection: RedisConnection): AsyncIterable<readonly [Buffer, Buffer]> {
  for (const node of connection.masters()) {
    for await (const keys of keysOf(connection, node, 'sso:'))
      for (const key of keys) yield* dumpKey(connection, node, key);
  }
}

async function* dumpKey(
  { answer }: RedisConnection,
  node: Redis,
  key: Buffer,
): AsyncIterable<readonly [Buffer, Buffer]> {
  const inside = (field: Buffer) => Buffer.concat([key, Buffer.of(0), field]);
  switch (await answer(() => node.type(key))) {
    case 'string': {
      const value = await answer(() => node.getBuffer(key));
      if (value !== null) yield [key, value];
      return;
    }
    case 'stream':
      for await (const entries of entriesOf(answer, node, key))
        for (const [id, [, value]] of entries) if (value !== undefined) yield [inside(id), value];
      return;
    case 'hash':
      for await (const pairs of pairsOf((cursor) => answer(() => node.hscanBuffer(key, cursor, 'COUNT', keysPerScan))))
        for (const [field, value] of pairs) yield [inside(field), value];
      return;
    case 'zset':
      for await (const pairs of pairsOf((cursor) => answer(() => node.zscanBuffer(key, cursor, 'COUNT', keysPerScan))))
        for (const [member, score] of pairs) yield [inside(member), score];
      return;
  }
}

/** The content of a hash or sorted set, by HSCAN or ZSCAN; a field may appear twice. */
export async function* pairsOf(
  step: (cursor: string) => Promise<[cursor: Buffer, elements: Buffer[]]>,
): AsyncIterable<(readonly [Buffer, Buffer])[]> {
  let cursor = '0';
  do {
    const [next, flat] = await step(cursor);
    cursor = next.toString();
    const pairs: (readonly [Buffer, Buffer])[] = [];
    for (let at = 0; at + 1 < flat.length; at += 2) {
      const [field, value] = [flat[at], flat[at + 1]];
      if (field !== undefined && value !== undefined) pairs.push([field, value]);
    }
    if (pairs.length > 0) yield pairs;
  } while (cursor !== '0');
}

/** The entries of a stream, oldest first, with their fields. */
export async function* entriesOf(
  answer: RedisConnection['answer'],
  node: Redis,
  key: Buffer,
): AsyncIterable<readonly [id: Buffer, fields: readonly Buffer[]][]> {
  let from = '-';
  for (;;) {
    const start = from;
    const entries = await answer(() => node.xrangeBuffer(key, start, '+', 'COUNT', keysPerScan));
    const last = entries.at(-1);
    if (last === undefined) return;
    yield entries;
    if (entries.length < keysPerScan) return;
    from = `(${last[0].toString()}`;
  }
}
