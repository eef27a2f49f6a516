// Finds the accounts that can no longer sign in once a generation is active, and why; the guard counts them. An account
// signs in by an address that no other account of its kind has, or by its Clever id if it has no address
// (identity/match-account.ts). Reads changed accounts, and accounts that share an address with one of them.
import type { Place } from '../formats/feed.ts';
import { readEmail } from '../identity/email.ts';
import { foldName } from '../identity/folding.ts';
import type { Kind } from '../identity/identity.ts';
import { createIdSet } from '../paged-table/id-set.ts';
import { type FoundLine, findLines, idOf, type TableContext } from '../paged-table/pages.ts';
import { areOfTwoPeople, type FeedAccount, firstEmailKey, fromLine, kindOf } from './account.ts';

/**
 * `removed`: gone from every roster of the district. `id_changed`: gone too, and a new account has its address and
 * name: one user under another id. `passed_on`: reassigned to another Clever id. `address_shared`: another account of
 * its kind has its address too, so that neither can sign in. `address_lost`: nothing is left by which it could be
 * found. `address_changed`: an address by which it was found is no longer given. `two_people`: the rosters of two
 * methods give its id to two people.
 */
export const lockOutReasons = [
  'removed',
  'id_changed',
  'address_changed',
  'address_lost',
  'address_shared',
  'passed_on',
  'two_people',
] as const;
export type LockOutReason = (typeof lockOutReasons)[number];

/** Number of accounts by reason; each is counted once. */
export type LockOuts = Readonly<Record<LockOutReason, number>>;

export const noLockOuts: LockOuts = {
  removed: 0,
  id_changed: 0,
  address_changed: 0,
  address_lost: 0,
  address_shared: 0,
  passed_on: 0,
  two_people: 0,
};

/** Reports of earlier versions may lack newer reasons. */
export const totalOf = (lockOuts: Partial<LockOuts>): number =>
  lockOutReasons.reduce((total, reason) => total + (lockOuts[reason] ?? 0), 0);

/** One account in the active generation and in the one to be made active. */
export interface LinePair {
  readonly id: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** It is in both, and nothing but its place in the file differs. */
  readonly isSame: boolean;
}

export interface LockOutTables {
  readonly next: string;
  readonly active: string | undefined;
  /** Of the district's other feeds. */
  readonly others: readonly string[];
}

export interface LockOutCount {
  /** Call once for every account of both generations, some hundred at a time. At most three round trips each. */
  see(pairs: readonly LinePair[]): Promise<void>;
  counts(): Readonly<Record<Kind, LockOuts>>;
  /** Places of the new accounts of `id_changed`; the first ones. */
  idChanged(): readonly Place[];
}

const maxPlaces = 200;

