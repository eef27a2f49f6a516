// Rosters sent over HTTP: published or checked, approved, rolled back. The same use cases as the commands.
import { join } from 'node:path';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import type { Method } from '../../identity/candidate.ts';
import { methods } from '../../roster/account.ts';
import { type Districts, isRosteredBy } from '../../roster/district.ts';
import type { PublishResult } from '../../roster/publish.ts';
import { readSent } from '../../roster/read-sent.ts';
import type { RecordedPublisher } from '../../roster/recorded-publisher.ts';
import { switchTexts } from '../../roster/report-text.ts';
import { describeResult, describeSwitch } from '../../roster/roster-documents.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Guards } from '../authenticate.ts';
import type { BodyDeadline } from '../body-deadline.ts';
import { createRouter } from '../create-router.ts';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { readJson } from '../read-json.ts';
import { sendJson } from '../send-json.ts';
import { findDistrict } from './find-district.ts';
import { type Upload, type UploadPlace, withUpload } from './receive-upload.ts';

export interface UploadRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Districts;
  readonly recordedPublisher: RecordedPublisher;
  readonly bodyDeadline: BodyDeadline;
  readonly uploads: UploadPlace;
}

const sayingShape = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });

export function createUploadRoutes(needs: UploadRoutesNeeds): Router {
  const { guards, districts, recordedPublisher, bodyDeadline, uploads } = needs;
  const router = createRouter();

  router.post(
    '/districts/:id/rosters/:method',
    guards.admin(async (request, response, asker) => {
      const district = await findDistrict(districts.find, request, response);
      const method = district && readMethod(request, response);
      if (district === undefined || method === undefined) return;
      if (method === 'secure-sync') {
        return sendApiProblem(response, 'method_not_used', 'This roster is read from Clever: sso-bridge sync.');
      }
      if (!isRosteredBy(district, method)) {
        return sendApiProblem(
          response,
          'method_not_used',
          `The district is rostered by ${district.rostering.join(', ')}.`,
        );
      }
      const dryRun = readDryRun(request);
      if (dryRun === undefined) {
        return sendApiProblem(response, 'malformed_request', 'dry_run is true or false, once.');
      }
      bodyDeadline.lift(request);
      const result = await withUpload(request, uploads, async (upload) => {
        const sent = await readSent(pathOf(upload, method), method);
        return sent && recordedPublisher.publish(district.id, sent, asker.id, { dryRun });
      });
      if (result === undefined) {
        return sendApiProblem(
          response,
          'media_type_unsupported',
          'Send the CSV files of a set as multipart/form-data.',
        );
      }
      if (result.kind === 'aborted') return;
      if ('detail' in result) return sendApiProblem(response, result.code, result.detail);
      sendResult(response, district.id, result);
    }),
  );

  for (const verb of ['approve', 'rollback'] as const) {
    router.post(
      `/districts/:id/rosters/:method/${verb}`,
      guards.admin(async (request, response, asker) => {
        const district = await findDistrict(districts.find, request, response);
        const method = district && readMethod(request, response);
        if (district === undefined || method === undefined) return;
        const said = sayingShape.safeParse((await readJson(request, response)) ?? {});
        if (!said.success) return sendApiProblem(response, 'malformed_request', 'Send JSON with reason, or nothing.');
        const result = await recordedPublisher[verb](district.id, method, asker.id, said.data.reason);
        if (result.kind === 'refused') return sendApiProblem(response, result.code, switchTexts[result.code]);
        sendJson(response, describeSwitch(district.id, verb, result));
      }),
    );
  }

  return router;
}

/** One spreadsheet by itself is the roster; CSV files are a set, whatever their number. */
function pathOf({ folder, files }: Upload, method: Method): string {
  const [file, second] = files;
  const isSpreadsheet = file !== undefined && second === undefined && method === 'manual';
  return isSpreadsheet ? join(folder, file) : folder;
}

function sendResult(response: Response, districtId: string, result: PublishResult): void {
  const document = describeResult(districtId, result);
  if (result.kind === 'held') {
    sendApiProblem(response, 'held', 'The active roster stays until this one is approved.', document);
  } else if (result.kind === 'refused') {
    sendApiProblem(response, 'errors_found', 'Nothing is published; see findings.', document);
  } else sendJson(response, document);
}

function readMethod(request: Request, response: Response): Method | undefined {
  const method = methods.find((each) => each === request.params['method']);
  if (method === undefined) sendApiProblem(response, 'method_unknown', `It is one of ${methods.join(', ')}.`);
  return method;
}

function readDryRun(request: Request): boolean | undefined {
  const given = readProtocolParameters(request)?.get('dry_run');
  if (given === undefined) return undefined;
  return given === null || given === 'false' ? false : given === 'true' ? true : undefined;
}
