// Classes and enrollments of a generation being staged: who teaches and who sits where, each name checked against the people.

import type { Vault } from '../store/vault.ts';
import type { AccountIds } from './account-ids.ts';
import { partitionOf } from './district.ts';
import type { ClassRow, EnrollmentRow, Finding } from './feed.ts';
import type { Room, StagedTables } from './stage.ts';

export interface StoredClass {
  readonly classId: string;
  readonly name: string | undefined;
  readonly schoolId: string | undefined;
  /** Account ids. */
  readonly teachers: readonly string[];
}

export interface StoredEnrollment {
  readonly classId: string;
  /** Account id. */
  readonly student: string;
}

/** The id of a class: the same in every import, by every method. */
export const classIdOf = (vault: Vault, districtId: string, classId: string): string =>
  vault.blind('class', districtId, classId);

export function createMembershipStage(
  { store, vault, districtId, others }: Room,
  tables: StagedTables,
  ids: AccountIds,
  report: (finding: Finding) => void,
) {
  const partition = partitionOf(vault, districtId);
  const classRowId = (classId: string) => classIdOf(vault, districtId, classId);

  /** Which of the rows are in any of the tables. */
  async function present(tablesToSearch: readonly string[], rowIds: readonly string[]): Promise<Set<string>> {
    const unique = [...new Set(rowIds)];
    const addresses = tablesToSearch.flatMap((table) => unique.map((id) => ({ partition, table, id })));
    const values = addresses.length === 0 ? [] : await store.get(addresses);
    return new Set(addresses.filter((_address, index) => values[index] !== undefined).map(({ id }) => id));
  }

  /** People of any feed of the district may be named: students by Clever, their teachers by spreadsheet. */
  async function findPeople(record: 'student' | 'teacher', sisIds: readonly string[]): Promise<Map<string, string>> {
    const unique = [...new Set(sisIds)];
    const accountIds = await ids.resolveRecords(record, unique);
    const known = await present([tables.accounts, ...others], accountIds);
    const found = unique.map((sisId, index) => [sisId, accountIds[index] ?? ''] as const);
    return new Map(found.filter(([, accountId]) => known.has(accountId)));
  }

  const row = (table: string, id: string, content: StoredClass | StoredEnrollment) => ({
    id,
    value: vault.seal({ partition, table, id }, JSON.stringify(content)),
  });

  return {
    async addClasses(classes: readonly ClassRow[]): Promise<void> {
      if (classes.length === 0) return;
      const people = await findPeople(
        'teacher',
        classes.flatMap(({ teacherIds }) => teacherIds),
      );
      const rows = classes.map(({ classId, name, schoolId, teacherIds, place }) => {
        const teachers = teacherIds.map((id) => people.get(id)).filter((id) => id !== undefined);
        if (teachers.length < teacherIds.length) {
          report({ kind: 'finding', severity: 'warning', code: 'unknown_person', place });
        }
        return row(tables.classes, classRowId(classId), { classId, name, schoolId, teachers });
      });
      await store.load(partition, tables.classes, rows);
    },

    async addEnrollments(enrollments: readonly EnrollmentRow[]): Promise<void> {
      if (enrollments.length === 0) return;
      const people = await findPeople(
        'student',
        enrollments.map(({ studentId }) => studentId),
      );
      const classes = await present(
        [tables.classes],
        enrollments.map(({ classId }) => classRowId(classId)),
      );
      const leaveOut = (code: 'unknown_person' | 'unknown_class', { place }: EnrollmentRow) =>
        report({ kind: 'finding', severity: 'warning', code, place, rowLeftOut: true });
      const enrolled = new Set<string>();
      const rows = enrollments.flatMap((enrollment) => {
        const { classId, studentId } = enrollment;
        const student = people.get(studentId);
        if (student === undefined) return leaveOut('unknown_person', enrollment) ?? [];
        if (!classes.has(classRowId(classId))) return leaveOut('unknown_class', enrollment) ?? [];
        enrolled.add(student);
        const id = vault.blind('enrollment', districtId, classId, studentId);
        return [row(tables.enrollments, id, { classId, student })];
      });
      await store.load(partition, tables.enrollments, rows);
      await store.load(
        partition,
        tables.enrolled,
        [...enrolled].map((id) => ({ id, value: Buffer.alloc(0) })),
      );
    },

    counts: async () => ({
      classes: await store.count(partition, tables.classes),
      enrollments: await store.count(partition, tables.enrollments),
      students_enrolled: await store.count(partition, tables.enrolled),
    }),
  };
}
