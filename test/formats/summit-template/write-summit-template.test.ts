// Summit's two templates as the bridge writes them: filled in by hand and read back.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openXlsx, readXlsx, saveXlsx } from 'hucre/xlsx';
import type { FeedItem } from '../../../src/formats/feed.ts';
import { openRosterFiles } from '../../../src/formats/open-roster-files.ts';
import { readRosterFiles, rosterNamesOf } from '../../../src/formats/registry.ts';
import {
  writeStaffTemplate,
  writeStudentTemplate,
} from '../../../src/formats/summit-template/write-summit-template.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-summit-template-'));
  file = join(folder, 'template.xlsx');
});
afterEach(() => rm(folder, { recursive: true }));

async function fillIn(sheetName: string, ...rows: readonly (readonly string[])[]): Promise<void> {
  const book = await openXlsx(await readFile(file));
  const sheet = book.sheets.find(({ name }) => name === sheetName);
  for (const [index, cells] of rows.entries()) if (sheet !== undefined) sheet.rows[index + 1] = [...cells];
  await writeFile(file, await saveXlsx(book));
}

async function read(): Promise<FeedItem[]> {
  const opened = await openRosterFiles(file, rosterNamesOf('manual'));
  if (opened === undefined) throw new Error('nothing to read');
  const items: FeedItem[] = [];
  for await (const batch of readRosterFiles(opened, 'manual', { clock: Date.now })) items.push(...batch);
  return items;
}

const people = (items: readonly FeedItem[]) => items.flatMap((item) => (item.kind === 'account' ? [item] : []));
const codes = (items: readonly FeedItem[]) =>
  items.flatMap((item) => (item.kind === 'finding' ? [[item.code, item.place.sheet]] : []));
const headers = async () => {
  const { sheets } = await readXlsx(await readFile(file));
  return sheets.map(({ name, rows }) => [name, rows[0]]);
};

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

describe('the Student Roster Template', () => {
  beforeEach(() => writeStudentTemplate(file));

  it("has one sheet with Summit's columns", async () => {
    expect(await headers()).toEqual([['Student Roster', studentHeader]]);
  });

  it('filled in, is read with its zeros and nothing to say', async () => {
    await fillIn('Student Roster', ['North', 'Ada', 'Byron', 'ada@north.example', '00123', '3']);
    const items = await read();
    expect(people(items)).toMatchObject([{ role: 'student', sisId: '00123', email: 'ada@north.example', grade: '3' }]);
    expect(codes(items)).toEqual([]);
  });

  it('not filled in, has no people and says so', async () => {
    const items = await read();
    expect(people(items)).toEqual([]);
    expect(codes(items)).toEqual([['sheet_not_filled_in', 'Student Roster']]);
  });

  it('is never written over a file that is there', async () => {
    await expect(writeStudentTemplate(file)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

describe('the Admin and Teacher Roster Template', () => {
  beforeEach(() => writeStaffTemplate(file));

  it("has instructions, an example and Your Roster with Summit's columns", async () => {
    expect(await headers()).toEqual([
      ['Instructions', ['Admin and Teacher Roster Template']],
      ['Example', staffHeader],
      ['Your Roster', staffHeader],
    ]);
  });

  it('filled in, is read with the four positions, and the example is left aside', async () => {
    await fillIn(
      'Your Roster',
      ['North District', 'd@north.example', 'Dee', 'Admin', '', 'District Admin', ''],
      ['North', 's@north.example', 'Sol', 'Admin', '', 'School Admin', ''],
      ['North', 'l@north.example', 'Lee', 'Lead', '3', 'Lead Teacher', 'Math'],
      ['North', 'u@north.example', 'Uma', 'Support', '3', 'Support Teacher', ''],
    );
    const items = await read();
    const positions = ['district_admin', 'school_admin', 'lead_teacher', 'support_teacher'];
    expect(people(items).map(({ position }) => position)).toEqual(positions);
    expect(codes(items)).toEqual([['sheet_left_aside', 'Example']]);
  });

  it('not filled in, has no people and says so', async () => {
    const items = await read();
    expect(people(items)).toEqual([]);
    expect(codes(items)).toEqual([
      ['sheet_left_aside', 'Example'],
      ['sheet_not_filled_in', 'Your Roster'],
    ]);
  });

  it('is never written over a file that is there', async () => {
    await expect(writeStaffTemplate(file)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});
