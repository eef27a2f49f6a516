// Pages for a pre-flight: from Clever's list of users, or by reading Clever; the result is a page or a list of the
// users who will not be able to sign in, and why.
import { join } from 'node:path';
import type { Request, Response } from 'express';
import { h } from 'preact';
import type { Row } from '../../formats/csv/write-csv.ts';
import type { ExportItem } from '../../formats/feed.ts';
import { readCleverExport } from '../../preflight/clever-export.ts';
import type { Preflight } from '../../preflight/preflight.ts';
import { describePreflight, preflightRows } from '../../preflight/preflight-report.ts';
import { readUsersAtClever } from '../../preflight/users-at-clever.ts';
import { type DataApi, DataApiFailure } from '../../secure-sync/ports.ts';
import { syncOptionOf } from '../../secure-sync/sync-district.ts';
import type { BodyDeadline } from '../kit/read-body.ts';
import { behind, sendCsv } from '../kit/send-stream.ts';
import { type PageContext, type PageHandler, sendStaffPage } from './page-context.ts';
import { PreflightForm, PreflightPage, PreflightResultPage } from './pages/preflight-page.tsx';
import { isUnreadable } from './preflight-routes.ts';
import { createOneAtATime, type Upload, type UploadPlace, withUpload } from './receive-upload.ts';
import { type ProblemCode, sendProblem } from './roster-pages.ts';

interface PreflightPagesNeeds {
  readonly preflight: Preflight;
  readonly dataApi: Pick<DataApi, 'connect'>;
  readonly bodyDeadline: BodyDeadline;
  readonly uploads: UploadPlace;
  readonly onFailure: (failure: unknown) => void;
}

/** Users on the page; the file has all of them. */
const maxShown = 100;

export function createPreflightPages(needs: PreflightPagesNeeds): {
  readonly show: PageHandler;
  readonly run: PageHandler;
} {
  const once = createOneAtATime();
  return {
    async show(_request, response, context) {
      await context.note('district_page_read', { page: 'preflight' });
      sendStaffPage(
        response,
        200,
        h(PreflightPage, { context, asksClever: syncOptionOf(context.district) !== undefined }),
      );
    },
    run: (request, response, context) =>
      once(
        context.district.id,
        () => receive(needs, request, response, context),
        () => sendProblem(response, context, 409, 'busy', { form: h(PreflightForm, { context }) }),
      ),
  };
}

async function receive(
  needs: PreflightPagesNeeds,
  request: Request,
  response: Response,
  context: PageContext,
): Promise<void> {
  needs.bodyDeadline.lift(request);
  const done = await withUpload(
    request,
    needs.uploads,
    async (upload): Promise<ProblemCode | undefined> => {
      if (!context.isOwnForm(upload.fields.get('form'))) return 'other_site';
      return upload.fields.get('do') === 'clever'
        ? answerFromClever(needs, response, context)
        : answerFile(needs, response, context, upload);
    },
    { mayBeWithoutFile: true },
  );
  if (done === undefined) return;
  const form = h(PreflightForm, { context });
  if (typeof done === 'string')
    return sendProblem(response, context, done === 'other_site' ? 403 : 400, done, { form });
  if (done.kind === 'refused') sendProblem(response, context, 400, done.code, { detail: done.detail, form });
}

async function answerFile(needs: PreflightPagesNeeds, response: Response, context: PageContext, upload: Upload) {
  const [file, second] = upload.files;
  if (file === undefined || second !== undefined) return 'export_unreadable';
  return answer(
    needs,
    response,
    context,
    readCleverExport(join(upload.folder, file)),
    upload.fields.get('do') === 'list',
  );
}

async function answerFromClever(needs: PreflightPagesNeeds, response: Response, context: PageContext) {
  if (syncOptionOf(context.district) === undefined) return 'malformed';
  const left = new AbortController();
  response.once('close', () => left.abort());
  try {
    const people = readUsersAtClever(needs.dataApi.connect(context.district.cleverId, left.signal));
    return await answer(needs, response, context, people, false);
  } catch (failure) {
    if (!(failure instanceof DataApiFailure)) throw failure;
    return left.signal.aborted ? undefined : 'clever_unread';
  }
}

async function answer(
  { preflight, onFailure }: PreflightPagesNeeds,
  response: Response,
  context: PageContext,
  people: AsyncIterable<ExportItem>,
  asList: boolean,
): Promise<ProblemCode | undefined> {
  const run = preflight(context.district, people);
  const first = await run.verdicts.next();
  const rows = preflightRows(behind(first, run.verdicts));
  if (isUnreadable(run)) {
    for await (const _row of rows);
    return 'export_unreadable';
  }
  if (asList) {
    // Before the first byte: what cannot be recorded is not shown.
    await context.note('preflight_made', { as: 'list' });
    await sendCsv(response, `${context.district.id}-preflight.csv`, rows, onFailure);
    return undefined;
  }
  const shown: Row[] = [];
  for await (const row of rows) if (shown.length <= maxShown) shown.push(row);
  const found = describePreflight(context.district.id, run.count());
  await context.note('preflight_made', { people: found.checked });
  sendStaffPage(response, 200, h(PreflightResultPage, { context, found, rows: shown }));
  return undefined;
}
