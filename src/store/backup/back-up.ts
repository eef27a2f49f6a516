// Backups of either engine, and the check that a server was not started on one by mistake. docs/backup.md is the
// procedure.

import type { RedisConnectionOptions } from '../redis/redis-connection.ts';
import type { Store } from '../store.ts';
import type { StoreUrl } from '../store-url.ts';
import type { StoreKey } from '../vault.ts';
import {
  type BackUpResult,
  type RestoredCopyMarker,
  readRestoredCopyMarker,
  refuseBackUp,
  StoreIsCopy,
} from './restored-copy-marker.ts';

type Url = Exclude<StoreUrl, { kind: 'invalid' }>;

/**
 * Copies the store while it is in use: a snapshot, on Redis Cluster one for each master.
 * @param store open on the url
 * @param path of the copy, a new folder; embedded only
 * @param keys to verify that the copy opens
 * @param answerTime of a Redis server
 */
export async function backUpStore(
  url: Url,
  store: Store,
  path: string | undefined,
  keys: readonly StoreKey[],
  answerTime: RedisConnectionOptions = {},
): Promise<BackUpResult> {
  if (url.kind !== 'embedded') {
    if (path !== undefined)
      return refuseBackUp('path_not_for_redis', 'Redis writes the copy on its own disk: leave the path out.');
    return (await import('./redis-back-up.ts')).backUpRedis(url, store, answerTime);
  }
  if (path === undefined) return refuseBackUp('path_missing', 'Say where to: sso-bridge store backup PATH');
  return (await import('./embedded-back-up.ts')).backUpEmbedded(url.path, path, keys);
}

/** @throws StoreIsCopy if the store is a backup that was put in place and not yet acknowledged */
export async function refuseCopy(url: Url, store: Store, answerTime: RedisConnectionOptions = {}): Promise<void> {
  const mark = await readRestoredCopyMarker(store);
  if (mark === undefined || (await isUnderWay(url, mark, answerTime))) return;
  throw new StoreIsCopy(mark);
}

/** On Redis the original also has the marker while the servers write their copies. */
async function isUnderWay(
  url: Url,
  { servers }: RestoredCopyMarker,
  answerTime: RedisConnectionOptions,
): Promise<boolean> {
  if (url.kind === 'embedded') return false;
  const running = await (await import('./redis-back-up.ts')).readRunIds(url, answerTime);
  return running.every((id) => servers.includes(id));
}
