// Validates names in a store, with the same limits on every engine; each engine maps names to its own keys.

import type { Address } from './store.ts';

/** Four names and their lengths must fit into one LMDB key (1978 bytes). */
const maxNameBytes = 480;

const notInPartition = /[{}\p{Cc}]/u;

/**
 * Throws TypeError for a name that two engines could not distinguish from others; the message does not repeat the name.
 */
export function checkName(name: string): void {
  // A lone surrogate becomes U+FFFD in UTF-8, so two different names would share one value.
  if (!name.isWellFormed()) throw new TypeError('a store name is not well-formed Unicode');
  if (Buffer.byteLength(name) > maxNameBytes) throw new TypeError(`a store name is longer than ${maxNameBytes} bytes`);
}

/** UTF-8 of a name. Throws as checkName. */
export function encodeName(name: string): Buffer {
  checkName(name);
  return Buffer.from(name, 'utf8');
}

/**
 * As checkName, for a partition: not empty, no braces (they delimit the hash tag of a Redis Cluster), no control
 * characters.
 */
export function checkPartition(partition: string): void {
  if (partition === '' || notInPartition.test(partition)) throw new TypeError('a partition name is not printable');
  checkName(partition);
}

/** UTF-8 of a partition's name. Throws as checkPartition. */
export function encodePartition(partition: string): Buffer {
  checkPartition(partition);
  return Buffer.from(partition, 'utf8');
}

/** Throws TypeError unless all addresses are of one partition: a cluster has no atomic step over several. */
export function checkOnePartition(partitions: readonly string[]): void {
  if (partitions.some((partition) => partition !== partitions[0])) {
    throw new TypeError('addresses of one call are of different partitions');
  }
}

/**
 * Milliseconds of a ttl. Throws TypeError if it is not above 0, or if the address is in a table, where nothing expires.
 */
export function readTtl(at: Pick<Address, 'table'>, ttlSeconds: number | undefined): number | undefined {
  if (ttlSeconds === undefined) return undefined;
  if (at.table !== undefined) throw new TypeError('a value in a table has no ttl');
  if (!(ttlSeconds > 0 && Number.isFinite(ttlSeconds))) throw new TypeError('a ttl is above 0 seconds');
  return Math.max(1, Math.round(ttlSeconds * 1000));
}
