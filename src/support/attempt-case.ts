// One failed sign-in with everything that staff may know about it now: both values side by side, where the roster's came
// from, what the roster says today, and whether it is over. Gathers; words and who must act are http/'s.
import type { Method } from '../identity/candidate.ts';
import { lookAlike } from '../identity/fold-email.ts';
import type { EmailClaim, Identity } from '../identity/identity.ts';
import { readIdentity } from '../identity/read-identity.ts';
import type { Account } from '../roster/account.ts';
import type { Directory } from '../roster/directory.ts';
import type { District, Districts } from '../roster/district.ts';
import type { Place, RecordType } from '../roster/feed.ts';
import type { Links } from '../roster/links.ts';
import type { Standing, Standings } from '../roster/standing.ts';
import type { DecideMatch } from '../sign-in/decide-match.ts';
import type { Attempt } from './attempt.ts';
import { type MarkedDifference, markDifference } from './mark-difference.ts';
import type { ResolveAttempts } from './resolve-attempts.ts';

export interface AttemptCase {
  readonly attempt: Attempt;
  readonly district: District | undefined;
  /** When the person got in, milliseconds since the epoch. */
  readonly resolvedAt: number | undefined;
  /** What the roster held when it happened, one for each source of each account that the refusal is about. */
  readonly roster: readonly RosterValue[];
  readonly facts: readonly StaffFact[];
}

export interface RosterValue {
  readonly account: string;
  readonly record: RecordType;
  readonly sisId: string;
  readonly method: Method;
  readonly email: string | undefined;
  readonly place: Place;
  /** When the roster that holds it was staged, as far as it is still known; milliseconds since the epoch. */
  readonly publishedAt: number | undefined;
  /** Against what Clever sent, where both are there. */
  readonly difference: MarkedDifference | undefined;
  /** The two look alike to a person, so both may be told to the district: it can only be the same address. */
  readonly looksAlike: boolean;
}

export type StaffFact =
  | { readonly kind: 'would_match_now' }
  | { readonly kind: 'would_be_refused_now'; readonly code: string }
  | { readonly kind: 'address_shared'; readonly accounts: readonly AccountMention[] }
  | { readonly kind: 'in_another_district'; readonly districts: readonly string[] }
  | { readonly kind: 'other_districts_not_searched'; readonly searched: number; readonly of: number }
  | ({ readonly kind: 'address_changed_in_roster'; readonly published_at: string | null } & AccountMention)
  | ({
      readonly kind: 'left_roster';
      readonly published_at: string | null;
      readonly method: Method | null;
    } & AccountMention)
  | ({ readonly kind: 'linked_account_has_another_address' } & AccountMention)
  | { readonly kind: 'linked_to_someone_else'; readonly account: string };

export interface AccountMention {
  readonly account: string;
  readonly record: RecordType;
  readonly sis_id: string;
}

export interface CaseNeeds {
  readonly districts: Pick<Districts, 'find' | 'list' | 'findByCleverId'>;
  readonly standings: Pick<Standings, 'read'>;
  readonly directory: Directory;
  readonly links: Pick<Links, 'findAccountId' | 'state'>;
  readonly decideMatch: Pick<DecideMatch, 'decide'>;
  readonly resolve: ResolveAttempts;
}

export type OpenCase = (attempt: Attempt) => Promise<AttemptCase>;

/** One read each; a state has about a thousand districts, and nobody waits for all of them. */
const mostDistrictsSearched = 200;
const atOnce = 20;

