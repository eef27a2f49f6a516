// What becomes of a district's lists, from small objects typed by the port.
import type { FeedItem } from '../../src/formats/feed.ts';
import {
  type CleverCourse,
  type CleverSchool,
  type CleverSection,
  type CleverTerm,
  type CleverUser,
  DataApiFailure,
  type DistrictConnection,
  type UserRole,
} from '../../src/secure-sync/ports.ts';
import { maxEntries } from '../../src/secure-sync/section-references.ts';
import { readSnapshot, type SyncOption } from '../../src/secure-sync/snapshot.ts';

const roleNames = { student: 'student', teacher: 'teacher', staff: 'staff', district_admin: 'districtAdmin' } as const;

interface Shared {
  readonly schools?: readonly CleverSchool[];
  readonly users?: readonly CleverUser[];
  readonly sections?: readonly CleverSection[];
  readonly courses?: Iterable<CleverCourse> | DataApiFailure;
  readonly terms?: readonly CleverTerm[];
}

function connectionTo({
  schools = [],
  users = [],
  sections = [],
  courses = [],
  terms = [],
}: Shared): DistrictConnection {
  const list = async function* <Item>(items: Iterable<Item> | DataApiFailure) {
    if (items instanceof DataApiFailure) throw items;
    yield* items;
  };
  const having = (role: UserRole) => users.filter(({ roles }) => roles[roleNames[role]] !== undefined);
  return {
    district: () => Promise.reject(new Error('not asked')),
    schools: () => list(schools),
    users: (role) => list(having(role)),
    courses: () => list(courses),
    terms: () => list(terms),
    sections: () => list(sections),
    user: async () => undefined,
    school: async () => undefined,
  };
}

async function read(shared: Shared, option: SyncOption = 'full'): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of readSnapshot(connectionTo(shared), option)) items.push(item);
  return items;
}

const user = (id: string, roles: CleverUser['roles'], changes: Partial<CleverUser> = {}): CleverUser => ({
  id,
  district: 'd',
  email: `${id}@x.example`,
  givenName: 'Given',
  familyName: 'Family',
  roles,
  ...changes,
});
const student = (sisId: string | undefined) => ({ student: { sisId, school: 's1', grade: '4' } });
const teacher = (sisId: string | undefined) => ({ teacher: { sisId, school: 's1' } });
const staff = (staffId: string | undefined, ...duties: string[]) => ({ staff: { staffId, school: undefined, duties } });
const districtAdmin = { districtAdmin: true as const };
const section = (id: string, changes: Partial<CleverSection> = {}): CleverSection => ({
  id,
  sisId: `class-${id}`,
  name: 'Algebra',
  school: 's1',
  teachers: [],
  students: [],
  course: undefined,
  term: undefined,
  subject: undefined,
  period: undefined,
  grade: undefined,
  ...changes,
});
const schools = [{ id: 's1', sisId: 'School 1', name: 'North' }];

