// The links between Clever ids and accounts. A link is made once, at the first match, by compare-and-set, and pins the
// account to the user: recycled addresses cannot move it. link-sides.ts defines the rows.

import { partitionOf } from '../district/district.ts';
import type { Address, Condition, Store, Write } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { createLinkRows, type Held, type LinkPair, type LinkRows, type LinkSide, partnerOf } from './link-sides.ts';
import type { PublishedRosters, RosterHandle, SeenRoster } from './published-roster.ts';

type LinkState = 'free' | 'linked' | 'carried' | 'taken';

interface Carry {
  readonly from: string;
  readonly to: string;
  /** The Clever ids that a roster gives the target itself. */
  readonly pinned: readonly string[];
}

/**
 * `carried_before`: it was moved to this account already. `not_linked`: there is nothing to move. `elsewhere`: the
 * Clever id is now linked to a third account. `target_linked`: the target is linked to another user. `changed`: try
 * again.
 */
export type Carried = 'carried' | 'carried_before' | 'not_linked' | 'elsewhere' | 'target_linked' | 'changed';

/** The link between one account and one Clever id, whether it exists or not. */
export interface AccountLink {
  /** Hold exactly while neither side is linked to another, nor moved and not confirmed yet. */
  conditions(): Condition[];
  /** Make the link; no effect if it exists. */
  writes(): Write[];
  /**
   * `taken`: the account is linked to another Clever id, or this Clever id to another account. `carried`: the two are
   * linked by `carry`, and `confirm` must precede the first sign-in.
   */
  state(): Promise<LinkState>;
  /** The sides that are linked to another. */
  findTaken(): Promise<('account' | 'clever_id')[]>;
  /**
   * Rewrites a moved link in the form of a sign-in's, now that the Clever id itself is known. No effect on any other
   * link.
   */
  confirm(): Promise<void>;
  /**
   * Moves the Clever id to the account, and removes the former links of both. True unless the roster or a link changed
   * since it was read.
   * @param record the write of the audit log, in the same partition
   */
  move(record: Write): Promise<boolean>;
}

export interface Links {
  /** Does no I/O. */
  between(roster: SeenRoster, accountId: string, cleverId: string): AccountLink;
  /** The accounts that are linked to a Clever id other than the given one; one round trip. */
  findLinkedToOthers(roster: RosterHandle, given: readonly LinkPair[]): Promise<ReadonlySet<string>>;
  /** For each pair, in their order, whether either side is linked to another; one round trip. */
  areTaken(roster: RosterHandle, pairs: readonly LinkPair[]): Promise<boolean[]>;
  /** The account this Clever id is linked to. */
  findAccountId(roster: RosterHandle, cleverId: string): Promise<string | undefined>;
  /**
   * Links another account to the Clever id of this one, for a user whose id changed. The former account keeps its side
   * of the link, so that no other user gets into it, under whatever id it returns; a release removes it.
   * @param record the write of the audit log, in the same partition
   */
  carry(roster: SeenRoster, carry: Carry, record: Write): Promise<Carried>;
  /** Which of the accounts are linked. */
  findLinked(roster: RosterHandle, accountIds: readonly string[]): Promise<readonly string[]>;
  /** A keyed hash of the Clever id that the account is linked to; undefined if it is linked to none. */
  findHolder(roster: RosterHandle, accountId: string): Promise<string | undefined>;
  /** Number of linked accounts of the district. */
  count(roster: RosterHandle): Promise<number>;
  /** Removes the link of one account; false if it had none. */
  release(districtId: string, accountId: string): Promise<boolean>;
  /** Removes all links of the district in one commit. */
  releaseAll(districtId: string): Promise<void>;
}

interface LinkPorts {
  readonly store: Store;
  readonly rows: LinkRows;
}