export function createOpenCase(needs: CaseNeeds): OpenCase {
  const { districts, standings, directory, links, decideMatch, resolve } = needs;

  return async (attempt) => {
    const district = await districtOf(attempt);
    const standing = district && (await standings.read(district.id, 0)).standing;
    const identity = identityOf(attempt);
    const resolvedAt = (await resolve([attempt])).get(attempt.reference);
    const facts: StaffFact[] = [];
    if (identity !== undefined) {
      if (district !== undefined && standing !== undefined) {
        facts.push(...(await factsOfDistrict(district, standing, identity, attempt)));
      }
      if (plain(identity.email) !== undefined)
        facts.push(...(await factsOfOthers(district, plain(identity.email) ?? '')));
    }
    return { attempt, district, resolvedAt, roster: rosterValues(attempt, standing), facts };
  };

  async function districtOf({ district, clever }: Attempt): Promise<District | undefined> {
    if (district !== undefined) return districts.find(district);
    return clever?.district === undefined ? undefined : districts.findByCleverId(clever.district);
  }

  async function factsOfDistrict(
    { id }: District,
    standing: Standing,
    identity: Identity,
    { about = [] }: Attempt,
  ): Promise<StaffFact[]> {
    const decided = await decideMatch.decide(id, standing, identity);
    const facts: StaffFact[] = [
      decided.kind === 'matched' ? { kind: 'would_match_now' } : { kind: 'would_be_refused_now', code: decided.code },
    ];
    const address = plain(identity.email);
    const sharing = address === undefined ? [] : exactly(await directory.findByEmail(id, standing, address), address);
    if (sharing.length > 1) facts.push({ kind: 'address_shared', accounts: sharing.map(mention) });
    if (address !== undefined && sharing.length === 0) facts.push(...(await former(id, standing, address)));
    const linkedId = await links.findAccountId(id, standing, identity.cleverId);
    const linked = linkedId === undefined ? undefined : await directory.find(id, standing, linkedId);
    if (linked !== undefined && address !== undefined && !hasAddress(linked, address)) {
      facts.push({ kind: 'linked_account_has_another_address', ...mention(linked) });
    }
    for (const account of new Set(about.map((each) => each.account))) {
      const state = await links.state(standing, { districtId: id, accountId: account, cleverId: identity.cleverId });
      if (state === 'taken') facts.push({ kind: 'linked_to_someone_else', account });
    }
    return facts;
  }

  /** What the roster before the active one said of exactly this address. */
  async function former(id: string, standing: Standing, address: string): Promise<StaffFact[]> {
    const before = exactly(await directory.findFormerByEmail(id, standing, address), address);
    const now = await directory.findMany(
      id,
      standing,
      before.map(({ accountId }) => accountId),
    );
    return before.map((account): StaffFact => {
      const method = account.sources.find(({ email }) => email === address)?.method;
      const at = method && standing.feeds[method]?.active?.at;
      const published_at = at === undefined ? null : new Date(at).toISOString();
      return now.some(({ accountId }) => accountId === account.accountId)
        ? { kind: 'address_changed_in_roster', published_at, ...mention(account) }
        : { kind: 'left_roster', published_at, method: method ?? null, ...mention(account) };
    });
  }

  async function factsOfOthers(here: District | undefined, address: string): Promise<StaffFact[]> {
    const others = (await districts.list()).filter(({ id }) => id !== here?.id);
    const searched = others.slice(0, mostDistrictsSearched);
    const found: string[] = [];
    for (let from = 0; from < searched.length; from += atOnce) {
      const holding = await Promise.all(searched.slice(from, from + atOnce).map(({ id }) => holds(id, address)));
      found.push(...holding.flatMap((id) => id ?? []));
    }
    return [
      ...(found.length === 0 ? [] : [{ kind: 'in_another_district', districts: found } as const]),
      ...(others.length === searched.length
        ? []
        : [{ kind: 'other_districts_not_searched', searched: searched.length, of: others.length } as const]),
    ];
  }

  async function holds(id: string, address: string): Promise<string | undefined> {
    const { standing } = await standings.read(id, 60_000);
    return exactly(await directory.findByEmail(id, standing, address), address).length > 0 ? id : undefined;
  }
}

const plain = (email: EmailClaim): string | undefined => (email.kind === 'plain' ? email.address : undefined);

const hasAddress = ({ sources }: Account, address: string) => sources.some(({ email }) => email === address);
const exactly = (accounts: readonly Account[], address: string) =>
  accounts.filter((account) => hasAddress(account, address));

const mention = ({ accountId, record, sisId }: Account): AccountMention => ({
  account: accountId,
  record,
  sis_id: sisId,
});

function identityOf({ clever }: Attempt): Identity | undefined {
  if (clever === undefined) return undefined;
  const read = readIdentity({ ...clever, sub: clever.clever_id });
  return read.kind === 'identity' ? read.identity : undefined;
}

function rosterValues({ at, clever, about = [] }: Attempt, standing: Standing | undefined): RosterValue[] {
  return about.flatMap(({ account, record, sis_id: sisId, sources }) =>
    sources.map(({ method, email, place }): RosterValue => {
      const feed = standing?.feeds[method];
      const generation = [feed?.active, feed?.former].find((each) => each !== undefined && each.at <= at);
      const both = clever?.email !== undefined && email !== undefined;
      const alike = both && lookAlike(clever.email ?? '', email) !== undefined;
      return {
        ...{ account, record, sisId, method, email, place },
        publishedAt: generation?.at,
        difference: both && clever.email !== email ? markDifference(clever.email ?? '', email) : undefined,
        looksAlike: alike,
      };
    }),
  );
}
