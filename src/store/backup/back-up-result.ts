// The result of a backup, of either engine.

export interface BackUp {
  readonly takenAt: string;
  /** The places of the copies: one for the embedded store, one per master for Redis. */
  readonly copies: readonly { readonly server: string; readonly file: string; readonly bytes?: number }[];
}

export type BackUpRefusal = 'path_missing' | 'path_exists' | 'path_not_for_redis' | 'backup_failed';

export type BackUpResult =
  | ({ readonly kind: 'done' } & BackUp)
  | { readonly kind: 'refused'; readonly code: BackUpRefusal; readonly detail: string };

export const refuseBackUp = (code: BackUpRefusal, detail: string): BackUpResult => ({ kind: 'refused', code, detail });
