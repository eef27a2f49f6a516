// Roster pages for a district's administrators and for staff: select files, review the changes, publish exactly these,
// read the report. The same use cases as the commands and the upload route.
import type { Request, Response } from 'express';
import { h, type JSX } from 'preact';
import type { KeptUploads } from '../../admin/kept-uploads.ts';
import { readSent } from '../../admin/read-sent.ts';
import type { RecordedPublisher } from '../../admin/recorded-publisher.ts';
import type { SentBy } from '../../formats/format.ts';
import { makeTemplate, type TemplateKind, templateKinds } from '../../formats/templates.ts';
import { methods } from '../../identity/candidate.ts';
import { findingRows } from '../../roster/gather-findings.ts';
import type { LastReports, ReportOf } from '../../roster/last-report.ts';
import type { PublishResult } from '../../roster/publish.ts';
import { type BodyDeadline, readForm } from '../kit/read-body.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { sendCsv } from '../kit/send-stream.ts';
import { type PageContext, type PageHandler, sendStaffPage, uploadMethods } from './page-context.ts';
import { ReportPage } from './pages/report-page.tsx';
import { ProblemPage, UploadForm, UploadPage } from './pages/upload-page.tsx';
import { createOneAtATime, rosterPathOf, type UploadPlace, withUpload, withUploadFolder } from './receive-upload.ts';

