// Summit's two manual templates as districts fill them in, as workbooks of hand-made XML and as CSV.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedItem } from '../../../src/formats/feed.ts';
import { openRosterFiles } from '../../../src/formats/open-roster-files.ts';
import { readRosterFiles, rosterNamesOf } from '../../../src/formats/registry.ts';
import { type MadeSheet, makeBook, row } from '../spreadsheet/spreadsheet-maker.ts';

const studentHeader = [
  'School Name',
  'First Name',
  'Last Name',
  'District-Assigned Email',
  'Student ID#',
  'Grade Level',
];
const staffHeader = [
  'School Name',
  'District-Assigned Email',
  'First Name',
  'Last Name',
  'Grade',
  'Summit K12 Role',
  'Subject',
];
type Rows = readonly (readonly string[])[];

const sheet = (name: string, header: readonly string[], ...rows: Rows): MadeSheet => ({
  name,
  rows: [header, ...rows].map((cells, index) => row(index + 1, ...cells)).join(''),
});
const csv = (header: readonly string[], ...rows: Rows): string =>
  [header, ...rows].map((cells) => cells.join(',')).join('\n');

const ada = ['North Elementary', 'Ada', 'Byron', 'ada@students.north.example', '00123', '3rd Grade'];
const lead = ['North Elementary', 'lee@north.example', 'Lee', 'Okafor', '3', 'Lead Teacher', 'Math'];
const instructions = sheet('Read this first', ['How to fill in this template'], ['Fill in the third sheet.']);
const example = sheet('Example', staffHeader, ['Example School', 'x@example.com', 'X', 'Y', '1', 'Lead Teacher', '']);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'summit-template-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** One file alone, several as a folder. */
async function read(files: Readonly<Record<string, Uint8Array | string>>): Promise<FeedItem[]> {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const names = Object.keys(files);
  const opened = await openRosterFiles(
    names.length === 1 ? join(folder, names[0] ?? '') : folder,
    rosterNamesOf('manual'),
  );
  if (opened === undefined) throw new Error('nothing to read');
  const items: FeedItem[] = [];
  for await (const batch of readRosterFiles(opened, 'manual', { clock: Date.now })) items.push(...batch);
  return items;
}
const readStaff = (...rows: Rows) =>
  read({ 'staff.xlsx': makeBook({ sheets: [instructions, example, sheet('Your Roster', staffHeader, ...rows)] }) });

const people = (items: readonly FeedItem[]) => items.flatMap((item) => (item.kind === 'account' ? [item] : []));
const codes = (items: readonly FeedItem[]) =>
  items.flatMap((item) => (item.kind === 'finding' ? [[item.code, item.place.cell ?? item.place.sheet]] : []));
const format = (items: readonly FeedItem[]) => items.find((item) => item.kind === 'format');

const adaRead = {
  record: 'student',
  role: 'student',
  sisId: '00123',
  givenName: 'Ada',
  familyName: 'Byron',
  grade: '3',
  email: 'ada@students.north.example',
  schoolId: 'North Elementary',
};

describe('the Student Roster Template', () => {
  it.each<[string, Readonly<Record<string, Uint8Array | string>>]>([
    ['a workbook', { 'roster.xlsx': makeBook({ sheets: [sheet('Sheet1', studentHeader, ada)] }) }],
    [
      'a workbook with instructions',
      { 'r.xlsx': makeBook({ sheets: [instructions, sheet('A', studentHeader, ada)] }) },
    ],
    ['CSV', { 'students.csv': csv(studentHeader, ada) }],
  ])('is read from %s, the id with its zeros', async (_what, files) => {
    const items = await read(files);
    expect(people(items)).toMatchObject([adaRead]);
    expect(codes(items)).toEqual([]);
    expect(format(items)).toMatchObject({ format: 'summit-template', option: 'provisioning', replaces: ['student'] });
  });

  it('takes one name in other capitals for one school, and says so', async () => {
    const other = [' NORTH  elementary ', 'Bo', 'Diaz', 'bo@students.north.example', '7', 'K'];
    const items = await read({ 's.csv': csv(studentHeader, ada, other) });
    expect(people(items)).toMatchObject([adaRead, { schoolId: 'North Elementary', grade: 'Kindergarten' }]);
    expect(items.filter(({ kind }) => kind === 'school')).toHaveLength(1);
    expect(codes(items)).toEqual([['school_spelled_differently', undefined]]);
  });

  it('is read from a sheet Your Roster as well, with any characters between the words of its header', async () => {
    const header = studentHeader.map((name) => name.replace(/[ -]/g, ''));
    const items = await read({ 's.xlsx': makeBook({ sheets: [instructions, sheet('Your Roster', header, ada)] }) });
    expect(people(items)).toMatchObject([adaRead]);
    expect(format(items)).toMatchObject({ replaces: ['student'] });
  });

  it('lacks a column by name', async () => {
    const items = await read({ 's.csv': csv(studentHeader.slice(0, 4), ada.slice(0, 4)) });
    const missing = items.flatMap((item) => (item.kind === 'finding' ? [[item.code, item.place.column]] : []));
    expect(missing).toEqual([
      ['column_missing', 'Student ID#'],
      ['column_missing', 'Grade Level'],
    ]);
  });
});

