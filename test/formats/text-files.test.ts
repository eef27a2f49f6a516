// Text files as programs save them: the same is read, and the same is refused for the same cause, in every format.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import type { ExportItem, FeedItem } from '../../src/formats/feed.ts';
import type { SentBy } from '../../src/formats/format.ts';
import { readCleverExport } from '../../src/preflight/clever-export.ts';
import { provisioning11 } from '../helpers/oneroster.ts';
import { readFolder } from '../helpers/read-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'text-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Files = Readonly<Record<string, string | Uint8Array>>;
type Item = FeedItem | ExportItem;

async function readAll(files: Files, method: SentBy): Promise<Item[]> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const items: FeedItem[] = [];
  for await (const some of readFolder(folder, { clock: Date.now }, method)) items.push(...some);
  return items;
}

async function readList(bytes: string | Uint8Array): Promise<Item[]> {
  await writeFile(join(folder, 'list.csv'), bytes);
  const items: Item[] = [];
  for await (const item of readCleverExport(join(folder, 'list.csv'))) items.push(item);
  return items;
}

const lines = (...all: readonly string[]) => `${all.join('\r\n')}\r\n`;
const cleverOthers: Files = {
  'schools.csv': 'School_id,School_name\n1,North\n',
  'teachers.csv': 'School_id,Teacher_id,First_name,Last_name,Teacher_email\n1,t1,Alan,Hill,alan@north.example\n',
};
const students = lines(
  'School_id,Student_id,First_name,Last_name,Student_email',
  '1,s1,Zoé,Byron,zoe@north.example',
  '1,s2,Bo,Li,bo@north.example',
);
const summit = lines(
  'School Name,First Name,Last Name,District-Assigned Email,Student ID#,Grade Level',
  'North,Zoé,Byron,zoe@north.example,s1,3',
  'North,Bo,Li,bo@north.example,s2,3',
);
const own = lines(
  'School id,Student id,First name,Last name,Student email',
  '1,s1,Zoé,Byron,zoe@north.example',
  '1,s2,Bo,Li,bo@north.example',
);
const list = lines(
  'Role,Email,First name,Last name',
  'student,zoe@north.example,Zoé,Byron',
  'student,bo@x.example,Bo,Li',
);
const oneRosterUsers = lines(
  'sourcedId,status,enabledUser,orgSourcedIds,role,givenName,familyName,email',
  's1,,true,h1,student,Zoé,Byron,zoe@north.example',
  's2,,true,h1,student,Bo,Li,bo@north.example',
);
const orgs = { 'orgs.csv': provisioning11()['orgs.csv'] ?? '' };

/** A file of each format, and how a changed one is read with the files beside it. */
const formats: Readonly<Record<string, [string, (bytes: string | Uint8Array) => Promise<Item[]>]>> = {
  'Clever-style CSV': [students, (bytes) => readAll({ ...cleverOthers, 'students.csv': bytes }, 'sftp')],
  'OneRoster CSV': [oneRosterUsers, (bytes) => readAll({ ...orgs, 'users.csv': bytes }, 'sftp')],
  "Summit's template": [summit, (bytes) => readAll({ 'roster.csv': bytes }, 'manual')],
  'our template': [own, (bytes) => readAll({ 'roster.csv': bytes }, 'manual')],
  'a member of an archive': [
    students,
    (bytes) => readAll({ 'set.zip': zipSync(bytesOf({ ...cleverOthers, 'students.csv': bytes })) }, 'sftp'),
  ],
  'the list of a pre-flight': [list, readList],
};

const bytesOf = (files: Files) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new Uint8Array(Buffer.from(text))]));

const peopleIn = (items: readonly Item[]): string[] =>
  items.flatMap((item) => {
    if (item.kind === 'person') return [`${item.person.givenName} ${item.person.familyName}`];
    return item.kind === 'account' && item.record === 'student' ? [`${item.givenName} ${item.familyName}`] : [];
  });
const codesIn = (items: readonly Item[], severity: string): string[] =>
  items.flatMap((item) => (item.kind === 'finding' && item.severity === severity ? [item.code] : []));
const placesIn = (items: readonly Item[]) =>
  items.flatMap((item) => (item.kind === 'finding' && item.severity === 'error' ? [item.place.line] : []));

