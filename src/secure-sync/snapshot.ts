// Everything Clever shares of one district, as a feed. Reads each list once and from end to end; writes nothing.
// Memory: two pages of Clever's, and for the full option one entry per user, course and term, since sections refer to
// them by Clever id.

import { readCell } from '../formats/clean-cell.ts';
import type { ClassRow, Feed, FeedItem, RecordType } from '../formats/feed.ts';
import { leftOutAt, warningAt } from '../formats/finding.ts';
import { type CleverSection, DataApiFailure, type DistrictConnection, type UserRole } from './ports.ts';
import { type CourseCatalog, createCourseCatalog, createMemberships, type Memberships } from './section-references.ts';
import { hasRole, placeOf, recordOf, toAccountItems } from './to-account-row.ts';

/**
 * `provisioning`: students only; teachers, administrators and classes come by spreadsheet and Clever's sections are not
 * read.
 */
export type SyncOption = 'full' | 'provisioning';

/** In the order of a feed. The place of a row is its position in Clever's list; Clever's lists have no header. */
export async function* readSnapshot(connection: DistrictConnection, option: SyncOption): Feed {
  const schools = new Map<string, string>();
  yield* readSchools(connection, schools);
  if (option === 'provisioning') return yield* readUsers(connection, 'student', schools);
  const people = createMemberships();
  yield* readUsers(connection, 'student', schools, people);
  yield* readUsers(connection, 'teacher', schools, people);
  yield* readUsers(connection, 'staff', schools, people);
  yield* readUsers(connection, 'district_admin', schools, people);
  const catalog = createCourseCatalog();
  yield* readCourses('clever:courses', connection.courses(), catalog.addCourse);
  yield* readCourses('clever:terms', connection.terms(), catalog.addTerm);
  yield* readClasses(connection, schools, people, catalog);
  yield* people.enrollments();
}

const fileOf = {
  student: 'clever:students',
  teacher: 'clever:teachers',
  staff: 'clever:staff',
  district_admin: 'clever:district_admins',
} as const satisfies Record<UserRole, string>;

async function* readSchools(connection: DistrictConnection, schools: Map<string, string>): Feed {
  let line = 0;
  for await (const { id, sisId, name } of connection.schools()) {
    line += 1;
    const place = { file: 'clever:schools', line };
    const schoolId = readCell(sisId ?? '');
    if (schoolId === undefined) {
      yield leftOutAt('row_without_id', placeOf(place, id));
      continue;
    }
    schools.set(id, schoolId);
    yield { kind: 'school', schoolId, name, place };
  }
}

/** A user with several roles belongs to the list of their record, or of their only roles. */
async function* readUsers(
  connection: DistrictConnection,
  role: UserRole,
  schools: ReadonlyMap<string, string>,
  people?: Memberships,
): Feed {
  let line = 0;
  for await (const user of connection.users(role)) {
    line += 1;
    if (!hasRole(user)) continue;
    const found = recordOf(user);
    if (listOf(found?.record, user.roles) !== role) continue;
    if (found !== undefined) people?.add(user.id, found);
    yield* toAccountItems(user, (school) => schools.get(school), { file: fileOf[role], line });
  }
}

/** An employee with several roles is in the list of each role and becomes one row, from exactly one of them. */
function listOf(record: RecordType | undefined, roles: Readonly<Partial<Record<string, unknown>>>): UserRole {
  if (record === 'student' || (record === undefined && roles['student'])) return 'student';
  if (record === 'teacher' || (record === undefined && roles['teacher'])) return 'teacher';
  return roles['staff'] ? 'staff' : 'district_admin';
}

/** If Clever does not let the app read courses, the classes are used without them. */
async function* readCourses<Item>(file: string, list: AsyncIterable<Item>, add: (item: Item) => void): Feed {
  try {
    for await (const item of list) add(item);
  } catch (failure) {
    if (!(failure instanceof DataApiFailure && failure.reason === 'not-allowed')) throw failure;
    yield warningAt('courses_not_allowed', { file });
  }
}

async function* readClasses(
  connection: DistrictConnection,
  schools: ReadonlyMap<string, string>,
  people: Memberships,
  catalog: CourseCatalog,
): Feed {
  let line = 0;
  for await (const section of connection.sections()) {
    line += 1;
    const place = { file: 'clever:sections', line };
    const classId = readCell(section.sisId ?? '') ?? `clever:${section.id}`;
    yield* readClass(
      section,
      {
        kind: 'class',
        classId,
        ...nameAndSchool(section, schools),
        teacherIds: [],
        place,
        ...catalog.factsOf(section),
      },
      people,
    );
  }
}

const nameAndSchool = ({ name, school }: CleverSection, schools: ReadonlyMap<string, string>) => ({
  name,
  schoolId: school === undefined ? undefined : schools.get(school),
});

/** A user in a section who was in no list (not shared with the app) is reported and left out of the class. */
function* readClass(section: CleverSection, row: ClassRow, people: Memberships): Generator<FeedItem> {
  const teachers = section.teachers.map((id) => people.find(id));
  const teacherIds = teachers.flatMap((one) => (one?.record === 'teacher' ? [one.sisId] : []));
  const unknownStudents = people.enroll(row.classId, section.students, row.place);
  for (let n = unknownStudents + teachers.filter((one) => one === undefined).length; n > 0; n -= 1)
    yield warningAt('unknown_person', placeOf(row.place, section.id));
  yield { ...row, teacherIds };
}
