// Writes the workbooks that districts fill in: prepared sheets, sheets of text, and the file. spreadsheet.ts reads them
// back.
import { writeFile } from 'node:fs/promises';
import type { Cell, CellStyle, DataValidation, WriteSheet } from 'hucre';
import { writeXlsx } from 'hucre/xlsx';
import { instructions, type TemplateSheet, templateSheets } from './template-sheets.ts';

/** The number of rows formatted as text; rows below are still read. */
const preparedRows = 2_000;

const heading: CellStyle = {
  font: { bold: true, color: { rgb: 'FFFFFF' } },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '1F4E79' } },
  alignment: { vertical: 'center', wrapText: true },
};
// "@" keeps 00123 and 3-4 as typed.
const asText: CellStyle = { numFmt: '@' };
const wrapped: CellStyle = { alignment: { wrapText: true, vertical: 'top' } };

const title: CellStyle = { font: { bold: true, size: 16 } };
const strong: CellStyle = { font: { bold: true }, ...wrapped };

/**
 * Writes a workbook; deterministic bytes, no macros.
 * @throws EEXIST rather than overwrite a file that may have been filled in
 */
export async function writeTemplateBook(file: string, name: string, sheets: readonly WriteSheet[]): Promise<void> {
  const epoch = new Date(0);
  const bytes = await writeXlsx({
    sheets: [...sheets],
    properties: { title: name, created: epoch, modified: epoch },
  });
  await writeFile(file, bytes, { flag: 'wx' });
}

/** A sheet to fill in: frozen header, cells formatted as text, drop-down lists. */
export function rosterSheet({ name, columns }: Omit<TemplateSheet, 'instruction'>): WriteSheet {
  const cells = new Map<string, Partial<Cell>>();
  for (const [column, { header }] of columns.entries()) {
    cells.set(`0,${column}`, { value: header, style: heading });
    for (let row = 1; row <= preparedRows; row++) cells.set(`${row},${column}`, { value: null, style: asText });
  }
  return {
    name,
    columns: columns.map(({ width }) => ({ width })),
    rows: [columns.map(({ header }) => header)],
    cells,
    freezePane: { rows: 1 },
    dataValidations: columns.flatMap(({ choices }, column) => (choices === undefined ? [] : [list(column, choices)])),
  };
}

function list(column: number, values: readonly string[]): DataValidation {
  const letter = String.fromCharCode(65 + column);
  return {
    type: 'list',
    values: [...values],
    range: `${letter}2:${letter}${preparedRows + 1}`,
    allowBlank: true,
    showErrorMessage: true,
    // Other values are accepted too.
    errorStyle: 'warning',
    errorTitle: 'Not in the list',
    errorMessage: 'Please choose from the list.',
  };
}

export interface TextLine {
  readonly text: string;
  readonly as: keyof typeof lineStyles;
}

const lineStyles = { title, strong, plain: wrapped };

/** The sheet of instructions: text to read. */
export function instructionsSheet(lines: readonly TextLine[]): WriteSheet {
  return {
    name: 'Instructions',
    columns: [{ width: 110 }],
    rows: lines.map(({ text }) => [text]),
    cells: new Map(
      lines.map(({ text, as }, row): [string, Partial<Cell>] => [`${row},0`, { value: text, style: lineStyles[as] }]),
    ),
  };
}

/** One line for each column: its name, whether it is required, and what to write. */
export const columnLines = ({ columns }: Pick<TemplateSheet, 'columns'>): readonly TextLine[] =>
  columns.map(({ header, isRequired, instruction }) => ({
    text: `${header} (${isRequired ? 'required' : 'optional'}): ${instruction}`,
    as: 'plain',
  }));

/**
 * Writes the bridge's own template: instructions, then a sheet for each kind, with its header frozen, its cells formatted as text
 * and drop-down lists. Deterministic bytes, no macros.
 * @throws EEXIST rather than overwrite a file that may have been filled in
 */
export async function writeTemplate(file: string): Promise<void> {
  const name = 'Summit K12 roster';
  const lines: readonly TextLine[] = [
    { text: name, as: 'title' },
    ...instructions.map((text): TextLine => ({ text, as: 'plain' })),
    ...templateSheets.flatMap((sheet): readonly TextLine[] => [
      { text: '', as: 'plain' },
      { text: `Sheet ${sheet.name}`, as: 'strong' },
      { text: sheet.instruction, as: 'plain' },
      ...columnLines(sheet),
    ]),
  ];
  await writeTemplateBook(file, name, [instructionsSheet(lines), ...templateSheets.map(rosterSheet)]);
}