const semicolons = (text: string) => text.replaceAll(',', ';');
const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe.each(Object.entries(formats))('%s', (_format, [text, read]) => {
  it.each<[string, (text: string) => string | Uint8Array, string[]]>([
    ['UTF-8 with a byte order mark', (all) => `\ufeff${all}`, []],
    ['UTF-16, the low byte first', (all) => Buffer.from(`\ufeff${all}`, 'utf16le'), ['read_as_utf16']],
    ['UTF-16, the high byte first', utf16be, ['read_as_utf16']],
    ['semicolons', semicolons, ['other_delimiter']],
    ['tabs', (all) => all.replaceAll(',', '\t'), ['other_delimiter']],
    ['bars', (all) => all.replaceAll(',', '|'), ['other_delimiter']],
    ['a line that says what separates', (all) => `sep=;\r\n${semicolons(all)}`, ['other_delimiter']],
    ['a line that says commas', (all) => `sep=,\r\n${all}`, []],
    [
      'titles above the header',
      (all) => `North district, Students\r\n\r\nas of 8/17/2026\r\n${all}`,
      ['lines_above_header'],
    ],
    [
      'empty cells at the end of rows',
      (all) => all.replace(/\r\n/g, ',,\r\n').replace(',,\r\n', '\r\n'),
      ['empty_cells_at_end'],
    ],
    ['empty cells at the end of all rows', (all) => all.replaceAll('\r\n', ',,\r\n'), []],
    ['the header once more', (all) => `${all}${all.slice(0, all.indexOf('\r\n'))}\r\n`, ['row_is_no_record']],
    [
      'a line of dashes and a total',
      (all) => `${all}---,---,-----,--,-----,---\r\nTotal: 2\r\n`,
      ['row_is_no_record', 'row_is_no_record'],
    ],
    ['a title in brackets', (all) => `[North district],"{Students}"\r\n${all}`, ['lines_above_header']],
    ['what a database says below', (all) => `${all}\r\n(2 rows affected)\r\n`, ['row_is_no_record']],
  ])('reads %s', async (_what, change, expected) => {
    const items = await read(change(text));
    expect(peopleIn(items)).toEqual(['Zoé Byron', 'Bo Li']);
    expect(codesIn(items, 'error')).toEqual([]);
    expect(codesIn(items, 'warning')).toEqual(expected);
  });

  it.each<[string, (text: string) => string | Uint8Array, string, number | undefined]>([
    ['Windows-1252', (all) => Buffer.from(all, 'latin1'), 'not_utf8', 2],
    ['NUL', (all) => `${all}\0\r\n`, 'file_binary', 4],
    ['UTF-16 without a mark', (all) => Buffer.from(all.replaceAll('é', 'e'), 'utf16le'), 'file_binary', 1],
    ['nothing', () => '', 'file_empty', undefined],
    ['blank lines', () => '\ufeff \r\n\r\n', 'file_empty', undefined],
    ['a quote that never closes', (all) => all.replace('Bo', '"Bo'), 'quote_not_closed', 3],
    ['no header', (all) => all.slice(all.indexOf('\r\n') + 2), 'no_known_column', 1],
    ['a web page', () => '<!DOCTYPE html>\n<html><body>Sign in, please</body></html>', 'file_is_web_page', undefined],
    ['XML', () => '<?xml version="1.0"?>\n<Workbook/>', 'file_is_web_page', undefined],
    ['JSON', () => '{"users": [{"sourcedId": "1"}]}', 'file_is_json', undefined],
    ['JSON with blanks', () => '\ufeff\n[\n  {"School_id": "1",\r\n "Student_id": "2"}]\n', 'file_is_json', undefined],
    ['lines of JSON', () => '{"School_id":"1"}\n{"School_id":"2"}\n', 'file_is_json', undefined],
    ['an empty list in JSON', () => '[]', 'file_is_json', undefined],
    ['ZIP', (all) => zipSync(bytesOf({ 'a.csv': all })), 'file_is_archive', undefined],
    ['gzip', (all) => gzipSync(all), 'file_is_archive', undefined],
    ['an old workbook', () => Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'file_is_archive', undefined],
    ['PDF', () => '%PDF-1.7\n%âãÏÓ\n', 'file_binary', undefined],
  ])('refuses %s by its name', async (_what, change, code, line) => {
    const items = await read(change(text));
    expect(codesIn(items, 'error')).toEqual([code]);
    expect(placesIn(items)).toEqual([line]);
  });

  it('names the line of a quote that a later one closes, far behind', async () => {
    const [header = ''] = text.split('\r\n');
    const row = header.split(',').map((_cell, at) => `a${at}`);
    const rest = Array.from({ length: 4000 }, () => row.join(','));
    const open = row.with(2, '"x').join(',');
    const items = await read(lines(header, ...rest, open, ...rest, ...rest, ...rest));
    expect(codesIn(items, 'error')).toContain('quote_not_closed');
    expect(placesIn(items)).toContain(4002);
  });

  it('refuses a column that is there twice', async () => {
    const [header = '', ...rows] = text.trim().split('\r\n');
    const twice = header.split(',').findIndex((name) => /email/i.test(name));
    const items = await read(lines(`${header},${header.split(',')[twice]}`, ...rows.map((row) => `${row},x`)));
    expect(codesIn(items, 'error')).toEqual(['column_twice']);
  });
});
