// The columns of Summit K12's two published templates, and which tables of a file are the roster: instructions and
// examples are excluded by content, name and position.
import type { Kind } from '../../identity/identity.ts';
import type { Column } from '../clever-csv/clever-files.ts';
import type { Finding } from '../feed.ts';
import { headerWord, readHeader } from '../read-header.ts';
import { firstRows, type KnownTable, knownTable, type Table } from '../spreadsheet/spreadsheet-table.ts';

const required = (field: Column['field'], ...names: Column['names']): Column => ({ field, names, isRequired: true });

const person: readonly Column[] = [
  required('schoolName', 'School Name', 'School'),
  required('givenName', 'First Name'),
  required('familyName', 'Last Name'),
  required('email', 'District-Assigned Email'),
];
const studentId = required('sisId', 'Student ID#', 'Student ID #', 'Student ID Number', 'Student ID');
const role = required('role', 'Summit K12 Role', 'Summit Role', 'Role');

const summitColumns: Readonly<Record<Kind, readonly Column[]>> = {
  student: [...person, studentId, required('grade', 'Grade Level', 'Grade')],
  // Grade and Subject are ignored: a teacher has one line for each.
  employee: [...person, role],
};

type SummitTable =
  | { readonly kind: 'known'; readonly lists: Kind; readonly known: KnownTable }
  | {
      readonly kind: 'flawed';
      readonly lists: Kind;
      readonly table: Table;
      readonly findings: readonly Finding[];
    }
  | { readonly kind: 'other'; readonly table: Table };

const isYourRoster = ({ name }: Table): boolean => headerWord(name) === 'yourroster';

/** Searches the first rows for the header of one of the two templates. */
async function recogniseSummitTable(table: Table): Promise<SummitTable> {
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

function findKind(words: ReadonlySet<string>, isNamed: boolean): Kind | undefined {
  const hasRole = ofEmployees.some((word) => words.has(word));
  if (words.has(headerWord('Summit K12 Role')) || (words.has(ofBoth) && hasRole)) return 'employee';
  // Before the name of the sheet: students, too, are pasted into an existing sheet.
  if (words.has(ofStudents)) return 'student';
  if (!words.has(ofBoth)) return undefined;
  return isNamed ? 'employee' : 'student';
}

type RosterTable = Exclude<SummitTable, { readonly kind: 'other' }>;

interface ChosenSheets {
  readonly roster: readonly RosterTable[];
  /** They have the columns of a template, but are not read. */
  readonly leftAside: readonly RosterTable[];
  /** The sheet Your Roster exists and has no header. */
  readonly isEmpty: boolean;
}

export const tableOf = (found: SummitTable) => (found.kind === 'known' ? found.known.table : found.table);
const isExample = (found: SummitTable): boolean => /\b(examples?|samples?|instructions?)\b/i.test(tableOf(found).name);

/**
 * Employees are on the sheet Your Roster, at any position; if no sheet has that name, on the last that has the columns,
 * since examples precede it. Students are on every sheet with the columns that is no example.
 * @param book its tables in order
 */
export async function chooseSheets(book: readonly Table[]): Promise<ChosenSheets> {
  const tables: SummitTable[] = [];
  for (const table of book) tables.push(await recogniseSummitTable(table));
  const named = tables.filter((found) => isYourRoster(tableOf(found)));
  const found = tables.filter((each) => each.kind !== 'other');
  const employees = found.filter(({ lists }) => lists === 'employee');
  const last = employees.filter((each) => !isExample(each)).at(-1);
  const isRead = (each: RosterTable): boolean => {
    if (each.lists === 'student') return !isExample(each);
    return named.length > 0 ? named.includes(each) : each === last;
  };
  return {
    roster: found.filter(isRead),
    leftAside: found.filter((each) => !isRead(each)),
    isEmpty: named.some(({ kind }) => kind === 'other'),
  };
}
