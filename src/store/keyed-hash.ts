// The keyed hash of the vault, in a file of its own: the thread that hashes (hash-thread-main.ts) needs nothing else.
import { createHmac, type KeyObject } from 'node:crypto';

/** JSON distinguishes ("ab","c") from ("a","bc"). */
export const hashedText = (parts: readonly string[]): string =>
  parts.length === 1 ? `"${parts[0]}` : JSON.stringify(parts);

/** 128 bits of HMAC-SHA-256 as 32 hex signs. */
export const keyedHash = (key: KeyObject, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
