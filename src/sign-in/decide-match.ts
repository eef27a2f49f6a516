// Lines 3 to 8 of contract section 2 as far as they only read: which account of a district is this person, or why none.
// The sign-in goes through it step by step, the pre-flight in one go, so that both say the same.
import { type EmailMismatch, explainMismatch, type NotRostered } from '../identity/explain-mismatch.ts';
import type { Identity } from '../identity/identity.ts';
import { type Matched, type MatchRefused, type Missed, matchAccount } from '../identity/match-account.ts';
import type { Account } from '../roster/account.ts';
import type { Directory } from '../roster/directory.ts';
import type { Links } from '../roster/links.ts';
import { accountTables, type Standing } from '../roster/standing.ts';

export interface RosterPending {
  readonly kind: 'refused';
  readonly code: 'roster_pending';
}

export interface IdentityChanged {
  readonly kind: 'refused';
  readonly code: 'identity_changed';
  readonly about: readonly Account[];
}

export type MatchDecision =
  | Matched<Account>
  | RosterPending
  | MatchRefused<Account>
  | EmailMismatch<Account>
  | NotRostered
  | IdentityChanged;

export interface DecideMatch {
  /** Lines 3 to 6. */
  match(
    districtId: string,
    standing: Standing,
    identity: Identity,
  ): Promise<Matched<Account> | MatchRefused<Account> | Missed | RosterPending>;
  /** The end of line 7: nobody has exactly this address, and the evidence says why. */
  explain(
    districtId: string,
    standing: Standing,
    identity: Identity,
    address: string,
  ): Promise<EmailMismatch<Account> | NotRostered>;
  /** Line 8: a Secure Sync roster says itself whose Clever id an account has; it is the link, made when it was published. */
  pinnedByRoster(
    districtId: string,
    standing: Standing,
    account: Account,
    cleverId: string,
  ): Promise<'this' | 'other' | 'no'>;
  /**
   * All of it, without asking Clever, which might give a newer address or a SIS id that lets a link move.
   * @param options.isIdKnown false leaves line 8 out: the identity's Clever id is made up
   */
  decide(
    districtId: string,
    standing: Standing,
    identity: Identity,
    options?: { readonly isIdKnown?: boolean },
  ): Promise<MatchDecision>;
}

export interface DecideMatchNeeds {
  readonly directory: Directory;
  readonly links: Links;
}

export function createDecideMatch({ directory, links }: DecideMatchNeeds): DecideMatch {
  const match: DecideMatch['match'] = async (districtId, standing, identity) => {
    if (accountTables(standing, 'active').length === 0) return { kind: 'refused', code: 'roster_pending' };
    const active = await candidates(districtId, standing, identity);
    const first = matchAccount(identity, { active, dropped: [] });
    if (first.kind !== 'missed') return first;
    const dropped = await directory.findFormerByEmail(districtId, standing, first.address);
    return matchAccount(identity, {
      active: [...active, ...(await stillActive(districtId, standing, dropped))],
      dropped,
    });
  };

  async function candidates(districtId: string, standing: Standing, identity: Identity): Promise<readonly Account[]> {
    const { email, cleverId } = identity;
    if (email.kind === 'plain') return directory.findByEmail(districtId, standing, email.address);
    return email.kind === 'absent' ? directory.findByCleverId(districtId, standing, cleverId) : [];
  }

  const stillActive = (districtId: string, standing: Standing, former: readonly Account[]): Promise<Account[]> =>
    directory.findMany(
      districtId,
      standing,
      former.map(({ accountId }) => accountId),
    );

  const explain: DecideMatch['explain'] = async (districtId, standing, identity, address) => {
    const { cleverId, givenName, familyName } = identity;
    const linkedId = await links.findAccountId(districtId, standing, cleverId);
    const linked = linkedId === undefined ? undefined : await directory.find(districtId, standing, linkedId);
    return explainMismatch(identity, address, {
      lookingAlike: await directory.findByEmail(districtId, standing, address),
      sameId: [
        ...(linked === undefined ? [] : [linked]),
        ...(await directory.findByCleverId(districtId, standing, cleverId)),
      ],
      sameName:
        givenName === undefined || familyName === undefined
          ? []
          : await directory.findByName(districtId, standing, givenName, familyName),
    });
  };

  const pinnedByRoster: DecideMatch['pinnedByRoster'] = async (districtId, standing, account, cleverId) => {
    if (standing.feeds['secure-sync']?.active === undefined) return 'no';
    const given = account.sources.map((source) => source.cleverId).filter((id) => id !== undefined);
    if (given.length > 0) return given.includes(cleverId) ? 'this' : 'other';
    const others = await directory.findByCleverId(districtId, standing, cleverId);
    return others.length > 0 ? 'other' : 'no';
  };

  async function isFree(districtId: string, standing: Standing, account: Account, cleverId: string): Promise<boolean> {
    const pinned = await pinnedByRoster(districtId, standing, account, cleverId);
    if (pinned !== 'no') return pinned === 'this';
    return (await links.state(standing, { districtId, accountId: account.accountId, cleverId })) !== 'taken';
  }

  return {
    match,
    explain,
    pinnedByRoster,
    async decide(districtId, standing, identity, { isIdKnown = true } = {}) {
      const found = await match(districtId, standing, identity);
      if (found.kind === 'missed') return explain(districtId, standing, identity, found.address);
      if (found.kind === 'refused' || !isIdKnown) return found;
      return (await isFree(districtId, standing, found.candidate, identity.cleverId))
        ? found
        : identityChanged(found.candidate);
    },
  };
}

export const identityChanged = (account: Account): IdentityChanged => ({
  kind: 'refused',
  code: 'identity_changed',
  about: [account],
});
