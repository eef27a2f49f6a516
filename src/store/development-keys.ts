// Outside of production an embedded store gets its own key, kept beside it, so that a trial needs no settings.
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import type { StoreKey } from './vault.ts';

/** Reads `<path>.keys`, or creates it; concurrent processes all get the same keys. */
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
