// The tables of one manual upload as a feed: kinds in the order of a feed, the rows of one class grouped.
import type { ClassRow, Feed, FeedItem, Finding, Progress } from '../feed.ts';
import { errorAt, warningAt } from '../finding.ts';
import { sheetKinds } from './spreadsheet-kinds.ts';
import { readTableRow } from './spreadsheet-row.ts';
import { describeTable, type KnownTable, recogniseTable, type Table } from './spreadsheet-table.ts';

/**
 * Reads every table that has the columns of a roster, also several of one kind, and reports those that it ignores. No
 * kind is required, since others may come by another method; but there must be at least one such table.
 */
export async function* readTables(file: string, tables: readonly Table[]): Feed {
  const known: KnownTable[] = [];
  let isFlawed = false;
  for (const table of tables) {
    const found = await recogniseTable(table);
    if (found.kind === 'known') known.push(found);
    if (found.kind === 'flawed') {
      isFlawed = true;
      yield* found.findings;
    }
    if (found.kind === 'unknown' && table.nameCell === undefined) {
      isFlawed = true;
      yield errorAt('no_known_column', { ...table.place, line: found.line });
    } else if (found.kind === 'unknown' && !isInstructions(table)) yield warningAt('sheet_unknown', table.place);
  }
  const option = known.some(({ holds }) => holds === 'class') ? 'full' : 'provisioning';
  yield { kind: 'format', format: 'template', option };
  if (known.length === 0 && !isFlawed) {
    yield errorAt('sheet_missing', { file });
    return;
  }
  yield* readKnown(file, known);
}

const isInstructions = ({ name }: Table): boolean => /^(instructions|read ?me)$/i.test(name.trim());

async function* readKnown(file: string, known: readonly KnownTable[]): Feed {
  const progress = createProgress(file, known);
  const ordered = sheetKinds.flatMap(({ holds }) => known.filter((one) => one.holds === holds));
  const classes = ordered.filter(({ holds }) => holds === 'class');
  yield progress.now();
  for (const one of ordered.filter(({ holds }) => holds !== 'class')) {
    yield* describeTable(one);
    for await (const items of readRows(one)) yield* items;
    yield progress.after(one);
  }
  yield* readClasses(classes);
  for (const one of classes) {
    for await (const items of readRows(one)) yield* items.filter(({ kind }) => kind === 'enrollment');
    yield progress.after(one);
  }
}

/** All classes before the first enrollment, each once, so class tables are read twice. */
async function* readClasses(tables: readonly KnownTable[]): Feed {
  const gathered = gatherClasses();
  for (const one of tables) {
    yield* describeTable(one);
    for await (const items of readRows(one)) {
      yield* items.filter(({ kind }) => kind === 'finding');
      // A table of ids alone has the enrollments of classes, but does not define them.
      if (namesClasses(one)) yield* items.flatMap((item) => (item.kind === 'class' ? gathered.add(item) : []));
    }
  }
  yield* gathered.classes();
}

const namesClasses = ({ header }: KnownTable): boolean => header.has('teacher1') || header.has('className');

async function* readRows(known: KnownTable): AsyncGenerator<readonly FeedItem[]> {
  for await (const row of known.table.rows()) {
    if (row.kind === 'finding') yield [row];
    else if (row.line > known.line) yield readTableRow(known, row);
  }
}

function gatherClasses() {
  const classes = new Map<string, ClassRow>();
  return {
    add(row: ClassRow): readonly Finding[] {
      const before = classes.get(row.classId);
      classes.set(row.classId, before === undefined ? row : join(before, row));
      return before === undefined || (agree(before.name, row.name) && agree(before.schoolId, row.schoolId))
        ? []
        : [warningAt('class_differs', row.place)];
    },
    classes: () => classes.values(),
  };
}

const agree = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;

const join = (before: ClassRow, row: ClassRow): ClassRow => ({
  ...before,
  name: before.name ?? row.name,
  schoolId: before.schoolId ?? row.schoolId,
  teacherIds: [...new Set([...before.teacherIds, ...row.teacherIds])],
});

function createProgress(file: string, known: readonly KnownTable[]) {
  const bytesTotal = known.reduce((sum, { table }) => sum + table.bytes, 0);
  let bytesRead = 0;
  const now = (): Progress => ({ kind: 'progress', file, bytesRead, bytesTotal });
  return {
    now,
    after({ table }: KnownTable): Progress {
      bytesRead += table.bytes;
      return now();
    },
  };
}
