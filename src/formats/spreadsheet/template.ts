// Writes the workbook that districts fill in by hand. spreadsheet.ts reads it back.
import { columnLines, rosterSheet, type TextLine, textSheet, writeTemplateBook } from './template-book.ts';
import { instructions, templateSheets } from './template-sheets.ts';

/**
 * Writes the template: instructions, then a sheet for each kind, with its header frozen, its cells formatted as text
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
  await writeTemplateBook(file, name, [textSheet('Instructions', lines), ...templateSheets.map(rosterSheet)]);
}
