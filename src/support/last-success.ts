// The last sign-in of each user. Written in the commit that opens the session, so it costs a sign-in no round trip, and
// read only for support: an attempt is resolved when its user signed in after it, without marking it.
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
  /** The writes that store it; commit them with the session. */
  writes(districtId: string, success: LastSuccess): Write[];
  /**
   * In the order of the Clever ids, undefined for users without a sign-in within the retention of attempts. One round
   * trip.
   */
  read(districtId: string, cleverIds: readonly string[]): Promise<(LastSuccess | undefined)[]>;
  /** A keyed hash of the Clever id, for `readByHash`. */
  hashOf(cleverId: string): string;
  /** The last sign-ins of the users of these hashes; milliseconds since the epoch. One round trip for a thousand. */
  readByHash(districtId: string, hashes: readonly string[]): Promise<(number | undefined)[]>;
  /** Who last signed in to this account: a link does not reveal the Clever id. Two round trips. */
  readOfAccount(districtId: string, accountId: string): Promise<LastSuccess | undefined>;
}

const successShape: z.ZodType<LastSuccess> = z.object({ at: z.number(), account: z.string(), cleverId: z.string() });

/** @param retentionSeconds the same as for attempts: without the record an attempt cannot be resolved */
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
      // The account's row has only a pointer: a keyed hash, which needs no seal.
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
