// Lines 3 to 8 of contract section 2, as far as they only read: which account of a district an identity matches, or why
// none does. The sign-in calls the steps one by one, the preflight all at once, so that both give the same answer.
import { type EmailMismatch, explainMismatch, type NotRostered } from '../identity/explain-mismatch.ts';
import type { Identity } from '../identity/identity.ts';
import { type Matched, type MatchRefused, type Missed, matchAccount } from '../identity/match-account.ts';
import type { Account } from './account.ts';
import type { DistrictRoster } from './district-roster.ts';
import { accountTables } from './published-roster.ts';

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

/** Lines 3 to 6. */
export async function matchInRoster(
  roster: DistrictRoster,
  identity: Identity,
): Promise<Matched<Account> | MatchRefused<Account> | Missed | RosterPending> {
  if (accountTables(roster.published, 'active').length === 0) return { kind: 'refused', code: 'roster_pending' };
  const active = await findCandidates(roster, identity);
  const first = matchAccount(identity, { active, dropped: [] });
  if (first.kind !== 'missed') return first;
  const dropped = await roster.findFormerByEmail(first.address);
  const stillActive = await roster.findMany(dropped.map(({ accountId }) => accountId));
  return matchAccount(identity, { active: [...active, ...stillActive], dropped });
}

async function findCandidates(roster: DistrictRoster, { email, cleverId }: Identity): Promise<readonly Account[]> {
  if (email.kind === 'plain') return roster.findByEmail(email.address);
  return email.kind === 'absent' ? roster.findByCleverId(cleverId) : [];
}

/** The end of line 7: no account has exactly this address, and the evidence says why. */
export async function explainMiss(
  roster: DistrictRoster,
  identity: Identity,
  address: string,
): Promise<EmailMismatch<Account> | NotRostered> {
  const { cleverId, givenName, familyName } = identity;
  const linkedId = await roster.findLinkedAccountId(cleverId);
  const linked = linkedId === undefined ? undefined : await roster.find(linkedId);
  const isNamed = givenName !== undefined && familyName !== undefined;
  return explainMismatch(identity, address, {
    lookingAlike: await roster.findByEmail(address),
    sameId: [...(linked === undefined ? [] : [linked]), ...(await roster.findByCleverId(cleverId))],
    sameName: isNamed ? await roster.findByName(givenName, familyName) : [],
  });
}

/** Line 8: a Secure Sync roster states the Clever id of an account itself; that is the link, made when it was published. */
export async function pinnedByRoster(
  roster: DistrictRoster,
  account: Account,
  cleverId: string,
): Promise<'this' | 'other' | 'no'> {
  if (roster.published.feeds['secure-sync']?.active === undefined) return 'no';
  const given = account.sources.map((source) => source.cleverId).filter((id) => id !== undefined);
  if (given.length > 0) return given.includes(cleverId) ? 'this' : 'other';
  const others = await roster.findByCleverId(cleverId);
  return others.length > 0 ? 'other' : 'no';
}

/**
 * All of it, without asking Clever, which might give a newer address or a SIS id that lets a link move.
 * @param options.isIdKnown false leaves line 8 out: the identity's Clever id is made up
 */
export async function decideMatch(
  roster: DistrictRoster,
  identity: Identity,
  { isIdKnown = true }: { readonly isIdKnown?: boolean } = {},
): Promise<MatchDecision> {
  const found = await matchInRoster(roster, identity);
  if (found.kind === 'missed') return explainMiss(roster, identity, found.address);
  if (found.kind === 'refused' || !isIdKnown) return found;
  return (await isFree(roster, found.candidate, identity.cleverId)) ? found : identityChanged(found.candidate);
}

/** Whether the identity gets in with this roster; one look-up where it does not. Asks no evidence and no former roster. */
export async function wouldMatch(roster: DistrictRoster, identity: Identity): Promise<boolean> {
  if (accountTables(roster.published, 'active').length === 0) return false;
  const found = matchAccount(identity, { active: await findCandidates(roster, identity), dropped: [] });
  return found.kind === 'matched' && (await isFree(roster, found.candidate, identity.cleverId));
}

async function isFree(roster: DistrictRoster, account: Account, cleverId: string): Promise<boolean> {
  const pinned = await pinnedByRoster(roster, account, cleverId);
  if (pinned !== 'no') return pinned === 'this';
  return (await roster.link(account.accountId, cleverId).state()) !== 'taken';
}

export const identityChanged = (account: Account): IdentityChanged => ({
  kind: 'refused',
  code: 'identity_changed',
  about: [account],
});
