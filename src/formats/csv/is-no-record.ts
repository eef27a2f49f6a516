// Rows that are no records: separators and totals that reports print.
import { trimCell } from '../clean-cell.ts';

const total =
  /^\(?((grand |sub)?totals?|sum|(record |row )?count|end of (file|report|list)|\d+ (rows?|records?)( affected)?)(?=[\s:=)]|$)/i;
const sign = /[\p{L}\p{N}]/u;

/**
 * Whether the cells are a repeated header, only punctuation such as dashes, or a total, which fills a cell or two.
 * @param header the cells of the header
 */
export function isNoRecord(cells: readonly string[], header: readonly string[]): boolean {
  const [start = ''] = cells;
  if (start === header[0] && cells.every((cell, at) => trimCell(cell) === trimCell(header[at] ?? ''))) return true;
  // Nearly every row is decided by its first cell.
  const isFilled = sign.test(start);
  if (isFilled && !total.test(start)) return false;
  if (!isFilled && !cells.some((cell) => sign.test(cell))) return true;
  const filled = cells.map(trimCell).filter((cell) => cell !== '');
  return total.test(filled[0] ?? '') && filled.length < Math.min(3, header.length);
}
