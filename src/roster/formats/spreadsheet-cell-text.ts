// A cell of a spreadsheet as the text the district meant, or what the spreadsheet has done to it.
import type { WarningCode } from '../feed.ts';
import { trimCell } from './clean-cell.ts';
import type { Field } from './clever-files.ts';
import type { Cell } from './spreadsheet-cells.ts';
import { isId } from './spreadsheet-kinds.ts';
import { readNumber } from './spreadsheet-number.ts';

export type CellText =
  | { readonly kind: 'text'; readonly text: string; readonly told?: WarningCode }
  | { readonly kind: 'flawed'; readonly code: WarningCode };

/** Nothing is guessed: an id that a spreadsheet has changed is flawed, because another person may have what is left of it. */
export function readCellText(cell: Cell | undefined, field: Field): CellText {
  if (cell === undefined) return text('');
  switch (cell.kind) {
    case 'text':
      return readText(cell.text, field);
    case 'number':
      return readNumberCell(cell, field);
    case 'date':
      return flawed('cell_is_date');
    case 'boolean':
      return flawed('cell_not_text');
    case 'error':
      return flawed('cell_is_error');
    case 'no_value':
      return flawed('formula_without_value');
  }
}

const errorWords = /^#(N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!)$/;
const month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)';
// 3-4 becomes 3-Apr or 4-Mar, and Mar-04 comes of 3/2004: what Excel writes into a CSV, or what was pasted as text.
const dateWord = new RegExp(`^(\\d{1,2}-${month}|${month}-\\d{2})$`, 'i');
const scientific = /^\d(\.\d+)?E\+\d{2,}$/;

function readText(content: string, field: Field): CellText {
  const bare = trimCell(content);
  if (errorWords.test(bare)) return flawed('cell_is_error');
  if (isId(field) && scientific.test(bare)) return flawed('digits_lost');
  if (isId(field) && dateWord.test(bare)) return flawed('cell_is_date');
  // What a link to an address carries when it is pasted; no address begins so, as a colon would need quotes.
  const linked = field === 'email' ? /^\s*mailto:/i.exec(content) : null;
  return linked === null ? text(content) : { ...text(content.slice(linked[0].length)), told: 'mailto_removed' };
}

function readNumberCell({ value, format }: Extract<Cell, { kind: 'number' }>, field: Field): CellText {
  const number = readNumber(value, format);
  if (number.kind === 'flawed') return flawed(number.code);
  return number.isWhole || !isId(field) ? text(number.text) : flawed('cell_not_text');
}

const text = (content: string) => ({ kind: 'text', text: content }) as const;
const flawed = (code: WarningCode): CellText => ({ kind: 'flawed', code });
