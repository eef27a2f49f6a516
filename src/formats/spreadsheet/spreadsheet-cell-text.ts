// A cell of a spreadsheet as the text the district meant, or how the spreadsheet has changed it: 00123 becomes 123 with a
// format, 3-4 becomes a date, and of more than fifteen digits the last ones are lost.

import { changedId } from '../changed-id.ts';
import type { Field } from '../clever-csv/clever-files.ts';
import type { WarningCode } from '../feed.ts';
import type { Cell } from './spreadsheet-cells.ts';
import { isId } from './spreadsheet-kinds.ts';

type CellText =
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

type NumberText =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
  | { readonly kind: 'flawed'; readonly code: Extract<WarningCode, 'cell_is_date' | 'digits_lost' | 'cell_not_text'> };

/** Digits that a double preserves (IEEE 754), and all that Excel ever keeps. */
const digitsKept = 15;

/**
 * A number cell as the text that the user saw.
 * @param value as in the file: `12345`, `1.23456E+14`
 * @param format the number format of the cell; only dates and leading zeros are used
 */
export function readNumber(value: string, format: string): NumberText {
  if (isDateFormat(format)) return { kind: 'flawed', code: 'cell_is_date' };
  const parts = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/.exec(value.trim());
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts ?? [];
  if (whole + fraction === '') return { kind: 'flawed', code: 'cell_not_text' };
  const decimal = shift(whole, fraction, Number(exponent));
  if (decimal.whole.length > digitsKept) return { kind: 'flawed', code: 'digits_lost' };
  if (decimal.fraction !== '') {
    return { kind: 'text', text: `${sign}${decimal.whole || '0'}.${decimal.fraction}`, isWhole: false };
  }
  return { kind: 'text', text: sign + withFormat(decimal.whole || '0', format), isWhole: true };
}

function shift(whole: string, fraction: string, exponent: number) {
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const left = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const right = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  return { whole: left.replace(/^0+/, ''), fraction: right.replace(/0+$/, '') };
}

/** ECMA-376 18.8.31: y, m, d, h or s outside quotes, escapes and brackets, or an elapsed time such as `[h]`. */
export function isDateFormat(format: string): boolean {
  const [first = ''] = format.split(';');
  const bare = first.replace(/"[^"]*"?|\\.|_.|\*./g, '');
  if (/\[[hms]+\]/i.test(bare)) return true;
  return /[ymdhs]/i.test(bare.replace(/\[[^\]]*\]?/g, '').replace(/general/gi, ''));
}

/**
 * `00000` and `000\-0000`: zeros that stand for digits, and characters between them. Any other format leaves digits
 * unchanged.
 */
function withFormat(digits: string, format: string): string {
  const [first = ''] = format.split(';');
  const pattern = first.replace(/\[[^\]]*\]/g, '').replace(/\\(.)|"([^"]*)"/g, '$1$2');
  if (!/^0[0\- /]*$/.test(pattern) || pattern.replace(/[^0]/g, '').length < 2) return digits;
  const zeros = pattern.replace(/[^0]/g, '').length;
  const padded = [...digits.padStart(zeros, '0')];
  const tail = [...pattern].reverse().map((sign) => (sign === '0' ? (padded.pop() ?? '') : sign));
  return padded.join('') + tail.reverse().join('');
}
