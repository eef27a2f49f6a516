// Accounts, classes and enrollments as the main product reads them: one object each, the present state of all feeds
// together. Owns the words of those objects; read-roster.ts and follow-roster.ts say which are told.
import type { Method } from '../identity/candidate.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import { type Account, methods } from './account.ts';
import type { Difference } from './compare.ts';
import type { Directory } from './directory.ts';
import { partitionOf } from './district.ts';
import { findLines, idOf } from './pages.ts';
import { classIdOf, readClass, readEnrollment, type StoredClass, type StoredEnrollment } from './stage-membership.ts';
import { type Standing, tablesOf } from './standing.ts';

export type RosterLine = AccountLine | ClassLine | EnrollmentLine;

export interface AccountLine {
  readonly type: 'account';
  readonly id: string;
  readonly district: string;
  readonly record: Account['record'];
  readonly role: Account['role'];
  readonly sis_id: string;
  readonly given_name: string;
  readonly family_name: string;
  /** Of the first source that gives one; somebody may sign in by the address of each. */
  readonly email: string | null;
  readonly school_ids: readonly string[];
  readonly grade: string | null;
  readonly sources: readonly { readonly method: Method; readonly email: string | null }[];
}

export interface ClassLine {
  readonly type: 'class';
  readonly id: string;
  readonly district: string;
  /** The district's own id. */
  readonly sis_id: string;
  readonly name: string | null;
  readonly school_id: string | null;
  /** Account ids, the primary teacher first. */
  readonly teachers: readonly string[];
}

export interface EnrollmentLine {
  readonly type: 'enrollment';
  readonly id: string;
  readonly district: string;
  /** Id of the class. */
  readonly class: string;
  /** Account id. */
  readonly student: string;
}

export interface RosterLinesNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly directory: Directory;
}

/** One active table, and the tables of the same content whose rows win over its. */
export interface RosterTable {
  readonly type: Difference['type'];
  readonly method: Method;
  readonly table: string;
}

export interface RosterLines {
  /** Every active table: accounts first, then classes, then enrollments. */
  tables(standing: Standing): RosterTable[];
  /** Lines of those of the ids that are there, in any order. */
  find(districtId: string, standing: Standing, type: Difference['type'], ids: readonly string[]): Promise<Found[]>;
}

export interface Found {
  readonly line: RosterLine;
  /** The first feed that has it. */
  readonly method: Method;
}

export function createRosterLines({ store, vault, directory }: RosterLinesNeeds): RosterLines {
  const tablesOfType = (standing: Standing, type: Difference['type']): RosterTable[] =>
    methods.flatMap((method) => {
      const active = standing.feeds[method]?.active;
      if (active === undefined) return [];
      const { accounts, classes, enrollments } = tablesOf(method, active.id);
      return [{ type, method, table: { account: accounts, class: classes, enrollment: enrollments }[type] }];
    });

  async function findAccounts(districtId: string, standing: Standing, ids: readonly string[]): Promise<Found[]> {
    const accounts = await directory.findMany(districtId, standing, ids);
    return accounts.flatMap((account) => {
      const [first] = account.sources;
      return first === undefined ? [] : [{ line: accountLine(districtId, account), method: first.method }];
    });
  }

  async function findRows(
    districtId: string,
    standing: Standing,
    type: 'class' | 'enrollment',
    ids: readonly string[],
  ): Promise<Found[]> {
    const tables = tablesOfType(standing, type);
    if (ids.length === 0 || tables.length === 0) return [];
    const partition = partitionOf(vault, districtId);
    const lines = await findLines(
      { store, vault, partition },
      tables.map(({ table }) => table),
      { ids },
    );
    const found = new Map<string, Found>();
    for (const { method, table } of tables) {
      for (const { line: text } of lines.filter((each) => each.table === table)) {
        const id = idOf(text);
        const line =
          type === 'class'
            ? classLine(districtId, id, readClass(text))
            : enrollmentLine(districtId, id, readEnrollment(text));
        if (!found.has(id)) found.set(id, { line, method });
      }
    }
    return [...found.values()];
  }

  const enrollmentLine = (district: string, id: string, { classId, student }: StoredEnrollment): EnrollmentLine => ({
    type: 'enrollment',
    id,
    district,
    class: classIdOf(vault, district, classId),
    student,
  });

  return {
    tables: (standing) => (['account', 'class', 'enrollment'] as const).flatMap((type) => tablesOfType(standing, type)),
    find: (districtId, standing, type, ids) =>
      type === 'account' ? findAccounts(districtId, standing, ids) : findRows(districtId, standing, type, ids),
  };
}

function accountLine(district: string, account: Account): AccountLine {
  const { accountId, record, role, sisId, givenName, familyName, schoolIds, grade, sources } = account;
  return {
    type: 'account',
    id: accountId,
    district,
    record,
    role,
    sis_id: sisId,
    given_name: givenName,
    family_name: familyName,
    email: sources.find(({ email }) => email !== undefined)?.email ?? null,
    school_ids: schoolIds,
    grade: grade ?? null,
    sources: sources.map(({ method, email }) => ({ method, email: email ?? null })),
  };
}

const classLine = (district: string, id: string, { classId, name, schoolId, teachers }: StoredClass): ClassLine => ({
  type: 'class',
  id,
  district,
  sis_id: classId,
  name: name ?? null,
  school_id: schoolId ?? null,
  teachers,
});