describe('the Admin and Teacher Roster Template', () => {
  it.each<[string, string, string, string, string | undefined]>([
    ['District Admin', 'staff', 'administrator', 'district_admin', undefined],
    ['School Admin', 'staff', 'administrator', 'school_admin', 'North Elementary'],
    ['Lead Teacher', 'teacher', 'teacher', 'lead_teacher', 'North Elementary'],
    ['support teacher', 'teacher', 'teacher', 'support_teacher', 'North Elementary'],
  ])('makes of a %s the record %s, role %s, position %s', async (word, record, role, position, schoolId) => {
    const items = await readStaff(lead.with(5, word));
    const key = 'address:lee@north.example';
    expect(people(items)).toMatchObject([{ record, role, position, sisId: key, email: 'lee@north.example', schoolId }]);
    expect(format(items)).toMatchObject({ format: 'summit-template', replaces: ['employee'] });
    expect(codes(items)).toEqual([['sheet_left_aside', 'Example']]);
  });

  it.each<[string, readonly MadeSheet[]]>([
    ['in front', [sheet('your roster ', staffHeader, lead), instructions, example]],
    ['in the middle', [instructions, sheet('Your Roster', staffHeader, lead), { ...example, name: 'Demo' }]],
    ['by its place, where no sheet has the name', [instructions, example, sheet('Sheet3', staffHeader, lead)]],
  ])('is read from the sheet Your Roster, %s', async (_where, sheets) => {
    expect(people(await read({ 'staff.xlsx': makeBook({ sheets }) }))).toMatchObject([{ givenName: 'Lee' }]);
  });

  it('never takes the example for the roster where Your Roster is empty', async () => {
    const items = await read({ 'staff.xlsx': makeBook({ sheets: [example, { name: 'Your Roster', rows: '' }] }) });
    expect(people(items)).toEqual([]);
    expect(codes(items)).toContainEqual(['sheet_missing', 'Your Roster']);
  });

  it('leaves out, and names, a row without an address or with another role', async () => {
    const items = await readStaff(lead.with(1, ''), lead.with(5, 'Coach'), lead);
    expect(people(items)).toHaveLength(1);
    expect(codes(items).slice(1)).toEqual([
      ['row_without_id', 'B2'],
      ['summit_role_unknown', 'F3'],
    ]);
  });

  it('is read from CSV', async () => {
    expect(people(await read({ 'staff.csv': csv(staffHeader, lead) }))).toMatchObject([{ position: 'lead_teacher' }]);
  });
});

it('both are read from one folder, and a file that is none of them is an error', async () => {
  const both = { 'a.xlsx': makeBook({ sheets: [sheet('S', studentHeader, ada)] }), 'b.csv': csv(staffHeader, lead) };
  const items = await read(both);
  expect(people(items).map(({ role }) => role)).toEqual(['student', 'teacher']);
  expect(format(items)).toMatchObject({ replaces: ['student', 'employee'] });
  const other = await read({ ...both, 'c.csv': 'Menu,Price\nSoup,3\n' });
  expect(other).toContainEqual(expect.objectContaining({ code: 'sheet_missing', place: { file: 'c.csv' } }));
});

it('the template of the bridge is still read as its own format', async () => {
  const items = await read({
    's.csv': 'School id,Student id,First name,Last name,Student email\n1,s1,Ada,Byron,a@n.example',
  });
  expect(format(items)).toMatchObject({ format: 'template' });
  expect(people(items)).toMatchObject([{ sisId: 's1' }]);
});

it('reads both templates as LibreOffice saves them', async () => {
  const fixture = (name: string) => readFile(join(import.meta.dirname, 'fixtures', `${name}-by-libreoffice.xlsx`));
  const items = await read({
    'students.xlsx': await fixture('student-roster'),
    'staff.xlsx': await fixture('your-roster'),
  });
  expect(codes(items)).toEqual([]);
  expect(people(items).map(({ givenName, sisId, position, grade }) => [givenName, sisId, position, grade])).toEqual([
    ['Zoé', '00701', undefined, '3'],
    ['Leo', '00702', undefined, 'Kindergarten'],
    ['Kim', 'address:kim@north.example', 'lead_teacher', undefined],
    ['Kim', 'address:kim@north.example', 'lead_teacher', undefined],
    ['Pat', 'address:pat@north.example', 'school_admin', undefined],
    ['Ola', 'address:ola@north.example', 'district_admin', undefined],
    ['Sid', 'address:sid@north.example', 'support_teacher', undefined],
  ]);
});