describe('a snapshot', () => {
  it('has schools, students, teachers, staff, classes and enrollments, in this order', async () => {
    const items = await read({
      schools,
      users: [user('d', districtAdmin), user('c', staff('9')), user('b', teacher('7')), user('a', student('1'))],
      sections: [section('x', { teachers: ['b'], students: ['a'] })],
    });
    expect(items.map((item) => (item.kind === 'account' ? item.record : item.kind))).toEqual([
      'school',
      'student',
      'teacher',
      'staff',
      'staff',
      'class',
      'enrollment',
    ]);
  });

  it('makes of a student an account with the district’s own ids and the Clever id', async () => {
    const [, row] = await read(
      { schools, users: [user('a', student(' 12 '), { email: ' a@x.example ' })] },
      'provisioning',
    );
    expect(row).toMatchObject({ kind: 'finding', code: 'white_space_removed' });
    expect(await read({ schools, users: [user('a', student('12'))] })).toContainEqual({
      kind: 'account',
      record: 'student',
      sisId: '12',
      role: 'student',
      givenName: 'Given',
      familyName: 'Family',
      email: 'a@x.example',
      cleverId: 'a',
      schoolId: 'School 1',
      grade: '4',
      place: { file: 'clever:students', line: 1 },
    });
  });

  it.each([
    ['a teacher', teacher('7'), 'teacher', '7', 'teacher'],
    ['staff', staff('9'), 'staff', '9', 'staff'],
    ['staff with a title of an administrator', staff('9', 'Principal'), 'staff', '9', 'administrator'],
    ['staff with Clever’s own duties', staff('9', 'SchoolTechLead', 'PortalOnly'), 'staff', '9', 'staff'],
    ['a district administrator', districtAdmin, 'staff', 'clever:a', 'administrator'],
    ['a teacher who is staff', { ...teacher('7'), ...staff('9') }, 'teacher', '7', 'teacher'],
    ['a teacher who runs the school', { ...teacher('7'), ...staff('9', 'Principal') }, 'teacher', '7', 'administrator'],
    ['all three', { ...teacher('7'), ...staff('9'), ...districtAdmin }, 'teacher', '7', 'administrator'],
    ['a teacher without a SIS id who is staff', { ...teacher(undefined), ...staff('9') }, 'staff', '9', 'teacher'],
    [
      'staff without an id who runs the district',
      { ...staff(undefined), ...districtAdmin },
      'staff',
      'clever:a',
      'administrator',
    ],
  ])('makes of %s one account', async (_, roles, record, sisId, role) => {
    const accounts = (await read({ users: [user('a', roles)] })).filter(({ kind }) => kind === 'account');
    expect(accounts).toHaveLength(1);
    expect(accounts[0]).toMatchObject({ record, sisId, role, cleverId: 'a' });
  });

  it('makes nothing of a contact', async () => {
    expect(await read({ users: [user('a', {})] })).toEqual([]);
  });

  it.each([
    ['student', student(undefined)],
    ['teacher', teacher('')],
    ['teacher and staff', { ...teacher(undefined), ...staff(undefined) }],
  ])('leaves a %s without a SIS id out, and says so once', async (_, roles) => {
    expect(await read({ users: [user('a', roles)] })).toEqual([
      expect.objectContaining({ kind: 'finding', code: 'row_without_id', rowLeftOut: true }),
    ]);
  });

  it('leaves a person without names out', async () => {
    expect(await read({ users: [user('a', student('1'), { givenName: undefined, familyName: ' ' })] })).toEqual([
      expect.objectContaining({ code: 'row_without_name', rowLeftOut: true }),
    ]);
  });

  it('names the people of a class by their SIS ids', async () => {
    const items = await read({
      schools,
      users: [user('a', student('1')), user('b', student('2')), user('t', teacher('7')), user('u', teacher('8'))],
      sections: [
        section('x', { teachers: ['u', 't'], students: ['b', 'a'] }),
        section('y', { sisId: undefined, students: ['a'] }),
      ],
    });
    expect(items.filter(({ kind }) => kind === 'class')).toMatchObject([
      { classId: 'class-x', name: 'Algebra', schoolId: 'School 1', teacherIds: ['8', '7'] },
      { classId: 'clever:y', teacherIds: [] },
    ]);
    expect(items.filter(({ kind }) => kind === 'enrollment')).toMatchObject([
      { classId: 'class-x', studentId: '2' },
      { classId: 'class-x', studentId: '1' },
      { classId: 'clever:y', studentId: '1' },
    ]);
  });

  it('reports people in a class whom Clever does not share, and never counts them as lost rows', async () => {
    const items = await read({
      users: [user('a', student('1'))],
      sections: [section('x', { teachers: ['nobody'], students: ['a', 'hidden'] })],
    });
    const findings = items.filter(({ kind }) => kind === 'finding');
    expect(findings).toHaveLength(2);
    expect(findings).toMatchObject([{ code: 'unknown_person' }, { code: 'unknown_person' }]);
    expect(findings[0]).not.toHaveProperty('rowLeftOut');
    expect(items.filter(({ kind }) => kind === 'enrollment')).toHaveLength(1);
  });

  it('is students alone for a district that provisions: sections and employees are left alone', async () => {
    const source = {
      schools,
      users: [user('a', student('1')), user('t', teacher('7'))],
      sections: [section('x', { teachers: ['t'], students: ['a'] })],
    };
    const items = await read(source, 'provisioning');
    expect(items.map(({ kind }) => kind)).toEqual(['school', 'account']);
  });
});

