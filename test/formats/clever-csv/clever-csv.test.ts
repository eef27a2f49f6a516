import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import type { FeedItem } from '../../../src/formats/feed.ts';
import { readFolder } from '../../helpers/read-folder.ts';

type Files = Readonly<Record<string, string | Buffer>>;

const studentHeader = 'School_id,Student_id,First_name,Last_name,Student_email\n';
const complete: Files = {
  'schools.csv': 'School_id,School_name\n1,North\n',
  'students.csv': `${studentHeader}1,s1,Ada,Byron,ada@north.example\n`,
  'teachers.csv': 'School_id,Teacher_id,First_name,Last_name,Teacher_email\n1,t1,Alan,Hill,alan@north.example\n',
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clever-csv-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function put(files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

async function readAll(): Promise<FeedItem[]> {
  const all: FeedItem[] = [];
  for await (const items of readFolder(folder)) all.push(...items);
  return all;
}

async function findings(files: Files): Promise<unknown[]> {
  await put(files);
  return (await readAll()).filter(({ kind }) => kind === 'finding');
}

async function rows(files: Files): Promise<FeedItem[]> {
  await put(files);
  return (await readAll()).filter(({ kind }) => !['finding', 'progress', 'format'].includes(kind));
}

function error(code: string, place: object): object {
  return { kind: 'finding', severity: 'error', code, place };
}

function warning(code: string, place: object, more: object = {}): object {
  return { kind: 'finding', severity: 'warning', code, place, ...more };
}

const leftOut = { rowLeftOut: true };

describe('a whole folder', () => {
  it('comes in the order of a feed, and nothing of it but what we keep', async () => {
    const read = await rows({
      ...complete,
      'students.csv': `Password,DOB,Grade,${studentHeader}secret,1/2/15,4,1, s1 ,Ada,Byron,ada@north.example\n`,
      'staff.csv':
        'Staff_id,First_name,Last_name,Staff_email,Role\n1,Joan,Clark,joan@north.example,Principal\n2,Dot,Vaughan,,\n',
      'admins.csv': 'Staff_id,First_name,Last_name,Admin_email,Role\n3,Kay,McNulty,kay@north.example,clerk\n',
      'sections.csv': 'Section_id,Teacher_id,Teacher 2 id,Teacher_10_id,Name\nc1,t1,, t2,"Art, 1"\n',
      'enrollments.csv': 'School_id,Student_id,Section_id\n1,s1,c1\n',
    });
    const withoutClever = { cleverId: undefined, grade: undefined };
    const staff = { kind: 'account', record: 'staff', ...withoutClever, schoolId: undefined };
    expect(read).toEqual([
      { kind: 'school', schoolId: '1', name: 'North', place: { file: 'schools.csv', line: 2 } },
      {
        kind: 'account',
        record: 'student',
        role: 'student',
        sisId: 's1',
        givenName: 'Ada',
        familyName: 'Byron',
        email: 'ada@north.example',
        cleverId: undefined,
        schoolId: '1',
        grade: '4',
        place: { file: 'students.csv', line: 2 },
      },
      {
        kind: 'account',
        record: 'teacher',
        role: 'teacher',
        sisId: 't1',
        givenName: 'Alan',
        familyName: 'Hill',
        email: 'alan@north.example',
        ...withoutClever,
        schoolId: '1',
        place: { file: 'teachers.csv', line: 2 },
      },
      expect.objectContaining({ ...staff, role: 'administrator', sisId: '1', place: { file: 'staff.csv', line: 2 } }),
      expect.objectContaining({ ...staff, role: 'staff', sisId: '2', email: undefined }),
      expect.objectContaining({ ...staff, role: 'administrator', sisId: '3', place: { file: 'admins.csv', line: 2 } }),
      {
        kind: 'class',
        classId: 'c1',
        name: 'Art, 1',
        schoolId: undefined,
        teacherIds: ['t1', 't2'],
        place: { file: 'sections.csv', line: 2 },
      },
      { kind: 'enrollment', classId: 'c1', studentId: 's1', place: { file: 'enrollments.csv', line: 2 } },
    ]);
  });

  it('says nothing about optional files, nor about files with only their header', async () => {
    const headers = Object.entries(complete).map(([name, text]) => [name, String(text).split('\n')[0] ?? '']);
    expect(await findings(Object.fromEntries(headers))).toEqual([]);
  });

  it('reports progress at the start and at the end of each file', async () => {
    await put(complete);
    const expected = (await readAll()).filter((item) => item.kind === 'progress' && item.file === 'schools.csv');
    const bytesTotal = Buffer.byteLength(String(complete['schools.csv']));
    const progress = { kind: 'progress', file: 'schools.csv', bytesTotal };
    expect(expected).toEqual([
      { ...progress, bytesRead: 0 },
      { ...progress, bytesRead: bytesTotal },
    ]);
  });

  it('emits a student once for each guardian row', async () => {
    const row = '1,s1,Ada,Byron,ada@north.example\n';
    const read = await rows({ ...complete, 'students.csv': studentHeader + row + row });
    expect(read.filter((item) => item.kind === 'account' && item.sisId === 's1')).toHaveLength(2);
  });
});

describe('files that cannot be read', () => {
  it('names each required file that is missing', async () => {
    const missing = ['schools.csv', 'students.csv', 'teachers.csv'];
    expect(await findings({})).toEqual(missing.map((file) => error('file_missing', { file })));
  });

  it('accepts another capitalisation of a name, and says it as sent', async () => {
    const { 'students.csv': text = '', ...others } = complete;
    const read = await rows({ ...others, 'Students.CSV': text });
    expect(read).toContainEqual(
      expect.objectContaining({ record: 'student', place: { file: 'Students.CSV', line: 2 } }),
    );
  });

  it('names both of two files that fit', async () => {
    const found = await findings({ ...complete, 'Students.CSV': studentHeader });
    expect(found).toEqual([error('file_unreadable', { file: 'Students.CSV, students.csv' })]);
  });

  it.each<[string, string | Buffer, string, object]>([
    ['an empty file', '', 'file_empty', {}],
    ['a byte order mark alone', '\ufeff', 'file_empty', {}],
    ['blank lines alone', '\n\n \n', 'file_empty', {}],
    ['Latin-1', Buffer.from(`${studentHeader}1,s1,Zo\xeb,B,z@x.example\n`, 'latin1'), 'not_utf8', { line: 2 }],
    ['NUL', `${studentHeader}1,s\0,A,B,c\n`, 'file_binary', { line: 2 }],
    ['an unclosed quote', `${studentHeader}1,s1,"Ada,B,c\n`, 'quote_not_closed', { line: 2, column: 'First_name' }],
    ['a stray quote in the header', studentHeader.replace('id', 'i"d'), 'quote_misplaced', { line: 1 }],
    ['a header twice', `${studentHeader.trim()},student id\n`, 'column_twice', { line: 1, column: 'Student_id' }],
    ['a file without header', '1,s1,Ada,Byron,ada@x.example\n', 'no_known_column', { line: 1 }],
  ])('refuses %s', async (_, text, code, place) => {
    const found = await findings({ ...complete, 'students.csv': text });
    expect(found).toEqual([error(code, { file: 'students.csv', ...place })]);
  });

  it('refuses a link, even to a good file', async () => {
    await put({ ...complete, other: studentHeader });
    await rm(join(folder, 'students.csv'));
    await symlink(join(folder, 'other'), join(folder, 'students.csv'));
    expect(await findings({})).toEqual([error('file_unreadable', { file: 'students.csv' })]);
  });

  it('refuses a folder and a pipe in place of a file, without waiting', async () => {
    const { 'schools.csv': schools = '' } = complete;
    await mkdir(join(folder, 'students.csv'));
    execFileSync('mkfifo', [join(folder, 'teachers.csv')]);
    const files = ['students.csv', 'teachers.csv'];
    expect(await findings({ 'schools.csv': schools })).toEqual(files.map((file) => error('file_unreadable', { file })));
  });

  it.each([
    ['students', ['School_id', 'Student_id', 'First_name', 'Last_name', 'Student_email']],
    ['teachers', ['School_id', 'Teacher_id', 'First_name', 'Last_name', 'Teacher_email']],
    ['staff', ['Staff_id', 'First_name', 'Last_name', 'Staff_email']],
    ['admins', ['Staff_id', 'First_name', 'Last_name', 'Admin_email']],
    ['sections', ['Section_id', 'Teacher_id']],
    ['enrollments', ['Section_id', 'Student_id']],
  ])('names the required columns of %s', async (name, columns) => {
    const file = `${name}.csv`;
    const [first, ...missing] = columns;
    const found = await findings({ ...complete, [file]: `Other,${first}\n1,2\n` });
    expect(new Set(found)).toEqual(new Set(missing.map((column) => error('column_missing', { file, column }))));
  });
});

describe('rows with flaws', () => {
  const place = { file: 'students.csv', line: 2 };

  it.each<[string, string, object[]]>([
    ['no id', '1, ,Ada,Byron,a@x.example', [warning('row_without_id', { ...place, column: 'Student_id' }, leftOut)]],
    ['no name', '1,s1,, ,a@x.example', [warning('row_without_name', place, leftOut)]],
    ['too few cells', '1,s1,Ada,Byron', [warning('row_malformed', place, leftOut)]],
    ['too many cells', '1,s1,Ada,Byron,a@x.example,x', [warning('row_malformed', place, leftOut)]],
    ['a stray quote', '1,s1,A"d"a,Byron,a@x.example', [warning('row_malformed', place, leftOut)]],
  ])('leaves out a row with %s and reads the next one', async (_, row, expected) => {
    await put({ ...complete, 'students.csv': `${studentHeader}${row}\n1,s2,Bo,Li,b@x.example\n` });
    const items = (await readAll()).filter((item) => 'place' in item && item.place.file === 'students.csv');
    const next = expect.objectContaining({ sisId: 's2', place: { ...place, line: 3 } });
    expect(items).toEqual([...expected, next]);
  });

  it('keeps a row with one name', async () => {
    await put({ ...complete, 'students.csv': `${studentHeader}1,s1,,Byron,a@x.example\n` });
    const items = await readAll();
    expect(items).toContainEqual(warning('row_without_name', { ...place, column: 'First_name' }));
    expect(items).toContainEqual(expect.objectContaining({ sisId: 's1', givenName: '', familyName: 'Byron' }));
  });

  it('reports everything about an email and keeps it as sent', async () => {
    await put({
      ...complete,
      'students.csv': `school id,student id,first name,last name,Email address\n1,s1,A,B, ÁDA `,
    });
    const items = await readAll();
    const codes = ['white_space_removed', 'email_not_plain', 'not_ascii', 'capitals'];
    const expected = codes.map((code) => warning(code, { ...place, column: 'Email address' }));
    expect(items.filter(({ kind }) => kind === 'finding')).toEqual(expected);
    expect(items).toContainEqual(expect.objectContaining({ sisId: 's1', email: 'ÁDA' }));
  });

  it.each([
    ['schools.csv', 'School_id,School_name\n,North\n', 'School_id'],
    ['sections.csv', 'Section_id,Teacher_id\n,t1\n', 'Section_id'],
    ['enrollments.csv', 'Section_id,Student_id\n,s1\n', 'Section_id'],
    ['enrollments.csv', 'Section_id,Student_id\nc1,\n', 'Student_id'],
  ])('leaves out a row of %s without id', async (file, text, column) => {
    const found = await findings({ ...complete, [file]: text });
    expect(found).toEqual([warning('row_without_id', { file, line: 2, column }, leftOut)]);
  });
});

const text = fc.string({
  unit: fc.constantFrom('a', 'Z', '7', 'é', '中', '😀', '"', ',', '\n', '\r\n', '-'),
  minLength: 1,
  maxLength: 8,
});
const kept = text.map((inner) => `k${inner}k`);
// A control character costs a row its id: test/formats/changed-id.test.ts.
const id = kept.filter((made) => !/\p{Cc}/u.test(made));
const student = fc.record({
  school: id,
  id,
  given: kept,
  family: kept,
  email: fc.option(kept, { nil: '' }),
  race: text,
});
const dialect = fc.record({
  lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 1, maxLength: 4 }),
  spell: fc.constantFrom(
    (name: string) => name,
    (name: string) => name.replaceAll('_', ' '),
    (name: string) => name.toUpperCase(),
    (name: string) => ` ${name.toLowerCase().replaceAll('_', '-')} `,
  ),
  order: fc.shuffledSubarray(['school', 'id', 'given', 'family', 'email', 'race'] as const, {
    minLength: 6,
    maxLength: 6,
  }),
  bom: fc.constantFrom('', '\ufeff'),
  quoteAll: fc.boolean(),
  lastLineEnds: fc.boolean(),
});
const headers = {
  school: 'School_id',
  id: 'Student_id',
  given: 'First_name',
  family: 'Last_name',
  email: 'Student_email',
  race: 'Race',
};