export function createLockOutCount(context: TableContext, { next, active, others }: LockOutTables): LockOutCount {
  // Long because of the steps of one count over the same tables; each is short.
  const formerTables = active === undefined ? others : [active, ...others];
  const nextTables = [next, ...others];
  const all = [...new Set([...formerTables, next])];
  const counts = { student: { ...noLockOuts }, employee: { ...noLockOuts } };
  const counted = createIdSet();
  const idChanged: Place[] = [];

  const read = (wanted: { readonly keys?: readonly string[]; readonly ids?: readonly string[] }) =>
    findLines(context, all, wanted);
  const keysOf = (ways: readonly Way[]): string[] => [
    ...new Set(ways.flatMap(({ by, value }) => (by === 'address' ? firstEmailKey(context.vault, value) : []))),
  ];
  const sidesOf = (lines: readonly FoundLine[]): Sides => ({
    before: toSide(lines.filter(({ table }) => formerTables.includes(table))),
    after: toSide(lines.filter(({ table }) => nextTables.includes(table))),
  });

  /** The changed accounts, and those that were the only ones found by a key that a changed account now has. */
  async function readTouched(changed: readonly Change[]): Promise<Sides> {
    const arrivals = changed.flatMap(arrivalOf);
    const ids = changed.map(({ id }) => id);
    const found = await read({ keys: keysOf(arrivals), ids });
    const isChanged = new Set(ids);
    const former = toSide(found.filter(({ table }) => formerTables.includes(table)));
    const holders = holdersIn(former);
    const touched = new Set(arrivals.flatMap((way) => soleHolder(holders, way)));
    const missing = [...touched].filter((id) => !isChanged.has(id));
    const known = found.filter(({ line }) => isChanged.has(idOf(line)));
    return sidesOf(missing.length === 0 ? known : [...known, ...(await read({ ids: missing }))]);
  }

  /** The new account with the address and name of one that leaves, by the id of the one that leaves. */
  async function findSuccessors(leavers: readonly Suspect[], next: Side): Promise<ReadonlyMap<string, FeedAccount>> {
    const byAddress = new Map<string, [string, FeedAccount][]>();
    for (const [id, sources] of next)
      for (const source of sources)
        if (source.email !== undefined)
          byAddress.set(source.email, [...(byAddress.get(source.email) ?? []), [id, source]]);
    const offers = leavers.flatMap(([id, sources]) =>
      sources.flatMap((source) =>
        (byAddress.get(source.email ?? '') ?? [])
          .filter(([other, account]) => other !== id && isNamesake(source, account))
          .map(([other, account]) => ({ id, other, account })),
      ),
    );
    if (offers.length === 0) return new Map();
    const known = sidesOf(await read({ ids: offers.map(({ other }) => other) })).before;
    return new Map(offers.filter(({ other }) => !known.has(other)).map(({ id, account }) => [id, account]));
  }

  return {
    async see(pairs) {
      if (formerTables.length === 0) return;
      const changed = pairs
        .filter(({ isSame }) => !isSame)
        .map(toChange)
        .filter(isFoundOtherwise);
      if (changed.length === 0) return;
      const touched = await readTouched(changed);
      const suspects = [...touched.before].filter(([id]) => !counted.has(id));
      const ways = suspects.flatMap(([id, before]) => [...waysOf(before), ...waysOf(touched.after.get(id) ?? [])]);
      const holders = sidesOf(await read({ keys: keysOf(ways) }));
      const [former, following] = [holdersIn(holders.before), holdersIn(holders.after)];
      const leavers = suspects.filter(([id]) => !touched.after.has(id));
      const successors = await findSuccessors(leavers, holders.after);
      for (const [id, before] of suspects) {
        const successor = successors.get(id);
        if (successor !== undefined && idChanged.length < maxPlaces) idChanged.push(successor.place);
        const reason = successor ? 'id_changed' : reasonOf(id, before, touched.after.get(id) ?? [], former, following);
        const [account] = before;
        if (reason === undefined || account === undefined) continue;
        counted.add(id);
        counts[kindOf(account.record)][reason] += 1;
      }
    },
    counts: () => counts,
    idChanged: () => idChanged.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)),
  };
}

type Suspect = readonly [id: string, before: readonly FeedAccount[]];

const isNamesake = (one: FeedAccount, other: FeedAccount): boolean =>
  kindOf(one.record) === kindOf(other.record) &&
  foldName(one.givenName, one.familyName) === foldName(other.givenName, other.familyName);

interface Change {
  readonly id: string;
  readonly before: FeedAccount | undefined;
  readonly after: FeedAccount | undefined;
}

/** The feeds' rows of accounts, by the id of their lines. */
type Side = ReadonlyMap<string, readonly FeedAccount[]>;

interface Sides {
  readonly before: Side;
  readonly after: Side;
}

interface Way {
  readonly kind: Kind;
  readonly by: 'address' | 'clever-id';
  readonly value: string;
}

/** The accounts found by a way, by its name. */
type Holders = ReadonlyMap<string, ReadonlySet<string>>;

/** If two already share an address, neither could sign in by it. */
function soleHolder(holders: Holders, way: Way): string[] {
  const ids = holders.get(nameOf(way));
  return ids?.size === 1 ? [...ids] : [];
}

const nameOf = ({ kind, by, value }: Way): string => `${kind} ${by} ${value}`;

/**
 * The ways that find the account, if no other has them too. An invalid address finds nothing, and counts as an address.
 */
