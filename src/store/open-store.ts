// Opens the engine of STORE_URL. The only place that knows both engines.

import type { EmbeddedStoreOptions } from './lmdb/embedded-store.ts';
import type { RedisStoreOptions } from './redis/redis-store.ts';
import type { EngineStore } from './store-items.ts';
import type { StoreUrl } from './store-url.ts';

/** Rejects with StoreUnavailable if the engine does not answer in time. */
export async function openStore(
  url: Exclude<StoreUrl, { kind: 'invalid' }>,
  options: EmbeddedStoreOptions & RedisStoreOptions = {},
): Promise<EngineStore> {
  // Loads only the engine in use: this halves the start time of a command.
  if (url.kind === 'embedded') return (await import('./lmdb/embedded-store.ts')).openEmbeddedStore(url.path, options);
  return (await import('./redis/redis-store.ts')).openRedisStore(url, options);
}
