import fc from 'fast-check';
import type { CsvItem } from '../../../src/formats/csv/csv-item.ts';
import { readCsv } from '../../../src/formats/csv/csv-records.ts';
import { readSimpleCsv } from '../../../src/formats/csv/simple-csv.ts';

const read = (text: string) => readSimpleCsv(Buffer.from(text), 0);

describe('ordinary CSV', () => {
  it.each([
    ['lines ended by CRLF', 'a,b\r\n1,2\r\n'],
    ['lines ended by LF, the last not ended', 'a,b\n1,2'],
    ['lines ended by CR', 'a,b\r1,2\r'],
    ['quoted cells', '"a",b\n"1, x",""\n'],
    ['empty lines and cells', '\n,\n,,\n'],
    ['a quoted quote', '"a ""b"" c",d\n'],
    ['a quote at the end of an unquoted cell', 'a",b\n'],
    ['letters of two to four bytes', 'é,"中",😀\n'],
  ])('is %s', (_, text) => {
    expect(read(text)).toBeDefined();
  });

  it.each([
    ['lines that end in two ways', 'a\r\nb\nc\r\n'],
    ['a lone CR among CRLF', 'a\rb\r\nc\r\n'],
    ['a quoted line break', '"a\nb",c\n'],
    ['a quote inside an unquoted cell', 'a"b,c\n'],
    ['white space before an opening quote', 'a, "b"\n'],
    ['a quote that is not closed', '"a,b\n'],
    ['text behind a closing quote', '"a"b,c\n'],
    ['white space behind a closing quote', '"a" ,c\n'],
    ['white space behind a quote that closes behind a comma', '"a," ,c\n'],
    ['white space between a closing quote and the end of the line', '"a" \nb\n'],
    ['a quote behind a quoted comma', '"a,"b",c\n'],
  ])('is not %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });
});

it('a line made to be searched again for every quote is given up at once', () => {
  const line = `"${'a"'.repeat(32_000)}a${' '.repeat(60_000)},b\n`;
  // Of this process, not of the wall: other work on the machine does not count.
  const before = process.cpuUsage();
  expect(read(line)).toBeUndefined();
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});

async function readIn(bytes: Buffer, size: number, delimiter: string): Promise<CsvItem[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const all: CsvItem[] = [];
  for await (const { items } of readCsv(chunks(), { delimiter })) all.push(...items);
  return all;
}

const signs = fc.constantFrom('a', 'é', ',', ',', '"', '"b, c"', '""', ' ', '\u00a0', '\ufeff');
const rowOf = fc.array(signs, { maxLength: 8 }).map((parts) => parts.join(''));
const textOf = fc
  .tuple(fc.array(rowOf, { maxLength: 6 }), fc.constantFrom('\r\n', '\n', '\r'), fc.constantFrom('', '\n', '\r\n'))
  .map(([rows, lineEnd, last]) => rows.join(lineEnd) + last);

describe('the fast reader and the strict one', () => {
  // Cells apart by bars are always read by the strict one.
  it('say the same of any text', async () => {
    await fc.assert(
      fc.asyncProperty(textOf, fc.constantFrom(3, 16, 1000), async (text, size) => {
        const strict = await readIn(Buffer.from(text.replaceAll(',', '|')), size, '|');
        const expected = JSON.parse(JSON.stringify(strict).replaceAll('|', ','));
        expect(await readIn(Buffer.from(text), size, ',')).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
