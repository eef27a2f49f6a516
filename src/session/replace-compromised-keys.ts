// A private key may be in other hands: every key is replaced at once and every session ends. Nothing the old keys signed
// is accepted from then on, by the bridge within a second, by offline checkers when they next read the list of what ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyStatus, keyCacheMs, type SigningKeys } from './signing-keys.ts';

export interface ReplaceCompromisedKeysNeeds {
  readonly keys: Pick<SigningKeys, 'dangerouslyReplaceAll'>;
  readonly listDistricts: () => Promise<readonly { readonly id: string }[]>;
  readonly endDistrict: (districtId: string, said: Said) => Promise<void>;
}

export interface Replaced {
  readonly key: KeyStatus;
  /** Ids of the districts whose sessions were ended. */
  readonly districts: readonly string[];
}

/** Who asked, and why; as in the audit log. */
interface Said {
  readonly by: string;
  readonly reason: string;
}

export type ReplaceCompromisedKeys = (said: Said) => Promise<Replaced>;

/** After a crash in the middle, doing it again is right: the keys are replaced once more and every district is ended. */
export function createReplaceCompromisedKeys(needs: ReplaceCompromisedKeysNeeds): ReplaceCompromisedKeys {
  return async (said) => {
    const key = await needs.keys.dangerouslyReplaceAll();
    // Servers sign by the old key until they look again: what they open meanwhile must be ended too.
    await sleep(keyCacheMs + 100);
    const districts = await needs.listDistricts();
    for (const { id } of districts) await needs.endDistrict(id, said);
    return { key, districts: districts.map(({ id }) => id) };
  };
}
