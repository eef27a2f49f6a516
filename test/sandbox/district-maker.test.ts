// Made districts look like real exports, are the same every time, and stream; the committed demo rosters are theirs.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { demoPeople } from '../../sandbox/clever/people.ts';
import { fileNames } from '../../sandbox/district-columns.ts';
import { type DistrictShape, districtLines, makeDistrict, writeDistrict } from '../../sandbox/district-maker.ts';
import { cleverUsers, demoShape } from '../../sandbox/rosters/make-rosters.ts';

const shape: DistrictShape = {
  students: 1000,
  teachers: 60,
  staff: 30,
  seed: 7,
  lineEnds: 'mixed',
  headerStyle: 'School_id',
};
const made = makeDistrict(shape);

function rows(content: string): Record<string, string>[] {
  return parse(content, { columns: true, record_delimiter: ['\r\n', '\n', '\r'] });
}
const rowsOf = (file: string, from = made) => rows(from.files.get(file) ?? '');

describe('a made district', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makeDistrict(shape)).toEqual(made);
    expect(makeDistrict({ ...shape, seed: 8 }).files.get('students.csv')).not.toBe(made.files.get('students.csv'));
  });

  it('has every student in students.csv, guardians as repeated rows', () => {
    const byId = new Map(rowsOf('students.csv').map((row) => [row['Student_id'], row['Student_email']]));
    expect(byId.size).toBe(1000);
    expect(rowsOf('students.csv').length).toBeGreaterThan(1200);
    for (const one of made.people) if (one.record === 'student') expect(byId.get(one.sisId)).toBe(one.email);
  });

  it('gives no address and no Clever id to two people', () => {
    expect(new Set(made.people.map((one) => one.email)).size).toBe(made.people.length);
    expect(new Set(made.people.map((one) => one.id)).size).toBe(made.people.length);
  });

  it('has several students of one name, and lists them', () => {
    const sharing = made.people.filter((one) => one.record === 'student' && one.sharesName);
    expect(sharing.length).toBeGreaterThan(10);
    expect(sharing.length).toBeLessThan(300);
  });

  it('has teachers who are staff by the same address, as one person', () => {
    const teachers = new Set(rowsOf('teachers.csv').map((row) => row['Teacher_email']));
    const both = rowsOf('staff.csv').filter((row) => teachers.has(row['Staff_email']));
    expect(both).toHaveLength(4);
    expect(made.people.filter((one) => one.email === both[0]?.['Staff_email'])).toHaveLength(1);
  });

  it('names only students and classes of its own in enrollments and sections', () => {
    const students = new Set(rowsOf('students.csv').map((row) => row['Student_id']));
    const sections = new Set(rowsOf('sections.csv').map((row) => row['Section_id']));
    const teachers = new Set(rowsOf('teachers.csv').map((row) => row['Teacher_id']));
    const enrollments = rowsOf('enrollments.csv');
    expect(enrollments).toHaveLength(9000);
    expect(enrollments.every((row) => students.has(row['Student_id']) && sections.has(row['Section_id']))).toBe(true);
    expect(new Set(enrollments.map((row) => `${row['Student_id']}/${row['Section_id']}`)).size).toBe(9000);
    expect(rowsOf('sections.csv').every((row) => teachers.has(row['Teacher_id']))).toBe(true);
    expect(rowsOf('sections.csv').some((row) => row['Teacher_2_id'] !== '')).toBe(true);
  });

  it('quotes fields that hold commas and quotation marks', () => {
    expect(made.files.get('students.csv')).toMatch(/,"\d{4} Cottonwood Ct, Apt \d+",/);
    expect(rowsOf('sections.csv').map((row) => row['Course_name'])).toContain('The "Great Books" Seminar');
  });

  it.each([
    ['mixed', /^[^\n]*\r$/, /^[^\r]*\n$/],
    ['cr', /^[^\n]*\r$/, /^[^\n]*\r$/],
    ['lf', /^[^\r]*\n$/, /^[^\r]*\n$/],
    ['crlf', /^[^\r\n]*\r\n$/, /^[^\r\n]*\r\n$/],
  ] as const)('ends lines as "%s" says', (lineEnds, students, teachers) => {
    const small = { ...shape, students: 5, lineEnds };
    for (const line of districtLines(small, 'students.csv')) expect(line).toMatch(students);
    for (const line of districtLines(small, 'teachers.csv')) expect(line).toMatch(teachers);
  });

  it('spells headers either way', () => {
    const [header] = districtLines({ ...shape, headerStyle: 'School id' }, 'students.csv');
    expect(header).toMatch(/^School id,Student id,.*,Dob,.*,Iep status,/);
  });

  it('is written as a stream, the same bytes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'made-'));
    await writeDistrict(folder, shape);
    for (const file of fileNames) expect(await readFile(join(folder, file), 'utf8')).toBe(made.files.get(file));
    await rm(folder, { recursive: true });
  });
});

describe('the committed demo rosters', () => {
  const folder = new URL('../../sandbox/rosters/', import.meta.url);

  it.each([
    ['juniper-flats', 'today', 'juniper-flats'],
    ['juniper-flats-before', 'before', 'juniper-flats'],
    ['port-wexley', 'today', 'port-wexley'],
  ] as const)('%s is what the people of the demo make it', async (name, day, slug) => {
    const { files } = makeDistrict(demoShape(slug, day));
    for (const file of fileNames) {
      expect(await readFile(new URL(`${name}/${file}`, folder), 'utf8')).toBe(files.get(file));
    }
  });

  it('have the list of users for pre-flight that the people of the demo make', async () => {
    expect(await readFile(new URL('clever-users.csv', folder), 'utf8')).toBe(cleverUsers());
  });

  it('differs from the day before by those who left alone', () => {
    const ids = (day: 'today' | 'before') =>
      new Set(rowsOf('students.csv', makeDistrict(demoShape('juniper-flats', day))).map((row) => row['Student_id']));
    const today = ids('today');
    const left = demoPeople.flatMap((one) => one.formerly ?? []).map((one) => one.sisId);
    expect([...ids('before')].filter((id) => !today.has(id))).toEqual(left);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThanOrEqual(10);
  });
});

describe('the people of the demo', () => {
  it('have ids of their own', () => {
    expect(new Set(demoPeople.map((one) => one.id)).size).toBe(demoPeople.length);
    expect(demoPeople.every((one) => /^[0-9a-f]{24}$/.test(one.id))).toBe(true);
  });

  it.each(demoPeople.map((one) => [one.key, one] as const))(
    '%s has user_id equal to sub only as a student',
    (_, one) => {
      expect(one.legacyId === one.id).toBe(one.userType === 'student');
    },
  );
});
