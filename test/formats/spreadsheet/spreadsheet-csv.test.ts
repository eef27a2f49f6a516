import type { FeedItem } from '../../../src/formats/feed.ts';
import { readBytes } from './spreadsheet-maker.ts';

const read = (text: string | Uint8Array, name = 'roster.csv') => readBytes(text, name);
const teachers = 'School id,Teacher id,First name,Last name,Teacher email';
const jose = '1,t1,José,Hill,jose@n.example';
const teacher = { record: 'teacher', sisId: 't1', givenName: 'José', email: 'jose@n.example' };
const findings = (items: readonly FeedItem[]) => items.flatMap((item) => (item.kind === 'finding' ? [item.code] : []));

describe('one CSV file', () => {
  it.each([
    ['students', 'School_id,Student_id,First_name,Last_name,Student_email\n1,s1,A,B,a@n.example', 'student'],
    ['teachers', `${teachers}\n${jose}`, 'teacher'],
    ['staff', 'Staff_id,First_name,Last_name,Staff_email,Role\na1,A,B,a@n.example,Clerk', 'staff'],
    ['administrators', 'Administrator id,First name,Last name,Email\na1,A,B,a@n.example', 'administrator'],
  ])('of %s is known by its columns', async (_what, text, role) => {
    expect(await read(text)).toEqual([expect.objectContaining({ kind: 'account', role })]);
  });

  it('of classes is known by its columns', async () => {
    const items = await read('Class id,Student id,Teacher id\nc1,s1,t1\nc1,s2,\n');
    expect(items.map(({ kind }) => kind)).toEqual(['class', 'enrollment', 'enrollment']);
  });

  it('may say by its name what its columns do not', async () => {
    const staff = 'Staff id,First name,Last name,Email\na1,A,B,a@n.example';
    expect(await read(staff, 'staff.csv')).toEqual([expect.objectContaining({ role: 'staff' })]);
    expect(await read(staff, 'Administrators 2026.csv')).toEqual([expect.objectContaining({ role: 'administrator' })]);
  });

  it('with titles above its header is read with the lines of the file', async () => {
    expect(await read(`North district\n\n${teachers}\n${jose}\n`)).toEqual([
      expect.objectContaining({ code: 'lines_above_header', place: { file: 'roster.csv', line: 3 } }),
      expect.objectContaining({ ...teacher, place: { file: 'roster.csv', line: 4 } }),
    ]);
  });
});

describe('what spreadsheet programs save', () => {
  const text = `${teachers}\r\n${jose}\r\n`;
  it.each([
    ['commas, UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), []],
    ['semicolons, as where the comma is in numbers', Buffer.from(text.replaceAll(',', ';')), ['other_delimiter']],
    ['semicolons and a line that says so', Buffer.from(`sep=;\r\n${text.replaceAll(',', ';')}`), ['other_delimiter']],
    ['tabs', Buffer.from(text.replaceAll(',', '\t')), ['other_delimiter']],
    [
      'Unicode text',
      Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le'),
      ['read_as_utf16', 'other_delimiter'],
    ],
    ['quotes around everything', Buffer.from(text.replace(/[^,\r\n]+/g, '"$&"')), []],
  ])('%s is read', async (_what, bytes, expected) => {
    const items = await read(bytes);
    expect(findings(items)).toEqual(expected);
    expect(items.at(-1)).toMatchObject(teacher);
  });

  it.each([
    ['scientific notation', '1.23457E+15', 'digits_lost'],
    ['a date', '3-Apr', 'cell_is_date'],
    ['an error', '#N/A', 'cell_is_error'],
  ])('of an id as %s is named and left out', async (_what, id, code) => {
    expect(await read(`${teachers}\n${jose.replace('t1', id)}`)).toEqual([
      {
        kind: 'finding',
        severity: 'warning',
        code,
        place: { file: 'roster.csv', line: 2, column: 'Teacher id' },
        rowLeftOut: true,
        personStays: true,
      },
      expect.objectContaining({ kind: 'person_without_id', record: 'teacher', email: 'jose@n.example' }),
    ]);
  });
});

describe('a CSV row', () => {
  it.each([
    ['a cell too few', '1,t1,Ada,ada@n.example', ['row_malformed']],
    ['a cell too many', '1,t1,Ada,Byron,Jr,ada@n.example', ['row_malformed']],
    ['empty cells at its end', `${jose},,`, ['empty_cells_at_end']],
    ['a stray quote', '1,t1,A"da,Byron,ada@n.example', ['row_malformed']],
  ])('with %s is reported once', async (_what, line, expected) => {
    expect(findings(await read(`${teachers}\n${line}\n`))).toEqual(expected);
  });
});

describe('a CSV file that', () => {
  it.each([
    ['is binary', Buffer.from([1, 0, 2, 0, 255, 254]), ['not_utf8']],
    ['is Windows-1252', Buffer.from(`${teachers}\n${jose}\n`, 'latin1'), ['not_utf8']],
    ['is empty', '', ['file_empty']],
    ['holds other things', 'Menu,Price\nSoup,3\n', ['no_known_column']],
    ['ends inside quotes', `${teachers}\n${jose}\n"1,t2`, ['quote_not_closed']],
  ])('%s is refused', async (_what, bytes, codes) => {
    const items = await read(bytes);
    expect(findings(items)).toEqual(codes);
    expect(items.some((item) => item.kind === 'finding' && item.severity === 'error')).toBe(true);
  });
});
