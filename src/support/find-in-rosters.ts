// Where in the rosters a person stands, over all districts, for staff who have nothing but an address or an id. Every
// district keeps an index of its own, so each is asked by itself; how many were not is told.
import type { Account } from '../roster/account.ts';
import type { Directory } from '../roster/directory.ts';
import type { Districts } from '../roster/district.ts';
import type { Links } from '../roster/links.ts';
import type { Standing, Standings } from '../roster/standing.ts';

/** An account id, an exact address, or a Clever id that is linked or that a roster gives. */
export type PersonSign =
  | { readonly kind: 'account'; readonly value: string }
  | { readonly kind: 'email'; readonly value: string }
  | { readonly kind: 'clever_id'; readonly value: string };

export interface FoundInRosters {
  /** By district, in the order of their ids. */
  readonly people: readonly { readonly district: string; readonly account: Account }[];
  /** Districts that were asked, of those that there are. */
  readonly searched: number;
  readonly of: number;
}

export interface WhichDistricts {
  readonly only?: string | undefined;
  readonly except?: string | undefined;
}

export type FindInRosters = (sign: PersonSign, which?: WhichDistricts) => Promise<FoundInRosters>;

export interface FindInRostersNeeds {
  readonly districts: Pick<Districts, 'list'>;
  readonly standings: Pick<Standings, 'read'>;
  readonly directory: Pick<Directory, 'find' | 'findByEmail' | 'findByCleverId'>;
  readonly links: Pick<Links, 'findAccountId'>;
  /** At most four reads each, so this bounds the whole. */
  readonly mostDistricts?: number;
}

const atOnce = 50;

export function createFindInRosters(needs: FindInRostersNeeds): FindInRosters {
  const { districts, standings, directory, links, mostDistricts = 5000 } = needs;

  return async (sign, { only, except } = {}) => {
    const all = (await districts.list()).filter(({ id }) => id !== except && (only === undefined || id === only));
    const asked = all.slice(0, mostDistricts);
    const people: FoundInRosters['people'][number][] = [];
    for (let from = 0; from < asked.length; from += atOnce) {
      const found = await Promise.all(asked.slice(from, from + atOnce).map(({ id }) => findIn(id, sign)));
      people.push(...found.flat());
    }
    return { people, searched: asked.length, of: all.length };
  };

  async function findIn(district: string, sign: PersonSign): Promise<FoundInRosters['people']> {
    const { standing } = await standings.read(district, 1000);
    return (await accountsOf(district, standing, sign)).map((account) => ({ district, account }));
  }

  async function accountsOf(district: string, standing: Standing, { kind, value }: PersonSign): Promise<Account[]> {
    if (kind === 'account') return [(await directory.find(district, standing, value)) ?? []].flat();
    if (kind === 'email') return withAddress(await directory.findByEmail(district, standing, value), value);
    return linkedAccounts({ directory, links }, district, standing, value);
  }
}

/** The accounts that this Clever id is linked to: by a sign-in, or by a roster that gives it. */
export async function linkedAccounts(
  { directory, links }: Pick<FindInRostersNeeds, 'directory' | 'links'>,
  district: string,
  standing: Standing,
  cleverId: string,
): Promise<Account[]> {
  const [id, given] = await Promise.all([
    links.findAccountId(district, standing, cleverId),
    directory.findByCleverId(district, standing, cleverId),
  ]);
  const isGiven = id === undefined || given.some(({ accountId }) => accountId === id);
  const linked = isGiven ? undefined : await directory.find(district, standing, id);
  return linked === undefined ? given : [linked, ...given];
}

export const hasAddress = ({ sources }: Account, address: string): boolean =>
  sources.some(({ email }) => email === address);

/** Of those that look alike, the ones with exactly this address. */
export const withAddress = (accounts: readonly Account[], address: string): Account[] =>
  accounts.filter((account) => hasAddress(account, address));
