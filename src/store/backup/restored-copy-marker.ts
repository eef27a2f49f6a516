// What the backups of both engines share: the result; and the copy marker, written into each copy of a store, so that a
// server started on one refuses to run before it revives old sessions and credentials. The marker contains a time and
// ids of Redis servers only.
import type { Address, Store } from '../store.ts';

export const restoredCopyAt: Address = { partition: 'vault', id: 'copy' };

export interface RestoredCopyMarker {
  /** When the copy was taken, ISO 8601. */
  readonly takenAt: string;
  /** Run ids of the source Redis servers: while they run, this is the original and a backup is in progress. */
  readonly servers: readonly string[];
}

/** The store is a restored backup, and `store restored` has not run yet. */
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

interface BackUp {
  readonly takenAt: string;
  /** The places of the copies: one for the embedded store, one per master for Redis. */
  readonly copies: readonly { readonly server: string; readonly file: string; readonly bytes?: number }[];
}

type BackUpRefusal = 'path_missing' | 'path_exists' | 'path_not_for_redis' | 'backup_failed';

export type BackUpResult =
  | ({ readonly kind: 'done' } & BackUp)
  | { readonly kind: 'refused'; readonly code: BackUpRefusal; readonly detail: string };

export const refuseBackUp = (code: BackUpRefusal, detail: string): BackUpResult => ({ kind: 'refused', code, detail });
