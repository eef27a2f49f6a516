// OneRoster sets of several makes as a feed, and every wrong set with its file, line and column.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedItem } from '../../../src/formats/feed.ts';
import type { RosterSettings } from '../../../src/formats/format.ts';
import { full11, full12, provisioning11, type Sets, tableOf } from '../../helpers/oneroster.ts';
import { readFolder } from '../../helpers/read-folder.ts';

let folder: string;
const now = Date.parse('2026-10-05T12:00:00Z');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oneroster-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(files: Sets, settings: Partial<RosterSettings> = {}): Promise<readonly FeedItem[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const items: FeedItem[] = [];
  const options = { clock: () => now, settings };
  for await (const some of readFolder(folder, options)) items.push(...some);
  return items;
}

const only = <Kind extends FeedItem['kind']>(items: readonly FeedItem[], kind: Kind) =>
  items.filter((item): item is Extract<FeedItem, { kind: Kind }> => item.kind === kind);

const people = (items: readonly FeedItem[]) =>
  only(items, 'account').map(({ sisId, record, role, schoolId }) => [sisId, record, role, schoolId]);

const errors = (items: readonly FeedItem[]) =>
  only(items, 'finding')
    .filter(({ severity }) => severity === 'error')
    .map(({ code, place }) => ({ code, ...place }));

const findings = (items: readonly FeedItem[]) => only(items, 'finding').map(({ code, place }) => ({ code, ...place }));

describe('a set of 1.1', () => {
  it('gives schools and people, and one row for each school of a person', async () => {
    const items = await read(provisioning11());
    expect(items[0]).toEqual({ kind: 'format', format: 'oneroster-1.1', option: 'provisioning' });
    expect(only(items, 'school').map(({ schoolId, name }) => [schoolId, name])).toEqual([
      ['h1', 'Quartz High'],
      ['h2', 'Flint Middle'],
    ]);
    expect(people(items)).toEqual([
      ['s1', 'student', 'student', 'h1'],
      ['s2', 'student', 'student', 'h1'],
      ['s2', 'student', 'student', 'h2'],
      ['t1', 'teacher', 'teacher', 'h1'],
      ['t2', 'teacher', 'teacher', 'h1'],
      ['a1', 'teacher', 'administrator', 'h1'],
      ['a2', 'teacher', 'administrator', undefined],
      ['c1', 'teacher', 'staff', 'h2'],
    ]);
    expect(findings(items)).toEqual([]);
    expect(JSON.stringify(items)).not.toMatch(/hunter2|555-0100/);
  });

  it('gives classes with course, terms, periods and subjects, the primary teacher first', async () => {
    const items = await read(full11());
    expect(items[0]).toEqual({ kind: 'format', format: 'oneroster-1.1', option: 'full' });
    expect(only(items, 'class')).toEqual([
      {
        kind: 'class',
        classId: 'k1',
        name: 'Algebra 3',
        schoolId: 'h1',
        teacherIds: ['t1', 't2'],
        course: { id: 'alg', title: 'Algebra', code: '0430' },
        subject: 'Math, Logic',
        period: '3, 4',
        terms: [{ id: 'fall', title: 'Fall', start: '2026-08-17', end: '2026-12-18' }],
        grades: ['09', '10'],
        place: { file: 'classes.csv', line: 2 },
      },
    ]);
    expect(only(items, 'enrollment').map(({ classId, studentId }) => [classId, studentId])).toEqual([['k1', 's1']]);
    expect(findings(items)).toEqual([]);
  });

  it('leaves out and counts who is not active, and guardians', async () => {
    const items = await read(
      provisioning11({
        x1: { role: 'student', orgSourcedIds: 'h1', enabledUser: 'FALSE' },
        x2: { role: 'student', orgSourcedIds: 'h1', status: 'tobedeleted' },
        x3: { role: 'teacher', orgSourcedIds: 'h1', status: 'Inactive' },
        y1: { role: 'student', orgSourcedIds: 'h1', enabledUser: '1', status: 'active' },
        g1: { role: 'parent', orgSourcedIds: 'h1' },
        g2: { role: 'Guardian', orgSourcedIds: 'h1' },
      }),
    );
    expect(only(items, 'not_kept')).toEqual([{ kind: 'not_kept', inactive: 3, guardians: 2 }]);
    const ids = people(items).map(([id]) => id);
    expect(ids).toContain('y1');
    expect(ids.filter((id) => /^[xg]/.test(String(id)))).toEqual([]);
  });

  it('takes the spellings that systems write', async () => {
    const users = [
      '\ufeffSource Id, ORGSOURCEIDS ,Role,enabled_user,Given Name,familyName,email,metadata.lunch,,',
      's1,"h1, h2",Student,Yes,Ada,Byron,ada@quartz.example,free,,',
      't1,h1,TEACHER,y,Bo,Li,bo@quartz.example,,,',
    ].join('\r');
    const items = await read({ 'Users.CSV': users, 'ORGS.csv': provisioning11()['orgs.csv'] ?? '' });
    expect(people(items)).toEqual([
      ['s1', 'student', 'student', 'h1'],
      ['s1', 'student', 'student', 'h2'],
      ['t1', 'teacher', 'teacher', 'h1'],
    ]);
    expect(findings(items)).toEqual([]);
  });
});

