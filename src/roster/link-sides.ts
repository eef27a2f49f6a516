// The stored form of a link: one row of the account and one of the Clever id. Each has the key of the other and a keyed
// hash over both, so that a condition of a commit can be stated without reading first, and a copied value is invalid
// for any other link.
import { partitionOf } from '../district/district.ts';
import type { Address } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { RosterHandle } from './published-roster.ts';

/** The row of one side, and its value when the two are linked. */
export interface LinkSide {
  readonly at: Address;
  readonly value: Buffer;
}

/** The account's side, the Clever id's side. */
type LinkSides = readonly [LinkSide, LinkSide];

export interface LinkPair {
  readonly accountId: string;
  readonly cleverId: string;
}

/** The state of a side: nothing, this link, this link moved and not confirmed, or another one. */
export type Held = 'nothing' | 'this' | 'carried' | 'other';

export interface LinkRows {
  accountAt(roster: RosterHandle, accountId: string): Address;
  cleverAt(roster: RosterHandle, cleverId: string): Address;
  /** @param key from `partnerOf` a row of an account */
  cleverKeyAt(roster: RosterHandle, key: string): Address;
  cleverKey(cleverId: string): string;
  sides(roster: RosterHandle, pair: LinkPair): LinkSides;
  /** Both values of a moved link, when only the key of the Clever id is known. */
  carriedValues(roster: RosterHandle, accountId: string, cleverKey: string): readonly [Buffer, Buffer];
  /** In the order of `sides`. @param found what is stored there */
  judge(
    roster: RosterHandle,
    pair: LinkPair,
    sides: LinkSides,
    found: readonly (Buffer | undefined)[],
  ): readonly Held[];
}

export function createLinkRows(vault: Vault): LinkRows {
  const address = ({ districtId, published: { linkEpoch } }: RosterHandle, id: string): Address => ({
    partition: partitionOf(vault, districtId),
    table: `links.${linkEpoch}`,
    id,
  });
  const cleverKey = (cleverId: string) => vault.blind('clever-id', cleverId);
  const cleverKeyAt = (roster: RosterHandle, key: string) => address(roster, `c.${key}`);
  const rows: LinkRows = {
    cleverKey,
    cleverKeyAt,
    accountAt: (roster, accountId) => address(roster, `a.${accountId}`),
    cleverAt: (roster, cleverId) => cleverKeyAt(roster, cleverKey(cleverId)),
    sides(roster, { accountId, cleverId }) {
      const { districtId } = roster;
      const key = cleverKey(cleverId);
      const clever = `${key}.${vault.blind('link-of-account', districtId, accountId, cleverId)}`;
      const account = `${accountId}.${vault.blind('link-of-clever-id', districtId, cleverId, accountId)}`;
      return [
        { at: rows.accountAt(roster, accountId), value: Buffer.from(clever) },
        { at: cleverKeyAt(roster, key), value: Buffer.from(account) },
      ];
    },
    carriedValues({ districtId }, accountId, key) {
      const hash = vault.blind('carried-link', districtId, accountId, key);
      return [Buffer.from(`${key}.${hash}`), Buffer.from(`${accountId}.${hash}`)];
    },
    judge(roster, { accountId, cleverId }, sides, found) {
      return sides.map(({ value }, index) => {
        const stored = found[index];
        if (stored === undefined) return 'nothing';
        if (stored.equals(value)) return 'this';
        const carried = rows.carriedValues(roster, accountId, cleverKey(cleverId))[index];
        return carried?.equals(stored) ? 'carried' : 'other';
      });
    },
  };
  return rows;
}

/** The account id, or the key of the Clever id, in a row. */
export const partnerOf = (value: Buffer): string => value.toString().slice(0, value.indexOf('.'));
