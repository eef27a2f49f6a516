// Which Clever id an account is linked to, and back. A link is made once, at the first match, by compare-and-set, and
// pins the account to the person: recycled addresses cannot move it. Values are keyed hashes, so that a condition of a
// commit can be stated without reading first, and a copied value fits no other link.

import { partitionOf } from '../district/district.ts';
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { PublishedRoster, PublishedRosters, SeenRoster } from './published-roster.ts';

export interface Pair {
  readonly districtId: string;
  readonly accountId: string;
  readonly cleverId: string;
}

export type LinkState = 'free' | 'linked' | 'carried' | 'taken';

export interface Carry {
  readonly districtId: string;
  readonly from: string;
  readonly to: string;
  /** The Clever ids that a roster gives the target itself. */
  readonly pinned: readonly string[];
}

/**
 * `carried_before`: it was carried to this account already. `not_linked`: there is nothing to carry. `elsewhere`: the Clever
 * id is linked to a third account by now. `target_linked`: the target is another person's. `changed`: try again.
 */
export type Carried = 'carried' | 'carried_before' | 'not_linked' | 'elsewhere' | 'target_linked' | 'changed';

export interface Links {
  /** Hold exactly while neither side is linked elsewhere, nor carried and not confirmed yet. */
  conditions(published: PublishedRoster, pair: Pair): Condition[];
  /** Make the link; no effect if it exists. */
  writes(published: PublishedRoster, pair: Pair): Write[];
  /**
   * `taken`: the account is linked to another Clever id, or this Clever id to another account. `carried`: the two are linked
   * by `carry`, and `confirm` comes before the first sign-in.
   */
  state(published: PublishedRoster, pair: Pair): Promise<LinkState>;
  /** The sides that are linked elsewhere. */
  findTaken(published: PublishedRoster, pair: Pair): Promise<('account' | 'clever_id')[]>;
  /** The accounts that are linked to another Clever id than is given; one round trip. */
  findHeldByOthers(
    districtId: string,
    published: PublishedRoster,
    given: readonly Omit<Pair, 'districtId'>[],
  ): Promise<ReadonlySet<string>>;
  /** The account this Clever id is linked to. */
  findAccountId(districtId: string, published: PublishedRoster, cleverId: string): Promise<string | undefined>;
  /**
   * Moves the Clever id to the account, undoing what either was linked to. True if neither the roster nor a link changed
   * since it was seen.
   * @param record the write of the audit log, in the same partition
   */
  move(seen: SeenRoster, pair: Pair, record: Write): Promise<boolean>;
  /**
   * Links another account to the Clever id of this one, for a person who has another id now. The former account keeps its
   * side of the link, so that no one else comes into it, under whatever id it returns; a release opens it.
   * @param record the write of the audit log, in the same partition
   */
  carry(seen: SeenRoster, carry: Carry, record: Write): Promise<Carried>;
  /** Writes a carried link as a sign-in does, now that the Clever id itself is known. No effect on any other link. */
  confirm(seen: SeenRoster, pair: Pair): Promise<void>;
  /** Which of the accounts are linked. */
  findLinked(districtId: string, published: PublishedRoster, accountIds: readonly string[]): Promise<readonly string[]>;
  /** Removes the link of one account; false if it had none. */
  release(districtId: string, accountId: string): Promise<boolean>;
  /** Removes all links of the district in one commit. */
  releaseAll(districtId: string): Promise<void>;
}

