// The accounts of a generation being staged: joins the rows of a person, assigns ids, reports shared addresses.

import { partitionOf } from '../district/district.ts';
import { isPossibleAddress } from '../formats/clean-cell.ts';
import type { AccountRow, ContestedId, Finding, PersonWithoutId, Place, Role } from '../formats/feed.ts';
import { leftOutAt } from '../formats/finding.ts';
import { readEmail } from '../identity/email.ts';
import { foldName } from '../identity/fold-name.ts';
import type { Kind } from '../identity/identity.ts';
import { createIndexBuild } from '../paged-table/build-index.ts';
import { createPageBuild } from '../paged-table/build-pages.ts';
import { createIdSet } from '../paged-table/id-set.ts';
import { findLines, idOf, scanLines } from '../paged-table/pages.ts';
import {
  accountIdOf,
  cleverIdKey,
  emailKeys,
  type FeedAccount,
  firstEmailKey,
  fromLine,
  fromLineId,
  furtherIdKey,
  highestRole,
  kindOf,
  nameKey,
  recordOf,
  recordTypes,
  roleOf,
  toFeedAccount,
  toLine,
} from './account.ts';
import type { AccountIds } from './account-ids.ts';
import { createResolveAccounts } from './adopt-accounts.ts';
import { highestPosition } from './position.ts';
import type { StageContext, StagedTables } from './staged-tables.ts';

export interface AccountStage {
  add(rows: readonly AccountRow[]): Promise<void>;
  /** Finds whom of these the active generation has: who is not in this feed stays. */
  keep(people: readonly PersonWithoutId[]): Promise<void>;
  /** Leaves out what rows say of these ids. */
  contest(ids: readonly ContestedId[]): Promise<void>;
  /** Writes the table; call it last. */
  finish(): Promise<void>;
  /** Whether this feed has the account; after `finish`. @param id of its line */
  has(id: string): boolean;
  /** Takes over those of the active generation that are of another kind. */
  keepOthers(replaced: readonly Kind[]): Promise<void>;
  /** Whether any of them has to be remembered: it has a Clever id, or the account of an address. */
  hasToRemember(): boolean;
  /** How many accounts of each role there are; after `finish`. */
  counts(): Record<Role, number>;
}

/** Accounts that share a key, read in one call. */
const suspectBatchSize = 2000;
/** Findings of the last step that are sorted by their place in the file. */
const mostInOrder = 10_000;

