// Workbooks made by hand, part by part, with the traits of the programs that write them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Feed, FeedItem } from '../../../src/formats/feed.ts';
import { spreadsheetAt } from '../../../src/formats/roster-files.ts';
import { readSpreadsheet } from '../../../src/formats/spreadsheet/spreadsheet.ts';
import { readTables } from '../../../src/formats/spreadsheet/spreadsheet-roster.ts';

export interface MadeSheet {
  readonly name: string;
  /** The contents of `<sheetData>`. */
  readonly rows: string;
  readonly state?: string;
  /** The parts before and after the rows. */
  readonly before?: string;
  readonly after?: string;
}

export interface MadeBook {
  readonly sheets: readonly MadeSheet[];
  readonly strings?: readonly string[];
  /** Number formats by style; style 0 is General. */
  readonly formats?: readonly string[];
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const services = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** No calcChain, no theme, no dimension: what Google leaves away as well. */
export function makeParts({ sheets, strings, formats = [] }: MadeBook): Record<string, string> {
  const relation = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${services}/${kind}" Target="${target}"/>`;
  const entries = sheets.map(({ name, state }, index) => {
    const shown = state === undefined ? '' : ` state="${state}"`;
    return `<sheet name="${name}" sheetId="${index + 1}"${shown} r:id="s${index}"/>`;
  });
  const codes = formats.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${xml(code)}"/>`);
  const styles = formats.map((_code, index) => `<xf numFmtId="${164 + index}"/>`);
  return {
    '_rels/.rels': `<Relationships xmlns="${packageRelations}">${relation('w', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${services}"><sheets>${entries.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packageRelations}">${[
      ...sheets.map((_sheet, index) => relation(`s${index}`, 'worksheet', `worksheets/sheet${index}.xml`)),
      relation('styles', 'styles', '/xl/styles.xml'),
      ...(strings === undefined ? [] : [relation('strings', 'sharedStrings', 'sharedStrings.xml')]),
    ].join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`,
    ...(strings === undefined ? {} : { 'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings.join('')}</sst>` }),
    ...Object.fromEntries(
      sheets.map(({ rows, before = '', after = '' }, index) => [
        `xl/worksheets/sheet${index}.xml`,
        `<worksheet xmlns="${main}">${before}<sheetData>${rows}</sheetData>${after}</worksheet>`,
      ]),
    ),
  };
}

export const pack = (parts: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([part, text]) => [part, strToU8(text)])), {
    mtime: '1980-01-02',
  });

export const makeBook = (book: MadeBook): Uint8Array => pack(makeParts(book));

/** A row of inline strings; a cell that is XML already comes as it is. */
export function row(line: number, ...cells: readonly string[]): string {
  const made = cells.map((cell) => (cell.startsWith('<c') ? cell : inline(cell)));
  return `<row r="${line}">${made.join('')}</row>`;
}

export const inline = (text: string): string =>
  `<c t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;

const xml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/\r/g, '&#13;');

/** What a file with these bytes is read as, without progress. */
export async function readBytes(bytes: Uint8Array | string, name = 'roster.xlsx'): Promise<FeedItem[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spreadsheet-'));
  try {
    await writeFile(join(folder, name), bytes);
    return await readFile(join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const readPath = (path: string): Feed => readSpreadsheet(spreadsheetAt(path), readTables);

export async function readFile(path: string): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of readPath(path)) if (item.kind !== 'progress' && item.kind !== 'format') items.push(item);
  return items;
}