describe('a set of 1.2', () => {
  it('has roles of its own, several a person, each in its time', async () => {
    const items = await read(full12());
    expect(items[0]).toEqual({ kind: 'format', format: 'oneroster-1.2', option: 'full' });
    expect(people(items)).toEqual([
      ['s1', 'student', 'student', 'h1'],
      ['s2', 'student', 'student', 'h2'],
      ['s2', 'student', 'student', 'h1'],
      ['t1', 'teacher', 'administrator', 'h2'],
      ['t1', 'teacher', 'administrator', 'h1'],
      ['t2', 'teacher', 'teacher', 'h1'],
      ['a1', 'teacher', 'administrator', 'h1'],
      ['a2', 'teacher', 'administrator', undefined],
    ]);
    expect(only(items, 'not_kept')).toEqual([{ kind: 'not_kept', inactive: 0, guardians: 1 }]);
    expect(only(items, 'class')).toHaveLength(1);
    expect(findings(items)).toEqual([]);
  });

  it('reports a role of an unknown user and a user without a role', async () => {
    const set = full12();
    const roles = `${set['roles.csv']}r9,,,nobody,primary,student,,,h1,\nr10,,,s1,primary,student,,,h9,\n`;
    const items = await read({ ...set, 'roles.csv': roles });
    expect(findings(items)).toEqual([
      { code: 'unknown_school', file: 'roles.csv', line: 13, column: 'orgSourcedId' },
      { code: 'unknown_person', file: 'roles.csv', line: 12, column: 'userSourcedId' },
    ]);
  });
});

