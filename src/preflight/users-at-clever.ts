// The current users of a Secure Sync district in Clever's Data API, for a pre-flight without a list.
import type { ExportItem, ExportPerson } from '../formats/feed.ts';
import type { CleverUser, DistrictConnection, UserRole } from '../secure-sync/ports.ts';

const roles: readonly UserRole[] = ['student', 'teacher', 'staff', 'district_admin'];

/** Each user once, under the first of their roles. @throws DataApiFailure */
export async function* readUsersAtClever(connection: Pick<DistrictConnection, 'users'>): AsyncGenerator<ExportItem> {
  for (const [index, role] of roles.entries()) {
    for await (const user of connection.users(role)) {
      if (!hasRoleOf(user, roles.slice(0, index))) yield { kind: 'person', person: toPerson(user, role) };
    }
  }
}

const hasRoleOf = ({ roles: had }: CleverUser, wanted: readonly UserRole[]): boolean =>
  wanted.some((role) => (role === 'district_admin' ? had.districtAdmin : had[role]) !== undefined);

const toPerson = ({ id, email, givenName, familyName, roles: had }: CleverUser, role: UserRole): ExportPerson => ({
  cleverId: id,
  userType: role,
  email,
  givenName,
  familyName,
  sisId: {
    student: had.student?.sisId,
    teacher: had.teacher?.sisId,
    staff: had.staff?.staffId,
    district_admin: undefined,
  }[role],
});
