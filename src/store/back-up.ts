// Backups of either engine, and the check that a server was not started on one unawares. docs/backup.md is the procedure.
import { type CopyMark, readCopyMark, StoreIsCopy } from './copy-mark.ts';
import type { Store } from './store.ts';
import type { StoreUrl } from './store-url.ts';
import type { StoreKey } from './vault.ts';

type Url = Exclude<StoreUrl, { kind: 'invalid' }>;

export interface BackUp {
  readonly takenAt: string;
  /** Where the copies are: of the embedded store one, of Redis one on each master. */
  readonly copies: readonly { readonly server: string; readonly file: string; readonly bytes?: number }[];
}

export type BackUpRefusal = 'path_missing' | 'path_exists' | 'path_not_for_redis' | 'backup_failed';

export type BackUpResult =
  | ({ readonly kind: 'done' } & BackUp)
  | { readonly kind: 'refused'; readonly code: BackUpRefusal; readonly detail: string };

export const refuseBackUp = (code: BackUpRefusal, detail: string): BackUpResult => ({ kind: 'refused', code, detail });

/**
 * Copies the store while it is in use, as it is at one moment: of Redis Cluster, one moment for each master.
 * @param store open on the url
 * @param path of the copy, a new folder; embedded only
 * @param keys to see that the copy opens
 */
export async function backUpStore(
  url: Url,
  store: Store,
  path: string | undefined,
  keys: readonly StoreKey[],
): Promise<BackUpResult> {
  if (url.kind !== 'embedded') {
    if (path !== undefined)
      return refuseBackUp('path_not_for_redis', 'Redis writes the copy on its own disk: leave the path out.');
    return (await import('./redis-back-up.ts')).backUpRedis(url, store);
  }
  if (path === undefined) return refuseBackUp('path_missing', 'Say where to: sso-bridge store backup PATH');
  return (await import('./embedded-back-up.ts')).backUpEmbedded(url.path, path, keys);
}

/** @throws StoreIsCopy if the store is a backup that was put in place and not yet told to be one */
export async function refuseCopy(url: Url, store: Store): Promise<void> {
  const mark = await readCopyMark(store);
  if (mark === undefined || (await isUnderWay(url, mark))) return;
  throw new StoreIsCopy(mark);
}

/** On Redis the mark also stands in the original for as long as the servers write their copies. */
async function isUnderWay(url: Url, { servers }: CopyMark): Promise<boolean> {
  if (url.kind === 'embedded') return false;
  const running = await (await import('./redis-back-up.ts')).readRunIds(url);
  return running.every((id) => servers.includes(id));
}
