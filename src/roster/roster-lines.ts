// Accounts, classes and enrollments as the main product reads them: one object each, the current state of all feeds
// together. Owns the form of those objects; product-roster.ts chooses which are sent.

import { partitionOf } from '../district/district.ts';
import type { Term } from '../formats/feed.ts';
import { type Method, methods } from '../identity/candidate.ts';
import { findLines, idOf } from '../paged-table/pages.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../store/vault.ts';
import type { Account } from './account.ts';
import type { Difference } from './compare.ts';
import type { Directory } from './directory.ts';
import { type PublishedRoster, type RosterHandle, tablesOf } from './published-roster.ts';
import { classIdOf, readClass, readEnrollment, type StoredClass, type StoredEnrollment } from './stage-membership.ts';

export type RosterLine = AccountLine | ClassLine | EnrollmentLine;

interface AccountLine {
  readonly type: 'account';
  readonly id: string;
  readonly district: string;
  readonly record: Account['record'];
  readonly role: Account['role'];
  /** Absent if no roster gives one. */
  readonly position?: Account['position'];
  readonly sis_id: string;
  readonly given_name: string;
  readonly family_name: string;
  /** Of the first source that gives one; the user may sign in by the address of each source. */
  readonly email: string | null;
  readonly school_ids: readonly string[];
  readonly grade: string | null;
  readonly sources: readonly { readonly method: Method; readonly email: string | null }[];
}

interface ClassLine {
  readonly type: 'class';
  readonly id: string;
  readonly district: string;
  /** The district's own id. */
  readonly sis_id: string;
  readonly name: string | null;
  readonly school_id: string | null;
  readonly course: { readonly id: string; readonly title: string | null; readonly code: string | null } | null;
  readonly subject: string | null;
  readonly period: string | null;
  readonly terms: readonly TermLine[];
  readonly grades: readonly string[];
  /** Account ids, the primary teacher first. */
  readonly teachers: readonly string[];
}

interface TermLine {
  readonly id: string;
  readonly title: string | null;
  /** Dates, `2026-08-17`. */
  readonly start: string | null;
  readonly end: string | null;
}

interface EnrollmentLine {
  readonly type: 'enrollment';
  readonly id: string;
  readonly district: string;
  /** Id of the class. */
  readonly class: string;
  /** Account id. */
  readonly student: string;
}

interface RosterLinesNeeds {
  readonly store: Store;
  readonly vault: Vault;
  readonly directory: Directory;
}

/** One active table, and the tables of the same content whose rows take precedence over its rows. */
export interface RosterTable {
  readonly type: Difference['type'];
  readonly method: Method;
  readonly table: string;
}

export interface RosterLines {
  /** Every active table: accounts first, then classes, then enrollments. */
  tables(published: PublishedRoster): RosterTable[];
  /** Lines of the ids that exist, in any order. */
  find(roster: RosterHandle, type: Difference['type'], ids: readonly string[]): Promise<Found[]>;
}

interface Found {
  readonly line: RosterLine;
  /** The first feed that has it. */
  readonly method: Method;
}

export function createRosterLines({ store, vault, directory }: RosterLinesNeeds): RosterLines {
  // Long because of the kinds of lines over the same tables; each is short.
  const tablesOfType = (published: PublishedRoster, type: Difference['type']): RosterTable[] =>
    methods.flatMap((method) => {
      const active = published.feeds[method]?.active;
      if (active === undefined) return [];
      const { accounts, classes, enrollments } = tablesOf(method, active.id);
      return [{ type, method, table: { account: accounts, class: classes, enrollment: enrollments }[type] }];
    });

  async function findAccounts(roster: RosterHandle, ids: readonly string[]): Promise<Found[]> {
    const accounts = await directory.findMany(roster, ids);
    return accounts.flatMap((account) => {
      const [first] = account.sources;
      return first === undefined ? [] : [{ line: accountLine(roster.districtId, account), method: first.method }];
    });
  }

  async function findRows(
    { districtId, published }: RosterHandle,
    type: 'class' | 'enrollment',
    ids: readonly string[],
  ): Promise<Found[]> {
    const tables = tablesOfType(published, type);
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
    tables: (published) =>
      (['account', 'class', 'enrollment'] as const).flatMap((type) => tablesOfType(published, type)),
    find: (roster, type, ids) => (type === 'account' ? findAccounts(roster, ids) : findRows(roster, type, ids)),
  };
}

function accountLine(district: string, account: Account): AccountLine {
  const { accountId, record, role, position, sisId, givenName, familyName, schoolIds, grade, sources } = account;
  return {
    type: 'account',
    id: accountId,
    district,
    record,
    role,
    position,
    sis_id: sisId,
    given_name: givenName,
    family_name: familyName,
    email: sources.find(({ email }) => email !== undefined)?.email ?? null,
    school_ids: schoolIds,
    grade: grade ?? null,
    sources: sources.map(({ method, email }) => ({ method, email: email ?? null })),
  };
}

function classLine(district: string, id: string, stored: StoredClass): ClassLine {
  const { classId, name, schoolId, teachers, course, subject, period, terms = [], grades = [] } = stored;
  return {
    type: 'class',
    id,
    district,
    sis_id: classId,
    name: name ?? null,
    school_id: schoolId ?? null,
    course: course === undefined ? null : { id: course.id, title: course.title ?? null, code: course.code ?? null },
    subject: subject ?? null,
    period: period ?? null,
    terms: terms.map(termLine),
    grades,
    teachers,
  };
}

const termLine = ({ id, title, start, end }: Term): TermLine => ({
  id,
  title: title ?? null,
  start: start ?? null,
  end: end ?? null,
});
