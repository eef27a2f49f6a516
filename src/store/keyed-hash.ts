// The keyed hash of the vault, in a separate file: the hashing thread (hash-thread-main.ts) loads nothing else.
import { createHmac, type KeyObject } from 'node:crypto';

/** JSON distinguishes ("ab","c") from ("a","bc"). */
export const hashedText = (parts: readonly string[]): string =>
  parts.length === 1 ? `"${parts[0]}` : JSON.stringify(parts);

export const bytesOfHash = 16;

/** Writes the hash that `keyedHash` returns as hex digits. By a text: a buffer of its own costs a quarter of the hash. */
export function writeKeyedHash(key: KeyObject, text: string, hashes: Buffer, at: number): void {
  hashes.write(createHmac('sha256', key).update(text).digest('binary'), at, bytesOfHash, 'binary');
}

/** 128 bits of HMAC-SHA-256 as 32 hex digits. */
export const keyedHash = (key: KeyObject, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
