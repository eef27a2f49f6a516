// Joins two rows with one account id: into one account with the content of both, or none if the id's owner cannot be
// determined.
import type { Finding, Place } from '../formats/feed.ts';
import { leftOutAt } from '../formats/finding.ts';
import type { Vault } from '../store/vault.ts';
import {
  accountIdOf,
  type FeedAccount,
  fromLine,
  fromLineId,
  hasSameNames,
  highestPosition,
  highestRole,
  toLine,
} from './account.ts';

export interface RowJoin {
  /** The joined line; undefined if neither counts. */
  join(earlier: string, later: string): string | undefined;
  /** From here on no row of this account counts. */
  contest(accountId: string): void;
  /** @param id of a line */
  isContested(id: string): boolean;
  /** The accounts without any row that counts. */
  contested(): readonly string[];
}

export interface RowJoinNeeds {
  readonly vault: Vault;
  readonly districtId: string;
  readonly report: (finding: Finding) => void;
  /** An accepted row is left out after all, and a finding about another row reports it. */
  readonly onLeftOut: (place: Place) => void;
}

export function createRowJoin({ vault, districtId, report, onLeftOut }: RowJoinNeeds): RowJoin {
  /** Left out, because two people have the id; by account id. */
  const contested = new Set<string>();

  function join(earlier: string, later: string): string | undefined {
    const [before, account] = [fromLine(earlier), fromLine(later)];
    if (areTwoUsers(before, account)) return leaveUsersOut(before, account);
    if (contested.has(before.accountId)) return leaveOut(before, account);
    if (isRenumbered(before, account)) return keepHolder(before, account);
    if (isTeacherToo(before, account) || isSamePerson(before, account)) return toLine(withRole(before, account));
    return leaveOut(before, account);
  }

  /** Two users with one SIS id: the account's owner cannot be determined. */
  function leaveUsersOut(before: FeedAccount, account: FeedAccount): undefined {
    const cleverIds = [before, account].map(({ cleverId }) => cleverId).filter((id) => id !== undefined);
    const lost = contested.has(before.accountId) ? [account] : [before, account];
    contested.add(before.accountId);
    for (const { place } of lost) report(leftOutAt('id_of_two_clever_users', { ...place, cleverIds }));
  }

  /** The same for two rows that give one id to two people. */
  function leaveOut(before: FeedAccount, account: FeedAccount): undefined {
    const isFirst = !contested.has(before.accountId);
    contested.add(before.accountId);
    report(leftOutAt('id_of_two_people', { ...account.place, other: before.place }));
    if (isFirst) onLeftOut(before.place);
  }

  /**
   * An id may pass to the next user in the night in which its holder gets another one: the holder keeps the account.
   */
  function keepHolder(before: FeedAccount, account: FeedAccount): string {
    const isOwn = accountIdOf(vault, districtId, before.record, before.sisId) === before.accountId;
    const [holder, heir] = isOwn ? [account, before] : [before, account];
    const place = { ...heir.place, ...(heir.cleverId === undefined ? {} : { cleverIds: [heir.cleverId] }) };
    report(leftOutAt('id_of_two_clever_users', place));
    return toLine(holder);
  }

  return {
    join,
    contest: (accountId) => void contested.add(accountId),
    contested: () => [...contested],
    isContested: (id) => contested.size > 0 && contested.has(fromLineId(id)),
  };
}

/** Clever's Data API gives the id of the user with each row; the same record of two users is one SIS id given twice. */
const areTwoUsers = (one: FeedAccount, other: FeedAccount): boolean =>
  isRenumbered(one, other) && one.record === other.record && one.sisId === other.sisId;

const isRenumbered = (one: FeedAccount, other: FeedAccount): boolean =>
  one.cleverId !== undefined && other.cleverId !== undefined && one.cleverId !== other.cleverId;

/**
 * A student has a row per guardian, a teacher one per school; blanks are ignored. Names that differ only in case or
 * white space are equal; such addresses are not.
 */
const isSamePerson = (one: FeedAccount, other: FeedAccount): boolean =>
  (one.email === undefined || other.email === undefined || one.email === other.email) && hasSameNames(one, other);

/** A staff record with exactly the address of one single teacher of this feed is that teacher, as at Clever. */
const isTeacherToo = (one: FeedAccount, other: FeedAccount): boolean =>
  one.record === 'teacher' && other.record === 'staff' && one.email !== undefined && one.email === other.email;

function withRole(account: FeedAccount, added: FeedAccount): FeedAccount {
  const role = account.record === 'student' ? 'student' : highestRole([account.role, added.role]);
  return {
    ...account,
    // The second row fills in what the first leaves blank.
    givenName: account.givenName || added.givenName,
    familyName: account.familyName || added.familyName,
    email: account.email ?? added.email,
    cleverId: account.cleverId ?? added.cleverId,
    grade: account.grade ?? added.grade,
    role,
    position: highestPosition(role, [account.position, added.position]),
    schoolIds: [...new Set([...account.schoolIds, ...added.schoolIds])],
    furtherIds: [...new Set([...(account.furtherIds ?? []), ...(added.furtherIds ?? [])])],
  };
}
