// The template from end to end: written, filled in by hand and by LibreOffice, read back, published, found.
import { mkdtemp, readFile as readBytesOf, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre';
import { openXlsx, saveXlsx } from 'hucre/xlsx';
import { writeTemplate } from '../../../src/formats/spreadsheet/template-book.ts';
import { createServices } from '../../helpers/services.ts';
import { engines, type StoreFixture } from '../../helpers/stores.ts';
import { readFile, readPath } from './spreadsheet-maker.ts';

let folder: string;
let template: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'template-'));
  template = join(folder, 'template.xlsx');
  await writeTemplate(template);
});

afterAll(() => rm(folder, { recursive: true }));

const byHand: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Students: [
    ['100', '00123', 'Ada', 'Byron', 'ada.byron@north.example', '4'],
    ['100', '3-4', 'Blaise', 'Pascal', 'blaise.pascal@north.example', 'Kindergarten'],
  ],
  Teachers: [['100', 'T1', 'Alan', 'Hill', 'alan.hill@north.example']],
  Administrators: [['', 'A1', 'Joan', 'Clark', 'joan.clark@north.example', 'Principal']],
  Classes: [
    ['c1', 'Art, 1', '100', 'T1', '00123'],
    ['c1', '', '', '', '3-4'],
  ],
};

async function fillInByHand(): Promise<string> {
  const book = await openXlsx(await readBytesOf(template));
  for (const sheet of book.sheets) {
    for (const [index, cells] of (byHand[sheet.name] ?? []).entries()) sheet.rows[index + 1] = [...cells];
  }
  const path = join(folder, 'filled-in-by-hand.xlsx');
  await writeFile(path, await saveXlsx(book));
  return path;
}

describe('the template', () => {
  it('is the same every time, and never written over a file that is there', async () => {
    const second = join(folder, 'second.xlsx');
    await writeTemplate(second);
    expect((await readBytesOf(second)).equals(await readBytesOf(template))).toBe(true);
    await expect(writeTemplate(second)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('has its sheets, each with a frozen header', async () => {
    const { sheets } = await readXlsx(await readBytesOf(template));
    expect(sheets.map(({ name, freezePane }) => [name, freezePane?.rows])).toEqual([
      ['Instructions', undefined],
      ['Students', 1],
      ['Teachers', 1],
      ['Administrators', 1],
      ['Classes', 1],
    ]);
  });

  it('offers grades and roles as lists, short enough for Excel', async () => {
    const { sheets } = await readXlsx(await readBytesOf(template));
    const lists = sheets.flatMap(({ name, dataValidations = [] }) =>
      dataValidations.map(({ values, range }) => ({ name, range, length: values?.join(',').length ?? 0 })),
    );
    expect(lists.map(({ name, range }) => `${name} ${range}`)).toEqual([
      'Students F2:F2001',
      'Administrators F2:F2001',
    ]);
    for (const { length } of lists) expect(length).toBeLessThanOrEqual(255);
  });

  it('has every cell for ids and emails formatted as text', async () => {
    const { sheets } = await readXlsx(await readBytesOf(template), { readStyles: true });
    for (const sheet of sheets.slice(1)) {
      const columns = sheet.rows[0]?.length ?? 0;
      for (let column = 0; column < columns; column++) {
        for (const row of [1, 2000]) expect(sheet.cells?.get(`${row},${column}`)?.style?.numFmt).toBe('@');
      }
    }
  });

  it('holds no macro, and an empty one has no people and no findings', async () => {
    expect((await readBytesOf(template)).includes('vbaProject')).toBe(false);
    expect(await readFile(template)).toEqual([]);
  });
});

describe.each(engines)('the template in $name', ({ start }) => {
  let storeFixture: StoreFixture;
  beforeAll(async () => {
    storeFixture = await start();
  });
  afterAll(() => storeFixture.stop());

  it.each([
    ['by hand', fillInByHand, { student: 2, teacher: 1, staff: 0, administrator: 1 }],
    [
      'by LibreOffice',
      async () => join(import.meta.dirname, 'fixtures', 'filled-in-by-libreoffice.xlsx'),
      { student: 4, teacher: 1, staff: 1, administrator: 1 },
    ],
  ] as const)('filled in %s publishes, and its people are found', async (_by, fillIn, accounts) => {
    const services = await createServices(await storeFixture.place().open());
    const path = await fillIn();
    const result = await services.publisher.publish('north', 'manual', readPath(path));
    expect(result.kind).toBe('published');
    expect(result.findings.errors).toBe(0);
    expect(result.report).toMatchObject({ accounts, classes: 1, enrollments: 2 });
    const roster = await services.rosters.read('north', 0);
    for (const [email, sisId] of [
      ['ada.byron@north.example', '00123'],
      ['blaise.pascal@north.example', '3-4'],
      ['alan.hill@north.example', 'T1'],
      ['joan.clark@north.example', 'A1'],
    ] as const) {
      const found = await services.directory.findByEmail(roster, email);
      expect(found.map((account) => account.sisId)).toEqual([sisId]);
    }
  });
});
