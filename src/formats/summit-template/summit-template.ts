// Summit K12's Student Roster Template and Admin and Teacher Roster Template as a format: one file or several, each a
// workbook or a CSV file.
import type { Kind } from '../../identity/identity.ts';
import type { Feed, FeedItem } from '../feed.ts';
import { errorAt, warningAt } from '../finding.ts';
import type { RosterFormat } from '../format.ts';
import { type RosterFiles, type SpreadsheetSource, spreadsheetIn } from '../roster-files.ts';
import { readTableRow } from '../spreadsheet/spreadsheet-row.ts';
import { describeTable, type KnownTable, type ReadTables } from '../spreadsheet/spreadsheet-table.ts';
import { createSchoolNames, readEmployeeRow, readStudentRow, type SchoolNames } from './read-summit-row.ts';
import { chooseSheets, tableOf } from './summit-sheets.ts';

export const summitTemplate: RosterFormat = {
  name: 'summit-template',
  methods: ['manual'],
  reads: (name) => /\.(xlsx|csv|tsv|txt)$/i.test(name),
  isWhole: (names) => names.some(summitTemplate.reads),
  async recognises(files) {
    for (const source of spreadsheetsOf(files)) if ((await inspect(source)).kinds.length > 0) return true;
    return false;
  },
  read: readTemplates,
};

const spreadsheetsOf = (files: RosterFiles): SpreadsheetSource[] =>
  files.names
    .filter((name) => files.kind === 'file' || summitTemplate.reads(name))
    .map((name) => spreadsheetIn(files, name));

interface Seen {
  readonly source: SpreadsheetSource;
  readonly kinds: readonly Kind[];
  /** If no table is one of a template: other errors of the file. */
  readonly errors: readonly FeedItem[];
}

/** Reads the head of each table. */
async function inspect(source: SpreadsheetSource): Promise<Seen> {
  let kinds: readonly Kind[] = [];
  const errors: FeedItem[] = [];
  const readKinds: ReadTables<FeedItem> = async function* (_file, tables) {
    const { roster, leftAside } = await chooseSheets(tables);
    kinds = kindsOrder.filter((kind) => [...roster, ...leftAside].some(({ lists }) => lists === kind));
    yield* [];
  };
  for await (const item of await readBook(source, readKinds))
    if (item.kind === 'finding' && item.severity === 'error') errors.push(item);
  return { source, kinds, errors };
}

const kindsOrder: readonly Kind[] = ['student', 'employee'];

// Loaded on demand: most rosters are no workbooks, and every command would wait for it.
const readBook = async (source: SpreadsheetSource, read: ReadTables<FeedItem>): Promise<Feed> =>
  (await import('../spreadsheet/spreadsheet.ts')).readSpreadsheet(source, read);

async function* readTemplates(files: RosterFiles): Feed {
  const seen: Seen[] = [];
  for (const source of spreadsheetsOf(files)) seen.push(await inspect(source));
  const replaces = kindsOrder.filter((kind) => seen.some(({ kinds }) => kinds.includes(kind)));
  yield { kind: 'format', format: 'summit-template', option: 'provisioning', replaces };
  for (const { source, kinds, errors } of seen) {
    if (kinds.length > 0) continue;
    if (errors.length > 0) yield* errors;
    else yield errorAt('sheet_missing', { file: source.file });
  }
  const schools = createSchoolNames();
  for (const kind of kindsOrder) {
    for (const { source, kinds } of seen) {
      if (kinds.includes(kind)) yield* await readBook(source, readKind(kind, kinds[0] === kind, schools));
    }
  }
}

/** @param isFirst of the kinds in the file: findings about the file as a whole are reported once */
const readKind = (kind: Kind, isFirst: boolean, schools: SchoolNames): ReadTables<FeedItem> =>
  async function* (file, tables) {
    const { roster, leftAside, isEmpty } = await chooseSheets(tables);
    if (isFirst) yield* leftAside.map((each) => warningAt('sheet_left_aside', tableOf(each).place));
    if (isFirst && isEmpty) yield errorAt('sheet_missing', { file, sheet: 'Your Roster' });
    for (const found of roster.filter(({ lists }) => lists === kind)) {
      if (found.kind === 'flawed') yield* found.findings;
      else yield* readPeople(found.known, kind, schools);
    }
  };

async function* readPeople(known: KnownTable, kind: Kind, schools: SchoolNames): Feed {
  const read = kind === 'student' ? readStudentRow : readEmployeeRow;
  yield* describeTable(known);
  let isFilledIn = false;
  for await (const row of known.table.rows()) {
    if (row.kind === 'finding') yield row;
    else if (row.line > known.line) {
      isFilledIn = true;
      yield* readTableRow(known, row, (texts, place) => read(schools, known, texts, place));
    }
  }
  if (!isFilledIn) yield warningAt('sheet_not_filled_in', known.table.place);
}