describe('the courses of a district', () => {
  const courses = [{ id: 'c1', name: ' Algebra I ', number: '0430' }];
  const terms = [{ id: 't1', name: 'Fall', start: '2026-08-17', end: '2026-12-18' }];
  const classOf = async (shared: Shared) => (await read(shared)).find((item) => item.kind === 'class');

  it('come with its classes', async () => {
    const facts = { course: 'c1', term: 't1', subject: 'math', period: '3', grade: '7' };
    expect(await classOf({ courses, terms, sections: [section('x', facts)] })).toMatchObject({
      course: { id: 'c1', title: 'Algebra I', code: '0430' },
      terms: [{ id: 't1', title: 'Fall', start: '2026-08-17', end: '2026-12-18' }],
      subject: 'math',
      period: '3',
      grades: ['7'],
    });
  });

  it('are absent where a section names none', async () => {
    expect(await classOf({ courses, terms, sections: [section('x')] })).toMatchObject({
      course: undefined,
      terms: [],
      grades: [],
    });
  });

  it('go by their id where they are not shared', async () => {
    expect(await classOf({ sections: [section('x', { course: 'c9', term: 't9' })] })).toMatchObject({
      course: { id: 'c9', title: undefined, code: undefined },
      terms: [{ id: 't9', title: undefined }],
    });
  });

  it('may be kept from the app: the classes come all the same, with a warning', async () => {
    const items = await read({ courses: new DataApiFailure('not-allowed'), terms, sections: [section('x')] });
    expect(items).toContainEqual(
      expect.objectContaining({ code: 'courses_not_allowed', severity: 'warning', place: { file: 'clever:courses' } }),
    );
    expect(items).toContainEqual(expect.objectContaining({ kind: 'class', classId: 'class-x' }));
  });

  it('end the sync where Clever fails', async () => {
    await expect(read({ courses: new DataApiFailure('status-5xx') })).rejects.toMatchObject({ reason: 'status-5xx' });
  });

  it('are not asked for by a district that provisions students only', async () => {
    expect(await read({ courses: new DataApiFailure('status-5xx') }, 'provisioning')).toEqual([]);
  });

  it('are bounded, in number and in length', async () => {
    function* many(): Generator<CleverCourse> {
      for (let n = 0; n <= maxEntries; n += 1)
        yield { id: `c${n}`, name: n === 0 ? 'x'.repeat(5_000) : 'A', number: undefined };
    }
    const last = section('last', { course: `c${maxEntries}` });
    const items = await read({ courses: many(), sections: [section('first', { course: 'c0' }), last] });
    const titles = items.flatMap((item) => (item.kind === 'class' ? [item.course?.title?.length] : []));
    expect(titles).toEqual([256, undefined]);
  });
});

it('names the Clever id of whom or what a finding is about', async () => {
  const items = await read({
    schools: [{ id: 'school-1', sisId: undefined, name: 'North' }],
    users: [user('a', student(undefined)), user('b', teacher('7'), { email: 'B@x.example' })],
    sections: [section('x', { students: ['nobody'] })],
  });
  const named = items.flatMap((item) => (item.kind === 'finding' ? [[item.code, item.place.cleverIds]] : []));
  expect(named).toEqual([
    ['row_without_id', ['school-1']],
    ['row_without_id', ['a']],
    ['capitals', ['b']],
    ['unknown_person', ['x']],
  ]);
});
