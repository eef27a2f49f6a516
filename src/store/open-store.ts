// Opens the engine of STORE_URL. The only place that knows both engines. Outside of production an embedded store gets its
// own key, so that a trial needs no settings.

import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EmbeddedStoreOptions } from './lmdb/embedded-store.ts';
import { makeFolder } from './make-folder.ts';
import type { RedisStoreOptions } from './redis/redis-store.ts';
import type { EngineStore } from './store-items.ts';
import type { StoreUrl } from './store-url.ts';
import type { StoreKey } from './vault.ts';

/** Rejects with StoreUnavailable if the engine does not answer in time. */
export async function openStore(
  url: Exclude<StoreUrl, { kind: 'invalid' }>,
  options: EmbeddedStoreOptions & RedisStoreOptions = {},
): Promise<EngineStore> {
  // Loads only the engine in use: this halves the start time of a command.
  if (url.kind === 'embedded') return (await import('./lmdb/embedded-store.ts')).openEmbeddedStore(url.path, options);
  return (await import('./redis/redis-store.ts')).openRedisStore(url, options);
}

/** Reads `<path>.keys`, beside the store, or creates it; concurrent processes all get the same keys. */
export async function readDevelopmentKeys(path: string): Promise<StoreKey[]> {
  const file = `${path}.keys`;
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  makeFolder(dirname(file));
  await writeFile(fresh, `development:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await link(fresh, file).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'EEXIST') throw failure;
  });
  await rm(fresh);
  const [id = '', key = ''] = (await readFile(file, 'utf8')).trim().split(':');
  return [{ id, key: Buffer.from(key, 'base64') }];
}
