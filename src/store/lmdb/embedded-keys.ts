// The ordered key space of the embedded engine. Every part but the last is length-prefixed, so no name can reach into
// another's range, whatever prefix they share.

import { encodeName, encodePartition } from '../names.ts';
import { ownBytes, remember } from '../remember.ts';
import type { Address, Log } from '../store.ts';
import type { ItemKind } from '../store-items.ts';

const dataPrefix = Buffer.from('d');
const expiryPrefix = 'x'.charCodeAt(0);
const expiryHeaderBytes = 9;

function sized(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(2 + bytes.length);
  out.writeUInt16BE(bytes.length);
  out.set(bytes, 2);
  return out;
}

/** Names of partitions and tables that recur in every request. */
const maxPrefixes = 10_000;

/** 'd' + partition: the range that `erase` removes. */
export const partitionPrefix = remember(maxPrefixes, (partition) =>
  ownBytes(Buffer.concat([dataPrefix, sized(encodePartition(partition))])),
);

/** 'v' + id for single values, 'r' + table + id for rows. */
export function addressKey(at: Address): Buffer {
  const id = encodeName(at.id);
  if (at.table === undefined) return Buffer.concat([partitionPrefix(at.partition), Buffer.from('v'), id]);
  return Buffer.concat([tableKeys(at.partition, at.table).rows, id]);
}

export interface TableKeys {
  readonly rows: Buffer;
  readonly first: Buffer;
  readonly more: Buffer;
}

/** Prefixes of a table: its rows, the first row of each index key, and every further row of an index key. */
export const tableKeys = (partition: string, table: string): TableKeys => tableKeysOf(`${partition}\0${table}`);

/** A partition has no control characters. */
const tableKeysOf = remember(maxPrefixes, (names): TableKeys => {
  const end = names.indexOf('\0');
  const prefix = partitionPrefix(names.slice(0, end));
  const name = sized(encodeName(names.slice(end + 1)));
  const part = (kind: string) => ownBytes(Buffer.concat([prefix, Buffer.from(kind), name]));
  return { rows: part('r'), first: part('i'), more: part('j') };
});

/** Key of the first row of an index key, and prefix of the further ones. */
export function indexKeys(keys: TableKeys, indexKey: string): { readonly first: Buffer; readonly more: Buffer } {
  const bytes = sized(encodeName(indexKey));
  return { first: Buffer.concat([keys.first, bytes]), more: Buffer.concat([keys.more, bytes]) };
}

export function logPrefix(log: Pick<Log, 'partition' | 'name'>): Buffer {
  return Buffer.concat([partitionPrefix(log.partition), Buffer.from('l'), sized(encodeName(log.name))]);
}

/** 'x' + time in ms + the key that expires then: in order of time, so that a sweep reads only expired keys. */
export function expiryKey(expiresAt: number, key: Buffer): Buffer {
  const out = Buffer.allocUnsafe(expiryHeaderBytes + key.length);
  out[0] = expiryPrefix;
  out.writeBigUInt64BE(BigInt(expiresAt), 1);
  out.set(key, expiryHeaderBytes);
  return out;
}

export function keyOfExpiry(expiry: Buffer): Buffer {
  return expiry.subarray(expiryHeaderBytes);
}

/** The first key after all keys with the prefix. */
export function endOf(prefix: Buffer): Buffer {
  let length = prefix.length;
  while (length > 1 && prefix[length - 1] === 0xff) length -= 1;
  const end = Buffer.from(prefix.subarray(0, length));
  end[length - 1] = (end[length - 1] ?? 0) + 1;
  return end;
}

/** The item of a data key. Only a `further` has a `rowId`. */
export interface NamedItem {
  readonly kind: ItemKind;
  readonly partition: string;
  readonly name: string;
  readonly id: string;
}

const itemKinds: Readonly<Record<string, ItemKind>> = { v: 'value', r: 'row', i: 'first', j: 'further', l: 'entry' };

/** The inverse: parses a key below 'd'. @throws TypeError for one that this engine did not make */
export function readItemKey(
  key: Buffer,
): (NamedItem & { readonly kind: Exclude<ItemKind, 'further'> }) | (NamedItem & { kind: 'further'; rowId: Buffer }) {
  let at = dataPrefix.length;
  const takeSized = (): string => {
    const start = at + 2;
    at = start + key.readUInt16BE(at);
    return key.toString('utf8', start, at);
  };
  const partition = takeSized();
  const kind = itemKinds[String.fromCharCode(key[at] ?? 0)];
  at += 1;
  if (kind === undefined) throw new TypeError('a key of the embedded store is of an unknown kind');
  const name = kind === 'value' ? '' : takeSized();
  if (kind === 'further') {
    const id = takeSized();
    return { kind, partition, name, id, rowId: Buffer.from(key.subarray(at)) };
  }
  // An index key is length-prefixed even as the last part.
  const id = kind === 'first' ? takeSized() : key.toString('utf8', at);
  return { kind, partition, name, id };
}