describe('a wrong set', () => {
  const manifestOf = (name: string, value: string) =>
    tableOf('manifest', [
      { propertyName: 'manifest.version', value: '1.0' },
      { propertyName: `file.${name}`, value },
    ]);
  const set = full11();
  const without = (...names: readonly string[]): Sets =>
    Object.fromEntries(Object.entries(set).filter(([name]) => !names.includes(name)));

  it.each<[string, Sets, readonly object[]]>([
    [
      'of changes only',
      { ...set, 'manifest.csv': manifestOf('users', 'delta') },
      [{ code: 'delta_not_supported', file: 'manifest.csv', line: 3, column: 'value' }],
    ],
    ['of two families', { ...set, 'Students.csv': 'a\n' }, [{ code: 'formats_mixed', file: 'Students.csv' }]],
    ['without users', without('users.csv'), [{ code: 'file_missing', file: 'users.csv' }]],
    ['without orgs', without('orgs.csv'), [{ code: 'file_missing', file: 'orgs.csv' }]],
    ['full without courses', without('courses.csv'), [{ code: 'file_missing', file: 'courses.csv' }]],
    [
      'full without enrollments and classes',
      without('enrollments.csv', 'classes.csv'),
      [
        { code: 'file_missing', file: 'classes.csv' },
        { code: 'file_missing', file: 'enrollments.csv' },
      ],
    ],
    [
      'whose manifest promises a file',
      { ...set, 'manifest.csv': manifestOf('roles', 'bulk') },
      [{ code: 'file_missing', file: 'roles.csv' }],
    ],
    [
      'of 1.1 without a role column',
      { ...set, 'users.csv': 'sourcedId,givenName,familyName,orgSourcedIds\n' },
      [{ code: 'column_missing', file: 'users.csv', column: 'role' }],
    ],
    [
      'with a school twice',
      { ...set, 'orgs.csv': `${set['orgs.csv']}h1,,,Other,school,,\n` },
      [{ code: 'id_of_two_schools', file: 'orgs.csv', line: 5, column: 'sourcedId' }],
    ],
  ])('%s is an error', async (_, files, expected) => {
    expect(errors(await read(files))).toEqual(expect.arrayContaining([...expected]));
    expect(errors(await read(files))).toHaveLength(expected.length);
  });

  it.each([
    ['another name and address', 's1,,,true,h1,student,,,Eve,Other,,,e@quartz.example,,,,,'],
    ['another role', 's1,,,true,h1,teacher,,,Given s1,Family s1,,,s1@quartz.example,,,,,'],
    ['another name, and gone', 's1,tobedeleted,,true,h1,student,,,Eve,Other,,,,,,,,'],
  ])('leaves out both rows of one id where the second has %s', async (_what, row) => {
    const items = await read({ ...set, 'users.csv': `${set['users.csv']}${row}\n${row}\n` });
    const found = items.filter((item) => item.kind === 'finding' || item.kind === 'contested_id');
    const finding = (line: number) =>
      expect.objectContaining({
        code: 'id_of_two_people',
        severity: 'warning',
        rowLeftOut: true,
        place: { file: 'users.csv', line, column: 'sourcedId', other: { file: 'users.csv', line: 2 } },
      });
    const contested = { kind: 'contested_id', record: 'student', sisId: 's1', place: { file: 'users.csv', line: 2 } };
    expect(found).toEqual([finding(9), contested, finding(10)]);
  });

  const active = 's9,,,true,h1,student,,,Ann,Lee,,,ann@quartz.example,,,,,';
  const disabled = 's9,,,false,h1,student,,,Ann,Lee,,,ann@quartz.example,,,,,';
  const deleted = 's9,tobedeleted,,true,h2,student,,,Ann,Lee,,,,,,,,';
  it.each([
    ['is active, then disabled', [active, disabled], [[10, 'enabledUser']], true],
    ['is active, then to be deleted', [active, deleted], [[10, 'status']], true],
    ['is disabled, then active', [disabled, active], [[10, 'enabledUser']], false],
    [
      'is active, disabled, active',
      [active, disabled, active],
      [
        [10, 'enabledUser'],
        [11, 'enabledUser'],
      ],
      true,
    ],
    ['is disabled twice', [disabled, deleted], [], false],
  ])('gives no account to a user who %s, and names the rows', async (_what, rows, places, isTakenBack) => {
    const items = await read({ ...set, 'users.csv': `${set['users.csv']}${rows.join('\n')}\n` });
    const other = { file: 'users.csv', line: 9 };
    expect(only(items, 'finding')).toEqual(
      places.map(([line, column]) => ({
        kind: 'finding',
        severity: 'warning',
        code: 'user_active_and_not',
        rowLeftOut: true,
        place: { file: 'users.csv', line, column, other },
      })),
    );
    expect(only(items, 'contested_id')).toEqual(
      isTakenBack ? [{ kind: 'contested_id', record: 'student', sisId: 's9', place: other }] : [],
    );
    // The first row was emitted already, and is taken back.
    expect(only(items, 'account').filter(({ sisId }) => sisId === 's9')).toHaveLength(isTakenBack ? 1 : 0);
  });

  it('keeps the account of a user who is a parent too', async () => {
    const parent = 't1,,,true,h1,parent,,,Given t1,Family t1,,,t1@quartz.example,,,,,';
    const items = await read({ ...set, 'users.csv': `${set['users.csv']}${parent}\n` });
    expect(findings(items)).toEqual([]);
    expect(only(items, 'account').filter(({ sisId }) => sisId === 't1')).toHaveLength(1);
  });

  it('joins a second row of one id that leaves the address blank', async () => {
    const row = 's1,,,true,h2,student,,,Given s1,FAMILY S1,,,N/A,,,,,';
    const items = await read({ ...set, 'users.csv': `${set['users.csv']}${row}\n` });
    expect(items.filter((item) => item.kind === 'account' && item.sisId === 's1')).toHaveLength(2);
    expect(errors(items)).toEqual([]);
  });

  it('leaves out rows whose ids a program changed, and names the person of each', async () => {
    const users = `${set['users.csv']}7.38E+11,,,true,h1,student,,,Ann,Lee,,,ann@quartz.example,,,,,\n`;
    const items = await read({
      ...full11(),
      'users.csv': users,
      'enrollments.csv': 'sourcedId,classSourcedId,userSourcedId,role\ne,k1,="s1",student\ne,3-Apr,s1,student\n',
    });
    const left = items.flatMap((item) => (item.kind === 'finding' && item.rowLeftOut ? [item] : []));
    expect(left.map(({ code, place: { line, column } }) => [code, line, column])).toEqual([
      ['digits_lost', 9, 'sourcedId'],
      ['id_with_signs', 2, 'userSourcedId'],
      ['cell_is_date', 3, 'classSourcedId'],
    ]);
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'person_without_id', record: 'student', email: 'ann@quartz.example' }),
    );
  });

  it('with a file that the manifest says is absent does not have it', async () => {
    expect(errors(await read({ ...set, 'manifest.csv': manifestOf('users', 'absent') }))).toEqual([
      { code: 'file_missing', file: 'users.csv' },
    ]);
  });

  it('says once of a file of the other family that it is in the way', async () => {
    const items = await read({ ...set, 'students.csv': 'a\n', 'notes.csv': 'a\n' });
    expect(findings(items)).toEqual([
      { code: 'formats_mixed', file: 'students.csv' },
      { code: 'file_not_used', file: 'notes.csv' },
    ]);
  });

  it('applies nothing of a set of changes', async () => {
    const items = await read({ ...set, 'manifest.csv': manifestOf('enrollments', 'delta') });
    expect(items.map(({ kind }) => kind)).toEqual(['format', 'finding']);
  });

  it('names ids that name nothing, by line and column', async () => {
    const items = await read({
      ...set,
      'users.csv': `${provisioning11({ z: { role: 'student', orgSourcedIds: 'h9' } })['users.csv']}`,
      'classes.csv': `${set['classes.csv']}k2,,,B,,none,,,,h9,winter,,,\n`,
      'enrollments.csv': `${set['enrollments.csv']}e8,,,k9,,s1,student,,,\ne9,,,k1,,s9,student,,,\n`,
    });
    expect(findings(items)).toEqual([
      { code: 'unknown_school', file: 'users.csv', line: 9, column: 'orgSourcedIds' },
      { code: 'unknown_course', file: 'classes.csv', line: 3, column: 'courseSourcedId' },
      { code: 'unknown_school', file: 'classes.csv', line: 3, column: 'schoolSourcedId' },
      { code: 'unknown_term', file: 'classes.csv', line: 3, column: 'termSourcedIds' },
      { code: 'unknown_class', file: 'enrollments.csv', line: 6, column: 'classSourcedId' },
      { code: 'unknown_person', file: 'enrollments.csv', line: 7, column: 'userSourcedId' },
    ]);
  });

  it('keeps nothing of a row whose status is no word of OneRoster, and names the cell', async () => {
    const items = await read({
      ...set,
      'users.csv': `${set['users.csv']}z,Withdrawn,,true,h1,student,,,Zed,Gone,,,z@quartz.example,,,,,\n`,
      'enrollments.csv': `${set['enrollments.csv']}e8,dropped,,k1,,s1,student,,,\n`,
    });
    expect(findings(items)).toEqual([
      { code: 'status_unknown', file: 'users.csv', line: 9, column: 'status' },
      { code: 'status_unknown', file: 'enrollments.csv', line: 6, column: 'status' },
    ]);
    expect(items.some((item) => item.kind === 'account' && item.sisId === 'z')).toBe(false);
  });

  it('names what is no date, and counts the row', async () => {
    const items = await read({
      ...set,
      'enrollments.csv': `${set['enrollments.csv']}e8,,,k1,,s2,student,,08/17/2026,06/04/2027\n`,
    });
    expect(findings(items)).toEqual([
      { code: 'date_not_read', file: 'enrollments.csv', line: 6, column: 'beginDate' },
      { code: 'date_not_read', file: 'enrollments.csv', line: 6, column: 'endDate' },
    ]);
    expect(items.filter((item) => item.kind === 'enrollment' && item.place.line === 6)).toHaveLength(1);
  });
});

