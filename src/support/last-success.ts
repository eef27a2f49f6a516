// When each person last got in. Written in the very commit that opens the session, so it costs a sign-in no round trip,
// and read only where support looks: an attempt is resolved when its person got in after it. Nothing has to be marked.
import * as z from 'zod';
import { partitionOf } from '../district/district.ts';
import { sealed } from '../store/sealed.ts';
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
  /** A keyed hash of the Clever id, by which `readByHash` finds the same. */
  hashOf(cleverId: string): string;
  /** When the people of these hashes last got in; milliseconds since the epoch. One round trip for a thousand. */
  readByHash(districtId: string, hashes: readonly string[]): Promise<(number | undefined)[]>;
  /** Who last got in as this account: a link does not reveal an account's Clever id. Two round trips. */
  readOfAccount(districtId: string, accountId: string): Promise<LastSuccess | undefined>;
}

const successShape: z.ZodType<LastSuccess> = z.object({ at: z.number(), account: z.string(), cleverId: z.string() });

/** @param retentionSeconds as long as attempts: what is forgotten can no longer be resolved */
export function createLastSuccesses(store: Store, vault: Vault, retentionSeconds: number): LastSuccesses {
  const successes = sealed(store, vault, successShape);
  const hashOf = (cleverId: string): string => vault.blind('last-success', cleverId);
  const atHash = (districtId: string, hash: string): Address => ({
    partition: partitionOf(vault, districtId),
    id: `success.${hash}`,
  });
  const addressOf = (districtId: string, cleverId: string) => atHash(districtId, hashOf(cleverId));
  const atAccount = (districtId: string, accountId: string): Address => ({
    partition: partitionOf(vault, districtId),
    id: `success-of.${accountId}`,
  });

  return {
    writes(districtId, success) {
      const at = addressOf(districtId, success.cleverId);
      const byAccount = atAccount(districtId, success.account);
      // The account's says only where: a keyed hash, which a seal would not make blinder.
      return [
        successes.write(at, success, retentionSeconds),
        { kind: 'put', at: byAccount, value: Buffer.from(at.id), ttlSeconds: retentionSeconds },
      ];
    },
    read: (districtId, cleverIds) => successes.list(cleverIds.map((cleverId) => addressOf(districtId, cleverId))),
    hashOf,
    async readByHash(districtId, hashes) {
      const found: (number | undefined)[] = [];
      for (let from = 0; from < hashes.length; from += 1000) {
        const places = hashes.slice(from, from + 1000).map((hash) => atHash(districtId, hash));
        found.push(...(await successes.list(places)).map((success) => success?.at));
      }
      return found;
    },
    async readOfAccount(districtId, accountId) {
      const at = atAccount(districtId, accountId);
      const id = (await store.get([at]))[0]?.toString();
      if (!id?.startsWith('success.')) return undefined;
      const success = await successes.read({ ...at, id });
      // The Clever id's account may belong to another person since.
      return success?.account === accountId ? success : undefined;
    },
  };
}
