// After a backup was restored: what ended since it was taken must not become active again. Every signing key is
// replaced, every session of users and staff ended, and every credential revoked except those that the operator names.
import type { Store } from '../store/store.ts';
import type { Credential, Credentials } from './credentials.ts';
import type { Replaced } from './replace-compromised-keys.ts';

export interface AfterRestore extends Replaced {
  readonly kept: readonly Credential[];
  readonly revoked: readonly Credential[];
}

/** @param keep ids of credentials that were not revoked since the backup was taken; `all` keeps all */
export type HandleRestore = (keep: readonly string[] | 'all') => Promise<AfterRestore>;

export interface HandleRestoreNeeds {
  readonly store: Pick<Store, 'erase' | 'remove'>;
  readonly credentials: Pick<Credentials, 'list' | 'revoke'>;
  /** Replaces the keys and ends every district's sessions. */
  readonly replaceKeys: () => Promise<Replaced>;
  /** Removes the copy marker: from then on servers start. */
  readonly removeMarker: () => Promise<void>;
}

/** The marker is removed last: after any interruption servers refuse to start, and repeating this is safe. */
export function createHandleRestore({
  store,
  credentials,
  replaceKeys,
  removeMarker,
}: HandleRestoreNeeds): HandleRestore {
  return async (keep) => {
    const all = (await credentials.list()).filter(({ revokedAt }) => revokedAt === undefined);
    const kept = all.filter(({ id }) => keep === 'all' || keep.includes(id));
    const revoked = all.filter((one) => !kept.includes(one));
    for (const { id } of revoked) await credentials.revoke(id);
    await store.erase('staff');
    const replaced = await replaceKeys();
    await removeMarker();
    return { ...replaced, kept, revoked };
  };
}
