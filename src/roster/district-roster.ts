// The published roster of one district for one reader: every look-up uses the same generations, however long it takes,
// and `unchanged` makes a commit fail if another roster was published meanwhile.

import type { Kind } from '../identity/identity.ts';
import type { Account } from './account.ts';
import type { Directory } from './directory.ts';
import type { LinkPair } from './link-sides.ts';
import type { AccountLink, Links } from './links.ts';
import type { PublishedRosters, SeenRoster } from './published-roster.ts';

export interface DistrictRoster extends SeenRoster {
  /** The active account with this id. */
  find(accountId: string): Promise<Account | undefined>;
  /** The active accounts with these ids, in any order; one round trip. */
  findMany(accountIds: readonly string[]): Promise<Account[]>;
  /** Active accounts of any kind with an address that looks like this one. */
  findByEmail(address: string): Promise<Account[]>;
  /** The same for each of some fifty addresses, in their order; as many round trips as for one. */
  findByEmails(addresses: readonly string[]): Promise<Account[][]>;
  /** The same in the generations before the active ones; each account may still be active. */
  findFormerByEmail(address: string): Promise<Account[]>;
  /** Active accounts to which a roster gives this Clever id. */
  findByCleverId(cleverId: string): Promise<Account[]>;
  /** The same for each of some fifty ids, in their order; as many round trips as for one. */
  findByCleverIds(cleverIds: readonly string[]): Promise<Account[][]>;
  /**
   * The one active account of a kind that has this id, as its SIS id or a further one. Undefined if there are several.
   */
  findByFurtherId(id: string, kind: Kind): Promise<Account | undefined>;
  /** Active accounts of any kind that have this id, as their SIS id or a further one. */
  findAllByFurtherId(id: string): Promise<Account[]>;
  /** Active accounts of any kind with this name. */
  findByName(givenName: string, familyName: string): Promise<Account[]>;
  /** The same, whatever the accents, spaces and punctuation. */
  findByNameAlike(givenName: string, familyName: string): Promise<Account[]>;
  /** The account that a sign-in linked to this Clever id. */
  findLinkedAccountId(cleverId: string): Promise<string | undefined>;
  /** The link between the two, whether it exists or not. Does no I/O. */
  link(accountId: string, cleverId: string): AccountLink;
  /** For each pair, in their order, whether either side is linked to another; one round trip. */
  areTaken(pairs: readonly LinkPair[]): Promise<boolean[]>;
}

export interface DistrictRosterPorts {
  readonly directory: Directory;
  readonly links: Pick<Links, 'between' | 'areTaken' | 'findAccountId'>;
}

/** @param maxAgeMs maximum age of the roster; 0 reads the store */
export type ReadDistrictRoster = (districtId: string, maxAgeMs: number) => Promise<DistrictRoster>;

export const createReadDistrictRoster =
  (ports: DistrictRosterPorts & { readonly rosters: Pick<PublishedRosters, 'read'> }): ReadDistrictRoster =>
  async (districtId, maxAgeMs) =>
    openDistrictRoster(ports, await ports.rosters.read(districtId, maxAgeMs));

export function openDistrictRoster({ directory, links }: DistrictRosterPorts, roster: SeenRoster): DistrictRoster {
  async function findAllByFurtherId(id: string): Promise<Account[]> {
    const found = await directory.findByFurtherId(roster, id);
    return found.filter(({ sisId, furtherIds }) => sisId === id || furtherIds.includes(id));
  }
  return {
    ...roster,
    find: (accountId) => directory.find(roster, accountId),
    findMany: (accountIds) => directory.findMany(roster, accountIds),
    findByEmail: (address) => directory.findByEmail(roster, address),
    findByEmails: (addresses) => directory.findByEmails(roster, addresses),
    findFormerByEmail: (address) => directory.findFormerByEmail(roster, address),
    findByCleverId: (cleverId) => directory.findByCleverId(roster, cleverId),
    findByCleverIds: (cleverIds) => directory.findByCleverIds(roster, cleverIds),
    findAllByFurtherId,
    async findByFurtherId(id, kind) {
      const [only, second] = (await findAllByFurtherId(id)).filter((each) => each.kind === kind);
      return second === undefined && only !== undefined && only.furtherIds.length > 0 ? only : undefined;
    },
    findByName: (givenName, familyName) => directory.findByName(roster, givenName, familyName),
    findByNameAlike: (givenName, familyName) => directory.findByNameAlike(roster, givenName, familyName),
    findLinkedAccountId: (cleverId) => links.findAccountId(roster, cleverId),
    link: (accountId, cleverId) => links.between(roster, accountId, cleverId),
    areTaken: (pairs) => links.areTaken(roster, pairs),
  };
}
