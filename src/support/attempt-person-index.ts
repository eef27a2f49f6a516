// The attempts of a user, by address, Clever id or account: one short list for each, so that a search is one read
// however many days are kept. A log per user would cost Redis four thousand bytes per user.
import type { Address, Store } from '../store/store.ts';
import { type AttemptPointer, packPointer, pointerBytes, unpackPointer } from './attempt-names.ts';

/** Maximum of one list; older attempts beyond it are found by district, code, time and reference only. */
export const mostOfOnePerson = 500;

export interface AttemptPersonIndex {
  /** Newest first. One read. */
  read(at: Address): Promise<AttemptPointer[]>;
  /** Puts the pointer at the head of the list. */
  add(at: Address, pointer: AttemptPointer): Promise<void>;
}

/**
 * Pointers that arrive while a list is being written share the next write: separate writes would conflict for a long
 * time.
 */
interface Batch {
  /** Oldest first. */
  waiting: Buffer[];
  last: Promise<void>;
  next: Promise<void> | undefined;
}

/** @param retentionSeconds a list expires this long after the user's last attempt */
export function createAttemptPersonIndex(store: Store, retentionSeconds: number): AttemptPersonIndex {
  const batches = new Map<string, Batch>();

  async function write(at: Address, added: Buffer): Promise<void> {
    const [seen] = await store.get([at]);
    const value = Buffer.concat([added, seen ?? Buffer.alloc(0)]).subarray(0, mostOfOnePerson * pointerBytes);
    const put = { kind: 'put', at, value, ttlSeconds: retentionSeconds } as const;
    // Failed: another server wrote to the same list meanwhile.
    if (!(await store.commit([{ at, oneOf: [seen] }], [put]))) await write(at, added);
  }

  async function writeForAll(at: Address, key: string, batch: Batch): Promise<void> {
    const added = Buffer.concat(batch.waiting.toReversed());
    Object.assign(batch, { waiting: [], last: batch.next, next: undefined });
    try {
      await write(at, added);
    } finally {
      if (batch.next === undefined) batches.delete(key);
    }
  }

  return {
    async read(at) {
      const [bytes = Buffer.alloc(0)] = await store.get([at]);
      return Array.from({ length: bytes.length / pointerBytes }, (_, index) =>
        unpackPointer(bytes.subarray(index * pointerBytes)),
      );
    },
    add(at, pointer) {
      const key = `${at.partition} ${at.id}`;
      const batch = batches.get(key) ?? { waiting: [], last: Promise.resolve(), next: undefined };
      batches.set(key, batch);
      batch.waiting.push(packPointer(pointer));
      batch.next ??= batch.last.catch(() => undefined).then(() => writeForAll(at, key, batch));
      return batch.next;
    },
  };
}
