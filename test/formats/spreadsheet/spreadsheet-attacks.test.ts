// Files that are no workbook, or one that is meant to bring the reader down.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import { makeBook, makeParts, pack, readBytes, readFile, readPath, row } from './spreadsheet-maker.ts';

const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const header = ['School id', 'Student id', 'First name', 'Last name', 'Student email'];
const ada = ['1', 's1', 'Ada', 'Byron', 'ada@north.example'];
const good = { sheets: [{ name: 'Students', rows: row(1, ...header) + row(2, ...ada) }] };
const withPart = (part: string, text: string) => pack({ ...makeParts(good), [part]: text });

const inOneSheet = (rows: string) => makeBook({ sheets: [{ name: 'Students', rows }] });

/** The file's directory gives another unpacked size for the part. */
function declare(bytes: Uint8Array, part: string, size: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.lastIndexOf(part) - 46;
  copy.writeUInt32LE(size, at + 24);
  return copy;
}

const sheet = 'xl/worksheets/sheet0.xml';
const blank = '<worksheet><sheetData>'.padEnd(20 * 2 ** 20);
const notUtf8 = () =>
  zipSync({
    ...Object.fromEntries(Object.entries(makeParts(good)).map(([part, text]) => [part, strToU8(text)])),
    [sheet]: Uint8Array.from([0x3c, 0x61, 0x3e, 0xff, 0xfe]),
  });

describe('a file that is', () => {
  it.each([
    ['empty', Buffer.alloc(0), 'file_not_xlsx'],
    ['text', 'School id,Student id', 'file_not_xlsx'],
    ['an old .xls', Buffer.concat([compound, Buffer.from('Workbook', 'utf16le')]), 'file_not_xlsx'],
    ['locked by a password', Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]), 'file_encrypted'],
    ['another kind of zip', pack({ 'content.xml': '<x/>', mimetype: 'opendocument' }), 'file_not_xlsx'],
    ['cut short', makeBook(good).slice(0, 400), 'file_unreadable'],
    ['without its sheet', pack(Object.fromEntries(Object.entries(makeParts(good)).slice(0, 4))), 'file_unreadable'],
    ['broken XML', withPart(sheet, '<worksheet><sheetData><row></sheetData>'), 'file_unreadable'],
    ['not UTF-8', notUtf8(), 'file_unreadable'],
    ['one with a row above the one before', inOneSheet(row(2, ...header) + row(1, ...ada)), 'file_unreadable'],
    ['one with a row twice', inOneSheet(row(1, ...header) + row(2, ...ada) + row(2, ...ada)), 'file_unreadable'],
    ['one with a cell twice', inOneSheet('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), 'file_unreadable'],
    ['one with a cell that has no column', inOneSheet('<row><c r="11"><v>1</v></c></row>'), 'file_unreadable'],
    ['a bomb that says so', declare(makeBook(good), sheet, 2 ** 31), 'file_too_large'],
    ['a bomb that says less than it unpacks to', declare(withPart(sheet, blank), sheet, 1000), 'file_unreadable'],
    [
      'one endless text',
      withPart(sheet, `<worksheet><sheetData><row><c t="str"><v>${'x'.repeat(3e6)}`),
      'file_too_large',
    ],
    ['tags within tags', withPart(sheet, '<a>'.repeat(100_000)), 'file_unreadable'],
    [
      'a cell longer than any',
      makeBook({ sheets: [{ name: 'Students', rows: row(1, 'x'.repeat(70_000)) }] }),
      'file_too_large',
    ],
    [
      'more sheets than a person makes',
      makeBook({ sheets: Array.from({ length: 300 }, (_none, n) => ({ name: `S${n}`, rows: '' })) }),
      'file_too_large',
    ],
  ])('%s is refused by name', async (_what, bytes, code) => {
    expect(await readBytes(bytes)).toEqual([
      { kind: 'finding', severity: 'error', code, place: { file: 'roster.xlsx' } },
    ]);
  });

  it('a real workbook with a password is named so', async () => {
    const sheets = [{ name: 'Students', rows: [header, ada] }];
    const bytes = await writeXlsx({ sheets, encryption: { password: 'a word', spinCount: 1000 } });
    expect(await readBytes(bytes)).toEqual([expect.objectContaining({ code: 'file_encrypted' })]);
  });

  it('an entity of its own making is not expanded', async () => {
    const text = `<!DOCTYPE w [<!ENTITY a "${'a'.repeat(100)}"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`;
    expect(await readBytes(withPart(sheet, text))).toEqual([expect.objectContaining({ code: 'file_unreadable' })]);
  });

  it('missing, a folder or a dangling link cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spreadsheet-'));
    await symlink('/nowhere', join(folder, 'link.xlsx'));
    for (const path of [join(folder, 'none.xlsx'), folder, join(folder, 'link.xlsx'), join(folder, 'none.csv')]) {
      expect(await readFile(path)).toEqual([expect.objectContaining({ code: 'file_unreadable' })]);
    }
    await rm(folder, { recursive: true });
  });
});

