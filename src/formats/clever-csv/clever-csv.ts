// Clever-style CSV files as a feed. Reads and reports; whether a roster is published is decided elsewhere.
import { readTextTable } from '../csv/text-table.ts';
import type { BatchedFeed } from '../feed.ts';
import { errorAt } from '../finding.ts';
import type { RosterFormat } from '../format.ts';
import { findFile, type RosterFiles, unreadFiles } from '../roster-files.ts';
import { type CleverFile, cleverFiles } from './clever-files.ts';
import { readCleverRow } from './clever-row.ts';

const cleverFileNames: ReadonlySet<string> = new Set(cleverFiles.map(({ name }) => `${name}.csv`));

/**
 * Reads schools, students, teachers, staff, admins, sections and enrollments (`*.csv`), following Clever's SFTP guide
 * and common variants. Files are streamed, memory stays constant. Errors in the files are findings and never thrown; an
 * error of this machine (no file handles left, a broken disk) is thrown.
 */
export const cleverCsv: RosterFormat = {
  name: 'clever',
  methods: ['sftp', 'manual'],
  fileNames: [...cleverFileNames],
  reads: (name) => cleverFileNames.has(name.toLowerCase()),
  isWhole: (names) => cleverFiles.every(({ name, isRequired }) => !isRequired || hasFile(names, name)),
  recognises: ({ kind, names }) => kind === 'folder' && names.some(cleverCsv.reads),
  read: readCleverCsv,
};

const hasFile = (names: readonly string[], name: string): boolean => findFile(names, `${name}.csv`).kind !== 'missing';

async function* readCleverCsv(files: RosterFiles): BatchedFeed {
  const hasClasses = files.names.some((name) => name.toLowerCase() === 'sections.csv');
  yield [{ kind: 'format', format: 'clever', option: hasClasses ? 'full' : 'provisioning' }];
  yield unreadFiles(files, cleverCsv.reads, [...cleverFileNames]);
  for (const file of cleverFiles) yield* readFileOf(file, files);
}

async function* readFileOf(file: CleverFile, files: RosterFiles): BatchedFeed {
  const found = findFile(files.names, `${file.name}.csv`);
  if (found.kind === 'several') yield [errorAt('file_unreadable', { file: found.files.join(', ') })];
  if (found.kind === 'missing' && file.isRequired) yield [errorAt('file_missing', { file: `${file.name}.csv` })];
  if (found.kind !== 'found') return;
  const opened = await files.open(found.file);
  if (opened === undefined) {
    yield [errorAt('file_unreadable', { file: found.file })];
    return;
  }
  try {
    for await (const items of readTextTable(found.file, opened, file.columns))
      yield items.flatMap((item) => (item.kind === 'row' ? readCleverRow(file.holds, item) : [item]));
  } finally {
    await opened.close();
  }
}
