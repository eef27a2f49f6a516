// After a backup was put in place: what ended since it was taken must not live again. Every signing key is replaced, every
// session of people and staff ended, and every credential is revoked that the operator did not name.
import type { Store } from '../store/store.ts';
import type { Credential, Credentials } from './credentials.ts';
import type { Replaced } from './replace-compromised-keys.ts';

export interface AfterRestore extends Replaced {
  readonly kept: readonly Credential[];
  readonly revoked: readonly Credential[];
}

/** @param keep ids of credentials that were not revoked since the backup was taken; `all` vouches for all */
export type HandleRestore = (keep: readonly string[] | 'all') => Promise<AfterRestore>;

export interface HandleRestoreNeeds {
  readonly store: Pick<Store, 'erase' | 'remove'>;
  readonly credentials: Pick<Credentials, 'list' | 'revoke'>;
  /** Replaces the keys and ends every district's sessions. */
  readonly replaceKeys: () => Promise<Replaced>;
  /** Takes the mark of a copy away: from here on servers start. */
  readonly removeMarker: () => Promise<void>;
}

/** The mark goes last: whatever broke off before it, servers stay shut, and doing it again is right. */
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
