// Classes and enrollments of a generation being staged: teachers and students of each class, each id checked against
// the accounts.

import { partitionOf } from '../district/district.ts';
import type { ClassFacts, ClassRow, EnrollmentRow, Finding, Place } from '../formats/feed.ts';
import { leftOutAt, warningAt } from '../formats/finding.ts';
import { createPageBuild } from '../paged-table/build-pages.ts';
import { createIdSet } from '../paged-table/id-set.ts';
import { findLines, idOf } from '../paged-table/pages.ts';
import type { Vault } from '../store/vault.ts';
import { toLineId } from './account.ts';
import type { AccountIds } from './account-ids.ts';
import { isMany } from './guard.ts';
import type { AccountStage } from './stage-accounts.ts';
import type { StageContext, StagedTables } from './staged-tables.ts';
import { createUnknownIds, type FindIds } from './unknown-ids.ts';

export interface StoredClass extends ClassFacts {
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

/** The stored line of a class or an enrollment in a page: pages.ts. */
const toLine = (id: string, content: StoredClass | StoredEnrollment): string => `${id}${JSON.stringify(content)}`;
export const readClass = (line: string): StoredClass => JSON.parse(line.slice(32));
export const readEnrollment = (line: string): StoredEnrollment => JSON.parse(line.slice(32));

const takeLater = (_before: string, line: string): string => line;

export function createMembershipStage(
  { store, vault, districtId, others }: StageContext,
  tables: StagedTables,
  people: Pick<AccountStage, 'has'>,
  ids: AccountIds,
  report: (finding: Finding) => void,
) {
  // Long because of its verbs over the ids of one generation; each is short.
  const context = { store, vault, partition: partitionOf(vault, districtId) };
  const classPages = createPageBuild(context, tables.classes, tables.spill, takeLater);
  const enrollmentPages = createPageBuild(context, tables.enrollments, tables.spill, takeLater);
  const classIds = createIdSet();
  const enrolled = createIdSet();
  const filledClassIds = createIdSet();
  let firstClass: Place | undefined;
  const unknown = createUnknownIds();
  const classRowId = (classId: string) => classIdOf(vault, districtId, classId);

  /** Which of the accounts are in the district's other feeds. */
  async function findElsewhere(lineIds: readonly string[]): Promise<Set<string>> {
    const found = others.length === 0 ? [] : await findLines(context, others, { ids: lineIds });
    return new Set(found.map(({ line }) => idOf(line)));
  }

  /** Rows may name users of any feed of the district: students by Clever, their teachers by spreadsheet. */
  async function findPeople(record: 'student' | 'teacher', sisIds: readonly string[]): Promise<Map<string, string>> {
    const unique = [...new Set(sisIds)];
    const accountIds = await ids.resolveRecords(record, unique);
    const lineIds = accountIds.map((accountId) => toLineId(accountId) ?? '');
    const elsewhere = await findElsewhere(lineIds.filter((id) => !people.has(id)));
    const found = unique.map((sisId, index) => [sisId, accountIds[index] ?? ''] as const);
    return new Map(
      found.filter((_each, index) => people.has(lineIds[index] ?? '') || elsewhere.has(lineIds[index] ?? '')),
    );
  }

  const findIds: FindIds = async (named, wanted) =>
    named === 'class' ? new Set(wanted.filter((id) => classIds.has(classRowId(id)))) : findPeople(named, wanted);

  return {
    /** A row that the format left out because it names something that is missing in the files. */
    noteUnknown: unknown.note,
    /** Why rows of a file or sheet name unknown users or classes. */
    explain: (unusable: readonly Place[]) => unknown.explain(unusable, findIds),

    async addClasses(classes: readonly ClassRow[]): Promise<void> {
      if (classes.length === 0) return;
      const teachersOf = await findPeople(
        'teacher',
        classes.flatMap(({ teacherIds }) => teacherIds),
      );
      for (const { kind: _kind, classId, name, schoolId, teacherIds, place, ...facts } of classes) {
        const teachers = teacherIds.map((id) => teachersOf.get(id)).filter((id) => id !== undefined);
        for (const id of teacherIds) if (!teachersOf.has(id)) unknown.note(place, 'teacher', id);
        if (teachers.length < teacherIds.length) {
          report({ kind: 'finding', severity: 'warning', code: 'unknown_person', place });
        }
        const id = classRowId(classId);
        firstClass ??= place;
        classIds.add(id);
        classPages.add(toLine(id, { classId, name, schoolId, teachers, ...facts }));
      }
      await classPages.spillWhenFull();
    },

    async addEnrollments(enrollments: readonly EnrollmentRow[]): Promise<void> {
      if (enrollments.length === 0) return;
      const students = await findPeople(
        'student',
        enrollments.map(({ studentId }) => studentId),
      );
      const leaveOut = (code: 'unknown_person' | 'unknown_class', { place, classId, studentId }: EnrollmentRow) => {
        if (code === 'unknown_class') unknown.note(place, 'class', classId);
        else unknown.note(place, 'student', studentId);
        report(leftOutAt(code, place));
      };
      for (const enrollment of enrollments) {
        const { classId, studentId } = enrollment;
        const student = students.get(studentId);
        const classRow = classRowId(classId);
        if (student === undefined) leaveOut('unknown_person', enrollment);
        else if (!classIds.has(classRow)) leaveOut('unknown_class', enrollment);
        else {
          enrolled.add(toLineId(student) ?? '');
          filledClassIds.add(classRow);
          const id = vault.blind('enrollment', districtId, classId, studentId);
          enrollmentPages.add(toLine(id, { classId, student }));
        }
      }
      await enrollmentPages.spillWhenFull();
    },

    /** Writes the tables, and reports if many classes have no student. */
    async finish() {
      let [classes, enrollments] = [0, 0];
      await classPages.finish((lines) => {
        classes += lines.length;
      });
      await enrollmentPages.finish((lines) => {
        enrollments += lines.length;
      });
      const empty = classes - filledClassIds.size();
      if (firstClass !== undefined && isMany(empty, classes)) report(warningAt('classes_without_students', firstClass));
      return { classes, classes_without_students: empty, enrollments, students_enrolled: enrolled.size() };
    },
  };
}
