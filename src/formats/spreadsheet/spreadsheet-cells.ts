// Converts one sheet of a workbook (ECMA-376 part 1, 18.3.1) to a stream of rows of cells.
import { type Book, collectString, decodeEscapes, maxCellLength, type Sheet } from './spreadsheet-book.ts';
import { type Package, UnreadableWorkbook } from './spreadsheet-package.ts';
import { type Attributes, readXml, type XmlHandlers } from './spreadsheet-xml.ts';

/** The raw content of a cell. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: string; readonly format: string }
  | { readonly kind: 'date' | 'boolean' | 'error' }
  /** A formula that no program has calculated yet. */
  | { readonly kind: 'no_value' };

interface SheetRow {
  readonly kind: 'row';
  readonly line: number;
  readonly isHidden: boolean;
  /** By column, from 0; non-empty cells only. */
  readonly cells: ReadonlyMap<number, Cell>;
}

/** Lines from 1, columns from 0, both ends included. */
export interface Range {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

type SheetItem =
  | SheetRow
  | { readonly kind: 'merged'; readonly range: Range }
  | { readonly kind: 'hidden_columns'; readonly first: number; readonly last: number };

/** No roster has more columns; cells further right are ignored. */
const maxColumns = 512;

/** Rows without cells are skipped, so a used range of a million empty rows costs nothing but their tags. */
export function readSheet(pack: Package, book: Book, sheet: Sheet): AsyncGenerator<SheetItem> {
  return readXml<SheetItem>(pack.read(sheet.part), (emit) => createSheetHandlers(book, emit));
}

function createSheetHandlers(book: Book, emit: (item: SheetItem) => void): XmlHandlers {
  const cell = createCellReader(book);
  let line = 0;
  let column = -1;
  let isHidden = false;
  let cells = new Map<number, Cell>();
  // Rows and cells must be in order and unique: otherwise one could be read in place of another, or not at all.
  const startRow = ({ r, hidden }: Attributes): void => {
    line = next(line, r === undefined ? line + 1 : Number(r));
    column = -1;
    isHidden = isTrue(hidden);
    cells = new Map();
  };
  return {
    open: (name, attributes) => {
      cell.open(name, attributes);
      if (name === 'row') startRow(attributes);
      // Some programs omit the address (18.3.1.4): then it is the cell after the last one.
      if (name === 'c') column = next(column, attributes['r'] === undefined ? column + 1 : columnOf(attributes['r']));
      if (name === 'mergeCell') emit({ kind: 'merged', range: readRange(attributes['ref'] ?? '') });
      if (name === 'col' && isTrue(attributes['hidden'])) {
        emit({ kind: 'hidden_columns', first: Number(attributes['min']) - 1, last: Number(attributes['max']) - 1 });
      }
    },
    text: cell.text,
    close: (name) => {
      cell.close(name);
      if (name === 'c') {
        const read = cell.take();
        if (read !== undefined && column < maxColumns) cells.set(column, read);
      }
      if (name === 'row' && cells.size > 0) emit({ kind: 'row', line, isHidden, cells });
    },
  };
}

/** The number of a row or cell that follows `last`. */
function next(last: number, number: number): number {
  if (!Number.isSafeInteger(number) || number <= last) throw new UnreadableWorkbook('file_unreadable');
  return number;
}

function createCellReader({ strings, formatOf }: Book) {
  const inline = collectString();
  let attributes: Attributes = {};
  let value: string | undefined;
  let hasFormula = false;
  let isInValue = false;

  const read = (): Cell | undefined => {
    const { t: type = 'n', s: style = '0' } = attributes;
    const own = type === 'inlineStr' ? inline.take() : value;
    // A formula whose result is the empty string has an empty value in the file.
    if (own === undefined || (own === '' && type !== 'str')) return hasFormula ? { kind: 'no_value' } : undefined;
    switch (type) {
      case 's':
        return text(strings[Number(own)] ?? '');
      case 'inlineStr':
        return text(own);
      case 'str':
        return text(decodeEscapes(own));
      case 'b':
        return { kind: 'boolean' };
      case 'e':
        return { kind: 'error' };
      case 'd':
        return { kind: 'date' };
      default:
        return { kind: 'number', value: own, format: formatOf(Number(style)) };
    }
  };

  return {
    open: (name: string, found: Attributes) => {
      inline.open(name);
      if (name === 'c') {
        [attributes, value, hasFormula] = [found, undefined, false];
        inline.take();
      }
      if (name === 'f') hasFormula = true;
      if (name === 'v') [isInValue, value] = [true, ''];
    },
    text: (piece: string) => {
      inline.text(piece);
      if (isInValue) value += piece;
      if ((value?.length ?? 0) > maxCellLength) throw new UnreadableWorkbook('file_too_large');
    },
    close: (name: string) => {
      inline.close(name);
      if (name === 'v') isInValue = false;
    },
    take: read,
  };
}

const text = (content: string): Cell | undefined => (content === '' ? undefined : { kind: 'text', text: content });

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

function readRange(ref: string): Range {
  const [first = '', last = first] = ref.split(':');
  return {
    firstLine: lineOf(first),
    lastLine: lineOf(last),
    firstColumn: columnOf(first),
    lastColumn: columnOf(last),
  };
}

/** Bounded, because the text comes from the file: a backtracking expression would take minutes for a megabyte. */
const lineOf = (ref: string): number => Number(/^\$?[A-Z]{1,3}\$?(\d{1,7})$/i.exec(ref)?.[1] ?? 0);

/** `A` is 0, `AB` is 27. */
function columnOf(ref: string): number {
  const letters = /^[A-Z]{1,3}/i.exec(ref)?.[0] ?? '';
  return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** The name of a cell as spreadsheets show it: column 1, line 7 is `B7`. */
export function nameCell(column: number, line: number): string {
  let letters = '';
  for (let rest = column; rest >= 0; rest = Math.floor(rest / 26) - 1) {
    letters = String.fromCharCode(65 + (rest % 26)) + letters;
  }
  return `${letters}${line}`;
}
