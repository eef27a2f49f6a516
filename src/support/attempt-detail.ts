// One failed sign-in with everything that staff may see about it now: both values side by side, the source of the
// roster's, its current state in the roster, and whether it is resolved. Collects facts; http/ has the texts and
// owners.

import type { District, Districts } from '../district/district.ts';
import type { Place, RecordType } from '../formats/feed.ts';
import type { Method } from '../identity/candidate.ts';
import { foldName, lookAlike } from '../identity/folding.ts';
import type { Account } from '../roster/account.ts';
import type { DistrictRoster, ReadDistrictRoster } from '../roster/district-roster.ts';
import type { PublishedRoster } from '../roster/published-roster.ts';
import type { Attempt } from './attempt.ts';
import { type AttemptState, findDistrictOf, identityOf, type JudgeAttempts, stateOf } from './attempt-state.ts';
import type { LastSuccess, LastSuccesses } from './last-success.ts';
import { type MarkedDifference, markDifference } from './mark-difference.ts';
import type { StaffFact, StaffFacts } from './staff-facts.ts';
import type { createFindUnreadRoster } from './unread-roster.ts';

export interface AttemptDetail {
  readonly attempt: Attempt;
  readonly district: District | undefined;
  /** By the current roster. */
  readonly state: AttemptState;
  /** The roster's values at the time, one for each source of each account that the refusal is about. */
  readonly roster: readonly RosterValue[];
  readonly facts: readonly StaffFact[];
  /** The accounts that the refusal is about as they are in the roster now, and who last signed in to each. */
  readonly holders: readonly Holder[];
}

interface Holder {
  readonly account: Account;
  /** The name equals Clever's, ignoring case and spacing; undefined if Clever sent none. */
  readonly isSameName: boolean | undefined;
  readonly lastSuccess: LastSuccess | undefined;
}

export interface RosterValue {
  readonly account: string;
  readonly record: RecordType;
  readonly sisId: string;
  readonly method: Method;
  readonly email: string | undefined;
  readonly place: Place;
  /** When the roster with this value was staged, if still known; milliseconds since the epoch. */
  readonly publishedAt: number | undefined;
  /** Compared with what Clever sent, if both exist. */
  readonly difference: MarkedDifference | undefined;
  /** The two look alike to a human reader, so both may be shown to the district: it can only be the same address. */
  readonly looksAlike: boolean;
}

interface AttemptDetailNeeds {
  readonly districts: Pick<Districts, 'find' | 'findByCleverId'>;
  readonly readDistrictRoster: ReadDistrictRoster;
  readonly staffFacts: StaffFacts;
  readonly findUnreadRoster: ReturnType<typeof createFindUnreadRoster>;
  readonly judge: JudgeAttempts;
  readonly lastSuccesses: Pick<LastSuccesses, 'readOfAccount'>;
}

export type OpenAttempt = (attempt: Attempt) => Promise<AttemptDetail>;

export function createOpenAttempt({
  districts,
  readDistrictRoster,
  staffFacts,
  findUnreadRoster,
  judge,
  lastSuccesses,
}: AttemptDetailNeeds): OpenAttempt {
  return async (attempt) => {
    const district = await findDistrictOf(districts, attempt);
    const roster = district && (await readDistrictRoster(district.id, 0));
    const identity = identityOf(attempt);
    const state = stateOf(attempt, await judge([attempt]));
    const unread = district && (await findUnreadRoster(attempt.code, district, roster?.published));
    const facts: StaffFact[] = unread === undefined ? [] : [unread];
    if (identity !== undefined) {
      if (roster !== undefined) facts.push(...(await staffFacts.ofDistrict(roster, identity, attempt)));
      if (identity.email.kind === 'plain')
        facts.push(...(await staffFacts.ofOthers(district?.id, identity.email.address)));
    }
    const holders = roster === undefined ? [] : await readHolders(roster, attempt, facts);
    return { attempt, district, state, roster: rosterValues(attempt, roster?.published), facts, holders };
  };

  async function readHolders(roster: DistrictRoster, attempt: Attempt, facts: readonly StaffFact[]): Promise<Holder[]> {
    const linked = facts.flatMap((fact) => (fact.kind === 'clever_id_linked_to_another_account' ? [fact.account] : []));
    const ids = [...new Set([...(attempt.about ?? []).map(({ account }) => account), ...linked])];
    const { given_name: given, family_name: family } = attempt.clever ?? {};
    const sent = given === undefined || family === undefined ? undefined : foldName(given, family);
    return Promise.all(
      (await roster.findMany(ids)).map(async (account) => ({
        account,
        isSameName: sent === undefined ? undefined : foldName(account.givenName, account.familyName) === sent,
        lastSuccess: await lastSuccesses.readOfAccount(roster.districtId, account.accountId),
      })),
    );
  }
}

/** @param published finds when each was published; without it that is omitted */
export function rosterValues(
  { at, code, clever, about = [] }: Attempt,
  published: PublishedRoster | undefined,
): RosterValue[] {
  return about.flatMap(({ account, record, sis_id: sisId, sources }) =>
    sources.map(({ method, email, place }): RosterValue => {
      const feed = published?.feeds[method];
      const before = [feed?.active, feed?.former].filter((each) => each !== undefined && each.at <= at);
      // Users who left were in the roster before the active one.
      const generation = before[code === 'account_inactive' ? 1 : 0];
      const both = clever?.email !== undefined && email !== undefined;
      const alike = both && lookAlike(clever.email ?? '', email) !== undefined;
      return {
        account,
        record,
        sisId,
        method,
        email,
        place,
        publishedAt: generation?.at,
        difference: both && clever.email !== email ? markDifference(clever.email ?? '', email) : undefined,
        looksAlike: alike,
      };
    }),
  );
}
