// The bridge's own template, and any other table of users or classes that a district makes by hand, as a format.
import type { Feed } from '../feed.ts';
import { errorAt } from '../finding.ts';
import type { RosterFormat } from '../format.ts';
import { type RosterFiles, spreadsheetIn } from '../roster-files.ts';

export const bridgeTemplate: RosterFormat = {
  name: 'template',
  methods: ['manual'],
  reads: () => true,
  isWhole: (names) => spreadsheetsIn(names).length > 0,
  recognises: ({ kind, names }) => kind === 'file' || spreadsheetsIn(names).length > 0,
  read: readOne,
};

const spreadsheetsIn = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /\.(xlsx|csv|tsv|txt)$/i.test(name));

async function* readOne(files: RosterFiles): Feed {
  const names = files.kind === 'file' ? files.names : spreadsheetsIn(files.names);
  const [name, second] = names;
  if (name === undefined || second !== undefined) {
    yield { kind: 'format', format: 'template', option: undefined };
    yield errorAt(name === undefined ? 'sheet_missing' : 'file_unreadable', { file: names.join(', ') || files.sent });
    return;
  }
  // Loaded on demand: most rosters are no workbooks, and every command would wait for it.
  const { readSpreadsheet } = await import('./spreadsheet.ts');
  const { readTables } = await import('./spreadsheet-roster.ts');
  yield* readSpreadsheet(spreadsheetIn(files, name), readTables);
}
