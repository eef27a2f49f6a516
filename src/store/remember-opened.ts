// Caches what stored bytes opened to. Not a cache of the store: the caller has just read the bytes, and only the very
// same ones at the same address are not opened again.
import { ownBytes } from './remember.ts';
import type { Address } from './store.ts';

export type Open<Value> = (at: Address, sealed: Buffer) => Value;

interface Opened<Value> {
  readonly sealed: Buffer;
  readonly value: Value;
}

/** Clears the cache when it reaches `most` addresses. Callers share a value and must not change it. */
export function rememberOpened<Value>(most: number, open: Open<Value>): Open<Value> {
  const known = new Map<string, Opened<Value>>();
  return (at, sealed) => {
    // A partition has no control characters.
    const name = `${at.partition}\0${at.table ?? ''}\0${at.id}`;
    const before = known.get(name);
    if (before?.sealed.equals(sealed)) return before.value;
    const value = open(at, sealed);
    if (known.size >= most) known.clear();
    known.set(name, { sealed: ownBytes(sealed), value });
    return value;
  };
}
