// Which format reads what was sent, and that the report names it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedItem } from '../../src/formats/feed.ts';
import type { SentBy } from '../../src/formats/format.ts';
import { isRosterFile } from '../../src/formats/registry.ts';
import { rosterOf } from '../helpers/drop.ts';
import { zipOf } from '../helpers/oneroster.ts';
import { readFolder } from '../helpers/read-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(files: Readonly<Record<string, string>>, method: SentBy = 'sftp'): Promise<readonly FeedItem[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const items: FeedItem[] = [];
  for await (const some of readFolder(folder, { clock: Date.now }, method)) items.push(...some);
  return items;
}

const people = 'Student id,School id,First name,Last name,Email\ns1,1,Ada,Byron,ada@x.example\n';

it.each([
  ['Clever-style files without classes', rosterOf(1), 'sftp', 'clever', 'provisioning'],
  ['with classes', { ...rosterOf(1), 'Sections.CSV': 'Section_id,Teacher_id\n' }, 'sftp', 'clever', 'full'],
  ['Clever-style files by hand', rosterOf(1), 'manual', 'clever', 'provisioning'],
  ['a table made by hand', { 'people.csv': people }, 'manual', 'template', 'provisioning'],
] as const)('recognises the format of %s', async (_, files, method, format, option) => {
  expect((await read(files, method)).filter(({ kind }) => kind === 'format')).toEqual([
    { kind: 'format', format, option },
  ]);
});

it('reports a CSV file that the format does not read, and no files that operating systems leave behind', async () => {
  const items = await read({ ...rosterOf(1), 'marks.csv': 'a\n', '._students.csv': 'a\n', 'Thumbs.db': 'a' });
  expect(items.filter(({ kind }) => kind === 'finding')).toEqual([
    { kind: 'finding', severity: 'warning', code: 'file_not_used', place: { file: 'marks.csv' } },
  ]);
});

it.each([
  ['class.csv', 'classes.csv'],
  ['Enrollments (1).csv', 'enrollments.csv'],
  ['rosters.zip', undefined],
])('says of the unread file %s that it is likely to be %s', async (name, meant) => {
  const set = { 'users.csv': 'sourcedId\n', 'orgs.csv': 'sourcedId\n' };
  const archive = zipOf({ ...set, [name]: 'a\n' });
  await writeFile(join(folder, 'set.zip'), archive);
  const items: FeedItem[] = [];
  for await (const some of readFolder(join(folder, 'set.zip'))) items.push(...some);
  const code = meant === undefined ? 'file_not_used' : 'file_misnamed';
  expect(items).toContainEqual(expect.objectContaining({ code, place: { file: name }, ...(meant && { meant }) }));
});

it('says what is missing where no format knows the files', async () => {
  const codes = async (method: SentBy) =>
    (await read({ 'notes.md': 'a' }, method)).flatMap((item) => (item.kind === 'finding' ? [item.code] : []));
  expect(await codes('sftp')).toEqual(['no_roster_file']);
  expect(await codes('manual')).toEqual(['sheet_missing']);
});

it('says what each file is likely to be where no format knows the files', async () => {
  const items = await read({
    'users_2026-08-17.csv': 'sourcedId\n',
    'orgs (1).csv': 'sourcedId\n',
    'marks.csv': 'a\n',
  });
  expect(items.map((item) => (item.kind === 'finding' ? [item.code, item.place.file, item.meant] : item))).toEqual([
    ['no_roster_file', expect.any(String), undefined],
    ['file_not_used', 'marks.csv', undefined],
    ['file_misnamed', 'orgs (1).csv', 'orgs.csv'],
    ['file_misnamed', 'users_2026-08-17.csv', 'users.csv'],
  ]);
});

it('says of an archive in an archive that no file of a roster is there', async () => {
  await writeFile(join(folder, 'set.zip'), zipOf({ 'inner.zip': 'PK' }));
  const items: FeedItem[] = [];
  for await (const some of readFolder(join(folder, 'set.zip'))) items.push(...some);
  expect(items.filter(({ kind }) => kind !== 'finding')).toEqual([]);
  expect(items[0]).toMatchObject({ severity: 'error', code: 'no_roster_file', place: { file: 'set.zip' } });
});

it('knows roster files by name, in any capitalisation', () => {
  expect(['Students.CSV', 'marks.csv', 'students.csv.part'].map((name) => isRosterFile(name, 'sftp'))).toEqual([
    true,
    false,
    false,
  ]);
});
