// When each person last got in. Written in the very commit that opens the session, so it costs a sign-in no round trip,
// and read only where support looks: an attempt is resolved when its person got in after it. Nothing has to be marked.
import { partitionOf } from '../roster/district.ts';
import type { Address, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';

export interface LastSuccess {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly account: string;
  readonly cleverId: string;
}

export interface LastSuccesses {
  /** The writes that keep it; commit them with the session. */
  writes(districtId: string, success: LastSuccess): Write[];
  /** In the order of the Clever ids, undefined for who did not get in as long as attempts are kept. One round trip. */
  read(districtId: string, cleverIds: readonly string[]): Promise<(LastSuccess | undefined)[]>;
  /** Who last got in as this account: a link tells an account's Clever id to nobody. Two round trips. */
  readOfAccount(districtId: string, accountId: string): Promise<LastSuccess | undefined>;
}

/** @param retentionSeconds as long as attempts: what is forgotten can no longer be resolved */
export function createLastSuccesses(store: Store, vault: Vault, retentionSeconds: number): LastSuccesses {
  const addressOf = (districtId: string, cleverId: string): Address => ({
    partition: partitionOf(vault, districtId),
    id: `success.${vault.blind('last-success', cleverId)}`,
  });
  const atAccount = (districtId: string, accountId: string): Address => ({
    partition: partitionOf(vault, districtId),
    id: `success-of.${accountId}`,
  });

  async function readAt(places: readonly Address[]): Promise<(LastSuccess | undefined)[]> {
    const values = places.length === 0 ? [] : await store.get(places);
    return places.map((at, index) => {
      const value = values[index];
      return value === undefined ? undefined : JSON.parse(vault.open(at, value).toString());
    });
  }

  return {
    writes(districtId, success) {
      const at = addressOf(districtId, success.cleverId);
      const byAccount = atAccount(districtId, success.account);
      const value = vault.seal(at, JSON.stringify(success));
      // The account's says only where: a keyed hash, which a seal would not make blinder.
      return [
        { kind: 'put', at, value, ttlSeconds: retentionSeconds },
        { kind: 'put', at: byAccount, value: Buffer.from(at.id), ttlSeconds: retentionSeconds },
      ];
    },
    read: (districtId, cleverIds) => readAt(cleverIds.map((cleverId) => addressOf(districtId, cleverId))),
    async readOfAccount(districtId, accountId) {
      const at = atAccount(districtId, accountId);
      const id = (await store.get([at]))[0]?.toString();
      if (!id?.startsWith('success.')) return undefined;
      const [success] = await readAt([{ ...at, id }]);
      // Somebody else may have the Clever id's account since.
      return success?.account === accountId ? success : undefined;
    },
  };
}