export function createLinks(store: Store, vault: Vault, rosters: PublishedRosters): Links {
  const address = (districtId: string, { linkEpoch }: PublishedRoster, id: string): Address => ({
    partition: partitionOf(vault, districtId),
    table: `links.${linkEpoch}`,
    id,
  });
  const cleverSide = (districtId: string, published: PublishedRoster, cleverId: string) =>
    address(districtId, published, `c.${vault.blind('clever-id', cleverId)}`);
  const accountSide = (districtId: string, published: PublishedRoster, accountId: string) =>
    address(districtId, published, `a.${accountId}`);

  type Side = { readonly at: Address; readonly value: Buffer };
  // Cache: the conditions and the writes of one commit use the same two sides.
  const latest = new WeakMap<
    Pair,
    { readonly epoch: PublishedRoster['linkEpoch']; readonly sides: readonly [Side, Side] }
  >();

  /** Each side's address, and the one value it has when these two are linked. */
  function sides(published: PublishedRoster, pair: Pair): readonly [Side, Side] {
    const known = latest.get(pair);
    if (known?.epoch === published.linkEpoch) return known.sides;
    const made = makeSides(published, pair);
    latest.set(pair, { epoch: published.linkEpoch, sides: made });
    return made;
  }

  function makeSides(published: PublishedRoster, { districtId, accountId, cleverId }: Pair): readonly [Side, Side] {
    const at = cleverSide(districtId, published, cleverId);
    const clever = `${at.id.slice(2)}.${vault.blind('link-of-account', districtId, accountId, cleverId)}`;
    const account = `${accountId}.${vault.blind('link-of-clever-id', districtId, cleverId, accountId)}`;
    return [
      { at: accountSide(districtId, published, accountId), value: Buffer.from(clever) },
      { at, value: Buffer.from(account) },
    ];
  }

  /** Of both sides of a link that was carried: the Clever id is known by its key alone then. */
  function carriedValues(districtId: string, accountId: string, cleverKey: string): readonly [Buffer, Buffer] {
    const hash = vault.blind('carried-link', districtId, accountId, cleverKey);
    return [Buffer.from(`${cleverKey}.${hash}`), Buffer.from(`${accountId}.${hash}`)];
  }

  /** What each side holds, in the order of `sides`. */
  function judge(
    { districtId, accountId }: Pair,
    wanted: readonly [Side, Side],
    found: readonly (Buffer | undefined)[],
  ): readonly ('nothing' | 'this' | 'carried' | 'other')[] {
    return wanted.map(({ value }, index) => {
      const stored = found[index];
      if (stored === undefined) return 'nothing';
      if (stored.equals(value)) return 'this';
      const carried = carriedValues(districtId, accountId, wanted[1].at.id.slice(2))[index];
      return carried?.equals(stored) ? 'carried' : 'other';
    });
  }

  /** The other sides, where they do not belong to a third one since the link was carried. */
  async function findOrphans(
    published: PublishedRoster,
    districtId: string,
    asked: readonly { readonly id: string; readonly of: string }[],
  ): Promise<readonly { readonly at: Address; readonly value: Buffer }[]> {
    const addresses = asked.map(({ id }) => address(districtId, published, id));
    const found = asked.length === 0 ? [] : await store.get(addresses);
    return addresses.flatMap((at, index) => {
      const value = found[index];
      return value !== undefined && before(value) === asked[index]?.of ? [{ at, value }] : [];
    });
  }

  const before = (value: Buffer): string => value.toString().slice(0, value.indexOf('.'));

  const links: Links = {
    conditions: (published, pair) => sides(published, pair).map(({ at, value }) => ({ at, oneOf: [undefined, value] })),
    writes: (published, pair) => sides(published, pair).map(({ at, value }) => ({ kind: 'put', at, value })),

    async state(published, pair) {
      const wanted = sides(published, pair);
      const found = await store.get(wanted.map(({ at }) => at));
      const held = judge(pair, wanted, found);
      if (held.includes('other')) return 'taken';
      if (held.includes('carried')) return 'carried';
      return held.includes('nothing') ? 'free' : 'linked';
    },

    async findTaken(published, pair) {
      const wanted = sides(published, pair);
      const found = await store.get(wanted.map(({ at }) => at));
      const held = judge(pair, wanted, found);
      return (['account', 'clever_id'] as const).filter((_side, index) => held[index] === 'other');
    },

    async findHeldByOthers(districtId, published, given) {
      if (given.length === 0) return new Set();
      const found = await store.get(given.map(({ accountId }) => accountSide(districtId, published, accountId)));
      const isOthers = (value: Buffer | undefined, cleverId: string) =>
        value !== undefined && before(value) !== vault.blind('clever-id', cleverId);
      return new Set(
        given.filter(({ cleverId }, at) => isOthers(found[at], cleverId)).map(({ accountId }) => accountId),
      );
    },

    async findAccountId(districtId, published, cleverId) {
      const [value] = await store.get([cleverSide(districtId, published, cleverId)]);
      const accountId = value && before(value);
      // Attack: a value copied from another link. It counts only if it is the keyed hash of this very pair.
      if (value === undefined || accountId === undefined) return undefined;
      const pair = { districtId, accountId, cleverId };
      return judge(pair, sides(published, pair), [undefined, value])[1] === 'other' ? undefined : accountId;
    },

    async move({ published, unchanged }, pair, record) {
      const [account, clever] = sides(published, pair);
      const [accountValue, cleverValue] = await store.get([account.at, clever.at]);
      const orphans = await findOrphans(published, pair.districtId, [
        ...(accountValue === undefined ? [] : [{ id: `c.${before(accountValue)}`, of: pair.accountId }]),
        ...(cleverValue === undefined ? [] : [{ id: `a.${before(cleverValue)}`, of: clever.at.id.slice(2) }]),
      ]);
      return store.commit(
        [
          // A publish may have removed the account meanwhile, and a release of all links their table.
          unchanged,
          { at: account.at, oneOf: [accountValue] },
          { at: clever.at, oneOf: [cleverValue] },
          ...orphans.map(({ at, value }) => ({ at, oneOf: [value] })),
        ],
        [...orphans.map(({ at }): Write => ({ kind: 'remove', at })), ...links.writes(published, pair), record],
      );
    },

    async carry({ published, unchanged }, { districtId, from, to, pinned }, record) {
      const [source, target] = [accountSide(districtId, published, from), accountSide(districtId, published, to)];
      const [sourceValue, targetValue] = await store.get([source, target]);
      if (sourceValue === undefined) return 'not_linked';
      const cleverKey = before(sourceValue);
      const clever = address(districtId, published, `c.${cleverKey}`);
      const [cleverValue] = await store.get([clever]);
      if (cleverValue === undefined) return 'not_linked';
      const isTargets = targetValue !== undefined && before(targetValue) === cleverKey;
      if (isTargets && before(cleverValue) === to) return 'carried_before';
      if (before(cleverValue) !== from) return 'elsewhere';
      const isPinned = pinned.some((cleverId) => vault.blind('clever-id', cleverId) !== cleverKey);
      if (isPinned || (targetValue !== undefined && !isTargets)) return 'target_linked';
      const [targetNow, cleverNow] = carriedValues(districtId, to, cleverKey);
      const done = await store.commit(
        [
          unchanged,
          { at: source, oneOf: [sourceValue] },
          { at: target, oneOf: [targetValue] },
          { at: clever, oneOf: [cleverValue] },
        ],
        [{ kind: 'put', at: target, value: targetNow }, { kind: 'put', at: clever, value: cleverNow }, record],
      );
      return done ? 'carried' : 'changed';
    },

    async confirm({ published, unchanged }, pair) {
      const wanted = sides(published, pair);
      const found = await store.get(wanted.map(({ at }) => at));
      const held = judge(pair, wanted, found);
      if (held.includes('other') || !held.includes('carried')) return;
      const asFound = wanted.map(({ at }, index) => ({ at, oneOf: [found[index]] }));
      await store.commit([unchanged, ...asFound], links.writes(published, pair));
    },

    async findLinked(districtId, published, accountIds) {
      const found = await store.get(accountIds.map((id) => accountSide(districtId, published, id)));
      return accountIds.filter((_id, index) => found[index] !== undefined);
    },

    async release(districtId, accountId) {
      const { published } = await rosters.read(districtId, 0);
      const at = accountSide(districtId, published, accountId);
      const [value] = await store.get([at]);
      if (value === undefined) return false;
      const others = await findOrphans(published, districtId, [{ id: `c.${before(value)}`, of: accountId }]);
      const done = await store.commit(
        [{ at, oneOf: [value] }, ...others.map((other) => ({ at: other.at, oneOf: [other.value] }))],
        [{ kind: 'remove', at }, ...others.map((other): Write => ({ kind: 'remove', at: other.at }))],
      );
      return done || links.release(districtId, accountId);
    },

    async releaseAll(districtId) {
      const { published, unchanged } = await rosters.read(districtId, 0);
      const next = { ...published, linkEpoch: published.linkEpoch + 1 };
      if (!(await store.commit([unchanged], [rosters.write(districtId, next)]))) return links.releaseAll(districtId);
      await store.drop(partitionOf(vault, districtId), `links.${published.linkEpoch}`);
    },
  };
  return links;
}