export function createLinks(store: Store, vault: Vault, rosters: PublishedRosters): Links {
  const rows = createLinkRows(vault);
  const ports = { store, rows };
  const links: Links = {
    between: (roster, accountId, cleverId) => createAccountLink(ports, roster, { accountId, cleverId }),
    carry: (roster, carried, record) => carry(ports, roster, carried, record),

    async findLinkedToOthers(roster, given) {
      if (given.length === 0) return new Set();
      const found = await store.get(given.map(({ accountId }) => rows.accountAt(roster, accountId)));
      const isOthers = (value: Buffer | undefined, cleverId: string) =>
        value !== undefined && partnerOf(value) !== rows.cleverKey(cleverId);
      return new Set(
        given.filter(({ cleverId }, at) => isOthers(found[at], cleverId)).map(({ accountId }) => accountId),
      );
    },

    async areTaken(roster, pairs) {
      const sides = pairs.map((pair) => rows.sides(roster, pair));
      const places = sides.flat().map(({ at }) => at);
      const found = places.length === 0 ? [] : await store.get(places);
      return pairs.map((pair, index) => {
        const own = sides[index] ?? rows.sides(roster, pair);
        return rows.judge(roster, pair, own, found.slice(2 * index, 2 * index + 2)).includes('other');
      });
    },

    async findAccountId(roster, cleverId) {
      const [value] = await store.get([rows.cleverAt(roster, cleverId)]);
      if (value === undefined) return undefined;
      const pair = { accountId: partnerOf(value), cleverId };
      // Attack: a value copied from another link. It counts only if it is the keyed hash of this very pair.
      const [, held] = rows.judge(roster, pair, rows.sides(roster, pair), [undefined, value]);
      return held === 'other' ? undefined : pair.accountId;
    },

    async findLinked(roster, accountIds) {
      const found = await store.get(accountIds.map((id) => rows.accountAt(roster, id)));
      return accountIds.filter((_id, index) => found[index] !== undefined);
    },

    async findHolder(roster, accountId) {
      const [value] = await store.get([rows.accountAt(roster, accountId)]);
      return value && partnerOf(value);
    },

    // Each link has two sides.
    count: async ({ districtId, published: { linkEpoch } }) =>
      Math.ceil((await store.count(partitionOf(vault, districtId), `links.${linkEpoch}`)) / 2),

    release: (districtId, accountId) => release(ports, rosters, districtId, accountId),

    async releaseAll(districtId) {
      const { published, unchanged } = await rosters.read(districtId, 0);
      const next = { ...published, linkEpoch: published.linkEpoch + 1 };
      if (!(await store.commit([unchanged], [rosters.write(districtId, next)]))) return links.releaseAll(districtId);
      await store.drop(partitionOf(vault, districtId), `links.${published.linkEpoch}`);
    },
  };
  return links;
}

function createAccountLink({ store, rows }: LinkPorts, roster: SeenRoster, pair: LinkPair): AccountLink {
  const { unchanged } = roster;
  const sides = rows.sides(roster, pair);

  async function read(): Promise<{ readonly found: readonly (Buffer | undefined)[]; readonly held: readonly Held[] }> {
    const found = await store.get(sides.map(({ at }) => at));
    return { found, held: rows.judge(roster, pair, sides, found) };
  }

  const writes = () => sides.map(({ at, value }): Write => ({ kind: 'put', at, value }));
  return {
    conditions: () => sides.map(({ at, value }) => ({ at, oneOf: [undefined, value] })),
    writes,

    async state() {
      const { held } = await read();
      if (held.includes('other')) return 'taken';
      if (held.includes('carried')) return 'carried';
      return held.includes('nothing') ? 'free' : 'linked';
    },

    async findTaken() {
      const { held } = await read();
      return (['account', 'clever_id'] as const).filter((_side, index) => held[index] === 'other');
    },

    async confirm() {
      const { found, held } = await read();
      if (held.includes('other') || !held.includes('carried')) return;
      const asFound = sides.map(({ at }, index) => ({ at, oneOf: [found[index]] }));
      await store.commit([unchanged, ...asFound], writes());
    },

    async move(record) {
      const [account, clever] = sides;
      const [accountValue, cleverValue] = await store.get([account.at, clever.at]);
      const cleverKey = rows.cleverKey(pair.cleverId);
      const orphans = await findOrphans(store, [
        ...(accountValue === undefined
          ? []
          : [{ at: rows.cleverKeyAt(roster, partnerOf(accountValue)), of: pair.accountId }]),
        ...(cleverValue === undefined ? [] : [{ at: rows.accountAt(roster, partnerOf(cleverValue)), of: cleverKey }]),
      ]);
      return store.commit(
        [
          // A publish may have removed the account meanwhile, or a release of all links their table.
          unchanged,
          { at: account.at, oneOf: [accountValue] },
          { at: clever.at, oneOf: [cleverValue] },
          ...orphans.map(({ at, value }) => ({ at, oneOf: [value] })),
        ],
        [...orphans.map(({ at }): Write => ({ kind: 'remove', at })), ...writes(), record],
      );
    },
  };
}

