// Writes Summit K12's two templates, with the sheets and columns that Summit publishes. summit-template.ts reads them back.
import { columnLines, rosterSheet, type TextLine, textSheet, writeTemplateBook } from '../spreadsheet/template-book.ts';
import { employeeColumns, employeeInstructions, exampleRows, studentColumns } from './summit-template-sheets.ts';

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
  await writeTemplateBook(file, name, [textSheet('Instructions', lines), example, roster]);
}
