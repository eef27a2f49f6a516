// Facts of one failed sign-in for staff only: current and former roster values, links, and other districts with the
// address. http/ has the texts.

import type { RecordType } from '../formats/feed.ts';
import type { Method } from '../identity/candidate.ts';
import type { Identity } from '../identity/identity.ts';
import { type Account, kindOf } from '../roster/account.ts';
import type { ChangeLog } from '../roster/change-log.ts';
import { decideMatch } from '../roster/decide-match.ts';
import type { DistrictRoster } from '../roster/district-roster.ts';
import { describePlace } from '../roster/finding-text.ts';
import type { Attempt } from './attempt.ts';
import { type FindInRosters, hasAddress, linkedAccounts, withAddress } from './find-in-rosters.ts';
import type { UnreadRoster } from './unread-roster.ts';

interface AccountMention {
  readonly account: string;
  readonly record: RecordType;
  readonly sis_id: string;
}

export type StaffFact =
  | { readonly kind: 'would_match_now' }
  | { readonly kind: 'would_be_refused_now'; readonly code: string }
  | { readonly kind: 'address_shared'; readonly accounts: readonly AccountMention[] }
  /** The rosters of these methods give the account to two people. */
  | ({
      readonly kind: 'account_of_two_people';
      readonly rosters: readonly { readonly method: Method; readonly place: string }[];
    } & AccountMention)
  | { readonly kind: 'in_another_district'; readonly districts: readonly string[] }
  | { readonly kind: 'other_districts_not_searched'; readonly searched: number; readonly of: number }
  /** The same SIS id has another address now. */
  | ({ readonly kind: 'address_changed_in_roster'; readonly published_at: string | null } & AccountMention)
  | ({
      readonly kind: 'left_roster';
      readonly published_at: string | null;
      readonly method: Method | null;
    } & AccountMention)
  | ({ readonly kind: 'linked_account_has_another_address' } & AccountMention)
  | ({ readonly kind: 'account_linked_to_another_clever_id' } & AccountMention)
  | ({ readonly kind: 'clever_id_linked_to_another_account' } & AccountMention)
  | UnreadRoster;

interface StaffFactsNeeds {
  readonly changes: Pick<ChangeLog, 'readBack'>;
  readonly findInRosters: FindInRosters;
}

export interface StaffFacts {
  ofDistrict(roster: DistrictRoster, identity: Identity, attempt: Attempt): Promise<StaffFact[]>;
  /** @param here the user's own district, which is excluded */
  ofOthers(here: string | undefined, address: string): Promise<StaffFact[]>;
}

/** How far back a publish is searched that the roster itself no longer contains. */
const maxBatches = 400;

export function createStaffFacts(needs: StaffFactsNeeds): StaffFacts {
  return {
    async ofDistrict(roster, identity, { about = [] }) {
      const decided = await decideMatch(roster, identity);
      const address = identity.email.kind === 'plain' ? identity.email.address : undefined;
      const sharing = address === undefined ? [] : withAddress(await roster.findByEmail(address), address);
      const own = sharing.filter(({ record }) => kindOf(record) === identity.kind).map(mention);
      const seen = about.map(({ account, record, sis_id }) => ({ account, record, sis_id }));
      return [
        decided.kind === 'matched' ? { kind: 'would_match_now' } : { kind: 'would_be_refused_now', code: decided.code },
        ...(sharing.length > 1 ? [{ kind: 'address_shared', accounts: sharing.map(mention) } as const] : []),
        ...sharing.filter(({ isOfTwoPeople }) => isOfTwoPeople).map(twoPeople),
        ...(address === undefined || sharing.length > 0 ? [] : await former(needs, roster, address, about)),
        ...(await linkFacts(roster, identity, unique([...seen, ...own]))),
      ];
    },

    async ofOthers(here, address) {
      const { people, searched, of } = await needs.findInRosters({ kind: 'email', value: address }, { except: here });
      const found = [...new Set(people.map(({ district }) => district))];
      return [
        ...(found.length === 0 ? [] : [{ kind: 'in_another_district', districts: found } as const]),
        ...(searched === of ? [] : [{ kind: 'other_districts_not_searched', searched, of } as const]),
      ];
    },
  };
}