describe('a damaged workbook', () => {
  it('is read or refused, whatever is damaged, and never thrown', async () => {
    const bytes = makeBook(good);
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, async (places) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, byte] of places) damaged[at] = byte;
        expect((await readBytes(damaged)).length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('in its XML as well', async () => {
    const parts = makeParts({ ...good, strings: ['<si><t>a</t></si>'], formats: ['00000'] });
    const damage = fc.tuple(
      fc.constantFrom(...Object.keys(parts)),
      fc.nat(5000),
      fc.constantFrom('<', '"', '9', '/>', ''),
    );
    await fc.assert(
      fc.asyncProperty(damage, async ([part, at, sign]) => {
        const text = parts[part] ?? '';
        const cut = at % text.length;
        const damaged = pack({ ...parts, [part]: text.slice(0, cut) + sign + text.slice(cut + 1) });
        expect((await readBytes(damaged)).length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a sheet whose used range is all there is', () => {
  it('costs no more than its tags', async () => {
    const far = '<row r="1048576"><c r="XFD1048576" t="str"><v>far</v></c></row>';
    const sheets = [
      {
        name: 'Students',
        before: '<dimension ref="A1:XFD1048576"/>',
        rows: row(1, ...header) + row(2, ...ada) + far,
        after: '<mergeCells><mergeCell ref="G1:XFD1048576"/></mergeCells>',
      },
    ];
    expect(await readBytes(makeBook({ sheets }))).toEqual([expect.objectContaining({ sisId: 's1' })]);
  });

  it('reads tens of thousands of rows with flat memory', async () => {
    const rows = Array.from({ length: 40_000 }, (_none, n) =>
      row(n + 2, '1', `s${n}`, `Given${n}`, `Family${n}`, `student.${n}@north.example`),
    );
    const folder = await mkdtemp(join(tmpdir(), 'spreadsheet-'));
    const path = join(folder, 'many.xlsx');
    await writeFile(path, makeBook({ sheets: [{ name: 'Students', rows: row(1, ...header) + rows.join('') }] }));
    const before = process.memoryUsage().rss;
    let [peak, people] = [before, 0];
    for await (const item of readPath(path)) {
      if (item.kind === 'account') people++;
      if (people % 5_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(people).toBe(40_000);
    expect(peak - before).toBeLessThan(150 * 2 ** 20);
    await rm(folder, { recursive: true });
  });

  it('can be left at any moment', async () => {
    const rows = Array.from({ length: 20_000 }, (_none, n) =>
      row(n + 2, '1', `s${n}`, 'Given', 'Family', 'a@n.example'),
    );
    const folder = await mkdtemp(join(tmpdir(), 'spreadsheet-'));
    const path = join(folder, 'many.xlsx');
    await writeFile(path, makeBook({ sheets: [{ name: 'Students', rows: row(1, ...header) + rows.join('') }] }));
    let seen = 0;
    for await (const item of readPath(path)) if (item.kind === 'account' && ++seen === 100) break;
    expect(seen).toBe(100);
    await rm(folder, { recursive: true });
  });
});
