// The sheets and words of the template that districts fill in by hand, as data.

export interface TemplateColumn {
  readonly header: string;
  /** In characters. */
  readonly width: number;
  readonly instruction: string;
  /** Offered as a drop-down list. */
  readonly choices?: readonly string[];
  readonly isRequired: boolean;
}

export interface TemplateSheet {
  readonly name: string;
  readonly instruction: string;
  readonly columns: readonly [TemplateColumn, ...TemplateColumn[]];
}

const school = required('School id', 14, 'The number or code of the school in your student information system.');
const firstName = required('First name', 18, 'As in Clever.');
const lastName = required('Last name', 20, 'As in Clever.');

const email = (header: string) =>
  required(header, 36, 'Exactly the address this person has in Clever, letter by letter, capitals included.');

/** Clever's values for a grade. */
const grades = [
  'InfantToddler',
  'Preschool',
  'PreKindergarten',
  'TransitionalKindergarten',
  'Kindergarten',
  ...Array.from({ length: 13 }, (_none, index) => `${index + 1}`),
  'PostGraduate',
  'Ungraded',
  'Other',
];

export const templateSheets: readonly TemplateSheet[] = [
  {
    name: 'Students',
    instruction:
      'One row for each student. Leave the sheet empty if your students come to Summit K12 by Clever Secure Sync.',
    columns: [
      school,
      required('Student id', 16, 'The student’s id in your student information system. It must never change.'),
      firstName,
      lastName,
      email('Student email'),
      { ...optional('Grade', 24, 'Choose from the list.'), choices: grades },
    ],
  },
  {
    name: 'Teachers',
    instruction: 'One row for each teacher; a teacher at two schools may have two rows.',
    columns: [
      school,
      required('Teacher id', 16, 'The teacher’s id in your student information system. It must never change.'),
      firstName,
      lastName,
      email('Teacher email'),
    ],
  },
  {
    name: 'Administrators',
    instruction: 'Principals, coordinators and all others who look after schools or the district in Summit K12.',
    columns: [
      optional('School id', 14, 'Leave it empty for a person who works for the whole district.'),
      required('Administrator id', 18, 'The person’s id in your staff records. It must never change.'),
      firstName,
      lastName,
      email('Administrator email'),
      {
        ...optional(
          'Role',
          24,
          'Choose from the list. Everybody on this sheet is an administrator but those with "Staff".',
        ),
        choices: ['District administrator', 'School administrator', 'Principal', 'Staff'],
      },
    ],
  },
  {
    name: 'Classes',
    instruction:
      'One row for each class and student: a class of 25 students has 25 rows with the same Class id. Students and teachers are named by their ids, also those who come by another way than this file. A second teacher has a further row with the same Class id. The class name and the school need to stand in one row only.',
    columns: [
      required('Class id', 16, 'Your own id of the class; every class has another.'),
      optional('Class name', 28, 'As students know it.'),
      optional('School id', 14, 'The school of the class.'),
      optional('Teacher id', 16, 'Who teaches the class.'),
      optional('Student id', 16, 'Who is in the class.'),
    ],
  },
];

export const instructions: readonly string[] = [
  'Fill in the sheets Students, Teachers, Administrators and Classes. A sheet you do not need may stay empty.',
  'Keep the first row of each sheet as it is, and one person (or one class and student) in each row.',
  'Ids are text, not numbers: 00123 and 123 are two different ids. The cells for ids are formatted as text; when you paste, choose "values only" so that they stay so. Ids that a spreadsheet turned into dates or into numbers like 1.2E+15 cannot be read.',
  'Emails must be exactly those in Clever. A student who signs in to Clever as ana.ruiz@school.org is not found as Ana.Ruiz@school.org. No two people may have the same email.',
  'Do not merge cells. Rows that are hidden or filtered out are read like all others; hidden sheets are left out.',
  'Passwords, birth dates and other columns are not needed; columns you add are not read.',
  'What happens next: send the file to Summit K12 by the way you agreed on, not by email. We check it, tell you by sheet and cell what has to be corrected, and publish it. It replaces the whole file you sent before: people who are no longer in it can no longer sign in.',
];

function required(header: string, width: number, instruction: string): TemplateColumn {
  return { header, width, instruction, isRequired: true };
}

function optional(header: string, width: number, instruction: string): TemplateColumn {
  return { header, width, instruction, isRequired: false };
}
