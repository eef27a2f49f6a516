import { type CsvItem, maxRecordLength } from '../../../src/formats/csv/csv-item.ts';
import { readCsv } from '../../../src/formats/csv/csv-records.ts';
import { until } from '../../helpers/bridge-process.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* repeated(text: string, mebibytes: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(65_536, text);
  for (let i = 0; i < mebibytes * 16; i++) yield chunk;
}

async function read(source: AsyncIterable<Buffer>, delimiter = ','): Promise<CsvItem[]> {
  const all: CsvItem[] = [];
  for await (const { items } of readCsv(source, { delimiter })) all.push(...items);
  return all;
}

async function readText(text: string | Buffer, chunkSize = 65_536): Promise<unknown[]> {
  const items = await read(inChunks(Buffer.from(text), chunkSize));
  return items.map((item) => (item.kind === 'record' ? [item.line, ...item.cells] : item));
}

const readable: readonly (readonly [string, string, readonly unknown[]])[] = [
  [
    'LF',
    'a,b\n1,2\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'CRLF',
    'a,b\r\n1,2\r\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'CR alone',
    'a,b\r1,2\r',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'all three in one file',
    'a\r\n1\n2\r3',
    [
      [1, 'a'],
      [2, '1'],
      [3, '2'],
      [4, '3'],
    ],
  ],
  [
    'CR alone with a quoted LF first',
    '"a\nb",c\r1,2\r',
    [
      [1, 'a\nb', 'c'],
      [3, '1', '2'],
    ],
  ],
  [
    'a byte order mark before a quoted header',
    '\ufeff"a",b\n1,2',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'a last line without end',
    'a\n1',
    [
      [1, 'a'],
      [2, '1'],
    ],
  ],
  [
    'a quoted CRLF, which is one line',
    'a\r\n"x\r\n\r\ny"\r\nz',
    [
      [1, 'a'],
      [2, 'x\r\n\r\ny'],
      [5, 'z'],
    ],
  ],
  [
    'blank lines, skipped and counted',
    '\n\na\r\n\r\n\r\n1\n\n',
    [
      [3, 'a'],
      [6, '1'],
    ],
  ],
  [
    'rows of blank cells, skipped and counted',
    'a,b\n,\n \t,""\n1,2',
    [
      [1, 'a', 'b'],
      [4, '1', '2'],
    ],
  ],
  ['quoted commas and quotes', '"a,""b""",c', [[1, 'a,"b"', 'c']]],
  ['letters of two to four bytes', 'é,中,😀\n', [[1, 'é', '中', '😀']]],
  [
    'rows of any length',
    'a,b\n1\n1,2,3',
    [
      [1, 'a', 'b'],
      [2, '1'],
      [3, '1', '2', '3'],
    ],
  ],
  ['a byte order mark alone, as nothing', '\ufeff', []],
];

describe('readable CSV', () => {
  it.each(readable)('reads %s', async (_, text, expected) => {
    expect(await readText(text)).toEqual(expected);
  });

  it.each(readable)('reads %s byte by byte', async (_, text, expected) => {
    expect(await readText(text, 1)).toEqual(expected);
  });

  it('counts the bytes up to the end of each batch', async () => {
    const counts: number[] = [];
    for await (const { bytesRead } of readCsv(inChunks(Buffer.from('\ufeffa\r\n"é"\n1'), 3))) counts.push(bytesRead);
    expect(counts).toEqual([6, 11, 12]);
  });
});

const latin1 = Buffer.from('a,b\r\n1,\xe9\r\n', 'latin1');

describe('CSV with flaws', () => {
  it.each([1, 3, 65_536])('leaves out a row with a stray quote, once, and reads on, in chunks of %i', async (size) => {
    const items = await readText('a,b\n1,x"y"z\n2,"q\r\nr"\n3,c"d\n4,e', size);
    const malformed = [2, 5].map((line) => ({ kind: 'malformed', line }));
    expect(items).toEqual([[1, 'a', 'b'], malformed[0], [3, '2', 'q\r\nr'], malformed[1], [6, '4', 'e']]);
  });

  it.each<[string, string | Buffer, number, number | undefined, string]>([
    ['an unclosed quote, where its row begins', 'a,b\n\n1,x\n\n2,"q\nr\n3,c\n', 5, 1, 'quote_not_closed'],
    ['an unclosed quote that a later one closes', 'a,b\n1,"x\n2,y\n3,"z"\n', 2, 1, 'quote_not_closed'],
    ['an unclosed quote behind a quoted CRLF', 'a,b\n"1\r\n",x\n2,"q', 4, 1, 'quote_not_closed'],
    ['text behind a closing quote', 'a,b\n1,x\n"2"q,r\n3,c', 3, 0, 'quote_misplaced'],
    ['Latin-1', latin1, 2, undefined, 'not_utf8'],
    ['a letter cut off at the end', Buffer.from('a\né').subarray(0, 3), 2, undefined, 'not_utf8'],
    ['a surrogate in UTF-8', Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80]), 2, undefined, 'not_utf8'],
    ['NUL', 'a\r1\r2\0', 3, undefined, 'file_binary'],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffa,b\n', 'utf16le'), 1, undefined, 'not_utf8'],
    ['UTF-16 without one', Buffer.from('a,b\n', 'utf16le'), 1, undefined, 'file_binary'],
  ])('stops at %s and reports the line', async (_, text, line, column, code) => {
    for (const size of [1, 2, 65_536]) {
      expect((await readText(text, size)).at(-1)).toEqual({ kind: 'unreadable', code, line, column });
    }
  });

  it.each([
    ['letters', 'x'],
    ['commas', ','],
    ['quotes', '"'],
    ['stray quotes', 'a"'],
  ])('gives up on an endless line of %s before it fills the memory', async (_, text) => {
    const before = process.memoryUsage().rss;
    expect((await read(repeated(text, 64))).at(-1)).toMatchObject({ kind: 'unreadable', line: 1 });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
  });

  it('reads a record of nearly the longest length', async () => {
    const cell = 'x'.repeat(maxRecordLength - 10);
    expect(await readText(`a\n${cell}\n1`)).toEqual([
      [1, 'a'],
      [2, cell],
      [3, '1'],
    ]);
  });

  it('passes on a failure of the source', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('a\n');
      throw new Error('disk');
    }
    await expect(read(broken())).rejects.toThrow('disk');
  });

  it('ends the source when its reader stops early', async () => {
    let ended = false;
    async function* watched(): AsyncGenerator<Buffer> {
      try {
        yield* repeated('a\n', 64);
      } finally {
        ended = true;
      }
    }
    for await (const _ of readCsv(watched())) break;
    await until(() => ended, 'the source to end');
    expect(ended).toBe(true);
  });
});
