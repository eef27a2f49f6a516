// A build of this bridge from another checkout, such as an earlier commit, with districts published by its own commands:
// only what the contract has fixed is used.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { inheritedEnvironment } from '../sandbox/inherited-environment.ts';
import { bridgeSettings, type PinnedBridgeOptions, serveFrom } from './pinned-bridge.ts';
import type { PinnedProcess } from './pinned-process.ts';
import type { PreparedDistrict } from './prepare-district.ts';
import { cleverDistrictOf, emailOf, sisIdOf } from './students.ts';

/** Waits until it answers. @param checkout a folder, built */
export async function startOtherBuild(checkout: string, options: PinnedBridgeOptions): Promise<PinnedProcess> {
  const { bin } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const main = join(checkout, bin['sso-bridge']);
  const env = { ...inheritedEnvironment(), ...bridgeSettings(options) };
  const run = (...words: string[]) => promisify(execFile)(process.execPath, [main, ...words], { env });
  for (const district of options.districts) {
    const { id } = district;
    const folder = mkdtempSync(join(tmpdir(), 'sso-bench-files-'));
    try {
      writeFiles(folder, district);
      await run('district', 'put', id, '--clever-id', cleverDistrictOf(id), '--name', id, '--rostering', 'sftp');
      await run('roster', 'publish', folder, '--district', id, '--method', 'sftp', '--approve');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return await serveFrom(main, options);
}

function writeFiles(folder: string, { id, students }: PreparedDistrict): void {
  const write = (name: string, rows: readonly string[][]) => writeFileSync(join(folder, name), stringify([...rows]));
  const rows = Array.from({ length: students }, (_, number) => {
    const student = { district: id, number };
    return ['1', sisIdOf(student), 'Student', `${number}`, emailOf(student), '3'];
  });
  const header = ['School_id', 'Student_id', 'First_name', 'Last_name', 'Student_email', 'Grade'];
  write('schools.csv', [
    ['School_id', 'School_name'],
    ['1', 'One'],
  ]);
  write('students.csv', [header, ...rows]);
  write('sections.csv', [['School_id', 'Section_id', 'Teacher_id', 'Name']]);
  write('teachers.csv', [['School_id', 'Teacher_id', 'First_name', 'Last_name', 'Teacher_email']]);
  write('enrollments.csv', [['School_id', 'Section_id', 'Student_id']]);
}
