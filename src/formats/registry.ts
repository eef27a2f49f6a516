// The roster formats. Readers of rosters use this registry and name no format.
import { cleverCsv } from './clever-csv/clever-csv.ts';
import type { BatchedFeed, Feed, FeedItem, Finding } from './feed.ts';
import { errorAt } from './finding.ts';
import type { ReadOptions, RosterFormat, SentBy } from './format.ts';
import { oneRosterCsv } from './oneroster-csv/oneroster-csv.ts';
import type { RosterNames } from './open-roster-files.ts';
import { printableName, type RosterFiles, unreadFile, unreadFiles } from './roster-files.ts';
import { bridgeTemplate } from './spreadsheet/bridge-template.ts';
import { summitTemplate } from './summit-template/summit-template.ts';
import { isArchive } from './zip-files.ts';

/** In the order in which they are tried. */
const formats: readonly RosterFormat[] = [oneRosterCsv, summitTemplate, cleverCsv, bridgeTemplate];

/** Reports what is missing if no format recognises the files. */
const unrecognised: Readonly<Record<SentBy, RosterFormat>> = {
  sftp: { ...cleverCsv, read: readNoRoster },
  manual: bridgeTemplate,
};

/** An empty set lacks Clever's files; for others, reports which file of which format each is likely to be. */
async function* readNoRoster(files: RosterFiles, options: ReadOptions): Feed {
  if (files.names.length > 0) {
    yield errorAt('no_roster_file', { file: printableName(files.sent) });
    yield* unreadFiles(files, isLeftOnPurpose('sftp'), fileNamesOf('sftp'));
    return;
  }
  for await (const item of cleverCsv.read(files, options)) if (!('kind' in item)) yield* item.filter(isNoFormat);
}

/** Files of no format have none. */
const isNoFormat = ({ kind }: FeedItem): boolean => kind !== 'format';

/** Whether a format of this method reads a file of this name, or one inside of it. */
export const isRosterFile = (name: string, method: SentBy): boolean =>
  isArchive(name) || formatsOf(method).some(({ reads }) => reads(name));

/**
 * For a file that no format of this method reads: the one that it is likely to be; nothing if it is deliberately not
 * read.
 */
export function unreadFileOf(name: string, method: SentBy): readonly Finding[] {
  return isLeftOnPurpose(method)(name) ? [] : [unreadFile(name, fileNamesOf(method))];
}

const formatsOf = (method: SentBy) => formats.filter(({ methods }) => methods.includes(method));

const isLeftOnPurpose = (method: SentBy) => (name: string) => formatsOf(method).some(({ leaves }) => leaves?.(name));

const fileNamesOf = (method: SentBy): readonly string[] => [
  ...new Set(formatsOf(method).flatMap(({ fileNames = [] }) => fileNames)),
];

/** Whether the files declare that they are complete. */
export async function declaresWhole(files: RosterFiles, method: SentBy): Promise<boolean> {
  return (await (await findFormat(files, method)).declaresWhole?.(files)) === true;
}

/** The names of the files of a roster sent by this method. */
export const rosterNamesOf = (method: SentBy): RosterNames => ({
  isRosterFile: (name) => isRosterFile(name, method),
  isWholeSet: (names) => formatsOf(method).some(({ isWhole }) => isWhole(names)),
});

/** Reads the files in the first format that recognises them, and closes them. */
export async function* readRosterFiles(files: RosterFiles, method: SentBy, options: ReadOptions): BatchedFeed {
  try {
    yield files.findings;
    if (files.findings.some(({ severity }) => severity === 'error')) return;
    const format = await findFormat(files, method);
    for await (const given of format.read(files, options)) yield 'kind' in given ? [given] : given;
  } finally {
    await files.close();
  }
}

async function findFormat(files: RosterFiles, method: SentBy): Promise<RosterFormat> {
  for (const format of formatsOf(method)) if (await format.recognises(files)) return format;
  return unrecognised[method];
}
