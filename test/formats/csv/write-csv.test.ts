import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { neutraliseCell, type Row, writeCsv } from '../../../src/formats/csv/write-csv.ts';

async function write(rows: Iterable<Row> | AsyncIterable<Row>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of writeCsv(rows)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

describe('a cell', () => {
  it.each([
    ['=1+1'],
    ['=HYPERLINK("http://x.example","ada")'],
    ['+1'],
    ['-1'],
    ['@SUM(A1)'],
    ['\t=1'],
    ['\r=1'],
    ['\n=1'],
    ['\tplain'],
    [' =1'],
    ['\u00a0=1'],
    ['\u200b=1'],
    ['\ufeff=1'],
    ['＝1'],
    ['＋1'],
    ['－1'],
    ['＠x'],
    ['−1'],
  ])('%j does not begin as a formula does', (value) => {
    expect(neutraliseCell(value)).toBe(`'${value}`);
  });

  it.each([['ada@north.example'], ['3-4'], ['00123'], ["O'Brien"], [''], [' plain'], ["'=1"], ['é=1']])(
    '%j stays as it is',
    (value) => {
      expect(neutraliseCell(value)).toBe(value);
    },
  );
});

describe('a file', () => {
  it('has a byte order mark, CRLF, and quotes that are doubled', async () => {
    expect(
      await write([
        ['Name', 'Note'],
        ['Zoë', 'a "b",\nc'],
        [undefined, '=1'],
      ]),
    ).toBe('\ufeff"Name","Note"\r\n"Zoë","a ""b"",\nc"\r\n"","\'=1"\r\n');
  });

  it('of no rows is only the mark', async () => {
    expect((await write([])).length).toBeLessThanOrEqual(1);
  });

  it('read by any program gives the same cells, none of which begins as a formula does', async () => {
    const cell = fc.string({ unit: 'binary', maxLength: 20 });
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const read: unknown = parse(await write(rows), {
          bom: true,
          record_delimiter: '\r\n',
          skip_empty_lines: false,
        });
        expect(read).toEqual(rows.map((row) => row.map(neutraliseCell)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a long file', () => {
  it('is written as it is read', async () => {
    let made = 0;
    function* rows() {
      for (; made < 1_000_000; made++) yield [`${made}`, 'x'.repeat(100)];
    }
    let seen = 0;
    for await (const chunk of writeCsv(rows())) {
      seen += chunk.length;
      if (seen > 500_000) break;
    }
    expect(made).toBeLessThan(20_000);
  });

  it('ends with the failure of its rows', async () => {
    async function* rows() {
      yield ['one'];
      throw new Error('rows failed');
    }
    await expect(write(rows())).rejects.toThrow('rows failed');
  });
});