export function createAccountStage(
  { store, vault, districtId, others, active }: StageContext,
  { accounts: table, spill }: StagedTables,
  ids: AccountIds,
  report: (finding: Finding) => void,
  /** A row that was seen is left out after all, and a finding about another row says so. */
  onLeftOut: (place: Place) => void,
): AccountStage {
  const context = { store, vault, partition: partitionOf(vault, districtId) };
  const roles: Record<Role, number> = { student: 0, teacher: 0, staff: 0, administrator: 0 };
  /** By address; `undefined` where two have it. In memory, as hardly one in twenty is a teacher. */
  const teachers = new Map<string, string | undefined>();
  /** Already reported, because another feed has the address. */
  const reportedIds = new Set<string>();
  /** Left out, because two people have the id; by account id. */
  const contested = new Set<string>();
  const present = createIdSet();
  /** Lines of the active generation that stay unless this feed has the account; by id. */
  const kept = new Map<string, string>();
  let last: AccountRow | undefined;
  let hasToRemember = false;
  let late: Finding[] = [];
  const index = { build: createIndexBuild(context, spill), onShared: reportShared };
  const isContested = (id: string): boolean => contested.size > 0 && contested.has(fromLineId(id));
  const pages = createPageBuild(context, table, spill, join, index, isContested);
  const resolve = createResolveAccounts({ context, others, active, ids });

  async function add(given: readonly AccountRow[]): Promise<void> {
    const rows = given.filter(saysMore);
    if (rows.length === 0) return;
    const accountIds = await resolve(rows);
    const accounts = rows.flatMap((row, at) => {
      const accountId = accountIds[at];
      if (accountId === undefined) report(leftOutAt('email_shared', row.place));
      return accountId === undefined ? [] : toFeedAccount(row, accountId);
    });
    if (others.length > 0) hasToRemember ||= accounts.some(({ record }) => kindOf(record) === 'employee');
    const keys = accounts.flatMap(addAccount);
    if (others.length > 0) await reportElsewhere(accounts, keys);
    await pages.settle();
  }

  /** A student has a row for each guardian, one behind the other, which say the same of the student. */
  function saysMore(row: AccountRow): boolean {
    const isSame = last !== undefined && isSaidBy(last, row);
    last = row;
    return !isSame;
  }

  /** Answers the keys of its address. */
  function addAccount(account: FeedAccount): readonly string[] {
    const { record, email, cleverId } = account;
    if (cleverId !== undefined) hasToRemember = true;
    const teacher = record === 'staff' && email !== undefined ? teachers.get(email) : undefined;
    if (teacher !== undefined) {
      addText(toLine({ ...account, accountId: teacher }));
      return [];
    }
    if (record === 'teacher' && email !== undefined) noteTeacher(email, account.accountId);
    return addLine(account, toLine(account));
  }

  function addLine(account: FeedAccount, line: string): readonly string[] {
    const { record, sisId, givenName, familyName, email, cleverId, furtherIds = [] } = account;
    addText(line);
    const kind = kindOf(record);
    const keys = email === undefined ? [] : emailKeys(vault, email);
    const isUsed = email !== undefined && isUsableAddress(email);
    // Equal addresses have equal keys: the first key is enough.
    for (const [at, key] of keys.entries()) index.build.add(key, idOf(line), kind, at === 0 && isUsed);
    index.build.add(nameKey(vault, givenName, familyName), idOf(line), kind, false);
    if (cleverId !== undefined) index.build.add(cleverIdKey(vault, cleverId), idOf(line), kind, false);
    for (const id of furtherIds.length === 0 ? [] : [sisId, ...furtherIds])
      index.build.add(furtherIdKey(vault, id), idOf(line), kind, false);
    return keys;
  }

  function addText(line: string): void {
    pages.add(line);
    present.add(idOf(line));
  }

  async function keep(people: readonly PersonWithoutId[]): Promise<void> {
    if (active === undefined || people.length === 0) return;
    const keys = people.flatMap(({ email, cleverId }) => [
      ...(email === undefined ? [] : [firstEmailKey(vault, email)]),
      ...(cleverId === undefined ? [] : [cleverIdKey(vault, cleverId)]),
    ]);
    const found = (await findLines(context, [active], { keys })).map(({ line }) => ({ line, account: fromLine(line) }));
    for (const person of people) {
      const ids = new Map(found.flatMap((each) => (isOf(person, each.account) ? [[idOf(each.line), each]] : [])));
      const [only, second] = ids.values();
      if (only !== undefined && second === undefined)
        kept.set(idOf(only.line), toLine({ ...only.account, place: person.place }));
    }
  }

  async function contest(rows: readonly ContestedId[]): Promise<void> {
    for (const record of recordTypes) {
      const sisIds = rows.filter((row) => row.record === record).map(({ sisId }) => sisId);
      for (const accountId of await ids.resolveRecords(record, sisIds)) contested.add(accountId);
    }
  }

  function noteTeacher(email: string, accountId: string): void {
    const isShared = teachers.has(email) && teachers.get(email) !== accountId;
    teachers.set(email, isShared ? undefined : accountId);
  }

  function join(earlier: string, later: string): string | undefined {
    const [before, account] = [fromLine(earlier), fromLine(later)];
    if (areTwoUsers(before, account)) return leaveUsersOut(before, account);
    if (contested.has(before.accountId)) return leaveOut(before, account);
    if (isRenumbered(before, account)) return keepHolder(before, account);
    if (isTeacherToo(before, account) || isSamePerson(before, account)) return toLine(withRole(before, account));
    return leaveOut(before, account);
  }

  /** Of two users with one SIS id no one can say whose account it is. */
  function leaveUsersOut(before: FeedAccount, account: FeedAccount): undefined {
    const cleverIds = [before, account].map(({ cleverId }) => cleverId).filter((id) => id !== undefined);
    const lost = contested.has(before.accountId) ? [account] : [before, account];
    contested.add(before.accountId);
    for (const { place } of lost) reportLate(leftOutAt('id_of_two_clever_users', { ...place, cleverIds }));
  }

  /** Nor of two rows that give one id to two people. */
  function leaveOut(before: FeedAccount, account: FeedAccount): undefined {
    const isFirst = !contested.has(before.accountId);
    contested.add(before.accountId);
    reportLate(leftOutAt('id_of_two_people', { ...account.place, other: before.place }));
    if (isFirst) onLeftOut(before.place);
  }

  /** An id comes to the next user in the night in which its holder gets another one: the holder keeps the account. */
  function keepHolder(before: FeedAccount, account: FeedAccount): string {
    const isOwn = accountIdOf(vault, districtId, before.record, before.sisId) === before.accountId;
    const [holder, heir] = isOwn ? [account, before] : [before, account];
    const place = { ...heir.place, ...(heir.cleverId === undefined ? {} : { cleverIds: [heir.cleverId] }) };
    reportLate(leftOutAt('id_of_two_clever_users', place));
    return toLine(holder);
  }

  function reportLate(finding: Finding): void {
    if (late.length < mostInOrder) late.push(finding);
    else report(finding);
  }
  const reportSharedAddress = ({ place, cleverId }: Pick<FeedAccount, 'place' | 'cleverId'>) => {
    const at: Place = cleverId === undefined ? place : { ...place, cleverIds: [cleverId] };
    reportLate({ kind: 'finding', severity: 'warning', code: 'email_shared', place: at });
  };

  /** Reports accounts with exactly the address of another account of their kind. */
  async function reportShared(suspects: readonly string[]): Promise<void> {
    const first = new Map<string, FeedAccount | 'reported'>();
    for (let from = 0; from < suspects.length; from += suspectBatchSize) {
      const lines = await findLines(context, [table], { ids: suspects.slice(from, from + suspectBatchSize) });
      for (const account of lines.map(({ line }) => fromLine(line))) {
        const address = `${kindOf(account.record)} ${account.email ?? ''}`;
        const other = first.get(address);
        first.set(address, other === undefined ? account : 'reported');
        if (other === undefined) continue;
        if (other !== 'reported' && !reportedIds.has(other.accountId)) reportSharedAddress(other);
        if (!reportedIds.has(account.accountId)) reportSharedAddress(account);
      }
    }
  }

  /** Reports accounts with exactly the address of an account in the district's other feeds. */
  async function reportElsewhere(accounts: readonly FeedAccount[], keys: readonly string[]): Promise<void> {
    const found = await findLines(context, others, { keys: [...new Set(keys)] });
    const elsewhere = new Map<string, Set<string>>();
    for (const { accountId, email, record } of found.map(({ line }) => fromLine(line))) {
      const address = `${kindOf(record)} ${email ?? ''}`;
      elsewhere.set(address, (elsewhere.get(address) ?? new Set()).add(accountId));
    }
    for (const account of accounts) {
      const holders = account.email && elsewhere.get(`${kindOf(account.record)} ${account.email}`);
      if (!holders || reportedIds.has(account.accountId) || !isUsableAddress(account.email ?? '')) continue;
      if (holders.size === 1 && holders.has(account.accountId)) continue;
      reportedIds.add(account.accountId);
      reportSharedAddress(account);
    }
  }

  return {
    add,
    keep,
    contest,
    async keepOthers(replaced) {
      if (active === undefined) return;
      for await (const lines of scanLines(context, active)) {
        for (const line of lines) if (!replaced.includes(kindOf(recordOf(line)))) addLine(fromLine(line), line);
        await pages.settle();
      }
    },
    async finish() {
      teachers.clear();
      for (const [id, line] of kept) if (!present.has(id)) addLine(fromLine(line), line);
      kept.clear();
      await pages.finish((lines) => {
        for (const line of lines) roles[roleOf(line)] += 1;
      });
      for (const finding of late.sort(byPlace)) report(finding);
      late = [];
    },
    has: (id) => present.has(id) && !isContested(id),
    hasToRemember: () => hasToRemember,
    counts: () => roles,
  };
}

