// `sso-bridge roster template`, and a spreadsheet checked and published by command.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/cli.ts';

const fixtures = join(import.meta.dirname, '../formats/spreadsheet/fixtures');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-template-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function run(...words: readonly string[]) {
  const out: string[] = [];
  const exitCode = await runCommand(
    [...words, '--json'],
    {
      environment: { STORE_URL: `embedded:${join(folder, 'store')}`, SESSION_TTL: '8h', ATTEMPT_RETENTION: '90d' },
      layers: [],
      version: '1.2.3',
      stdout: { write: (text) => out.push(text) },
      stderr: { write: () => undefined },
    },
    async () => 0,
  );
  const json: unknown = JSON.parse(out.join(''));
  return { exitCode, json };
}

describe('roster template', () => {
  it('writes a workbook, with no settings at all', async () => {
    const file = join(folder, 'north.xlsx');
    expect(await run('roster', 'template', file)).toMatchObject({
      exitCode: 0,
      json: { result: 'written', file: 'north.xlsx' },
    });
    expect((await readFile(file)).toString('latin1', 0, 2)).toBe('PK');
  });

  it.each([
    ['student', 'Student Roster'],
    ['staff', 'Your Roster'],
  ])("writes Summit's own with --kind %s, which the check reads", async (kind, sheet) => {
    const file = join(folder, `${kind}.xlsx`);
    expect(await run('roster', 'template', file, '--kind', kind)).toMatchObject({ json: { result: 'written' } });
    const id = '0123456789abcdef01234567';
    await run('district', 'put', 'north', '--clever-id', id, '--name', 'North', '--rostering', 'manual');
    const { json } = await run('roster', 'check', file, '--district', 'north', '--method', 'manual');
    expect(json).toMatchObject({
      format: 'summit-template',
      findings: expect.arrayContaining([expect.objectContaining({ code: 'sheet_not_filled_in', sheet })]),
    });
  });

  it('leaves a file that is there as it is', async () => {
    const file = join(folder, 'north.xlsx');
    await writeFile(file, 'filled in');
    expect(await run('roster', 'template', file)).toMatchObject({
      exitCode: 1,
      json: { error: { code: 'file_exists' } },
    });
    expect(await readFile(file, 'utf8')).toBe('filled in');
  });

  it.each([
    ['north.xls', 2, 'not_xlsx'],
    ['nowhere/north.xlsx', 1, 'path_unwritable'],
  ])('%s is refused with %i and %s', async (name, exitCode, code) => {
    expect(await run('roster', 'template', join(folder, name))).toMatchObject({ exitCode, json: { error: { code } } });
  });
});

describe('a spreadsheet', () => {
  beforeEach(async () => {
    const id = '0123456789abcdef01234567';
    await run('district', 'put', 'north', '--clever-id', id, '--name', 'North', '--rostering', 'manual');
  });

  const command = (verb: string, file: string) =>
    run('roster', verb, file, '--district', 'north', '--method', 'manual');

  it('is checked, and published', async () => {
    const file = join(fixtures, 'filled-in-by-libreoffice.xlsx');
    expect(await command('check', file)).toMatchObject({ exitCode: 0, json: { result: 'checked' } });
    expect(await command('publish', file)).toMatchObject({ exitCode: 0, json: { result: 'published' } });
  });

  it('with lost ids says which cell, and no value of it', async () => {
    const { json } = await command('check', join(fixtures, 'untidy-by-libreoffice.xlsx'));
    expect(json).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: 'digits_lost',
          sheet: 'pupils 2026',
          cell: 'B7',
          message: expect.stringContaining('sheet pupils 2026, cell B7, column Student_id'),
        }),
      ]),
    });
    expect(JSON.stringify(json)).not.toContain('seventeen');
  });

  it('may be one CSV file', async () => {
    const file = join(folder, 'teachers.csv');
    await writeFile(file, 'School id;Teacher id;First name;Last name;Teacher email\n1;t1;Al;Hill;al@north.example\n');
    expect(await command('publish', file)).toMatchObject({ exitCode: 0, json: { accounts: { teacher: 1 } } });
  });
});