it('reads the same rows in every dialect', async () => {
  await put(complete);
  const property = fc.asyncProperty(fc.array(student, { maxLength: 6 }), dialect, async (people, form) => {
    const quote = (cell: string) => (form.quoteAll || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const table = [
      form.order.map((key) => form.spell(headers[key])),
      ...people.map((who) => form.order.map((key) => who[key])),
    ];
    const lines = table.map((cells) => cells.map(quote).join(','));
    const ended = lines.map((line, i) => {
      const isOpen = i === lines.length - 1 && !form.lastLineEnds;
      return isOpen ? line : line + form.lineEnds[i % form.lineEnds.length];
    });
    await put({ 'students.csv': form.bom + ended.join('') });
    let line = 1;
    const expected = table.map((cells) => {
      const start = line;
      line += 1 + (cells.join(' ').match(/\r\n|\n/g)?.length ?? 0);
      return start;
    });
    const read = (await readAll()).filter((item) => item.kind === 'account' && item.record === 'student');
    expect(read).toEqual(
      people.map((who, i) => ({
        kind: 'account',
        record: 'student',
        role: 'student',
        sisId: who.id,
        givenName: who.given,
        familyName: who.family,
        email: who.email || undefined,
        cleverId: undefined,
        schoolId: who.school,
        grade: undefined,
        place: { file: 'students.csv', line: expected[i + 1] },
      })),
    );
  });
  await fc.assert(property, { numRuns: 150 });
});

describe('a large file', () => {
  function* manyStudents(count: number): Generator<string> {
    yield studentHeader;
    for (let i = 0; i < count; i++) yield `1,s${i},Given${i},"Family, ${i}",student.${i}@district.north.example\r\n`;
  }

  it('is read with flat memory and reports progress', async () => {
    await put(complete);
    await pipeline(Readable.from(manyStudents(200_000)), createWriteStream(join(folder, 'students.csv')));
    const before = process.memoryUsage().rss;
    let [peak, accounts, progress] = [before, 0, 0];
    for await (const items of readFolder(folder)) {
      accounts += items.filter(({ kind }) => kind === 'account').length;
      progress += items.filter((item) => item.kind === 'progress' && item.file === 'students.csv').length;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(accounts).toBe(200_001);
    expect(progress).toBeGreaterThan(5);
    expect(progress).toBeLessThan(120);
    expect(peak - before).toBeLessThan(150 * 2 ** 20);
  });

  it('can be left at any moment', async () => {
    await put(complete);
    await pipeline(Readable.from(manyStudents(20_000)), createWriteStream(join(folder, 'students.csv')));
    let seen = 0;
    for await (const items of readFolder(folder)) if (items.some(({ kind }) => kind === 'account') && ++seen > 3) break;
    expect(seen).toBe(4);
  });
});
