// The people of a generation being staged: rows of one person joined, one id for each, shared addresses told.
import {
  cleverIdKey,
  emailKeys,
  type FeedAccount,
  fromLine,
  highestRole,
  kindOf,
  nameKey,
  roleOf,
  toFeedAccount,
  toLine,
} from './account.ts';
import type { AccountIds } from './account-ids.ts';
import { createIndexBuild } from './build-index.ts';
import { createPageBuild } from './build-pages.ts';
import { partitionOf } from './district.ts';
import type { AccountRow, Finding, Place, Role } from './feed.ts';
import { createIdSet } from './id-set.ts';
import { findLines, idOf } from './pages.ts';
import type { Room, StagedTables } from './stage.ts';

export interface AccountStage {
  add(rows: readonly AccountRow[]): Promise<void>;
  /** Writes the table; nobody can be added then. */
  finish(): Promise<void>;
  /** Whether this feed has the account; after `finish`. @param id of its line */
  has(id: string): boolean;
  /** Whether any of them has a Clever id. */
  namesCleverIds(): boolean;
  /** How many accounts of each role there are; after `finish`. */
  counts(): Record<Role, number>;
}

/** How many of the accounts that share a key are read at once. */
const suspectsAtOnce = 2000;
/** What is found out when all is read is told in the order of the file, up to this many of it. */
const mostInOrder = 10_000;

export function createAccountStage(
  { store, vault, districtId, others }: Room,
  { accounts: table, spill }: StagedTables,
  ids: AccountIds,
  report: (finding: Finding) => void,
): AccountStage {
  const room = { store, vault, partition: partitionOf(vault, districtId) };
  const roles: Record<Role, number> = { student: 0, teacher: 0, staff: 0, administrator: 0 };
  /** By address; `undefined` where two have it. In memory, as hardly one in twenty is a teacher. */
  const teachers = new Map<string, string | undefined>();
  /** Told already, because another feed has the address. */
  const told = new Set<string>();
  let present = createIdSet();
  let last: AccountRow | undefined;
  let namesCleverIds = false;
  let late: Finding[] = [];
  const index = { build: createIndexBuild(room, spill), told: tellShared };
  const pages = createPageBuild(room, table, spill, join, index);

  async function add(given: readonly AccountRow[]): Promise<void> {
    const rows = given.filter(saysMore);
    if (rows.length === 0) return;
    const accountIds = await ids.resolve(rows);
    const accounts = rows.map((row, at) => toFeedAccount(row, accountIds[at] ?? ''));
    const keys = accounts.flatMap(addAccount);
    if (others.length > 0) await tellElsewhere(accounts, keys);
    await pages.settle();
  }

  /** A pupil has a row for each guardian, one behind the other, which say the same of the pupil. */
  function saysMore(row: AccountRow): boolean {
    const isSame = last !== undefined && isSaidBy(last, row);
    last = row;
    return !isSame;
  }

  /** Answers the keys of its address. */
  function addAccount(account: FeedAccount): readonly string[] {
    const { record, givenName, familyName, email, cleverId } = account;
    if (cleverId !== undefined) namesCleverIds = true;
    const teacher = record === 'staff' && email !== undefined ? teachers.get(email) : undefined;
    if (teacher !== undefined) {
      pages.add(toLine({ ...account, accountId: teacher }));
      return [];
    }
    if (record === 'teacher' && email !== undefined) noteTeacher(email, account.accountId);
    const line = toLine(account);
    pages.add(line);
    const keys = email === undefined ? [] : emailKeys(vault, email);
    // Equal addresses have equal keys: the first tells them.
    for (const [at, key] of keys.entries()) index.build.add(key, idOf(line), at === 0);
    index.build.add(nameKey(vault, givenName, familyName), idOf(line), false);
    if (cleverId !== undefined) index.build.add(cleverIdKey(vault, cleverId), idOf(line), false);
    return keys;
  }

  function noteTeacher(email: string, accountId: string): void {
    const isShared = teachers.has(email) && teachers.get(email) !== accountId;
    teachers.set(email, isShared ? undefined : accountId);
  }

  function join(earlier: string, later: string): string {
    const [before, account] = [fromLine(earlier), fromLine(later)];
    if (isTeacherToo(before, account) || isSamePerson(before, account)) return toLine(withRole(before, account));
    tellLate({ kind: 'finding', severity: 'error', code: 'id_of_two_people', place: account.place });
    return earlier;
  }

  function tellLate(finding: Finding): void {
    if (late.length < mostInOrder) late.push(finding);
    else report(finding);
  }
  const tellSharedAddress = ({ place }: { readonly place: Place }) =>
    tellLate({ kind: 'finding', severity: 'warning', code: 'email_shared', place });

  /** Tells those of the accounts whose very address another account of their kind has. */
  async function tellShared(suspects: readonly string[]): Promise<void> {
    const first = new Map<string, FeedAccount | 'told'>();
    for (let from = 0; from < suspects.length; from += suspectsAtOnce) {
      const lines = await findLines(room, [table], { ids: suspects.slice(from, from + suspectsAtOnce) });
      for (const account of lines.map(({ line }) => fromLine(line))) {
        const address = `${kindOf(account.record)} ${account.email ?? ''}`;
        const other = first.get(address);
        first.set(address, other === undefined ? account : 'told');
        if (other === undefined) continue;
        if (other !== 'told' && !told.has(other.accountId)) tellSharedAddress(other);
        if (!told.has(account.accountId)) tellSharedAddress(account);
      }
    }
  }

  /** Tells those whose very address an account of the district's other feeds has. */
  async function tellElsewhere(accounts: readonly FeedAccount[], keys: readonly string[]): Promise<void> {
    const found = await findLines(room, others, { keys: [...new Set(keys)] });
    const elsewhere = new Map<string, Set<string>>();
    for (const { accountId, email, record } of found.map(({ line }) => fromLine(line))) {
      const address = `${kindOf(record)} ${email ?? ''}`;
      elsewhere.get(address)?.add(accountId) ?? elsewhere.set(address, new Set([accountId]));
    }
    for (const account of accounts) {
      const holders = account.email && elsewhere.get(`${kindOf(account.record)} ${account.email}`);
      if (!holders || told.has(account.accountId)) continue;
      if (holders.size === 1 && holders.has(account.accountId)) continue;
      told.add(account.accountId);
      tellSharedAddress(account);
    }
  }

  return {
    add,
    async finish() {
      teachers.clear();
      present = createIdSet(pages.count());
      await pages.finish((lines) => {
        for (const line of lines) {
          roles[roleOf(line)] += 1;
          present.add(idOf(line));
        }
      });
      for (const finding of late.sort(byPlace)) report(finding);
      late = [];
    },
    has: (id) => present.has(id),
    namesCleverIds: () => namesCleverIds,
    counts: () => roles,
  };
}