/** The values of former rosters for exactly this address. */
async function former(
  { changes }: Pick<StaffFactsNeeds, 'changes'>,
  roster: DistrictRoster,
  address: string,
  about: NonNullable<Attempt['about']>,
): Promise<StaffFact[]> {
  const before = withAddress(await roster.findFormerByEmail(address), address);
  const kept = about.filter(
    ({ account, sources }) =>
      sources.some(({ email }) => email === address) && !before.some(({ accountId }) => accountId === account),
  );
  const ids = [...before.map(({ accountId }) => accountId), ...kept.map(({ account }) => account)];
  const now = new Set((await roster.findMany(ids)).map(({ accountId }) => accountId));
  const gone = kept.filter(({ account }) => !now.has(account));
  const left = gone.length === 0 ? new Map<string, number>() : await leavings(changes, roster.districtId);
  return [
    ...before.map((account): StaffFact => {
      const method = account.sources.find(({ email }) => email === address)?.method;
      const published_at = timeOf(method && roster.published.feeds[method]?.active?.at);
      return now.has(account.accountId)
        ? { kind: 'address_changed_in_roster', published_at, ...mention(account) }
        : { kind: 'left_roster', published_at, method: method ?? null, ...mention(account) };
    }),
    // The roster remembers one publish; the attempt and the change log cover more.
    ...gone.map(({ account, record, sis_id, sources }): StaffFact => {
      const facts = { published_at: timeOf(left.get(account)), method: sources[0]?.method ?? null };
      return { kind: 'left_roster', ...facts, account, record, sis_id };
    }),
    ...kept
      .filter(({ account }) => now.has(account))
      .map(({ account, record, sis_id }): StaffFact => {
        return { kind: 'address_changed_in_roster', published_at: null, account, record, sis_id };
      }),
  ];
}

/** When each account last left, milliseconds since the epoch, within the searched range. */
async function leavings(changes: StaffFactsNeeds['changes'], id: string): Promise<Map<string, number>> {
  const left = new Map<string, number>();
  for (const { cursor, differences } of await changes.readBack(id, undefined, maxBatches)) {
    for (const { type, id: account, op } of differences) {
      // A cursor begins with the time of appending; newest first.
      if (type === 'account' && op === 'remove' && !left.has(account)) left.set(account, Number.parseInt(cursor, 10));
    }
  }
  return left;
}

async function linkFacts(
  roster: DistrictRoster,
  { cleverId, email }: Identity,
  mentioned: readonly AccountMention[],
): Promise<StaffFact[]> {
  const linked = await linkedAccounts(roster, cleverId);
  const elsewhere = linked.filter((account) => email.kind === 'plain' && !hasAddress(account, email.address));
  // The account that this sign-in is for by its address; an attempt also names the account that the Clever id is
  // linked to.
  const meant = mentioned.filter(({ account }) => !elsewhere.some(({ accountId }) => accountId === account));
  const meantAccounts = await roster.findMany(meant.map(({ account }) => account));
  const given = new Map(meantAccounts.map((account) => [account.accountId, account]));
  const facts: StaffFact[] = [];
  for (const each of meant) {
    const pinned = given.get(each.account)?.sources.flatMap((source) => source.cleverId ?? []) ?? [];
    const taken = await roster.link(each.account, cleverId).findTaken();
    const isTaken = pinned.length > 0 ? !pinned.includes(cleverId) : taken.includes('account');
    if (isTaken) facts.push({ kind: 'account_linked_to_another_clever_id', ...each });
  }
  for (const account of linked) {
    const isMeant = meant.length === 0 || meant.some((each) => each.account === account.accountId);
    if (!isMeant) facts.push({ kind: 'clever_id_linked_to_another_account', ...mention(account) });
  }
  for (const account of elsewhere) facts.push({ kind: 'linked_account_has_another_address', ...mention(account) });
  return facts;
}

const twoPeople = (account: Account): StaffFact => ({
  kind: 'account_of_two_people',
  ...mention(account),
  rosters: account.sources.map(({ method, place }) => ({ method, place: describePlace(place) })),
});

const mention = ({ accountId, record, sisId }: Account): AccountMention => ({
  account: accountId,
  record,
  sis_id: sisId,
});

const unique = (mentions: readonly AccountMention[]): AccountMention[] => [
  ...new Map(mentions.map((each) => [each.account, each])).values(),
];

const timeOf = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
