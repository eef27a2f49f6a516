// The line on which a record begins. csv-parse reports where it ends, and counts a quoted CRLF as two lines.
import type { Info } from 'csv-parse';

export interface LineCount {
  /** The first line of a record that has just been parsed; call it once for each, in order. */
  readonly lineOf: (cells: readonly string[], info: Pick<Info, 'lines' | 'empty_lines'>) => number;
  /** The line for csv-parse's current `parserLine`. */
  readonly lineHere: (parserLine: number) => number;
  /** The first line of the next record; `emptyLines` is csv-parse's count at that moment. */
  readonly nextLine: (emptyLines: number) => number;
}

/** A count for lines that csv-parse reads together. Lines count from 1. @param before lines of the file before them */
export function createLineCount(before: number): LineCount {
  let parserLine = 0;
  let emptyLines = 0;
  let countedTwice = 0;
  return {
    lineOf: (cells, info) => {
      // Most records have no line break inside, so their cells need not be searched.
      const isOneLine = info.lines - parserLine === 1 + info.empty_lines - emptyLines;
      parserLine = info.lines;
      emptyLines = info.empty_lines;
      if (isOneLine) return before + parserLine - countedTwice;
      countedTwice += count(cells, /\r\n/g);
      return before + parserLine - countedTwice - count(cells, /\r\n|\r|\n/g);
    },
    lineHere: (line) => before + line - countedTwice,
    nextLine: (emptyLinesNow) => before + parserLine - countedTwice + 1 + emptyLinesNow - emptyLines,
  };
}

function count(cells: readonly string[], pattern: RegExp): number {
  return cells.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}
