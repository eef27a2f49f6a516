// Which uploads are taken at once, since they say of themselves that they are whole.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listEntries } from '../../src/sftp-drop/drop-folder.ts';
import { dropTimes } from '../../src/sftp-drop/watch-drop.ts';
import { isWholeUpload } from '../../src/sftp-drop/whole-upload.ts';
import { rosterOf } from '../helpers/drop.ts';
import { zipOf } from '../helpers/oneroster.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sso-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (files: Readonly<Record<string, string | Uint8Array>>) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
};
const isWhole = async () => isWholeUpload(folder, await listEntries(folder));

const manifest = 'propertyName,value\noneroster.version,1.1\nfile.users,bulk\nfile.orgs,bulk\nfile.courses,absent\n';
const oneRoster = {
  'orgs.csv': 'sourcedId,name,type\n1,Quince,school\n',
  'users.csv':
    'sourcedId,enabledUser,orgSourcedIds,role,givenName,familyName,email\n7,true,1,student,Ada,Moss,a@q.example\n',
};

it('other uploads are taken after five minutes', () => {
  expect(dropTimes.settleMs).toBe(5 * 60_000);
});

it.each(['done', '_SUCCESS', 'upload.complete', 'Ready.txt', 'students.ok'])(
  'a whole set with the marker %s',
  async (name) => {
    put(rosterOf(3));
    expect(await isWhole()).toBe(false);
    put({ [name]: '' });
    expect(await isWhole()).toBe(true);
  },
);

it.each<[string, Readonly<Record<string, string>>]>([
  ['a file is missing', { 'students.csv': rosterOf(3)['students.csv'] ?? '', done: '' }],
  ['a file ends in the middle of a line', { ...rosterOf(3), 'staff.csv': 'School_id,Staff_id\n1,', done: '' }],
  ['a file is unfinished', { ...rosterOf(3), 'staff.csv.filepart': 'School_id\n', done: '' }],
])('not with a marker when %s', async (_name, files) => {
  put(files);
  expect(await isWhole()).toBe(false);
});

it('not beside a folder or a link', async () => {
  put({ ...rosterOf(3), done: '' });
  mkdirSync(join(folder, 'more'));
  expect(await isWhole()).toBe(false);
  rmSync(join(folder, 'more'), { recursive: true });
  symlinkSync('/etc/passwd', join(folder, 'staff.csv'));
  expect(await isWhole()).toBe(false);
});

it('a OneRoster set whose manifest names files that are all there', async () => {
  put(oneRoster);
  expect(await isWhole()).toBe(false);
  put({ 'manifest.csv': manifest });
  expect(await isWhole()).toBe(true);
  put({ 'manifest.csv': `${manifest}${'file.demographics,absent\n'.repeat(4_000)}` });
  expect(await isWhole()).toBe(false);
  put({ 'manifest.csv': `${manifest}file.enrollments,bulk\n` });
  expect(await isWhole()).toBe(false);
});

it('one archive that can be opened, and not half of one', async () => {
  const archive = zipOf(rosterOf(3));
  put({ 'roster.zip': archive.subarray(0, archive.length - 9) });
  expect(await isWhole()).toBe(false);
  put({ 'roster.zip': archive });
  expect(await isWhole()).toBe(true);
  put({ 'staff.csv': 'School_id\n' });
  expect(await isWhole()).toBe(false);
});
