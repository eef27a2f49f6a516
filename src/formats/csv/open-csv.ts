// Opens a text file of cells as programs save it: detects non-text files, the encoding and the delimiter. Reads the
// start of the file; the rest streams through.
import type { ErrorCode, WarningCode } from '../feed.ts';
import type { CsvItem } from './csv-item.ts';
import { type CsvBatch, readCsv } from './csv-records.ts';
import { UnreadableText } from './valid-text.ts';

export interface OpenedCsv {
  readonly kind: 'csv';
  /** How it differs from UTF-8 with commas. */
  readonly warnings: readonly Extract<WarningCode, 'read_as_utf16' | 'other_delimiter'>[];
  /** Can be read once. */
  readonly batches: AsyncGenerator<CsvBatch>;
}

export interface NoCsv {
  readonly kind: 'no_csv';
  readonly code: Extract<
    ErrorCode,
    'file_unreadable' | 'file_empty' | 'file_binary' | 'file_is_archive' | 'file_is_web_page' | 'file_is_json'
  >;
}

/** Rows in which the header is searched: titles, logos and notes may precede it. */
export const headerWithin = 30;
const startBytes = 16_384;

/** @param chunks of the file, from its start; its owner closes it */
export async function openCsv(chunks: AsyncGenerator<Buffer>): Promise<OpenedCsv | NoCsv> {
  const { start, all } = await peek(chunks);
  const code = start === undefined ? 'file_unreadable' : nameOther(start);
  if (start === undefined || code !== undefined) {
    await all.return(undefined);
    return { kind: 'no_csv', code: code ?? 'file_unreadable' };
  }
  const encoding = encodingOf(start);
  const delimiter = findDelimiter(new TextDecoder(encoding).decode(start));
  return {
    kind: 'csv',
    warnings: [
      ...(encoding === 'utf-8' ? [] : (['read_as_utf16'] as const)),
      ...(delimiter === ',' ? [] : (['other_delimiter'] as const)),
    ],
    batches: readCsv(encoding === 'utf-8' ? all : recode(all, encoding), { delimiter }),
  };
}

/** The start is undefined if the file breaks off within it. */
async function peek(
  chunks: AsyncGenerator<Buffer>,
): Promise<{ readonly start: Buffer | undefined; readonly all: AsyncGenerator<Buffer> }> {
  const seen: Buffer[] = [];
  let size = 0;
  try {
    while (size < startBytes) {
      const { done, value } = await chunks.next();
      if (done) break;
      seen.push(value);
      size += value.length;
    }
  } catch (failure) {
    if (!(failure instanceof UnreadableText)) throw failure;
    return { start: undefined, all: chunks };
  }
  async function* all() {
    try {
      yield* seen.splice(0);
      yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  }
  return { start: Buffer.concat(seen), all: all() };
}

// Of ZIP and with it .xlsx, gzip, Microsoft's compound files (.xls), 7-Zip, RAR.
const archives = ['504b0304', '504b0506', '1f8b', 'd0cf11e0', '377abcaf', '52617221'];
// Of PDF, PNG, JPEG.
const binaries = ['25504446', '89504e47', 'ffd8ff'];

/** The start of an object, an array or lines of objects (RFC 8259). A cell `[North]` or `{id}` begins no JSON. */
const isJson = /^(?:\{\s*["}]|\[\s*[[{"\]])/;

function nameOther(start: Buffer): NoCsv['code'] | undefined {
  const hex = start.toString('hex', 0, 4);
  if (archives.some((magic) => hex.startsWith(magic))) return 'file_is_archive';
  if (binaries.some((magic) => hex.startsWith(magic))) return 'file_binary';
  const text = new TextDecoder(encodingOf(start)).decode(start).trimStart();
  if (text === '' && start.length < startBytes) return 'file_empty';
  if (isJson.test(text)) return 'file_is_json';
  return /^<[!?a-z]/i.test(text) ? 'file_is_web_page' : undefined;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(start: Buffer): Encoding {
  const mark = start.toString('hex', 0, 2);
  return mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
}

async function* recode(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      throw new UnreadableText('broken UTF-16', 'file_binary');
    }
  };
  for await (const chunk of bytes) yield decode(chunk);
  yield decode();
}

// The comma first: it is assumed if a file has one column only.
const delimiters = [',', ';', '\t', '|'] as const;

/** `sep=;` as the first line is an instruction to spreadsheet programs. */
export const isDelimiterLine = (item: CsvItem): boolean =>
  item.kind === 'record' && item.line === 1 && /^sep=.?$/i.test(item.cells[0] ?? '');

/**
 * A line `sep=;` decides; otherwise the delimiter that gives a line of the start the most words, as a header has only
 * words.
 */
function findDelimiter(text: string): string {
  const lines = text.split(/\r\n|\r|\n/, headerWithin).map((line) => line.replace(/"[^"]*"/g, 'q'));
  const said = delimiters.find((delimiter) => /^sep=(.)$/i.exec(lines[0]?.trimStart() ?? '')?.[1] === delimiter);
  const words = (delimiter: string) => Math.max(...lines.map((line) => countWords(line.split(delimiter))));
  return said ?? delimiters.reduce((best, one) => (words(one) > words(best) ? one : best));
}

/** Zero if one of the cells is not a word, as names of columns are. */
function countWords(cells: readonly string[]): number {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  return filled.every((cell) => /^[^,;\t|@]*\p{L}[^,;\t|@]*$/u.test(cell)) ? filled.length : 0;
}
