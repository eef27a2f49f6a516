// A folder of Clever-style CSV files as a feed. It reads and tells; whether a roster is published is decided elsewhere.
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BatchedFeed, FeedItem, Finding, Progress } from '../feed.ts';
import { errorAt, leftOutAt } from '../finding.ts';
import { type CleverFile, cleverFiles } from './clever-files.ts';
import { readCleverRow } from './clever-row.ts';
import type { CsvItem } from './csv-item.ts';
import { readCsv } from './csv-records.ts';
import { findFile, isUnreadablePath, type OpenFile, openRegularFile } from './find-file.ts';
import { type FlawedHeader, type KnownHeader, readHeader } from './read-header.ts';

/** The header cells as written come along: a row has as many, and an error may stand in a column we do not read. */
interface SizedHeader extends KnownHeader {
  readonly texts: readonly string[];
}

/**
 * Reads schools, students, teachers, staff, admins, sections and enrollments (`*.csv`) of a folder, after Clever's SFTP
 * guide and what districts send besides. Files are streamed, memory stays flat. What is wrong with the files is a
 * finding and never thrown; a failure of this machine (no file handles left, a broken disk) is thrown.
 */
export async function* readCleverCsv(folder: string): BatchedFeed {
  const names = await listFolder(folder);
  if (names === undefined) {
    yield [errorAt('file_unreadable', { file: basename(folder) })];
    return;
  }
  for (const file of cleverFiles) yield* readFileOf(file, folder, names);
}

async function listFolder(folder: string): Promise<readonly string[] | undefined> {
  return readdir(folder).catch((failure: unknown) => {
    if (isUnreadablePath(failure)) return undefined;
    throw failure;
  });
}

async function* readFileOf(file: CleverFile, folder: string, names: readonly string[]): BatchedFeed {
  const found = findFile(names, `${file.name}.csv`);
  if (found.kind === 'several') yield [errorAt('file_unreadable', { file: found.files.join(', ') })];
  if (found.kind === 'missing' && file.isRequired) yield [errorAt('file_missing', { file: `${file.name}.csv` })];
  if (found.kind !== 'found') return;
  const opened = await openRegularFile(folder, found.file);
  if (opened === undefined) {
    yield [errorAt('file_unreadable', { file: found.file })];
    return;
  }
  const { bytesTotal } = opened;
  try {
    yield [progress(found.file, 0, bytesTotal)];
    yield* readItems(file, found.file, opened);
    yield [progress(found.file, bytesTotal, bytesTotal)];
  } finally {
    await opened.close();
  }
}

async function* readItems(file: CleverFile, name: string, { bytesTotal, chunks }: OpenFile): BatchedFeed {
  const isDue = createProgressClock(bytesTotal);
  let header: SizedHeader | undefined;
  for await (const { items, bytesRead } of readCsv(chunks())) {
    const batch: FeedItem[] = [];
    for (const item of items) {
      if (header !== undefined) {
        batch.push(...readItem(item, file, name, header));
        continue;
      }
      const reading = readFirst(item, file, name);
      if (reading.kind === 'flawed') return yield reading.findings;
      header = reading;
    }
    if (isDue(bytesRead)) batch.push(progress(name, bytesRead, bytesTotal));
    yield batch;
  }
  if (header === undefined) yield [errorAt('file_unreadable', { file: name })];
}

function readFirst(item: CsvItem, file: CleverFile, name: string): SizedHeader | FlawedHeader {
  if (item.kind !== 'record') return { kind: 'flawed', findings: [unreadable(name, item.line)] };
  const reading = readHeader(item.cells, file.columns, { file: name, line: item.line });
  return reading.kind === 'flawed' ? reading : { ...reading, texts: item.cells };
}

function readItem(item: CsvItem, file: CleverFile, name: string, { header, texts }: SizedHeader): readonly FeedItem[] {
  if (item.kind === 'unreadable') return [unreadable(name, item.line, texts[item.column ?? -1])];
  const place = { file: name, line: item.line };
  if (item.kind === 'malformed' || item.cells.length !== texts.length) return [leftOutAt('row_malformed', place)];
  return readCleverRow(file.holds, { cells: item.cells, header, place });
}

/** Says when it is time to tell how far reading is: every hundredth of the file, but not more often than each MiB. */
function createProgressClock(bytesTotal: number): (bytesRead: number) => boolean {
  const step = Math.max(bytesTotal / 100, 1_048_576);
  let next = step;
  return (bytesRead) => {
    if (bytesRead < next) return false;
    next = bytesRead + step;
    return true;
  };
}

function progress(file: string, bytesRead: number, bytesTotal: number): Progress {
  return { kind: 'progress', file, bytesRead, bytesTotal };
}

function unreadable(file: string, line: number | undefined, column?: string): Finding {
  const place = { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return errorAt('file_unreadable', place);
}
