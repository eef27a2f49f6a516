// The columns of Summit K12's two published templates, and which table of a file is one of them.
import type { Column } from '../clever-csv/clever-files.ts';
import type { Finding } from '../feed.ts';
import { headerWord, readHeader } from '../read-header.ts';
import { firstRows, type KnownTable, knownTable, type Table } from '../spreadsheet/spreadsheet-table.ts';

/** The users that a template lists. */
export type SummitKind = 'student' | 'employee';

const required = (field: Column['field'], ...names: Column['names']): Column => ({ field, names, isRequired: true });

const person: readonly Column[] = [
  required('schoolName', 'School Name', 'School'),
  required('givenName', 'First Name'),
  required('familyName', 'Last Name'),
  required('email', 'District-Assigned Email'),
];
const studentId = required('sisId', 'Student ID#', 'Student ID #', 'Student ID Number', 'Student ID');
const role = required('role', 'Summit K12 Role', 'Summit Role', 'Role');

const summitColumns: Readonly<Record<SummitKind, readonly Column[]>> = {
  student: [...person, studentId, required('grade', 'Grade Level', 'Grade')],
  // Grade and Subject are ignored: a teacher has one line for each.
  employee: [...person, role],
};

export type SummitTable =
  | { readonly kind: 'known'; readonly lists: SummitKind; readonly known: KnownTable }
  | {
      readonly kind: 'flawed';
      readonly lists: SummitKind;
      readonly table: Table;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: 'other'; readonly table: Table };

export const isYourRoster = ({ name }: Table): boolean => headerWord(name) === 'yourroster';

/** Searches the first rows for the header of one of the two templates. */
export async function recogniseSummitTable(table: Table): Promise<SummitTable> {
  const rows = await firstRows(table);
  for (const row of rows) {
    const { line, texts } = row;
    const lists = findKind(new Set(texts.map(headerWord)), isYourRoster(table));
    if (lists === undefined) continue;
    const read = readHeader(texts, summitColumns[lists], { ...table.place, line });
    if (read.kind === 'flawed') {
      const findings = read.findings.map((finding) => ({ ...finding, place: { ...finding.place, ...table.place } }));
      return { kind: 'flawed', lists, table, findings };
    }
    const holds = lists === 'student' ? 'student' : 'staff';
    return { kind: 'known', lists, known: knownTable(table, holds, read.header, row, rows) };
  }
  return { kind: 'other', table };
}

// The bridge's own template has a column Student id; other tables of users have one named Role.
const ofStudents = headerWord('Student ID#');
const ofBoth = headerWord('District-Assigned Email');
const ofEmployees = role.names.map(headerWord);

function findKind(words: ReadonlySet<string>, isNamed: boolean): SummitKind | undefined {
  const hasRole = ofEmployees.some((word) => words.has(word));
  if (words.has(headerWord('Summit K12 Role')) || (words.has(ofBoth) && hasRole)) return 'employee';
  // Before the name of the sheet: students, too, are pasted into an existing sheet.
  if (words.has(ofStudents)) return 'student';
  if (!words.has(ofBoth)) return undefined;
  return isNamed ? 'employee' : 'student';
}
