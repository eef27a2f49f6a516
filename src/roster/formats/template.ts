// Writes the workbook that districts fill in by hand. spreadsheet.ts reads it back.
import { writeFile } from 'node:fs/promises';
import type { Cell, CellStyle, DataValidation, WriteSheet } from 'hucre';
import { writeXlsx } from 'hucre/xlsx';
import { instructions, type TemplateSheet, templateSheets } from './template-sheets.ts';

/** So many rows are formatted as text; what stands below is still read. */
const preparedRows = 2_000;

const heading: CellStyle = {
  font: { bold: true, color: { rgb: 'FFFFFF' } },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '1F4E79' } },
  alignment: { vertical: 'center', wrapText: true },
};
// "@" keeps 00123 and 3-4 as they are typed.
const asText: CellStyle = { numFmt: '@' };
const wrapped: CellStyle = { alignment: { wrapText: true, vertical: 'top' } };
const strong: CellStyle = { font: { bold: true }, ...wrapped };

/**
 * Writes the template: instructions, then a sheet for each kind, with its header frozen, its cells formatted as text and
 * drop-down lists. The same bytes each time, no macros.
 * @throws EEXIST rather than write over a file somebody may have filled in
 */
export async function writeTemplate(file: string): Promise<void> {
  const epoch = new Date(0);
  const bytes = await writeXlsx({
    sheets: [instructionsSheet(), ...templateSheets.map(rosterSheet)],
    properties: { title: 'Summit K12 roster', created: epoch, modified: epoch },
  });
  await writeFile(file, bytes, { flag: 'wx' });
}

function rosterSheet({ name, columns }: TemplateSheet): WriteSheet {
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
    // Another word is read all the same.
    errorStyle: 'warning',
    errorTitle: 'Not in the list',
    errorMessage: 'Please choose from the list.',
  };
}

function instructionsSheet(): WriteSheet {
  const lines: { readonly texts: readonly string[]; readonly style: CellStyle }[] = [
    { texts: ['Summit K12 roster'], style: { font: { bold: true, size: 16 } } },
    ...instructions.map((text) => ({ texts: [text], style: wrapped })),
    ...templateSheets.flatMap(({ name, tells, columns }) => [
      { texts: [''], style: wrapped },
      { texts: [`Sheet ${name}`], style: strong },
      { texts: [tells], style: wrapped },
      ...columns.map((column) => ({
        texts: [`${column.header} (${column.isRequired ? 'required' : 'optional'}): ${column.tells}`],
        style: wrapped,
      })),
    ]),
  ];
  const cells = lines.flatMap(({ texts, style }, row) =>
    texts.map((value, column): [string, Partial<Cell>] => [`${row},${column}`, { value, style }]),
  );
  return {
    name: 'Instructions',
    columns: [{ width: 110 }],
    rows: lines.map(({ texts }) => [...texts]),
    cells: new Map(cells),
  };
}
