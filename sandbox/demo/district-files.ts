// What two of the demo's districts send by hand: Willow Bend's spreadsheet of teachers and classes, and Port Wexley's
// list of its people as Clever exports it, for the pre-flight.

import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { writeXlsx } from 'hucre/xlsx';
import { writeCsv } from '../../src/formats/csv/write-csv.ts';
import { syncPeople, willowBend } from '../clever/data-people.ts';
import { portWexley } from '../clever/districts.ts';
import { demoPeople } from '../clever/people.ts';

const atWillowBend = syncPeople.filter(({ district }) => district === willowBend.id);
const [teacher] = atWillowBend.filter(({ userType }) => userType === 'teacher');
const students = atWillowBend.filter(({ userType }) => userType === 'student');

/** Roster Account Provisioning: students come from Clever, teachers and classes in this workbook. */
export async function writeSpreadsheet(file: string): Promise<void> {
  const teachers = [
    ['School id', 'Teacher id', 'First name', 'Last name', 'Teacher email'],
    ['1', teacher?.sisId ?? '', teacher?.givenName ?? '', teacher?.familyName ?? '', teacher?.email ?? ''],
  ];
  const classes = [
    ['Class id', 'Class name', 'School id', 'Teacher id', 'Student id'],
    ...students.map(({ sisId }) => ['reading-2', 'Reading, grade 2', '1', teacher?.sisId ?? '', sisId ?? '']),
  ];
  const sheets = [
    { name: 'Teachers', rows: teachers },
    { name: 'Classes', rows: classes },
  ];
  await writeFile(file, await writeXlsx({ sheets }));
}

export async function writeCleverExport(file: string): Promise<void> {
  const people = demoPeople.filter(({ district }) => district === portWexley.id);
  const rows = people.map(({ id, userType, email, givenName, familyName }) => [
    id,
    userType,
    typeof email === 'string' ? email : undefined,
    givenName,
    familyName,
  ]);
  const header = ['Clever id', 'User type', 'Email', 'First name', 'Last name'];
  await pipeline(writeCsv([header, ...rows]), createWriteStream(file));
}