/** Rows that still name this partner: they do not belong to a third account since the link was moved. */
async function findOrphans(
  store: Store,
  asked: readonly { readonly at: Address; readonly of: string }[],
): Promise<readonly LinkSide[]> {
  const found = asked.length === 0 ? [] : await store.get(asked.map(({ at }) => at));
  return asked.flatMap(({ at, of }, index) => {
    const value = found[index];
    return value !== undefined && partnerOf(value) === of ? [{ at, value }] : [];
  });
}

async function release(
  { store, rows }: LinkPorts,
  rosters: PublishedRosters,
  districtId: string,
  accountId: string,
): Promise<boolean> {
  const roster = await rosters.read(districtId, 0);
  const at = rows.accountAt(roster, accountId);
  const [value] = await store.get([at]);
  if (value === undefined) return false;
  const others = await findOrphans(store, [{ at: rows.cleverKeyAt(roster, partnerOf(value)), of: accountId }]);
  const done = await store.commit(
    [{ at, oneOf: [value] }, ...others.map((other) => ({ at: other.at, oneOf: [other.value] }))],
    [{ kind: 'remove', at }, ...others.map((other): Write => ({ kind: 'remove', at: other.at }))],
  );
  return done || release({ store, rows }, rosters, districtId, accountId);
}

async function carry(
  { store, rows }: LinkPorts,
  roster: SeenRoster,
  { from, to, pinned }: Carry,
  record: Write,
): Promise<Carried> {
  const [source, target] = [rows.accountAt(roster, from), rows.accountAt(roster, to)];
  const [sourceValue, targetValue] = await store.get([source, target]);
  if (sourceValue === undefined) return 'not_linked';
  const cleverKey = partnerOf(sourceValue);
  const clever = rows.cleverKeyAt(roster, cleverKey);
  const [cleverValue] = await store.get([clever]);
  if (cleverValue === undefined) return 'not_linked';
  const isTargets = targetValue !== undefined && partnerOf(targetValue) === cleverKey;
  if (isTargets && partnerOf(cleverValue) === to) return 'carried_before';
  if (partnerOf(cleverValue) !== from) return 'elsewhere';
  const isPinned = pinned.some((cleverId) => rows.cleverKey(cleverId) !== cleverKey);
  if (isPinned || (targetValue !== undefined && !isTargets)) return 'target_linked';
  const [targetNow, cleverNow] = rows.carriedValues(roster, to, cleverKey);
  const done = await store.commit(
    [
      roster.unchanged,
      { at: source, oneOf: [sourceValue] },
      { at: target, oneOf: [targetValue] },
      { at: clever, oneOf: [cleverValue] },
    ],
    [{ kind: 'put', at: target, value: targetNow }, { kind: 'put', at: clever, value: cleverNow }, record],
  );
  return done ? 'carried' : 'changed';
}
