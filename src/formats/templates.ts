// The workbooks that districts fill in by hand, by kind: the bridge's own, and the two that Summit K12 publishes. Their
// writers are loaded on demand.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const templateKinds = ['bridge', 'student', 'staff'] as const;
export type TemplateKind = (typeof templateKinds)[number];

const summitTemplates = () => import('./summit-template/write-summit-template.ts');

/** @throws EEXIST rather than overwrite a file that may have been filled in */
export const templateWriters: Readonly<Record<TemplateKind, (file: string) => Promise<void>>> = {
  bridge: async (file) => (await import('./spreadsheet/template-book.ts')).writeTemplate(file),
  student: async (file) => (await summitTemplates()).writeStudentTemplate(file),
  staff: async (file) => (await summitTemplates()).writeStaffTemplate(file),
};

/** The bytes of the workbook, deterministic. */
export async function makeTemplate(kind: TemplateKind): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sso-bridge-template-'));
  try {
    const file = join(folder, 'template.xlsx');
    await templateWriters[kind](file);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
