// The list of its people that a district exports from Clever, as people to be checked. Clever documents no columns for it,
// so any usual spelling counts, and a list of one role needs no role column.
import { basename, dirname } from 'node:path';
import type { ExportItem, ExportPerson } from '../export-person.ts';
import { errorAt, warningAt } from '../finding.ts';
import { readCell, trimCell } from './clean-cell.ts';
import type { CsvItem } from './csv-item.ts';
import { readCsv } from './csv-records.ts';
import { openRegularFile } from './find-file.ts';
import { normaliseWord } from './read-header.ts';

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

/** Indexes of the columns that may hold a field, the best first. */
type Columns = Readonly<Record<Field, readonly number[]>>;

// What Clever and its dashboard call people, and the words of `user_type` for it (read-identity.ts).
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

/** Streams a CSV file; what is wrong with it is a finding. Names of people and addresses are left as they stand. */
export async function* readCleverExport(path: string): AsyncGenerator<ExportItem> {
  const file = basename(path);
  const opened = await openRegularFile(dirname(path), file);
  if (opened === undefined) return yield errorAt('file_unreadable', { file });
  try {
    yield* readItems(itemsOf(readCsv(opened.chunks())), file);
  } finally {
    await opened.close();
  }
}

async function* itemsOf(batches: ReturnType<typeof readCsv>): AsyncGenerator<CsvItem> {
  for await (const { items } of batches) yield* items;
}

async function* readItems(items: AsyncGenerator<CsvItem>, file: string): AsyncGenerator<ExportItem> {
  const first = await items.next();
  if (first.done === true || first.value.kind !== 'record') return yield errorAt('file_unreadable', { file });
  const header = first.value.cells.map(normaliseWord);
  const columns = findColumns(header);
  const onlyType = typeOfAll(header);
  const missing = missingColumns(columns, onlyType);
  if (missing.length > 0) {
    await items.return(undefined);
    for (const column of missing) yield errorAt('column_missing', { file, column });
    return;
  }
  for await (const item of items) {
    if (item.kind === 'unreadable') {
      yield errorAt('file_unreadable', item.line === undefined ? { file } : { file, line: item.line });
    } else if (item.kind === 'malformed' || item.cells.length !== header.length) {
      yield warningAt('row_malformed', { file, line: item.line });
    } else yield { kind: 'person', person: readPerson(item.cells, item.line, columns, onlyType) };
  }
}

function findColumns(header: readonly string[]): Columns {
  const indexes = (field: Field) =>
    names[field].flatMap((name) => header.flatMap((word, index) => (word === name ? [index] : [])));
  return {
    cleverId: indexes('cleverId'),
    userType: indexes('userType'),
    email: indexes('email'),
    givenName: indexes('givenName'),
    familyName: indexes('familyName'),
    sisId: indexes('sisId'),
  };
}

/** A file with `Student_email` or `Student_id`, and nobody else's, is a list of students. */
function typeOfAll(header: readonly string[]): string | undefined {
  const found = ['student', 'teacher', 'staff', 'admin'].filter((who) =>
    header.some((word) => [`${who}_email`, `${who}_id`, `${who}_sis_id`].includes(word)),
  );
  return found.length === 1 ? types.get(found[0] ?? '') : undefined;
}

const missingColumns = ({ email, userType }: Columns, onlyType: string | undefined): string[] => [
  ...(email.length === 0 ? ['Email'] : []),
  ...(userType.length === 0 && onlyType === undefined ? ['Role'] : []),
];

function readPerson(
  cells: readonly string[],
  line: number,
  columns: Columns,
  onlyType: string | undefined,
): ExportPerson {
  const cell = (field: Field) => columns[field].map((index) => readCell(cells[index] ?? '')).find((text) => text);
  // The address as it stands, white space and all: the sign-in compares every character.
  const email = columns.email.map((index) => cells[index] ?? '').find((text) => trimCell(text) !== '');
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

/** `Teacher, School Admin` is one person with several roles; the first that signs in counts. */
function readType(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const words = text.split(/[,;|/]/).map(normaliseWord);
  const known = words.map((word) => types.get(word)).filter((type) => type !== undefined);
  return known.find((type) => type !== 'contact') ?? known[0] ?? words[0];
}
