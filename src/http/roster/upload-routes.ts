// Roster routes over HTTP: publish or check, approve, roll back. The same use cases as the commands.

import type { Request, Response, Router } from 'express';
import * as z from 'zod';
import { readSent } from '../../admin/read-sent.ts';
import type { RecordedPublisher } from '../../admin/recorded-publisher.ts';
import type { StaffActions } from '../../admin/staff-actions.ts';
import { type Districts, isRosteredBy } from '../../district/district.ts';
import { type Method, methods } from '../../identity/candidate.ts';
import type { PublishResult } from '../../roster/publish.ts';
import { describeResult, describeSwitch } from '../../roster/roster-documents.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { type AuthenticatedHandler, actorOf, type Guards } from '../kit/authenticate.ts';
import { readFlag } from '../kit/protocol-parameters.ts';
import { type BodyDeadline, readJson, reasonShape } from '../kit/read-body.ts';
import { createRouter, findDistrict } from '../kit/router.ts';
import { requestByProgram } from '../support/request-action.ts';
import { rosterPathOf, type UploadPlace, withUpload } from './receive-upload.ts';

interface UploadRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Districts;
  readonly recordedPublisher: Pick<RecordedPublisher, 'publish'>;
  readonly staffActions: StaffActions;
  readonly bodyDeadline: BodyDeadline;
  readonly uploads: UploadPlace;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const bodyShape = z.strictObject({ reason: reasonShape.optional() });

export function createUploadRoutes(needs: UploadRoutesNeeds): Router {
  const { guards } = needs;
  const router = createRouter();
  router.post('/districts/:id/rosters/:method', guards.admin(publish(needs)));
  for (const verb of ['approve', 'rollback'] as const)
    router.post(`/districts/:id/rosters/:method/${verb}`, guards.admin(switchRoster(needs, verb)));
  return router;
}

function publish(needs: UploadRoutesNeeds): AuthenticatedHandler {
  const { districts, recordedPublisher, bodyDeadline, uploads, clock } = needs;
  return async (request, response, caller) => {
    const district = await findDistrict(districts.find, request, response);
    const method = district && readMethod(request, response);
    if (district === undefined || method === undefined) return;
    if (method === 'secure-sync')
      return sendApiProblem(response, 'method_not_used', 'This roster is read from Clever: sso-bridge sync.');
    if (!isRosteredBy(district, method)) {
      const detail = `The district is rostered by ${district.rostering.join(', ')}.`;
      return sendApiProblem(response, 'method_not_used', detail);
    }
    const dryRun = readFlag(request, 'dry_run');
    if (dryRun === undefined) return sendApiProblem(response, 'malformed_request', 'dry_run is true or false, once.');
    bodyDeadline.lift(request);
    const result = await withUpload(request, uploads, async (upload) => {
      const sent = await readSent(rosterPathOf(upload, method), method, { clock, settings: district.settings });
      return sent && recordedPublisher.publish(district.id, sent, caller.id, { dryRun });
    });
    if (result === undefined) {
      const detail = 'Send the CSV files of a set as multipart/form-data.';
      return sendApiProblem(response, 'media_type_unsupported', detail);
    }
    if (result.kind === 'aborted') return;
    if ('detail' in result) return sendApiProblem(response, result.code, result.detail);
    sendResult(response, district.id, result);
  };
}

function switchRoster(needs: UploadRoutesNeeds, verb: 'approve' | 'rollback'): AuthenticatedHandler {
  const { districts, staffActions } = needs;
  return async (request, response, caller) => {
    const district = await findDistrict(districts.find, request, response);
    const method = district && readMethod(request, response);
    if (district === undefined || method === undefined) return;
    const body = bodyShape.safeParse((await readJson(request, response)) ?? {});
    if (!body.success) return sendApiProblem(response, 'malformed_request', 'Send JSON with reason, or nothing.');
    const action = { kind: verb === 'approve' ? 'approve_roster' : 'roll_back_roster', method } as const;
    const { reason = '' } = body.data;
    if (reason === '' && staffActions.waits(action))
      return sendApiProblem(response, 'malformed_request', 'A reason is needed: a second person decides by it.');
    const wanted = { district: district.id, action, reason };
    await requestByProgram(needs, response, actorOf(caller), wanted, ({ switched }) =>
      switched === undefined ? {} : describeSwitch(district.id, verb, switched),
    );
  };
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
