// Writes Summit K12's two templates, with the sheets, columns and texts that Summit publishes. summit-template.ts reads
// them back.
import {
  columnLines,
  instructionsSheet,
  rosterSheet,
  type TextLine,
  writeTemplateBook,
} from '../spreadsheet/template-book.ts';
import type { TemplateColumn, TemplateSheet } from '../spreadsheet/template-sheets.ts';

type Columns = TemplateSheet['columns'];

const required = (header: string, width: number, instruction: string): TemplateColumn => ({
  header,
  width,
  instruction,
  isRequired: true,
});
const optional = (header: string, width: number, instruction: string): TemplateColumn => ({
  ...required(header, width, instruction),
  isRequired: false,
});

const school = 'The name of the school, spelled the same in every row.';
const firstName = required('First Name', 18, 'As in Clever.');
const lastName = required('Last Name', 20, 'As in Clever.');
const email = required('District-Assigned Email', 36, 'Exactly the address in Clever, letter by letter.');

const studentColumns: Columns = [
  required('School Name', 28, school),
  firstName,
  lastName,
  email,
  required('Student ID#', 16, 'The id in your student information system, with its zeros. It must never change.'),
  required('Grade Level', 14, 'K or a number.'),
];

const employeeColumns: Columns = [
  required('School Name', 28, `${school} For a District Admin the name of the district.`),
  email,
  firstName,
  lastName,
  optional('Grade', 10, 'For teachers: one grade. A teacher of several grades has one row for each.'),
  {
    ...required('Summit K12 Role', 20, 'Choose from the list.'),
    choices: ['District Admin', 'School Admin', 'Lead Teacher', 'Support Teacher'],
  },
  optional('Subject', 20, 'One subject.'),
];

const employeeInstructions: readonly string[] = [
  'Fill in the third sheet, Your Roster. Keep its name and its first row as they are. The sheet Example is not read.',
  'A District Admin looks after the whole district, a School Admin one school. A Lead Teacher has classes; a Support Teacher helps in the class of a Lead Teacher.',
  'Emails must be exactly those in Clever. The email tells one person from another: no two people may have the same one.',
  'The file replaces the employees of the file you sent before: people who are no longer in it can no longer sign in. Students stay as they were.',
];

const exampleRows: readonly (readonly string[])[] = [
  ['Example District', 'district.admin@example.com', 'First', 'Last', '', 'District Admin', ''],
  ['Example School', 'school.admin@example.com', 'First', 'Last', '', 'School Admin', ''],
  ['Example School', 'lead.teacher@example.com', 'First', 'Last', '3', 'Lead Teacher', 'Math'],
  ['Example School', 'lead.teacher@example.com', 'First', 'Last', '4', 'Lead Teacher', 'Math'],
  ['Example School', 'support.teacher@example.com', 'First', 'Last', '3', 'Support Teacher', ''],
];

/**
 * The Student Roster Template: one sheet.
 * @throws EEXIST rather than overwrite a file that may have been filled in
 */
export async function writeStudentTemplate(file: string): Promise<void> {
  const sheet = rosterSheet({ name: 'Student Roster', columns: studentColumns });
  await writeTemplateBook(file, 'Student Roster Template', [sheet]);
}

/**
 * The Admin and Teacher Roster Template: instructions, an example, and Your Roster as the third sheet.
 * @throws EEXIST rather than overwrite a file that may have been filled in
 */
export async function writeStaffTemplate(file: string): Promise<void> {
  const name = 'Admin and Teacher Roster Template';
  const lines: readonly TextLine[] = [
    { text: name, as: 'title' },
    ...[...employeeInstructions, ''].map((text): TextLine => ({ text, as: 'plain' })),
    { text: 'Sheet Your Roster', as: 'strong' },
    ...columnLines({ columns: employeeColumns }),
  ];
  const example = {
    name: 'Example',
    columns: employeeColumns.map(({ width }) => ({ width })),
    rows: [employeeColumns.map(({ header }) => header), ...exampleRows.map((cells) => [...cells])],
  };
  const roster = rosterSheet({ name: 'Your Roster', columns: employeeColumns });
  await writeTemplateBook(file, name, [instructionsSheet(lines), example, roster]);
}
