// A template as a download. The same for every district, so it contains no district's data.
import type { Request, Response } from 'express';
import { makeTemplate, type TemplateKind, templateKinds } from '../../formats/templates.ts';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const fileNames: Readonly<Record<TemplateKind, string>> = {
  bridge: 'summit-k12-roster.xlsx',
  student: 'student-roster-template.xlsx',
  staff: 'admin-and-teacher-roster-template.xlsx',
};

/** From `:file` in the path. */
export const templateOf = (request: Request): TemplateKind | undefined =>
  templateKinds.find((kind) => `${kind}.xlsx` === request.params['file']);

export async function sendTemplate(response: Response, kind: TemplateKind): Promise<void> {
  const bytes = await makeTemplate(kind);
  response.set('Cache-Control', 'no-store').attachment(fileNames[kind]).type(type).send(bytes);
}
