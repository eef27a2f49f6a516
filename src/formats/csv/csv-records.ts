// CSV bytes into records, each with its line, some hundred at a time: whole lines are read together, by the fast reader
// if they are simple, else by the strict one.
import { type CsvItem, maxRecordLength } from './csv-item.ts';
import { readSimpleCsv } from './simple-csv.ts';
import { readStrictCsv } from './strict-csv.ts';
import { findLineEnds, UnreadableText, validText } from './valid-text.ts';

export interface CsvBatch {
  readonly items: readonly CsvItem[];
  /** Bytes of the file up to the end of these. */
  readonly bytesRead: number;
}

// csv-parse limits the characters in cells. A gigabyte of commas has none, so the bytes of a row are limited as well.
const maxRecordBytes = 8 * maxRecordLength;

const byteOrderMark = Buffer.from('\ufeff');

/**
 * Reads RFC 4180 and common variants: CR, LF and CRLF in one file, a byte order mark, a last line without end. Skips
 * blank lines, and rows whose cells are all blank, which spreadsheets produce; passes on rows of any length. Memory
 * stays constant.
 */
export async function* readCsv(
  bytes: AsyncIterable<Buffer>,
  { delimiter = ',' }: { readonly delimiter?: string } = {},
): AsyncGenerator<CsvBatch> {
  const reader = createReader(delimiter);
  try {
    for await (const part of validText(bytes)) {
      const batch = reader.read(part);
      if (batch !== undefined) yield batch;
      if (isOver(batch)) return;
    }
    yield reader.end();
  } catch (error) {
    if (!(error instanceof UnreadableText)) throw error;
    const rest = { kind: 'unreadable', code: error.finding, line: error.line, column: undefined } as const;
    yield { items: [rest], bytesRead: reader.bytesRead() };
  }
}

/** Turns `="00123"`, a workaround for Excel, into the quoted cell that it means: `"=""00123"""`. */
function quoteFormulas(text: Buffer, delimiter: string): Buffer {
  if (!text.includes('="')) return text;
  const formula = new RegExp(`(^|[${delimiter}\\r\\n])="([^"\\r\\n]+)"(?=[${delimiter}\\r\\n]|$)`, 'g');
  return Buffer.from(text.toString().replace(formula, '$1"=""$2"""'));
}

const isOver = (batch: CsvBatch | undefined): boolean => batch?.items.at(-1)?.kind === 'unreadable';

function createReader(delimiter: string) {
  let held: Buffer = Buffer.alloc(0);
  let linesRead = 0;
  let bytesRead = 0;

  /** Undefined if a quote is still open at the end and more may follow. */
  function readLines(lines: Buffer, isEnd: boolean): CsvBatch | undefined {
    const isStart = bytesRead === 0 && lines.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    const text = quoteFormulas(isStart ? lines.subarray(byteOrderMark.length) : lines, delimiter);
    const isShort = text.length <= maxRecordLength;
    const simple = isShort ? readSimpleCsv(text, linesRead, delimiter) : undefined;
    const items = simple ?? readStrictly(text, isEnd);
    if (items === undefined) return undefined;
    linesRead += findLineEnds(lines).count;
    bytesRead += lines.length;
    held = held.subarray(lines.length);
    return { items, bytesRead };
  }

  function readStrictly(text: Buffer, isEnd: boolean): readonly CsvItem[] | undefined {
    const { items, isOpen } = readStrictCsv(text, delimiter, linesRead);
    return isOpen && !isEnd ? undefined : items;
  }

  return {
    /** Undefined while there is no whole record. */
    read(part: Buffer): CsvBatch | undefined {
      const lineEnd = Math.max(part.lastIndexOf(10), part.lastIndexOf(13)) + 1;
      const before = held.length;
      held = before === 0 ? part : Buffer.concat([held, part]);
      const isTooLong = before > maxRecordBytes;
      if (lineEnd > 0) return readLines(held.subarray(0, before + lineEnd), isTooLong);
      if (isTooLong) throw new UnreadableText('record too long', 'file_unreadable', linesRead + 1);
      return undefined;
    },
    end: (): CsvBatch => readLines(held, true) ?? { items: [], bytesRead },
    bytesRead: () => bytesRead,
  };
}
