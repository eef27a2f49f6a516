// The list of users that a district exports from Clever, for a pre-flight. Clever documents no columns for it, so any
// usual spelling is accepted, and a list of one role needs no role column.
import { readCell, trimCell } from '../formats/clean-cell.ts';
import type { ExportItem, ExportPerson, Finding } from '../formats/feed.ts';
import { errorAt, warningAt } from '../formats/finding.ts';
import { headerWord, normaliseWord } from '../formats/read-header.ts';
import { spreadsheetAt } from '../formats/roster-files.ts';
import { readCellText } from '../formats/spreadsheet/spreadsheet-cell-text.ts';
import { judgeRow, type RowShape } from '../formats/spreadsheet/spreadsheet-row.ts';
import { firstRows, isBlank, type Table, type TableRow } from '../formats/spreadsheet/spreadsheet-table.ts';

const names = {
  cleverId: ['clever_id', 'clever_user_id', 'cleverid', 'user_id', 'userid', 'id'],
  userType: ['user_type', 'usertype', 'type', 'role', 'roles', 'user_role', 'account_type', 'record_type'],
  email: [
    'email',
    'email_address',
    'user_email',
    'clever_email',
    'student_email',
    'teacher_email',
    'staff_email',
    'admin_email',
  ],
  givenName: ['first_name', 'given_name', 'firstname', 'givenname', 'first', 'name.first'],
  familyName: ['last_name', 'family_name', 'lastname', 'familyname', 'surname', 'last', 'name.last'],
  sisId: [
    'sis_id',
    'sisid',
    'student_id',
    'teacher_id',
    'staff_id',
    'student_sis_id',
    'teacher_sis_id',
    'staff_sis_id',
  ],
} as const;

type Field = keyof typeof names;

/** Indexes of the columns that may hold a field, best first. */
type Columns = Readonly<Record<Field, readonly number[]>>;

// The terms of Clever and its dashboard for user types, and the values of `user_type` for them (identity.ts).
const types: ReadonlyMap<string, string> = new Map([
  ['student', 'student'],
  ['students', 'student'],
  ['teacher', 'teacher'],
  ['teachers', 'teacher'],
  ['staff', 'staff'],
  ['school_admin', 'staff'],
  ['school_admins', 'staff'],
  ['school_administrator', 'staff'],
  ['admin', 'staff'],
  ['administrator', 'staff'],
  ['district_admin', 'district_admin'],
  ['district_admins', 'district_admin'],
  ['district_administrator', 'district_admin'],
  ['contact', 'contact'],
  ['contacts', 'contact'],
  ['parent', 'contact'],
  ['guardian', 'contact'],
  ['family', 'contact'],
]);
const knownTypes: ReadonlySet<string> = new Set(types.values());

/**
 * Streams a text file or a workbook, every sheet that lists users; its errors are findings. Names and addresses stay
 * unchanged.
 */
export async function* readCleverExport(path: string): AsyncGenerator<ExportItem> {
  // Loaded on demand: most commands read no list.
  const { readSpreadsheet } = await import('../formats/spreadsheet/spreadsheet.ts');
  yield* readSpreadsheet(spreadsheetAt(path), readTables);
}

async function* readTables(file: string, tables: readonly Table[]): AsyncGenerator<ExportItem> {
  const found = await Promise.all(tables.map(findList));
  const lists = found.filter((each) => each.kind === 'list');
  const missing = found.find((each) => each.kind === 'flawed');
  if (lists.length === 0) yield* missing?.findings ?? [errorAt('no_known_column', { file, line: 1 })];
  for (const list of lists) yield* readList(list);
}

interface List {
  readonly kind: 'list';
  readonly table: Table;
  readonly line: number;
  readonly shape: RowShape;
  readonly columns: Columns;
  readonly onlyType: string | undefined;
  readonly isBelow: boolean;
}

