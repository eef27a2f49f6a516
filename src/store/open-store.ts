// Opens the engine that STORE_URL names. The only place that knows both.

import { type EmbeddedStoreOptions, openEmbeddedStore } from './embedded-store.ts';
import { openRedisStore } from './redis-store.ts';
import type { Store } from './store.ts';
import type { StoreUrl } from './store-url.ts';

/** Rejects with StoreUnavailable if the engine does not answer in about two seconds. */
export async function openStore(
  url: Exclude<StoreUrl, { kind: 'invalid' }>,
  options: EmbeddedStoreOptions = {},
): Promise<Store> {
  return url.kind === 'embedded' ? openEmbeddedStore(url.path, options) : openRedisStore(url, options);
}
