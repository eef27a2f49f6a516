// The structure of a workbook (ECMA-376 part 1, 18.2, 18.4, 18.8): its sheets, its strings, its number formats.
import { posix } from 'node:path';
import { type Package, UnreadableWorkbook } from './spreadsheet-package.ts';
import { type Attributes, readXml, withoutPrefix } from './spreadsheet-xml.ts';

export interface Sheet {
  readonly name: string;
  readonly part: string;
  readonly isHidden: boolean;
}

export interface Book {
  readonly sheets: readonly Sheet[];
  readonly strings: readonly string[];
  /** The number format by the style of a cell. */
  readonly formatOf: (style: number) => string;
}

// All strings are held in memory, since any cell may refer to any of them.
const maxStringBytes = 96 * 2 ** 20;
const maxSheets = 200;
/** Excel's own bound is 32,767 characters a cell. */
export const maxCellLength = 65_536;

/** @throws {UnreadableWorkbook} */
export async function openBook(pack: Package): Promise<Book> {
  const [workbook] = await readRelations(pack, '');
  const part = workbook?.part ?? 'xl/workbook.xml';
  if (pack.sizeOf(part) === undefined || !part.endsWith('.xml')) throw new UnreadableWorkbook('file_not_xlsx');
  const relations = await readRelations(pack, part);
  const partOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.part;
  return {
    sheets: await readSheets(pack, part, relations),
    strings: await readStrings(pack, partOf('sharedStrings')),
    formatOf: await readFormats(pack, partOf('styles')),
  };
}

interface Relation {
  readonly id: string;
  /** The last word of its type: `worksheet`, `styles`. Transitional and strict documents have different prefixes. */
  readonly kind: string;
  readonly part: string;
}

/** Of a part, or of the package if `part` is empty: then only the one that names the workbook. */
async function readRelations(pack: Package, part: string): Promise<readonly Relation[]> {
  const file = posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`);
  if (pack.sizeOf(file) === undefined) return [];
  const relations: Relation[] = [];
  const tags = readTags(pack, file, 'Relationship');
  for await (const { Id: id = '', Type: type = '', Target: target = '' } of tags) {
    const at = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(part), target);
    relations.push({ id, kind: posix.basename(type), part: at });
  }
  return part === '' ? relations.filter(({ kind }) => kind === 'officeDocument') : relations;
}

async function readSheets(pack: Package, part: string, relations: readonly Relation[]): Promise<readonly Sheet[]> {
  const sheets: Sheet[] = [];
  for await (const attributes of readTags(pack, part, 'sheet')) {
    const id = Object.entries(attributes).find(([name]) => name.includes(':') && withoutPrefix(name) === 'id')?.[1];
    const relation = relations.find((one) => one.id === id);
    // A chart may have a sheet of its own.
    if (relation?.kind !== 'worksheet') continue;
    const { name = '', state = 'visible' } = attributes;
    sheets.push({ name, part: relation.part, isHidden: state !== 'visible' });
    if (sheets.length > maxSheets) throw new UnreadableWorkbook('file_too_large');
  }
  return sheets;
}

function readTags(pack: Package, part: string, wanted: string): AsyncGenerator<Attributes> {
  return readXml(pack.read(part), (emit) => ({
    open: (name, attributes) => {
      if (name === wanted) emit(attributes);
    },
  }));
}

async function readStrings(pack: Package, part: string | undefined): Promise<readonly string[]> {
  const size = part === undefined ? undefined : pack.sizeOf(part);
  if (part === undefined || size === undefined) return [];
  if (size > maxStringBytes) throw new UnreadableWorkbook('file_too_large');
  const strings: string[] = [];
  const read = readXml<string>(pack.read(part), (emit) => {
    const string = collectString();
    return {
      open: string.open,
      text: string.text,
      close: (name) => {
        string.close(name);
        if (name === 'si') emit(string.take());
      },
    };
  });
  for await (const text of read) strings.push(text);
  return strings;
}

/** Collects the `t` of a string, rich or plain, but not those of its pronunciation (18.4.6, 18.4.8). */
export function collectString() {
  let text = '';
  let isInside = false;
  let isPhonetic = false;
  return {
    open: (name: string) => {
      if (name === 'rPh') isPhonetic = true;
      if (name === 't') isInside = !isPhonetic;
    },
    text: (piece: string) => {
      if (isInside) text += piece;
      if (text.length > maxCellLength) throw new UnreadableWorkbook('file_too_large');
    },
    close: (name: string) => {
      if (name === 'rPh') isPhonetic = false;
      if (name === 't') isInside = false;
    },
    take: () => {
      const taken = decodeEscapes(text);
      text = '';
      return taken;
    },
  };
}

/** ST_Xstring (22.9.2.19): characters that XML cannot hold are written as `_x000D_`. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

async function readFormats(pack: Package, part: string | undefined): Promise<Book['formatOf']> {
  if (part === undefined || pack.sizeOf(part) === undefined) return () => 'General';
  const codes = new Map<string, string>();
  const styles: string[] = [];
  let isInCells = false;
  const read = readXml(pack.read(part), () => ({
    open: (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt') codes.set(numFmtId, formatCode);
      if (name === 'cellXfs') isInCells = true;
      if (name === 'xf' && isInCells) styles.push(numFmtId);
    },
    close: (name) => {
      if (name === 'cellXfs') isInCells = false;
    },
  }));
  for await (const _nothing of read) throw new UnreadableWorkbook('file_unreadable');
  return (style) => {
    const id = styles[style] ?? '0';
    return codes.get(id) ?? builtInFormat(Number(id));
  };
}

/** 18.8.30. Only what a roster needs: dates and times, and digits that round or divide. */
function builtInFormat(id: number): string {
  const isDate = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
  return isDate ? 'yyyy-mm-dd' : 'General';
}
