import type { ExportItem } from '../../src/formats/feed.ts';
import { readUsersAtClever } from '../../src/preflight/users-at-clever.ts';
import type { CleverUser, UserRole } from '../../src/secure-sync/ports.ts';

const user = (id: string, roles: CleverUser['roles']): CleverUser => ({
  id,
  district: 'a1',
  email: `${id}@b.example`,
  givenName: 'Ada',
  familyName: 'Moss',
  roles,
});

const student = { sisId: 's', school: undefined, grade: undefined };
const teacher = { sisId: 't', school: undefined };
const staff = { staffId: 'f', school: undefined, duties: [] };

const lists: Readonly<Record<UserRole, readonly CleverUser[]>> = {
  student: [user('one', { student })],
  teacher: [user('two', { teacher, staff })],
  staff: [user('two', { teacher, staff }), user('three', { staff })],
  district_admin: [user('three', { staff, districtAdmin: true }), user('four', { districtAdmin: true })],
};

async function* users(role: UserRole) {
  yield* lists[role];
}

it('gives each person at Clever once, under the first of their roles', async () => {
  const items: ExportItem[] = [];
  for await (const item of readUsersAtClever({ users })) items.push(item);
  expect(
    items.map((item) =>
      item.kind === 'person' ? [item.person.cleverId, item.person.userType, item.person.sisId] : [],
    ),
  ).toEqual([
    ['one', 'student', 's'],
    ['two', 'teacher', 't'],
    ['three', 'staff', 'f'],
    ['four', 'district_admin', undefined],
  ]);
});