const byPlace = ({ place: one }: Finding, { place: other }: Finding): number =>
  one.file === other.file ? (one.line ?? 0) - (other.line ?? 0) : one.file < other.file ? -1 : 1;

/** Clever's Data API gives the id of the user with each row; the same record of two users is one SIS id given twice. */
const areTwoUsers = (one: FeedAccount, other: FeedAccount): boolean =>
  isRenumbered(one, other) && one.record === other.record && one.sisId === other.sisId;

const isRenumbered = (one: FeedAccount, other: FeedAccount): boolean =>
  one.cleverId !== undefined && other.cleverId !== undefined && one.cleverId !== other.cleverId;

const isSaidBy = (before: AccountRow, row: AccountRow): boolean =>
  before.sisId === row.sisId &&
  before.record === row.record &&
  before.givenName === row.givenName &&
  before.familyName === row.familyName &&
  before.email === row.email &&
  before.cleverId === row.cleverId &&
  before.schoolId === row.schoolId &&
  before.grade === row.grade &&
  before.role === row.role &&
  before.position === row.position &&
  before.furtherIds?.join() === row.furtherIds?.join();

/**
 * A student has a row for each guardian, a teacher one for each school; a blank says nothing. Two names that differ in
 * capitals or white space only are one; two such addresses are two.
 */
const isSamePerson = (one: FeedAccount, other: FeedAccount): boolean =>
  (one.email === undefined || other.email === undefined || one.email === other.email) &&
  agree(foldName(one.givenName, ''), foldName(other.givenName, '')) &&
  agree(foldName('', one.familyName), foldName('', other.familyName));

const agree = (one: string, other: string): boolean => one.trim() === '' || other.trim() === '' || one === other;

const isOf = (person: PersonWithoutId, account: FeedAccount): boolean =>
  kindOf(person.record) === kindOf(account.record) &&
  ((person.cleverId !== undefined && person.cleverId === account.cleverId) ||
    (person.email !== undefined &&
      person.email === account.email &&
      foldName(person.givenName, person.familyName) === foldName(account.givenName, account.familyName)));

const isUsableAddress = (email: string): boolean => readEmail(email).kind === 'plain' && isPossibleAddress(email);

/** A staff record with exactly the address of the one teacher of this feed who has it is that teacher, as at Clever. */
const isTeacherToo = (one: FeedAccount, other: FeedAccount): boolean =>
  one.record === 'teacher' && other.record === 'staff' && one.email !== undefined && one.email === other.email;

function withRole(account: FeedAccount, added: FeedAccount): FeedAccount {
  const role = account.record === 'student' ? 'student' : highestRole([account.role, added.role]);
  return {
    ...account,
    // What the first row leaves blank, the second may say.
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
