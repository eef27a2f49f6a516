// Classes and enrollments of a generation being staged: who teaches and who sits where, each name checked against the people.

import { accountIdOf } from './account.ts';
import { partitionOf } from './district.ts';
import type { ClassRow, EnrollmentRow, Finding, RecordType } from './feed.ts';
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

export function createMembershipStage(
  { store, vault, districtId }: Room,
  tables: StagedTables,
  report: (finding: Finding) => void,
) {
  const partition = partitionOf(vault, districtId);
  const account = (record: RecordType, sisId: string) => accountIdOf(vault, districtId, record, sisId);
  const classRowId = (classId: string) => vault.blind('class', districtId, classId);

  async function present(table: string, ids: readonly string[]): Promise<Set<string>> {
    const unique = [...new Set(ids)];
    const values = unique.length === 0 ? [] : await store.get(unique.map((id) => ({ partition, table, id })));
    return new Set(unique.filter((_id, index) => values[index] !== undefined));
  }

  const row = (table: string, id: string, content: StoredClass | StoredEnrollment) => ({
    id,
    value: vault.seal({ partition, table, id }, JSON.stringify(content)),
  });

  return {
    async addClasses(classes: readonly ClassRow[]): Promise<void> {
      if (classes.length === 0) return;
      const known = await present(
        tables.accounts,
        classes.flatMap(({ teacherIds }) => teacherIds.map((id) => account('teacher', id))),
      );
      const rows = classes.map(({ classId, name, schoolId, teacherIds, place }) => {
        const teachers = teacherIds.map((id) => account('teacher', id)).filter((id) => known.has(id));
        if (teachers.length < teacherIds.length)
          report({ kind: 'finding', severity: 'warning', code: 'unknown_person', place });
        return row(tables.classes, classRowId(classId), { classId, name, schoolId, teachers });
      });
      await store.load(partition, tables.classes, rows);
    },

    async addEnrollments(enrollments: readonly EnrollmentRow[]): Promise<void> {
      if (enrollments.length === 0) return;
      const people = await present(
        tables.accounts,
        enrollments.map(({ studentId }) => account('student', studentId)),
      );
      const classes = await present(
        tables.classes,
        enrollments.map(({ classId }) => classRowId(classId)),
      );
      const leaveOut = (code: 'unknown_person' | 'unknown_class', { place }: EnrollmentRow) =>
        report({ kind: 'finding', severity: 'warning', code, place, rowLeftOut: true });
      const rows = enrollments.flatMap((enrollment) => {
        const { classId, studentId } = enrollment;
        const student = account('student', studentId);
        if (!people.has(student)) return leaveOut('unknown_person', enrollment) ?? [];
        if (!classes.has(classRowId(classId))) return leaveOut('unknown_class', enrollment) ?? [];
        return [
          row(tables.enrollments, vault.blind('enrollment', districtId, classId, studentId), { classId, student }),
        ];
      });
      await store.load(partition, tables.enrollments, rows);
    },

    counts: async () => ({
      classes: await store.count(partition, tables.classes),
      enrollments: await store.count(partition, tables.enrollments),
    }),
  };
}
