// The people of a generation being staged: rows of one person joined, one id for each, shared addresses told.
import { emailKeys, type FeedAccount, fromRow, highestRole, toFeedAccount, toRow } from './account.ts';
import type { AccountIds } from './account-ids.ts';
import { partitionOf } from './district.ts';
import type { AccountRow, Finding, Role } from './feed.ts';
import type { Room } from './stage.ts';

export interface AccountStage {
  add(rows: readonly AccountRow[]): Promise<void>;
  /** Puts one person in the place of whatever the table had of them, and answers their account id. */
  replace(row: AccountRow): Promise<string>;
  counts(): Promise<Record<Role, number>>;
}

export function createAccountStage(
  { store, vault, districtId, others }: Room,
  table: string,
  ids: AccountIds,
  report: (finding: Finding) => void,
): AccountStage {
  const partition = partitionOf(vault, districtId);

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
    for (const account of fresh) {
      const before = written.get(account.accountId) ?? known.get(account.accountId);
      const teacher =
        account.record === 'staff' && account.email !== undefined ? teachers.get(account.email) : undefined;
      if (teacher !== undefined) {
        const merged = withRole(written.get(teacher.accountId) ?? teacher, account);
        written.set(merged.accountId, merged);
      } else if (before === undefined) {
        written.set(account.accountId, account);
      } else if (isSamePerson(before, account)) {
        written.set(before.accountId, withRole(before, account));
      } else {
        report({ kind: 'finding', severity: 'error', code: 'id_of_two_people', place: account.place });
      }
    }
    await load([...written.values()]);
  }

  async function load(accounts: readonly FeedAccount[]): Promise<void> {
    const shared = new Set(
      await store.load(
        partition,
        table,
        accounts.map((account) => toRow(vault, partition, table, account)),
      ),
    );
    const elsewhere = await findElsewhere(accounts);
    for (const account of accounts) {
      const { email } = account;
      if (email === undefined || !emailKeys(vault, email).some((key) => shared.has(key) || elsewhere.has(email)))
        continue;
      if (await isShared(account, email)) {
        report({ kind: 'finding', severity: 'warning', code: 'email_shared', place: account.place });
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

  async function counts(): Promise<Record<Role, number>> {
    const count = { student: 0, teacher: 0, staff: 0, administrator: 0 };
    for await (const rows of store.scan(partition, table)) {
      for (const row of rows) count[fromRow(vault, partition, table, row).role] += 1;
    }
    return count;
  }

  async function replace(row: AccountRow): Promise<string> {
    const [accountId = ''] = await ids.resolve([row]);
    const account = toFeedAccount(row, accountId);
    await store.load(partition, table, [toRow(vault, partition, table, account)]);
    await ids.remember([account]);
    return accountId;
  }

  return { add, replace, counts };
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
