// For a private key that may be compromised: replaces all keys at once and ends every session. The bridge rejects
// tokens of the old keys within a second, offline verifiers when they next read the revocations.
import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyStatus, keyCacheMs, type SigningKeys } from './signing-keys.ts';

export interface ReplaceCompromisedKeysNeeds {
  readonly keys: Pick<SigningKeys, 'dangerouslyReplaceAll'>;
  readonly listDistricts: () => Promise<readonly { readonly id: string }[]>;
  readonly endDistrict: (districtId: string, auditContext: AuditContext) => Promise<void>;
}

export interface Replaced {
  readonly key: KeyStatus;
  /** Ids of the districts whose sessions were ended. */
  readonly districts: readonly string[];
}

/** Who requested it, and why; as in the audit log. */
interface AuditContext {
  readonly by: string;
  readonly reason: string;
}

export type ReplaceCompromisedKeys = (auditContext: AuditContext) => Promise<Replaced>;

/** Safe to repeat after a crash: the keys are replaced once more and every district's sessions are ended. */
export function createReplaceCompromisedKeys(needs: ReplaceCompromisedKeysNeeds): ReplaceCompromisedKeys {
  return async (auditContext) => {
    const key = await needs.keys.dangerouslyReplaceAll();
    // Servers sign with the old key until their cache expires: sessions they open meanwhile must be ended too.
    await sleep(keyCacheMs + 100);
    const districts = await needs.listDistricts();
    for (const { id } of districts) await needs.endDistrict(id, auditContext);
    return { key, districts: districts.map(({ id }) => id) };
  };
}
