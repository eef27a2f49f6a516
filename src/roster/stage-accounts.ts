// The people of a generation being staged: rows of one person joined, one id for each, shared addresses told.
import { emailKeys, type FeedAccount, fromRow, highestRole, isEmailKey, toFeedAccount, toRow } from './account.ts';
import type { AccountIds } from './account-ids.ts';
import { partitionOf } from './district.ts';
import type { AccountRow, Finding, Role } from './feed.ts';
import type { Room } from './stage.ts';

export interface AccountStage {
  add(rows: readonly AccountRow[]): Promise<void>;
  /**
   * Puts one person in the place of whatever the table had of them, and answers their account id; undefined, and nothing
   * is written, if the account is held by another Clever id.
   */
  replace(row: AccountRow): Promise<string | undefined>;
  /** How many accounts of each role there are so far. */
  counts(): Record<Role, number>;
}

export function createAccountStage(
  { store, vault, districtId, others }: Room,
  table: string,
  ids: AccountIds,
  report: (finding: Finding) => void,
): AccountStage {
  const partition = partitionOf(vault, districtId);
  const roles: Record<Role, number> = { student: 0, teacher: 0, staff: 0, administrator: 0 };

  async function read(ids: readonly string[]): Promise<Map<string, FeedAccount>> {
    const values = await store.get(ids.map((id) => ({ partition, table, id })));
    return new Map(
      ids.flatMap((id, index) => {
        const value = values[index];
        return value === undefined ? [] : [[id, fromRow(vault, partition, table, { id, value })] as const];
      }),
    );
  }

  /** The one teacher of this feed with exactly this address: a staff record with it is the same person, as at Clever. */
  async function teachersByEmail(rows: readonly FeedAccount[]): Promise<Map<string, FeedAccount>> {
    const staff = rows.filter(({ record, email }) => record === 'staff' && email !== undefined);
    const keys = staff.flatMap(({ email }) => (email === undefined ? [] : emailKeys(vault, email)));
    const found = keys.length === 0 ? [] : await store.find(partition, [table], [...new Set(keys)]);
    const teachers = found
      .map((row) => fromRow(vault, partition, table, row))
      .filter(({ record }) => record === 'teacher');
    const shared = new Set(
      teachers
        .filter((one) => teachers.some((other) => other !== one && other.email === one.email))
        .map(({ email }) => email),
    );
    return new Map(
      teachers.flatMap((teacher) =>
        teacher.email === undefined || shared.has(teacher.email) ? [] : [[teacher.email, teacher] as const],
      ),
    );
  }

  async function add(rows: readonly AccountRow[]): Promise<void> {
    if (rows.length === 0) return;
    const accountIds = await ids.resolve(rows);
    const fresh = rows.map((row, index) => toFeedAccount(row, accountIds[index] ?? ''));
    const known = await read([...new Set(fresh.map(({ accountId }) => accountId))]);
    const teachers = await teachersByEmail(fresh);
    const written = new Map<string, FeedAccount>();
    const write = (before: FeedAccount | undefined, account: FeedAccount) => {
      if (before !== undefined) roles[before.role] -= 1;
      roles[account.role] += 1;
      written.set(account.accountId, account);
    };
    for (const account of fresh) {
      const before = written.get(account.accountId) ?? known.get(account.accountId);
      const teacher =
        account.record === 'staff' && account.email !== undefined ? teachers.get(account.email) : undefined;
      if (teacher !== undefined) {
        const latest = written.get(teacher.accountId) ?? teacher;
        write(latest, withRole(latest, account));
      } else if (before === undefined) {
        write(undefined, account);
      } else if (isSamePerson(before, account)) {
        write(before, withRole(before, account));
      } else {
        report({ kind: 'finding', severity: 'error', code: 'id_of_two_people', place: account.place });
      }
    }
    await load([...written.values()]);
  }

  async function load(accounts: readonly FeedAccount[]): Promise<void> {
    const rows = accounts.map((account) => toRow(vault, partition, table, account));
    const shared = new Set(await store.load(partition, table, rows));
    const elsewhere = await findElsewhere(accounts);
    for (const [at, account] of accounts.entries()) {
      const { email, place } = account;
      const isSuspect = elsewhere.has(email) || rows[at]?.index?.some((key) => isEmailKey(key) && shared.has(key));
      if (email !== undefined && isSuspect && (await isShared(account, email))) {
        report({ kind: 'finding', severity: 'warning', code: 'email_shared', place });
      }
    }
  }

  /** Which of the addresses occur in the district's other feeds. */
  async function findElsewhere(accounts: readonly FeedAccount[]): Promise<Set<string | undefined>> {
    const keys = accounts.flatMap(({ email }) => (email === undefined ? [] : emailKeys(vault, email)));
    const rows =
      others.length === 0 || keys.length === 0 ? [] : await store.find(partition, others, [...new Set(keys)]);
    return new Set(rows.map((row) => fromRow(vault, partition, row.table, row).email));
  }

  async function isShared(account: FeedAccount, email: string): Promise<boolean> {
    const rows = await store.find(partition, [table, ...others], emailKeys(vault, email));
    return rows
      .map((row) => fromRow(vault, partition, row.table, row))
      .some((other) => other.accountId !== account.accountId && other.email === email && isSameKind(other, account));
  }

  async function replace(row: AccountRow): Promise<string | undefined> {
    const [accountId = ''] = await ids.resolve([row]);
    const before = (await read([accountId])).get(accountId);
    // Somebody else holds the account by their own Clever id: at a door nobody is put in another person's place.
    if (before?.cleverId !== undefined && before.cleverId !== row.cleverId) return undefined;
    const account = toFeedAccount(row, accountId);
    await store.load(partition, table, [toRow(vault, partition, table, account)]);
    return accountId;
  }

  return { add, replace, counts: () => roles };
}

// Names and address; a pupil has a row for each guardian, a teacher one for each school.
const isSamePerson = (one: FeedAccount, other: FeedAccount): boolean =>
  one.givenName === other.givenName && one.familyName === other.familyName && one.email === other.email;

const isSameKind = (one: FeedAccount, other: FeedAccount): boolean =>
  (one.record === 'student') === (other.record === 'student');

const withRole = (account: FeedAccount, added: FeedAccount): FeedAccount => ({
  ...account,
  role: account.record === 'student' ? 'student' : highestRole([account.role, added.role]),
  schoolIds: [...new Set([...account.schoolIds, ...added.schoolIds])],
});
