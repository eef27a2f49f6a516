// Copies the embedded store while servers and commands use it: LMDB writes one compacted snapshot. It gets its final
// name only when it is complete, marked as a copy, and verified to open.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { copyFolder } from '../lmdb/embedded-engine.ts';
import { openEmbeddedStore } from '../lmdb/embedded-store.ts';
import { makeFolder } from '../make-folder.ts';
import { openVault, type StoreKey } from '../vault.ts';
import { type BackUpResult, refuseBackUp, restoredCopyAt, writeRestoredCopyMarker } from './restored-copy-marker.ts';

export async function backUpEmbedded(from: string, to: string, keys: readonly StoreKey[]): Promise<BackUpResult> {
  const target = resolve(to);
  if (existsSync(target))
    return refuseBackUp('path_exists', 'There is something at this path; a backup never replaces.');
  const partial = `${target}.partial-${randomBytes(4).toString('hex')}`;
  try {
    const takenAt = new Date().toISOString();
    makeFolder(dirname(target));
    await mkdir(partial, { mode: 0o700 });
    await copyFolder(from, partial);
    await finish(partial, takenAt, keys);
    await rename(partial, target);
    const { size } = await stat(join(target, 'data.mdb'));
    return { kind: 'done', takenAt, copies: [{ server: hostname(), file: target, bytes: size }] };
  } catch (failure) {
    await rm(partial, { recursive: true, force: true });
    const code = typeof Object(failure).code === 'string' ? ` (${Object(failure).code})` : '';
    return refuseBackUp(
      'backup_failed',
      `The copy could not be written or does not open${code}. Nothing was left behind.`,
    );
  }
}

async function finish(partial: string, takenAt: string, keys: readonly StoreKey[]): Promise<void> {
  const copy = await openEmbeddedStore(partial);
  try {
    await openVault(copy, keys);
    await copy.put(restoredCopyAt, writeRestoredCopyMarker({ takenAt, servers: [] }));
  } finally {
    await copy.close();
  }
}
