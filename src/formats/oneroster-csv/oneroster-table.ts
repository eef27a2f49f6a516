// One file of a OneRoster set, row by row, with cells found by the names of their columns. Callers interpret the rows.
import { readId } from '../changed-id.ts';
import { readCell } from '../clean-cell.ts';
import { readTextTable, type TextRow } from '../csv/text-table.ts';
import type { BatchedFeed, FeedItem, Finding, Place, Progress, WarningCode } from '../feed.ts';
import { errorAt, type LeftOut, leftOutAt, warningAt } from '../finding.ts';
import { columnOf } from '../read-header.ts';
import { findFile, type RosterFiles } from '../roster-files.ts';
import type { OneRosterTable } from './oneroster-files.ts';

export interface OneRosterRow {
  readonly kind: 'row';
  readonly place: Place;
  /** Unchanged; empty if the file has no such column. */
  raw(column: string): string;
  /** Trimmed. */
  text(column: string): string | undefined;
  /** The items of a list in a cell. */
  list(column: string): readonly string[];
  /** The place of the cell, with its column as the district wrote it. */
  at(column: string): Place;
}

export type OneRosterItem = OneRosterRow | Finding | Progress;

/** The name of the table's file as sent; undefined if absent. Several matches are detected when it is read. */
export const hasTable = ({ names }: Pick<RosterFiles, 'names'>, { name }: OneRosterTable): boolean =>
  findFile(names, `${name.toLowerCase()}.csv`).kind !== 'missing';

/** Empty if the file is absent: callers decide whether it is required. */
export async function* readTable(files: RosterFiles, table: OneRosterTable): AsyncGenerator<readonly OneRosterItem[]> {
  const found = findFile(files.names, `${table.name.toLowerCase()}.csv`);
  if (found.kind === 'missing') return;
  if (found.kind === 'several') return yield [errorAt('file_unreadable', { file: found.files.join(', ') })];
  const { file } = found;
  const opened = await files.open(file);
  if (opened === undefined) return yield [errorAt('file_unreadable', { file })];
  try {
    for await (const items of readTextTable(file, opened, table.columns))
      yield items.map((item) => (item.kind === 'row' ? createRow(item) : item));
  } finally {
    await opened.close();
  }
}

/** Converts the rows of a table, and counts those that are unusable. */
export async function* readRows(
  files: RosterFiles,
  table: OneRosterTable,
  read: (row: OneRosterRow) => readonly FeedItem[],
): BatchedFeed {
  for await (const items of readTable(files, table)) {
    const batch: FeedItem[] = [];
    let count = 0;
    let file: string | undefined;
    for (const item of items) {
      const found = item.kind === 'row' ? withStatus(item, read(item)) : [item];
      if (item.kind === 'row' && !found.some(isOfRow)) {
        count += 1;
        file = item.place.file;
      }
      batch.push(...found);
    }
    if (file !== undefined) batch.push({ kind: 'rows_read', place: { file }, count });
    yield batch;
  }
}

/** A bulk set leaves the status empty or has `active`; a row with anything else is deleted. */
export const isGone = (row: OneRosterRow): boolean => !['', 'active'].includes(statusOf(row));

const statusOf = (row: OneRosterRow): string => (row.text('status') ?? '').toLowerCase();

/** `tobedeleted`, and 1.0's `inactive`, are defined. With another word it is unknown whether the row still counts. */
function withStatus(row: OneRosterRow, found: readonly FeedItem[]): readonly FeedItem[] {
  const isMeant = !isGone(row) || ['tobedeleted', 'inactive'].includes(statusOf(row));
  return isMeant || found.some((item) => item.kind === 'finding' && item.rowLeftOut === true)
    ? found
    : [...found, leaveOut(row, 'status_unknown', 'status')];
}

const isOfRow = (item: FeedItem): boolean => item.kind !== 'finding' || item.rowLeftOut === true;

function createRow({ cells, header, place }: TextRow<string>): OneRosterRow {
  const raw = (column: string) => cells[columnOf(header, column, cells)?.index ?? -1] ?? '';
  return {
    kind: 'row',
    place,
    raw,
    text: (column) => readCell(raw(column)),
    list(column) {
      const text = raw(column);
      return text === '' ? [] : text.split(',').flatMap((item) => readCell(item) ?? []);
    },
    at: (column) => ({ ...place, column: columnOf(header, column, cells)?.text ?? column }),
  };
}

export const warnAt = (row: OneRosterRow, code: WarningCode, column: string): Finding =>
  warningAt(code, row.at(column));
export const leaveOut = (row: OneRosterRow, code: WarningCode, column: string): LeftOut =>
  leftOutAt(code, row.at(column));

/** The id in a required column, or why the row is left out: it is missing, or a program changed it. */
export function readIdOf(row: OneRosterRow, column: string): { readonly kind: 'id'; readonly id: string } | LeftOut {
  const read = readId(row.raw(column));
  if (read.kind === 'changed') return leaveOut(row, read.code, column);
  return read.id === undefined ? leaveOut(row, 'row_without_id', column) : { kind: 'id', id: read.id };
}