interface RosterPagesNeeds {
  readonly recordedPublisher: RecordedPublisher;
  readonly lastReports: LastReports;
  readonly keptUploads: KeptUploads;
  readonly bodyDeadline: BodyDeadline;
  readonly uploads: UploadPlace;
  readonly onFailure: (failure: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface RosterPages {
  readonly showForm: PageHandler;
  readonly receive: PageHandler;
  readonly publishKept: PageHandler;
  readonly showReport: (of: ReportOf) => PageHandler;
  readonly sendReport: (of: ReportOf) => PageHandler;
}

export function createRosterPages(needs: RosterPagesNeeds): RosterPages {
  const { lastReports } = needs;
  const once = createOneAtATime();
  const showReport =
    (of: ReportOf): PageHandler =>
    async (request, response, context) => {
      const method = methods.find((each) => each === request.params['method']);
      const last = method && (await lastReports.read(context.district.id, method, of));
      if (method === undefined || last === undefined) return sendProblem(response, context, 404, 'report_unknown');
      await context.note('district_page_read', { page: `${of} report`, method });
      const kept = of === 'check' ? readKeptId(request) : undefined;
      const upload = kept && (await findKept(needs, context, kept));
      sendStaffPage(response, 200, h(ReportPage, { context, method, of, last, kept: upload && kept }));
    };

  return {
    showReport,
    async showForm(_request, response, context) {
      await context.note('district_page_read', { page: 'upload' });
      sendStaffPage(response, 200, h(UploadPage, { context }));
    },
    receive: (request, response, context) =>
      once(
        context.district.id,
        () => receive(needs, request, response, context),
        () => sendProblem(response, context, 409, 'busy', { form: h(UploadForm, { context }) }),
      ),
    publishKept: (request, response, context) =>
      once(
        context.district.id,
        () => publishKept(needs, request, response, context),
        () => sendProblem(response, context, 409, 'busy', { form: h(UploadForm, { context }) }),
      ),
    sendReport:
      (of): PageHandler =>
      async (request, response, context) => {
        const method = methods.find((each) => each === request.params['method']);
        const last = method && (await lastReports.read(context.district.id, method, of));
        if (method === undefined || last === undefined) return sendProblem(response, context, 404, 'report_unknown');
        await context.note('report_exported', { method });
        await sendCsv(
          response,
          `${context.district.id}-${method}-${of}.csv`,
          findingRows(last.findings),
          needs.onFailure,
        );
      },
  };
}

async function receive(
  needs: RosterPagesNeeds,
  request: Request,
  response: Response,
  context: PageContext,
): Promise<void> {
  // All visitors here are signed in.
  needs.bodyDeadline.lift(request);
  const done = await withUpload(
    request,
    needs.uploads,
    async (upload): Promise<Done> => {
      if (!context.isOwnForm(upload.fields.get('form'))) return { kind: 'problem', code: 'other_site' };
      const allowed = uploadMethods(context.district);
      const method =
        allowed.find((each) => each === upload.fields.get('method')) ?? (allowed.length === 1 ? allowed[0] : undefined);
      if (method === undefined) return { kind: 'problem', code: 'method_needed' };
      if (upload.files.length === 0) return { kind: 'problem', code: 'no_file', method };
      const isCheck = upload.fields.get('do') !== 'publish';
      const result = await run(needs, context, method, rosterPathOf(upload, method), isCheck);
      if (result === undefined) return { kind: 'problem', code: 'no_roster', method };
      const { folder, files: names } = upload;
      const isKept = isCheck && result.kind === 'checked';
      const kept = isKept
        ? await needs.keptUploads.keep(context.district.id, { method, owner: context.owner, folder, names })
        : undefined;
      return { kind: 'done', method, isCheck, kept };
    },
    { mayBeWithoutFile: true },
  );
  if (done.kind === 'aborted') return;
  if (done.kind === 'refused')
    return sendProblem(response, context, 400, done.code, { detail: done.detail, form: h(UploadForm, { context }) });
  answer(response, context, done);
}

type Done =
  | { readonly kind: 'done'; readonly method: SentBy; readonly isCheck: boolean; readonly kept: string | undefined }
  | {
      readonly kind: 'problem';
      readonly code: 'other_site' | 'method_needed' | 'no_file' | 'no_roster';
      /** What was chosen. */
      readonly method?: SentBy;
    };

function answer(response: Response, context: PageContext, done: Done): void {
  if (done.kind === 'problem') {
    const form = h(UploadForm, { context, method: done.method });
    sendProblem(response, context, done.code === 'other_site' ? 403 : 400, done.code, { form });
    return;
  }
  const { method, isCheck, kept } = done;
  const page = isCheck ? `check${kept === undefined ? '' : `?upload=${kept}`}` : 'report';
  sendRedirect(response, 303, `${context.base}/rosters/${method}/${page}`);
}

/** Checks or publishes the files, and stores and records the result. Undefined if they contain no roster. */
async function run(
  { recordedPublisher, lastReports, clock }: RosterPagesNeeds,
  { district, by, account, note }: PageContext,
  method: SentBy,
  path: string,
  dryRun: boolean,
): Promise<PublishResult | undefined> {
  const sent = await readSent(path, method, { clock, settings: district.settings });
  if (sent === undefined) return undefined;
  const result = await recordedPublisher.publish(district.id, sent, by, { dryRun, account });
  if (dryRun) {
    await lastReports.keepCheck(district.id, method, result);
    await note('roster_checked', { method });
  }
  return result;
}

async function publishKept(
  needs: RosterPagesNeeds,
  request: Request,
  response: Response,
  context: PageContext,
): Promise<void> {
  const { form, upload: id } = await readForm(request, response);
  if (!context.isOwnForm(form)) return sendProblem(response, context, 403, 'other_site');
  const upload = typeof id === 'string' ? await findKept(needs, context, id) : undefined;
  if (upload === undefined || typeof id !== 'string')
    return sendProblem(response, context, 409, 'upload_gone', { form: h(UploadForm, { context }) });
  await withUploadFolder(needs.uploads.parent, async (folder) => {
    const isWhole = await needs.keptUploads.restore(context.district.id, id, folder);
    if (!isWhole) return sendProblem(response, context, 409, 'upload_gone', { form: h(UploadForm, { context }) });
    const files = upload.files.map(({ name }) => name);
    const path = rosterPathOf({ folder, files }, upload.method);
    const result = await run(needs, context, upload.method, path, false);
    if (result === undefined) return sendProblem(response, context, 400, 'no_roster');
    answer(response, context, { kind: 'done', method: upload.method, isCheck: false, kept: undefined });
  });
}

/** Of this session, and by a method that the district still has. */
async function findKept({ keptUploads }: RosterPagesNeeds, { district, owner }: PageContext, id: string) {
  const upload = await keptUploads.find(district.id, id);
  return upload?.owner === owner && uploadMethods(district).includes(upload.method) ? upload : undefined;
}

const readKeptId = (request: Request): string | undefined =>
  /[?&]upload=([0-9a-f]{32})(?:&|$)/.exec(request.originalUrl)?.[1];

export type ProblemCode = keyof typeof problemTexts;

const problemTexts = {
  busy: 'Another roster of this district is being read right now. Please wait a minute and try again.',
  other_site: 'This form was not sent from a page of this sign-in. Please open the page again.',
  method_needed: 'Please choose how these files come: the district is not rostered by this method.',
  no_file: 'Files: please choose at least one.',
  no_roster: 'None of the files is one of a roster. Choose the CSV files, the ZIP or the spreadsheet.',
  upload_gone: 'The checked files are kept for half an hour, and are gone. Please choose them again.',
  report_unknown: 'There is no such report. The report of a check is kept for a day.',
  body_too_large: 'The files are larger than a roster may be.',
  media_type_unsupported: 'Please send the form of the page.',
  malformed_request: 'The form could not be read.',
  export_unreadable: 'This is no list of users as Clever exports it. Choose the CSV file from Clever.',
  clever_unread: 'Clever could not be read. Please try again in some minutes.',
  malformed: 'A field is missing, or is not in its form.',
} as const;

export function sendProblem(
  response: Response,
  context: PageContext,
  status: number,
  code: ProblemCode,
  { detail, form }: { readonly detail?: string; readonly form?: JSX.Element } = {},
): void {
  sendStaffPage(response, status, h(ProblemPage, { context, text: detail ?? problemTexts[code], form }));
}

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const templateFiles: Readonly<Record<TemplateKind, string>> = {
  bridge: 'summit-k12-roster.xlsx',
  student: 'student-roster-template.xlsx',
  staff: 'admin-and-teacher-roster-template.xlsx',
};

/** The template that `:file` in the path names. */
export const templateOf = (request: Request): TemplateKind | undefined =>
  templateKinds.find((kind) => `${kind}.xlsx` === request.params['file']);

/** As a download. The same for every district, so it contains no district's data. */
export async function sendTemplate(response: Response, kind: TemplateKind): Promise<void> {
  const bytes = await makeTemplate(kind);
  response.set('Cache-Control', 'no-store').attachment(templateFiles[kind]).type(workbookType).send(bytes);
}
