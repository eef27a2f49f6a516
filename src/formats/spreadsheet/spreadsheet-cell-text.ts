// A cell of a spreadsheet as the text the district meant, or how the spreadsheet has changed it.

import { changedId } from '../changed-id.ts';
import type { Field } from '../clever-csv/clever-files.ts';
import type { WarningCode } from '../feed.ts';
import type { Cell } from './spreadsheet-cells.ts';
import { isId } from './spreadsheet-kinds.ts';
import { readNumber } from './spreadsheet-number.ts';

export type CellText =
  | { readonly kind: 'text'; readonly text: string; readonly warning?: WarningCode }
  | { readonly kind: 'flawed'; readonly code: WarningCode };

/** Nothing is guessed: an id changed by a spreadsheet is an error, because the result may be another person's id. */
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

function readText(content: string, field: Field): CellText {
  const code = changedId(content);
  if (code === 'cell_is_error' || (code !== undefined && isId(field))) return flawed(code);
  // The prefix of a pasted link to an address; no address begins so, as a colon would need quotes.
  const linked = field === 'email' ? /^\s*mailto:/i.exec(content) : null;
  return linked === null ? text(content) : { ...text(content.slice(linked[0].length)), warning: 'mailto_removed' };
}

function readNumberCell({ value, format }: Extract<Cell, { kind: 'number' }>, field: Field): CellText {
  const number = readNumber(value, format);
  if (number.kind === 'flawed') return flawed(number.code);
  return number.isWhole || !isId(field) ? text(number.text) : flawed('cell_not_text');
}

const text = (content: string) => ({ kind: 'text', text: content }) as const;
const flawed = (code: WarningCode): CellText => ({ kind: 'flawed', code });
