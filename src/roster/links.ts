// Which Clever id an account is linked to, and back. A link is made once, at the first match, by compare-and-set, and
// pins the account to the person: recycled addresses cannot move it. Values are keyed hashes, so that a condition of a
// commit can be stated without reading first, and a copied value fits no other link.
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { partitionOf } from './district.ts';
import type { SeenStanding, Standing, Standings } from './standing.ts';

export interface Pair {
  readonly districtId: string;
  readonly accountId: string;
  readonly cleverId: string;
}

export type LinkState = 'free' | 'linked' | 'taken';

export interface Links {
  /** Hold exactly while neither side is linked to anybody else. */
  conditions(standing: Standing, pair: Pair): Condition[];
  /** Make the link, or leave it as it is. */
  writes(standing: Standing, pair: Pair): Write[];
  /** `taken`: the account is linked to another Clever id, or this Clever id to another account. */
  state(standing: Standing, pair: Pair): Promise<LinkState>;
  /** Which of the two is linked to somebody else. */
  findTaken(standing: Standing, pair: Pair): Promise<('account' | 'clever_id')[]>;
  /** The account this Clever id is linked to. */
  findAccountId(districtId: string, standing: Standing, cleverId: string): Promise<string | undefined>;
  /**
   * Moves the Clever id to the account, undoing what either was linked to. True if neither the roster nor a link changed
   * since it was seen.
   * @param record the write, of the same partition, that tells of it
   */
  move(seen: SeenStanding, pair: Pair, record: Write): Promise<boolean>;
  /** Undoes the link of one account, whoever it is linked to; false if it had none. */
  release(districtId: string, accountId: string): Promise<boolean>;
  /** Undoes all links of the district at once. */
  releaseAll(districtId: string): Promise<void>;
}

export function createLinks(store: Store, vault: Vault, standings: Standings): Links {
  const address = (districtId: string, { linkEpoch }: Standing, id: string): Address => ({
    partition: partitionOf(vault, districtId),
    table: `links.${linkEpoch}`,
    id,
  });
  const cleverSide = (districtId: string, standing: Standing, cleverId: string) =>
    address(districtId, standing, `c.${vault.blind('clever-id', cleverId)}`);
  const accountSide = (districtId: string, standing: Standing, accountId: string) =>
    address(districtId, standing, `a.${accountId}`);

  type Side = { readonly at: Address; readonly value: Buffer };
  // The conditions and the writes of one commit ask for the same two.
  const latest = new WeakMap<Pair, { readonly epoch: Standing['linkEpoch']; readonly sides: readonly [Side, Side] }>();

  /** Each side's address, and the one value it has when these two are linked. */
  function sides(standing: Standing, pair: Pair): readonly [Side, Side] {
    const known = latest.get(pair);
    if (known?.epoch === standing.linkEpoch) return known.sides;
    const made = makeSides(standing, pair);
    latest.set(pair, { epoch: standing.linkEpoch, sides: made });
    return made;
  }

  function makeSides(standing: Standing, { districtId, accountId, cleverId }: Pair): readonly [Side, Side] {
    const at = cleverSide(districtId, standing, cleverId);
    const clever = `${at.id.slice(2)}.${vault.blind('link-of-account', districtId, accountId, cleverId)}`;
    const account = `${accountId}.${vault.blind('link-of-clever-id', districtId, cleverId, accountId)}`;
    return [
      { at: accountSide(districtId, standing, accountId), value: Buffer.from(clever) },
      { at, value: Buffer.from(account) },
    ];
  }

  const before = (value: Buffer): string => value.toString().slice(0, value.indexOf('.'));

  const links: Links = {
    conditions: (standing, pair) => sides(standing, pair).map(({ at, value }) => ({ at, oneOf: [undefined, value] })),
    writes: (standing, pair) => sides(standing, pair).map(({ at, value }) => ({ kind: 'put', at, value })),

    async state(standing, pair) {
      const wanted = sides(standing, pair);
      const found = await store.get(wanted.map(({ at }) => at));
      if (found.some((value, index) => value !== undefined && !wanted[index]?.value.equals(value))) return 'taken';
      return found.every((value) => value !== undefined) ? 'linked' : 'free';
    },

    async findTaken(standing, pair) {
      const wanted = sides(standing, pair);
      const found = await store.get(wanted.map(({ at }) => at));
      const isOther = wanted.map(({ value }, index) => found[index] !== undefined && !found[index].equals(value));
      return (['account', 'clever_id'] as const).filter((_side, index) => isOther[index]);
    },

    async findAccountId(districtId, standing, cleverId) {
      const [value] = await store.get([cleverSide(districtId, standing, cleverId)]);
      const accountId = value && before(value);
      // The value is only believed if it is the one this pair would have: bytes copied from another link are not.
      if (value === undefined || accountId === undefined) return undefined;
      return sides(standing, { districtId, accountId, cleverId })[1].value.equals(value) ? accountId : undefined;
    },

    async move({ standing, unchanged }, pair, record) {
      const [account, clever] = sides(standing, pair);
      const [accountValue, cleverValue] = await store.get([account.at, clever.at]);
      const partition = partitionOf(vault, pair.districtId);
      const orphan = (id: string): Write => ({
        kind: 'remove',
        at: { partition, table: `links.${standing.linkEpoch}`, id },
      });
      return store.commit(
        [
          // A publish may have taken the account meanwhile, and a release of all links the table they stand in.
          unchanged,
          { at: account.at, oneOf: [accountValue] },
          { at: clever.at, oneOf: [cleverValue] },
        ],
        [
          ...(accountValue === undefined ? [] : [orphan(`c.${before(accountValue)}`)]),
          ...(cleverValue === undefined ? [] : [orphan(`a.${before(cleverValue)}`)]),
          ...links.writes(standing, pair),
          record,
        ],
      );
    },

    async release(districtId, accountId) {
      const { standing } = await standings.read(districtId, 0);
      const at = accountSide(districtId, standing, accountId);
      const [value] = await store.get([at]);
      if (value === undefined) return false;
      const other = address(districtId, standing, `c.${before(value)}`);
      const done = await store.commit(
        [{ at, oneOf: [value] }],
        [
          { kind: 'remove', at },
          { kind: 'remove', at: other },
        ],
      );
      return done || links.release(districtId, accountId);
    },

    async releaseAll(districtId) {
      const { standing, unchanged } = await standings.read(districtId, 0);
      const next = { ...standing, linkEpoch: standing.linkEpoch + 1 };
      if (!(await store.commit([unchanged], [standings.write(districtId, next)]))) return links.releaseAll(districtId);
      await store.drop(partitionOf(vault, districtId), `links.${standing.linkEpoch}`);
    },
  };
  return links;
}
