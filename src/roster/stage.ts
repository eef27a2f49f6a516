// Reads a feed into the tables of a new generation, batch by batch, and says what it found. Activates nothing.
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { emailKeys, type FeedAccount, fromRow, highestRole, toFeedAccount, toRow } from './account.ts';
import { partitionOf } from './district.ts';
import type { AccountRow, Feed, FeedItem, Finding, Progress, Role, RosterRow } from './feed.ts';
import { collectFindings, type Findings } from './report.ts';
import { createMembershipStage } from './stage-membership.ts';

export interface StagedTables {
  readonly accounts: string;
  readonly classes: string;
  readonly enrollments: string;
}

export interface Staged {
  readonly accounts: Record<Role, number>;
  readonly schools: number;
  readonly classes: number;
  readonly enrollments: number;
  readonly findings: Findings;
}

export interface Room {
  readonly store: Store;
  readonly vault: Vault;
  readonly districtId: string;
}

const batchSize = 500;

/** Memory stays flat however long the feed is. @param onProgress how far reading is */
export async function stageFeed(
  room: Room,
  tables: StagedTables,
  feed: Feed,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Staged> {
  const findings = collectFindings();
  const accounts = createAccountStage(room, tables.accounts, findings.add);
  const membership = createMembershipStage(room, tables, findings.add);
  const usable = createUsableCount(findings.add);
  let schools = 0;
  for await (const batch of batches(feed)) {
    for (const item of batch) usable.see(item);
    await accounts.add(only(batch, 'account'));
    await membership.addClasses(only(batch, 'class'));
    await membership.addEnrollments(only(batch, 'enrollment'));
    schools += only(batch, 'school').length;
    for (const finding of only(batch, 'finding')) findings.add(finding);
    for (const progress of only(batch, 'progress')) onProgress(progress);
  }
  usable.end();
  return { accounts: await accounts.counts(), schools, ...(await membership.counts()), findings: findings.result() };
}

/** A batch never spans two files, so that teachers are all there before the first staff row and people before classes. */
async function* batches(feed: Feed): AsyncIterable<readonly FeedItem[]> {
  let batch: FeedItem[] = [];
  for await (const item of feed) {
    if (batch.length >= batchSize || (batch[0] !== undefined && fileOf(batch[0]) !== fileOf(item))) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length > 0) yield batch;
}

const fileOf = (item: FeedItem): string => (item.kind === 'progress' ? item.file : item.place.file);

const only = <Kind extends FeedItem['kind']>(batch: readonly FeedItem[], kind: Kind) =>
  batch.filter((item): item is Extract<FeedItem, { kind: Kind }> => item.kind === kind);

function createAccountStage({ store, vault, districtId }: Room, table: string, report: (finding: Finding) => void) {
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
    const fresh = rows.map((row) => toFeedAccount(vault, districtId, row));
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
    if (![...shared].some((key) => key.startsWith('e'))) return;
    for (const account of accounts) {
      if (account.email !== undefined && emailKeys(vault, account.email).some((key) => shared.has(key)))
        await reportShared(account, account.email);
    }
  }

  async function reportShared(account: FeedAccount, email: string): Promise<void> {
    const rows = await store.find(partition, [table], emailKeys(vault, email));
    const others = rows
      .map((row) => fromRow(vault, partition, table, row))
      .filter((other) => other.accountId !== account.accountId && other.email === email && isSameKind(other, account));
    if (others.length > 0) report({ kind: 'finding', severity: 'warning', code: 'email_shared', place: account.place });
  }

  async function counts(): Promise<Record<Role, number>> {
    const count = { student: 0, teacher: 0, staff: 0, administrator: 0 };
    for await (const rows of store.scan(partition, table)) {
      for (const row of rows) count[fromRow(vault, partition, table, row).role] += 1;
    }
    return count;
  }

  return { add, counts };
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

/** More than one row in ten of a file left out: the file is not what it should be, and nothing of it is published. */
function createUsableCount(report: (finding: Finding) => void) {
  const files = new Map<string, { rows: number; leftOut: number }>();
  const isRow = (item: FeedItem): item is RosterRow => item.kind !== 'finding' && item.kind !== 'progress';
  return {
    see(item: FeedItem) {
      if (item.kind === 'progress') return;
      const leftOut = item.kind === 'finding' && item.rowLeftOut === true;
      if (!leftOut && !isRow(item)) return;
      const count = files.get(item.place.file) ?? { rows: 0, leftOut: 0 };
      files.set(item.place.file, { rows: count.rows + 1, leftOut: count.leftOut + (leftOut ? 1 : 0) });
    },
    end() {
      for (const [file, { rows, leftOut }] of files) {
        if (leftOut * 10 > rows)
          report({ kind: 'finding', severity: 'error', code: 'too_many_unusable', place: { file } });
      }
    },
  };
}
