// The read-only part of lines 3 to 8 of contract section 2: which account of a district an identity matches, or why
// none does. The sign-in calls the steps one by one, the pre-flight all at once, so that both give the same result.
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
  const active = (await findCandidates(roster, [identity])).flat();
  const first = matchAccount(identity, { active, dropped: [] });
  if (first.kind !== 'missed') return first;
  const dropped = await roster.findFormerByEmail(first.address);
  const stillActive = await roster.findMany(dropped.map(({ accountId }) => accountId));
  return matchAccount(identity, { active: [...active, ...stillActive], dropped });
}

/** For each identity, in their order; as many round trips as for one. */
async function findCandidates(roster: DistrictRoster, identities: readonly Identity[]): Promise<Account[][]> {
  const addresses = identities.flatMap(({ email }) => (email.kind === 'plain' ? [email.address] : []));
  const cleverIds = identities.flatMap(({ email, cleverId }) => (email.kind === 'absent' ? [cleverId] : []));
  const byEmail = addresses.length === 0 ? [] : await roster.findByEmails(addresses);
  const byCleverId = cleverIds.length === 0 ? [] : await roster.findByCleverIds(cleverIds);
  return identities.map(({ email }) => {
    if (email.kind === 'plain') return byEmail.shift() ?? [];
    return email.kind === 'absent' ? (byCleverId.shift() ?? []) : [];
  });
}

/** The end of line 7: no account has exactly this address; derives the reason from the evidence. */
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

/**
 * Line 8: a Secure Sync roster gives the Clever id of an account itself; that is the link, made when the roster was
 * published.
 */
export async function pinnedByRoster(
  roster: DistrictRoster,
  account: Account,
  cleverId: string,
): Promise<'this' | 'other' | 'no'> {
  if (!hasPins(roster)) return 'no';
  const own = pinOf(account, cleverId);
  if (own !== undefined) return own;
  const others = await roster.findByCleverId(cleverId);
  return others.length > 0 ? 'other' : 'no';
}

const hasPins = ({ published }: DistrictRoster): boolean => published.feeds['secure-sync']?.active !== undefined;

/** From the account's own rows; undefined if they give no Clever id. */
function pinOf({ sources }: Account, cleverId: string): 'this' | 'other' | undefined {
  const given = sources.map((source) => source.cleverId).filter((id) => id !== undefined);
  if (given.length === 0) return undefined;
  return given.includes(cleverId) ? 'this' : 'other';
}

/**
 * The whole decision without asking Clever, which might give a newer address or a SIS id that lets a link move.
 * @param options.isIdKnown false omits line 8: the identity's Clever id is made up
 */
export async function decideMatch(
  roster: DistrictRoster,
  identity: Identity,
  { isIdKnown = true }: { readonly isIdKnown?: boolean } = {},
): Promise<MatchDecision> {
  const found = await matchInRoster(roster, identity);
  if (found.kind === 'missed') return explainMiss(roster, identity, found.address);
  if (found.kind === 'refused' || !isIdKnown) return found;
  const [isFree] = await areFree(roster, [{ account: found.candidate, cleverId: identity.cleverId }]);
  return isFree === true ? found : identityChanged(found.candidate);
}

/**
 * For each of some fifty identities, in their order, whether it can sign in with this roster: one look-up if none can,
 * a few more if some can. Reads no evidence and no former roster.
 */
export async function wouldMatch(roster: DistrictRoster, identities: readonly Identity[]): Promise<boolean[]> {
  if (accountTables(roster.published, 'active').length === 0) return identities.map(() => false);
  const candidates = await findCandidates(roster, identities);
  const matched = identities.map((identity, index) => {
    const found = matchAccount(identity, { active: candidates[index] ?? [], dropped: [] });
    return found.kind === 'matched' ? { account: found.candidate, cleverId: identity.cleverId } : undefined;
  });
  const pairs = matched.filter((pair) => pair !== undefined);
  const free = await areFree(roster, pairs);
  const getIn = new Set(pairs.filter((_pair, index) => free[index] === true));
  return matched.map((pair) => pair !== undefined && getIn.has(pair));
}

interface MatchedPair {
  readonly account: Account;
  readonly cleverId: string;
}

/** Line 8 for each, in their order; at most two round trips. */
async function areFree(roster: DistrictRoster, pairs: readonly MatchedPair[]): Promise<boolean[]> {
  const isPinning = hasPins(roster);
  const pins = pairs.map(({ account, cleverId }) => (isPinning ? pinOf(account, cleverId) : undefined));
  const open = pairs.filter((_pair, index) => pins[index] === undefined);
  const others = isPinning && open.length > 0 ? await roster.findByCleverIds(open.map(({ cleverId }) => cleverId)) : [];
  const unpinned = open.filter((_pair, index) => (others[index] ?? []).length === 0);
  const taken = await roster.areTaken(
    unpinned.map(({ account: { accountId }, cleverId }) => ({ accountId, cleverId })),
  );
  const free = new Set(unpinned.filter((_pair, index) => taken[index] === false));
  return pairs.map((pair, index) => pins[index] === 'this' || free.has(pair));
}

export const identityChanged = (account: Account): IdentityChanged => ({
  kind: 'refused',
  code: 'identity_changed',
  about: [account],
});
