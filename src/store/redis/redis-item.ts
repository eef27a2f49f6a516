// One item of the store on Redis: read and written under its key, as it is in a move and a check.
import { encodeName } from '../names.ts';
import type { ItemKind, StoreItem } from '../store-items.ts';
import type { RedisConnection } from './redis-connection.ts';
import { keyOf, type RedisKey, toCursor, toStreamId } from './redis-keys.ts';

const keyKinds: Readonly<Record<ItemKind, string>> = { value: 'v', row: 't', first: 'i', further: 'j', entry: 'l' };

const keyOfItem = ({ kind, partition, name, id }: StoreItem): string =>
  keyOf(partition, keyKinds[kind], kind === 'value' ? id : name);

/** Undefined if it is absent or expired. @param now of the server, in milliseconds since the epoch */
export async function readValue(
  { client, answer }: RedisConnection,
  { partition, name }: Pick<RedisKey, 'partition' | 'name'>,
  now: number,
): Promise<StoreItem | undefined> {
  const key = keyOf(partition, 'v', name);
  const [value, leftMs] = await Promise.all([answer(() => client.getBuffer(key)), answer(() => client.pttl(key))]);
  if (value === null || leftMs === -2 || leftMs === 0) return undefined;
  return toItem('value', partition, '', name, value, leftMs < 0 ? undefined : Math.round(now + leftMs));
}

/** The item as it is stored now. @param now of the server, in milliseconds since the epoch */
export async function findItem(
  connection: RedisConnection,
  item: StoreItem,
  now: number,
): Promise<StoreItem | undefined> {
  const { client, answer } = connection;
  const { kind, partition, name, id } = item;
  const key = keyOfItem(item);
  if (kind === 'value') return readValue(connection, { partition, name: id }, now);
  if (kind === 'entry') {
    const streamId = toStreamId(id);
    const [entry] = await answer(() => client.xrangeBuffer(key, streamId, streamId));
    return entry === undefined ? undefined : entryOf(partition, name, entry[0], entry[1], now);
  }
  if (kind === 'further') return (await answer(() => client.zscore(key, memberOf(item)))) === null ? undefined : item;
  const value = await answer(() => client.hgetBuffer(key, id));
  return value === null ? undefined : { ...item, value };
}

export async function putItem({ client, answer }: RedisConnection, item: StoreItem): Promise<void> {
  const { kind, id, value, expiresAt } = item;
  const key = keyOfItem(item);
  if (kind === 'value')
    await answer(() => (expiresAt === undefined ? client.set(key, value) : client.set(key, value, 'PXAT', expiresAt)));
  else if (kind === 'entry') {
    const fields = ['v', value, 'x', `${expiresAt ?? 0}`];
    await answer(() => client.xadd(key, toStreamId(id), ...fields));
    // As with an append: the log expires with its last entry.
    await answer(() => client.pexpireat(key, expiresAt ?? 0));
  } else if (kind === 'further') await answer(() => client.zadd(key, 0, memberOf(item)));
  else await answer(() => client.hset(key, id, value));
}

export const toItem = (
  kind: ItemKind,
  partition: string,
  name: string,
  id: string,
  value: Buffer,
  expiresAt?: number,
): StoreItem => ({ kind, partition, name, id, value, ...(expiresAt === undefined ? {} : { expiresAt }) });

/** Undefined for an expired entry. */
export function entryOf(partition: string, name: string, id: Buffer, fields: readonly Buffer[], now: number) {
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

export function furtherOf(partition: string, name: string, member: Buffer): StoreItem {
  const end = 2 + member.readUInt16BE(0);
  return toItem('further', partition, name, member.toString('utf8', 2, end), member.subarray(end));
}
