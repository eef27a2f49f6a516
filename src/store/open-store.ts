// Opens the engine that STORE_URL names. The only place that knows both.

import type { EmbeddedStoreOptions } from './lmdb/embedded-store.ts';
import type { RedisStoreOptions } from './redis/redis-store.ts';
import type { EngineStore } from './store-items.ts';
import type { StoreUrl } from './store-url.ts';

/** Rejects with StoreUnavailable if the engine does not answer in time. */
export async function openStore(
  url: Exclude<StoreUrl, { kind: 'invalid' }>,
  options: EmbeddedStoreOptions & RedisStoreOptions = {},
): Promise<EngineStore> {
  // Only the engine that is used is loaded: a command starts in half the time.
  if (url.kind === 'embedded') return (await import('./lmdb/embedded-store.ts')).openEmbeddedStore(url.path, options);
  return (await import('./redis/redis-store.ts')).openRedisStore(url, options);
}
