// Finds a user in the rosters of all districts, for staff who have only an address or an id. Every district has an
// index of its own, so each is read separately; the result says how many were not searched.

import type { Districts } from '../district/district.ts';
import type { Account } from '../roster/account.ts';
import type { DistrictRoster, ReadDistrictRoster } from '../roster/district-roster.ts';
import type { PersonName } from './attempt-names.ts';

/**
 * An account id, an address (exact, or as spoken), a SIS id or a further id, a name, or a Clever id from a link or a
 * roster.
 */
export type PersonIdentifier =
  | { readonly kind: 'account'; readonly value: string }
  | { readonly kind: 'email'; readonly value: string }
  | { readonly kind: 'email_alike'; readonly value: string }
  | { readonly kind: 'sis_id'; readonly value: string }
  | { readonly kind: 'name'; readonly value: PersonName }
  | { readonly kind: 'clever_id'; readonly value: string };

export interface FoundInRosters {
  /** By district, in the order of their ids. */
  readonly people: readonly { readonly district: string; readonly account: Account }[];
  /** The number of searched districts. */
  readonly searched: number;
  readonly of: number;
}

interface WhichDistricts {
  readonly only?: string | undefined;
  readonly except?: string | undefined;
}

export type FindInRosters = (identifier: PersonIdentifier, which?: WhichDistricts) => Promise<FoundInRosters>;

interface FindInRostersNeeds {
  readonly districts: Pick<Districts, 'list'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  /** The accounts that the records with this SIS id may have, of any record type. */
  readonly accountIds: (district: string, sisId: string) => Promise<readonly string[]>;
  /** At most ten reads each, so this limits the total. */
  readonly maxDistricts?: number;
}

/** Districts read concurrently: their reads are sent to the store together. */
const concurrency = 250;

export function createFindInRosters(needs: FindInRostersNeeds): FindInRosters {
  const { districts, readDistrictRoster, accountIds, maxDistricts = 5000 } = needs;

  return async (identifier, { only, except } = {}) => {
    const all = (await districts.list()).filter(({ id }) => id !== except && (only === undefined || id === only));
    const asked = all.slice(0, maxDistricts);
    const people: FoundInRosters['people'][number][] = [];
    for (let from = 0; from < asked.length; from += concurrency) {
      const found = await Promise.all(asked.slice(from, from + concurrency).map(({ id }) => findIn(id, identifier)));
      people.push(...found.flat());
    }
    return { people, searched: asked.length, of: all.length };
  };

  async function findIn(district: string, identifier: PersonIdentifier): Promise<FoundInRosters['people']> {
    const roster = await readDistrictRoster(district, 1000);
    return (await accountsOf(roster, identifier)).map((account) => ({ district, account }));
  }

  async function accountsOf(roster: DistrictRoster, identifier: PersonIdentifier): Promise<Account[]> {
    switch (identifier.kind) {
      case 'account':
        return [(await roster.find(identifier.value)) ?? []].flat();
      case 'email':
        return withAddress(await roster.findByEmail(identifier.value), identifier.value);
      case 'email_alike':
        return roster.findByEmail(identifier.value);
      case 'sis_id':
        return bySisId(roster, identifier.value);
      case 'name':
        return roster.findByNameAlike(identifier.value.given, identifier.value.family);
      case 'clever_id':
        return linkedAccounts(roster, identifier.value);
    }
  }

  async function bySisId(roster: DistrictRoster, id: string): Promise<Account[]> {
    const [own, further] = await Promise.all([
      accountIds(roster.districtId, id).then(roster.findMany),
      roster.findAllByFurtherId(id),
    ]);
    const found = [...own.filter(({ sisId }) => sisId === id), ...further];
    return [...new Map(found.map((account) => [account.accountId, account])).values()];
  }
}

/** The accounts that this Clever id is linked to: by a sign-in, or by a roster that gives it. */
export async function linkedAccounts(roster: DistrictRoster, cleverId: string): Promise<Account[]> {
  const [id, given] = await Promise.all([roster.findLinkedAccountId(cleverId), roster.findByCleverId(cleverId)]);
  const isGiven = id === undefined || given.some(({ accountId }) => accountId === id);
  const linked = isGiven ? undefined : await roster.find(id);
  return linked === undefined ? given : [linked, ...given];
}

export const hasAddress = ({ sources }: Account, address: string): boolean =>
  sources.some(({ email }) => email === address);

/** Those with exactly this address among similar ones. */
export const withAddress = (accounts: readonly Account[], address: string): Account[] =>
  accounts.filter((account) => hasAddress(account, address));
