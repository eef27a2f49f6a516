// A pre-flight over HTTP: a list of people goes in, the figures or the list to act on come out. The same as the command.
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import type { District, Districts } from '../../roster/district.ts';
import { readCleverExport } from '../../roster/formats/clever-export.ts';
import { writeCsv } from '../../roster/formats/write-csv.ts';
import type { Preflight, PreflightRun } from '../../roster/preflight.ts';
import { describePreflight, preflightRows } from '../../roster/preflight-report.ts';
import type { Credential } from '../../session/credentials.ts';
import type { Trail } from '../../support/trail.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Guards } from '../authenticate.ts';
import type { BodyDeadline } from '../body-deadline.ts';
import { isClientGone } from '../send-ndjson.ts';
import { findDistrict } from './find-district.ts';
import { type Upload, type UploadLimits, withUpload } from './receive-upload.ts';

export interface PreflightRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Districts;
  readonly preflight: Preflight;
  readonly trail: Trail;
  readonly bodyDeadline: BodyDeadline;
  readonly limits: UploadLimits;
  /** Told of what went wrong after the answer had begun. */
  readonly onFailure: (failure: unknown) => void;
}

export function createPreflightRoutes(needs: PreflightRoutesNeeds): Router {
  const { guards, districts, preflight, trail, bodyDeadline, limits, onFailure } = needs;
  const router = Router();

  router.post(
    '/districts/:id/preflight',
    guards.admin(async (request, response, credential) => {
      const district = await findDistrict(districts.find, request, response);
      if (district === undefined) return;
      bodyDeadline.lift(request);
      const refused = await withUpload(request, limits, (upload) =>
        answer(request, response, district, credential, upload),
      );
      if (refused?.kind === 'refused') sendApiProblem(response, refused.code, refused.detail);
    }),
  );

  async function answer(
    request: Request,
    response: Response,
    district: District,
    credential: Credential,
    { folder, files }: Upload,
  ): Promise<undefined> {
    const [file, second] = files;
    if (file === undefined || second !== undefined) {
      sendApiProblem(response, 'malformed_request', 'Send one CSV file.');
      return;
    }
    const run = preflight(district, readCleverExport(join(folder, file)));
    const wantsCsv = request.accepts(['application/json', 'text/csv']) === 'text/csv';
    response.vary('Accept').set('Cache-Control', 'no-store');
    await (wantsCsv ? sendCsv(response, run) : sendJson(response, district, run));
    // Who asked has seen addresses of both sides.
    await trail.record(district.id, {
      action: 'preflight_made',
      at: Date.now(),
      by: credential.id,
      people: run.count().checked,
    });
  }

  async function sendJson(response: Response, district: District, run: PreflightRun): Promise<void> {
    for await (const _verdicts of run.verdicts);
    const document = describePreflight(district.id, run.count());
    if (isUnreadable(run)) sendApiProblem(response, 'export_unreadable', 'See findings.', document);
    else response.json(document);
  }

  async function sendCsv(response: Response, run: PreflightRun): Promise<void> {
    response.status(200).type('text/csv; charset=utf-8').attachment('preflight.csv');
    try {
      await pipeline(writeCsv(preflightRows(run.verdicts)), response);
    } catch (failure) {
      if (!isClientGone(failure)) onFailure(failure);
      response.destroy();
    }
  }

  return router;
}

const isUnreadable = (run: PreflightRun): boolean => run.count().findings.some(({ severity }) => severity === 'error');