describe('the settings of a district', () => {
  const swapped = (): Sets => {
    const ids = ['s1', 's2', 't1', 't2', 'a1', 'a2', 'c1'];
    const cells = (id: string) => ({ username: `${id}@login.example`, email: '' });
    const set = provisioning11();
    const roleOf = (id: string) => (id.startsWith('s') ? 'student' : 'teacher');
    return {
      ...set,
      'users.csv':
        provisioning11(
          Object.fromEntries(ids.map((id) => [id, { role: roleOf(id), orgSourcedIds: 'h1', ...cells(id) }])),
        )['users.csv'] ?? '',
    };
  };

  it('propose the other column where most addresses are, and read it when the option says so', async () => {
    const before = await read(swapped());
    expect(findings(before)).toEqual([{ code: 'address_elsewhere', file: 'users.csv', column: 'username' }]);
    expect(only(before, 'account')[0]?.email).toBeUndefined();
    const after = await read(swapped(), { oneRosterEmail: 'username' });
    expect(findings(after)).toEqual([]);
    expect(only(after, 'account')[0]?.email).toBe('s1@login.example');
  });

  it('say whether a roster makes district administrators', async () => {
    const positions = (items: readonly FeedItem[]) =>
      only(items, 'account').flatMap(({ sisId, position }) => (position === undefined ? [] : [[sisId, position]]));
    for (const set of [provisioning11(), full12()]) {
      const [denied, allowed] = [await read(set), await read(set, { districtAdmins: 'allow' })];
      expect(positions(denied)).toEqual(
        expect.arrayContaining([
          ['a1', 'school_admin'],
          ['a2', 'school_admin'],
        ]),
      );
      expect(positions(allowed)).toEqual(
        expect.arrayContaining([
          ['a1', 'school_admin'],
          ['a2', 'district_admin'],
        ]),
      );
      for (const name of ['roles.csv', 'manifest.csv']) await rm(join(folder, name), { force: true });
    }
  });

  it('take the identifier as the id of a person, also in classes', async () => {
    const items = await read(full11(), { oneRosterId: 'identifier' });
    expect(only(items, 'account')[0]?.sisId).toBe('n-s1');
    expect(only(items, 'class')[0]?.teacherIds).toEqual(['n-t1', 'n-t2']);
    expect(only(items, 'enrollment')[0]?.studentId).toBe('n-s1');
  });
});
