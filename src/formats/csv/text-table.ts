// One text file with named columns, row by row: the reader of every format whose files are tables. Errors of the file
// or a row are findings; callers interpret the cells.
import { trimCell } from '../clean-cell.ts';
import type { Finding, Place, Progress } from '../feed.ts';
import { errorAt, leftOutAt, warningAt } from '../finding.ts';
import { type FlawedHeader, type Header, isNoRecord, type NamedColumn, readHeader, widthOf } from '../read-header.ts';
import type { OpenFile } from '../roster-files.ts';
import type { CsvItem, CsvRecord } from './csv-item.ts';
import { headerWithin, isDelimiterLine, type OpenedCsv, openCsv } from './open-csv.ts';

export interface TextRow<Field extends string> {
  readonly kind: 'row';
  /** At least as many as the header has. */
  readonly cells: readonly string[];
  readonly header: Header<Field>;
  readonly place: Place;
}

export type TextTableItem<Field extends string> = TextRow<Field> | Finding | Progress;

/**
 * Streams an open file; memory stays constant. Its header is the first row, among the first ones, that has the required
 * columns.
 */
export async function* readTextTable<Field extends string>(
  file: string,
  { bytesTotal, chunks }: OpenFile,
  columns: readonly NamedColumn<Field>[],
): AsyncGenerator<readonly TextTableItem<Field>[]> {
  yield [{ kind: 'progress', file, bytesRead: 0, bytesTotal }];
  const counted = countBytes(chunks());
  const opened = await openCsv(counted.chunks);
  if (opened.kind === 'no_csv') return yield [errorAt(opened.code, { file })];
  yield opened.warnings.map((code) => warningAt(code, { file }));
  yield* readRows(file, opened, columns, progressOf(file, bytesTotal, counted.read));
  yield [{ kind: 'progress', file, bytesRead: bytesTotal, bytesTotal }];
}

async function* readRows<Field extends string>(
  file: string,
  { batches }: OpenedCsv,
  columns: readonly NamedColumn<Field>[],
  progress: () => readonly Progress[],
): AsyncGenerator<readonly TextTableItem<Field>[]> {
  const search = createHeaderSearch(file, columns);
  let read: ReturnType<typeof createRowReader<Field>> | undefined;
  for await (const { items } of batches) {
    const batch: TextTableItem<Field>[] = [];
    for (const item of items) {
      if (read !== undefined) batch.push(...read(item));
      else {
        const found = search.see(item);
        if (found?.kind === 'flawed') return yield found.findings;
        if (found === undefined) continue;
        read = createRowReader(file, found.header, found.record.cells);
        batch.push(...found.findings);
      }
    }
    batch.push(...progress());
    yield batch;
  }
  if (read === undefined) yield search.end();
}

interface FoundHeader<Field extends string> {
  readonly kind: 'found';
  readonly header: Header<Field>;
  readonly record: CsvRecord;
  readonly findings: readonly Finding[];
}

function createHeaderSearch<Field extends string>(file: string, columns: readonly NamedColumn<Field>[]) {
  let first: number | undefined;
  let seen = 0;
  let nearest: FlawedHeader | undefined;
  let misplaced: number | undefined;
  const end = (): readonly Finding[] => {
    if (nearest !== undefined) return nearest.findings;
    if (misplaced !== undefined) return [errorAt('quote_misplaced', { file, line: misplaced })];
    return [first === undefined ? errorAt('file_empty', { file }) : errorAt('no_known_column', { file, line: first })];
  };
  return {
    end,
    see(item: CsvItem): FoundHeader<Field> | Pick<FlawedHeader, 'kind' | 'findings'> | undefined {
      if (item.kind === 'unreadable') return { kind: 'flawed', findings: [unreadable(file, item)] };
      if (isDelimiterLine(item)) return undefined;
      first ??= item.line;
      seen += 1;
      if (item.kind === 'malformed') misplaced ??= item.line;
      const place = { file, line: item.line };
      const reading = item.kind === 'record' ? readHeader(item.cells, columns, place) : undefined;
      if (item.kind === 'record' && reading?.kind === 'header') {
        const findings = item.line === first ? [] : [warningAt('lines_above_header', place)];
        return { kind: 'found', header: reading.header, record: item, findings };
      }
      if (reading?.kind === 'flawed' && reading.known > (nearest?.known ?? 0)) nearest = reading;
      return seen < headerWithin ? undefined : { kind: 'flawed', findings: end() };
    },
  };
}

function createRowReader<Field extends string>(file: string, header: Header<Field>, texts: readonly string[]) {
  const width = widthOf(texts);
  let isReported = false;
  return (item: CsvItem): readonly (TextRow<Field> | Finding)[] => {
    if (item.kind === 'unreadable') return [unreadable(file, item, texts)];
    const place = { file, line: item.line };
    if (item.kind === 'malformed') return [leftOutAt('row_malformed', place)];
    const { cells } = item;
    if (isNoRecord(cells, texts)) return [leftOutAt('row_is_no_record', place)];
    if (cells.length < width) return [leftOutAt('row_malformed', place)];
    if (cells.length === width) return [{ kind: 'row', cells, header, place }];
    for (let at = width; at < cells.length; at += 1)
      if (trimCell(cells[at] ?? '') !== '') return [leftOutAt('row_malformed', place)];
    const isNew = !isReported && cells.length > texts.length;
    isReported ||= isNew;
    return [...(isNew ? [warningAt('empty_cells_at_end', place)] : []), { kind: 'row', cells, header, place }];
  };
}

function unreadable(
  file: string,
  { code, line, column: at = -1 }: Extract<CsvItem, { kind: 'unreadable' }>,
  texts: readonly string[] = [],
): Finding {
  const column = trimCell(texts[at] ?? '');
  return errorAt(code, { file, ...(line === undefined ? {} : { line }), ...(column === '' ? {} : { column }) });
}

function countBytes(chunks: AsyncGenerator<Buffer>) {
  let read = 0;
  async function* counted() {
    for await (const chunk of chunks) {
      read += chunk.length;
      yield chunk;
    }
  }
  return { chunks: counted(), read: () => read };
}

/** Every hundredth of the file, but at most once per MiB. */
function progressOf(file: string, bytesTotal: number, read: () => number): () => readonly Progress[] {
  const step = Math.max(bytesTotal / 100, 1_048_576);
  let next = step;
  return () => {
    const bytesRead = read();
    if (bytesRead < next || bytesRead >= bytesTotal) return [];
    next = bytesRead + step;
    return [{ kind: 'progress', file, bytesRead, bytesTotal }];
  };
}