function waysOf(sources: readonly FeedAccount[]): Way[] {
  const [first] = sources;
  if (first === undefined) return [];
  const kind = kindOf(first.record);
  const toWays = (by: Way['by'], values: readonly string[]) =>
    [...new Set(values)].map((value) => ({ kind, by, value }));
  const addresses = sources.flatMap(({ email }) => email ?? []);
  if (addresses.length === 0)
    return toWays(
      'clever-id',
      sources.flatMap(({ cleverId }) => cleverId ?? []),
    );
  return toWays(
    'address',
    addresses.filter((address) => readEmail(address).kind === 'plain'),
  );
}

function reasonOf(
  id: string,
  before: readonly FeedAccount[],
  after: readonly FeedAccount[],
  former: Holders,
  following: Holders,
): LockOutReason | undefined {
  if (after.length === 0) return 'removed';
  // A Clever id has one account: account-ids.ts.
  const isAlone = (holders: Holders) => (way: Way) => way.by === 'clever-id' || soleHolder(holders, way)[0] === id;
  const worked = areOfTwoPeople(before) ? [] : waysOf(before).filter(isAlone(former));
  if (worked.length === 0) return undefined;
  if (areOfTwoPeople(after)) return 'two_people';
  if (isPassedOn(before, after)) return 'passed_on';
  const left = waysOf(after);
  const working = left.filter(isAlone(following));
  const isGiven = (ways: readonly Way[]) => (way: Way) => ways.some((each) => nameOf(each) === nameOf(way));
  const lost = worked.filter((way) => !isGiven(working)(way) && !isAddressedByClever(way, after, working));
  if (lost.length === 0) return undefined;
  if (lost.some(isGiven(left))) return 'address_shared';
  return left.length === 0 ? 'address_lost' : 'address_changed';
}

/** Clever now has an address for a user who had none: it is the one that Clever will send. */
const isAddressedByClever = (way: Way, after: readonly FeedAccount[], working: readonly Way[]): boolean =>
  way.by === 'clever-id' &&
  after.some(({ email, cleverId }) => cleverId === way.value && working.some(({ value }) => value === email));

function isPassedOn(before: readonly FeedAccount[], after: readonly FeedAccount[]): boolean {
  const former = before.flatMap(({ cleverId }) => cleverId ?? []);
  const following = after.flatMap(({ cleverId }) => cleverId ?? []);
  return former.length > 0 && following.length > 0 && !former.some((id) => following.includes(id));
}

function toSide(lines: readonly FoundLine[]): Side {
  const side = new Map<string, FeedAccount[]>();
  // Found by a key and by its id, a line of one table occurs twice.
  const seen = new Set<string>();
  for (const { table, line } of lines) {
    const id = idOf(line);
    if (seen.has(`${table} ${id}`)) continue;
    seen.add(`${table} ${id}`);
    side.set(id, [...(side.get(id) ?? []), fromLine(line)]);
  }
  return side;
}

function holdersIn(side: Side): Holders {
  const holders = new Map<string, Set<string>>();
  for (const [id, sources] of side) {
    for (const name of waysOf(sources).map(nameOf)) holders.set(name, (holders.get(name) ?? new Set()).add(id));
  }
  return holders;
}

const toChange = ({ id, before, after }: LinePair): Change => ({
  id,
  before: before === undefined ? undefined : fromLine(before),
  after: after === undefined ? undefined : fromLine(after),
});

/** Even under another name: another feed may name another person. */
const isFoundOtherwise = ({ before, after }: Change): boolean =>
  before === undefined ||
  after === undefined ||
  before.email !== after.email ||
  before.cleverId !== after.cleverId ||
  before.givenName !== after.givenName ||
  before.familyName !== after.familyName;

/** The ways that this feed adds to the account. */
function arrivalOf({ before, after }: Change): Way[] {
  const former = new Set(waysOf(before === undefined ? [] : [before]).map(nameOf));
  return waysOf(after === undefined ? [] : [after]).filter((way) => !former.has(nameOf(way)));
}
