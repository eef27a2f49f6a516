// The mark by which a copy of a store is known: it is put into the copy, so that a server which is started on one says so
// before it lets sessions and credentials of then live again. Holds a time and ids of Redis servers, nothing else.
import type { Address, Store } from '../store.ts';

export const restoredCopyAt: Address = { partition: 'vault', id: 'copy' };

export interface RestoredCopyMarker {
  /** When the copy was taken, ISO 8601. */
  readonly takenAt: string;
  /** Run ids of the Redis servers it was taken from: while they run, this is the original and a backup is under way. */
  readonly servers: readonly string[];
}

/** The store is a backup that was put in place, and `store restored` was not run yet. */
export class StoreIsCopy extends Error {
  readonly code = 'STORE_IS_COPY';
  constructor({ takenAt }: RestoredCopyMarker) {
    super(
      `STORE_URL: this store is a backup, taken at ${takenAt}. What was ended or revoked since would live again: run ` +
        '`sso-bridge store restored` first (docs/backup.md)',
    );
    this.name = 'StoreIsCopy';
  }
}

export const writeRestoredCopyMarker = (mark: RestoredCopyMarker): Buffer => Buffer.from(JSON.stringify(mark));

export async function readRestoredCopyMarker(store: Pick<Store, 'get'>): Promise<RestoredCopyMarker | undefined> {
  const [value] = await store.get([restoredCopyAt]);
  return value === undefined ? undefined : JSON.parse(value.toString());
}