/** By the first row that has an address and a role, or the one nearest to it. */
async function findList(
  table: Table,
): Promise<List | { readonly kind: 'flawed'; readonly findings: readonly Finding[] } | { readonly kind: 'other' }> {
  const rows = await firstRows(table);
  let nearest: { readonly known: number; readonly findings: readonly Finding[] } = { known: 0, findings: [] };
  for (const { line, texts, width } of rows) {
    const header = texts.map(headerWord);
    const columns = findColumns(header);
    const onlyType = typeOfAll(header);
    const findings = [
      ...missingColumns(columns, onlyType).map((column) => errorAt('column_missing', { ...table.place, column })),
      ...repeatedColumns(header, columns).map((at) =>
        errorAt('column_twice', { ...table.place, line, column: texts[at] ?? '' }),
      ),
    ];
    const shape = { texts, width, reported: new Set<'empty_cells_at_end'>() };
    if (findings.length === 0)
      return { kind: 'list', table, line, shape, columns, onlyType, isBelow: line !== rows[0]?.line };
    const known = Object.values(columns).filter(({ length }) => length > 0).length;
    if (known > nearest.known) nearest = { known, findings };
  }
  return nearest.known === 0 ? { kind: 'other' } : { kind: 'flawed', findings: nearest.findings };
}

async function* readList({ table, line, shape, columns, onlyType, isBelow }: List): AsyncGenerator<ExportItem> {
  if (isBelow && table.nameCell === undefined) yield warningAt('lines_above_header', { ...table.place, line });
  let [read, unread] = [0, 0];
  for await (const row of table.rows()) {
    if (row.kind === 'finding') {
      if (row.severity === 'warning') unread += 1;
      yield row;
      continue;
    }
    if (row.line <= line || isBlank(row)) continue;
    const place = { ...table.place, line: row.line };
    const { findings, isLeftOut } = judgeRow(shape, row, place);
    yield* findings;
    if (isLeftOut) {
      if (findings.some(({ code }) => code === 'row_malformed')) unread += 1;
      continue;
    }
    read += 1;
    const person = readPerson(row, columns, onlyType);
    const role = columns.userType[0];
    if (!knownTypes.has(person.userType))
      yield warningAt('unknown_role', role === undefined ? place : { ...place, column: shape.texts[role] ?? '' });
    yield { kind: 'person', person };
  }
  if (unread > read) yield errorAt('mostly_unread', table.place);
}

function findColumns(header: readonly string[]): Columns {
  const indexes = (field: Field) =>
    [...new Set(names[field].map(headerWord))].flatMap((name) =>
      header.flatMap((word, index) => (word === name ? [index] : [])),
    );
  return {
    cleverId: indexes('cleverId'),
    userType: indexes('userType'),
    email: indexes('email'),
    givenName: indexes('givenName'),
    familyName: indexes('familyName'),
    sisId: indexes('sisId'),
  };
}

/** If two columns have the same name, it is ambiguous which has the address. */
const repeatedColumns = (header: readonly string[], { email, userType }: Columns): readonly number[] =>
  [...email, ...userType].filter((index) => header.indexOf(header[index] ?? '') !== index);

/** A file with `Student_email` or `Student_id` and no other such column is a list of students. */
function typeOfAll(header: readonly string[]): string | undefined {
  const found = ['student', 'teacher', 'staff', 'admin'].filter((who) =>
    header.some((word) => [`${who}email`, `${who}id`, `${who}sisid`].includes(word)),
  );
  return found.length === 1 ? types.get(found[0] ?? '') : undefined;
}

const missingColumns = ({ email, userType }: Columns, onlyType: string | undefined): string[] => [
  ...(email.length === 0 ? ['Email'] : []),
  ...(userType.length === 0 && onlyType === undefined ? ['Role'] : []),
];

function readPerson({ cells, line }: TableRow, columns: Columns, onlyType: string | undefined): ExportPerson {
  const textAt = (index: number, field: Field): string => {
    const read = readCellText(cells.get(index), field === 'email' || field.endsWith('Name') ? 'email' : 'sisId');
    return read.kind === 'text' ? read.text : '';
  };
  const cell = (field: Field) => columns[field].map((index) => readCell(textAt(index, field))).find((text) => text);
  // The address unchanged, including white space: the sign-in compares every character.
  const email = columns.email.map((index) => textAt(index, 'email')).find((text) => trimCell(text) !== '');
  return {
    line,
    cleverId: cell('cleverId'),
    userType: readType(cell('userType')) ?? onlyType ?? '',
    email,
    givenName: cell('givenName'),
    familyName: cell('familyName'),
    sisId: cell('sisId'),
  };
}

/** `Teacher, School Admin` is one user with several roles; the first that can sign in counts. */
function readType(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const words = text.split(/[,;|/]/).map(normaliseWord);
  const known = words.map((word) => types.get(word)).filter((type) => type !== undefined);
  return known.find((type) => type !== 'contact') ?? known[0] ?? words[0];
}
