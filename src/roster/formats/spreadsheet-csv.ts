// One CSV file as spreadsheet programs save it in any country: commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252.
import { basename, dirname } from 'node:path';
import type { Feed, Finding, Place } from '../feed.ts';
import { errorAt, leftOutAt, warningAt } from '../finding.ts';
import type { CsvItem } from './csv-item.ts';
import { readCsv } from './csv-records.ts';
import { openRegularFile } from './find-file.ts';
import { soundText, UnreadableText } from './sound-text.ts';
import type { Cell } from './spreadsheet-cells.ts';
import { readTables } from './spreadsheet-roster.ts';
import type { Table, TableRow } from './spreadsheet-table.ts';

/** What kind of people or classes the file holds is told by its columns, or else by its name. */
export async function* readManualCsv(path: string): Feed {
  const place = { file: basename(path) };
  const read = () => readChunks(path);
  const encoding = await findEncoding(read);
  if (encoding === undefined) {
    yield errorAt('file_unreadable', place);
    return;
  }
  if (encoding === 'windows-1252') yield warningAt('not_utf8', place);
  const text = () => recode(read(), encoding);
  yield* readTables(place.file, [createTable(place, text, await findDelimiter(text))]);
}

/** Opens the file anew each time; `undefined` chunks are none at all. */
async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const opened = await openRegularFile(dirname(path), basename(path));
  if (opened === undefined) throw new UnreadableText('no regular file');
  try {
    yield* opened.chunks();
  } finally {
    await opened.close();
  }
}

type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

async function findEncoding(read: () => AsyncIterable<Buffer>): Promise<Encoding | undefined> {
  try {
    if (await startsWith(read(), [0xff, 0xfe])) return 'utf-16le';
    for await (const _sound of soundText(read()));
    return 'utf-8';
  } catch (failure) {
    if (!(failure instanceof UnreadableText)) throw failure;
    // Every byte is a letter in Windows-1252, so only a NUL says that this is no text.
    return failure.line === undefined || (await hasNul(read())) ? undefined : 'windows-1252';
  }
}

async function startsWith(bytes: AsyncIterable<Buffer>, wanted: readonly number[]): Promise<boolean> {
  for await (const chunk of bytes) return wanted.every((byte, index) => chunk[index] === byte);
  return false;
}

async function hasNul(bytes: AsyncIterable<Buffer>): Promise<boolean> {
  for await (const chunk of bytes) if (chunk.includes(0)) return true;
  return false;
}

async function* recode(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  if (encoding === 'utf-8') {
    yield* bytes;
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

const delimiters = [',', ';', '\t'] as const;
type Delimiter = (typeof delimiters)[number];
const headerWithin = 30;

/** The one that stands most often in one line of the first ones; a header has several columns, a title has none. */
async function findDelimiter(text: () => AsyncIterable<Buffer>): Promise<Delimiter> {
  for await (const chunk of text()) {
    const lines = chunk.toString('utf8', 0, 16_384).split(/\r\n|\r|\n/, headerWithin);
    const most = (delimiter: string) => Math.max(...lines.map((line) => bare(line).split(delimiter).length));
    return delimiters.reduce((best, one) => (most(one) > most(best) ? one : best));
  }
  return ',';
}

const bare = (line: string): string => line.replace(/"[^"]*"/g, '');

function createTable(place: Place, text: () => AsyncGenerator<Buffer>, delimiter: Delimiter): Table {
  return {
    place,
    name: place.file.replace(/\.[^.]*$/, ''),
    async *rows() {
      for await (const { items } of readCsv(text(), { delimiter }))
        for (const item of items) yield readItem(item, place);
    },
    isMerged: () => false,
    isHidden: () => false,
    nameCell: undefined,
    bytes: 1,
  };
}

function readItem(item: CsvItem, place: Place): TableRow | Finding {
  if (item.kind === 'record')
    return { kind: 'row', line: item.line, cells: readCells(item.cells), width: item.cells.length };
  const at = item.line === undefined ? place : { ...place, line: item.line };
  return item.kind === 'malformed' ? leftOutAt('row_malformed', at) : errorAt('file_unreadable', at);
}

function readCells(cells: readonly string[]): ReadonlyMap<number, Cell> {
  return new Map(cells.flatMap((text, column) => (text === '' ? [] : [[column, { kind: 'text', text }] as const])));
}
