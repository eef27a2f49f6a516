// What the demo's hand-rostered district saves of Summit K12's two templates, as CSV.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Row, writeCsv } from '../../src/formats/csv/write-csv.ts';
import { handRosteredPeople, marlValley, rosterEmailOf } from '../clever/hand-rostered-people.ts';

const school = 'Marl Valley Elementary';

const students: readonly Row[] = [
  ['School Name', 'First Name', 'Last Name', 'District-Assigned Email', 'Student ID#', 'Grade Level'],
  ...handRosteredPeople.flatMap(({ givenName, familyName, row: { studentId, grades } }) =>
    studentId === undefined
      ? []
      : [[school, givenName, familyName, rosterEmailOf([givenName, familyName]), studentId, grades[0] ?? '']],
  ),
];

const employees: readonly Row[] = [
  ['School Name', 'District-Assigned Email', 'First Name', 'Last Name', 'Grade', 'Summit K12 Role', 'Subject'],
  ...handRosteredPeople.flatMap(({ givenName, familyName, row: { role, grades } }) => {
    if (role === undefined) return [];
    const place = role === 'District Admin' ? marlValley.name : school;
    return (grades.length === 0 ? [''] : grades).map((grade) => [
      place,
      rosterEmailOf([givenName, familyName]),
      givenName,
      familyName,
      grade,
      role,
      '',
    ]);
  }),
];

/** @param folder made here */
export async function writeTemplates(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'student-roster.csv'), await text(writeCsv(students)));
  await writeFile(join(folder, 'admin-and-teacher-roster.csv'), await text(writeCsv(employees)));
}