const byPlace = ({ place: one }: Finding, { place: other }: Finding): number =>
  one.file === other.file ? (one.line ?? 0) - (other.line ?? 0) : one.file < other.file ? -1 : 1;

const isSaidBy = (before: AccountRow, row: AccountRow): boolean =>
  before.sisId === row.sisId &&
  before.record === row.record &&
  before.givenName === row.givenName &&
  before.familyName === row.familyName &&
  before.email === row.email &&
  before.cleverId === row.cleverId &&
  before.schoolId === row.schoolId &&
  before.grade === row.grade &&
  before.role === row.role;

// Names and address; a pupil has a row for each guardian, a teacher one for each school.
const isSamePerson = (one: FeedAccount, other: FeedAccount): boolean =>
  one.givenName === other.givenName && one.familyName === other.familyName && one.email === other.email;

/** A staff record with exactly the address of the one teacher of this feed who has it is that teacher, as at Clever. */
const isTeacherToo = (one: FeedAccount, other: FeedAccount): boolean =>
  one.record === 'teacher' && other.record === 'staff' && one.email !== undefined && one.email === other.email;

const withRole = (account: FeedAccount, added: FeedAccount): FeedAccount => ({
  ...account,
  role: account.record === 'student' ? 'student' : highestRole([account.role, added.role]),
  schoolIds: [...new Set([...account.schoolIds, ...added.schoolIds])],
});
