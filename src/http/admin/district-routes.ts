// Districts for support and administration: the list, the state of their rosters, and changes.

import type { Router } from 'express';
import * as z from 'zod';
import type { EndSessionsBecause } from '../../admin/ending-sessions.ts';
import type { PutDistrict } from '../../admin/put-district.ts';
import type { StaffActions } from '../../admin/staff-actions.ts';
import { readReason } from '../../audit/reason.ts';
import type { Districts } from '../../district/district.ts';
import { readDistrict } from '../../district/read-district.ts';
import { heldRemovalLines } from '../../roster/report-text.ts';
import {
  describeDistrict,
  describeRemoved,
  describeStatus,
  type ReadRosterState,
} from '../../roster/roster-documents.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { type AuthenticatedHandler, actorOf, type Guards } from '../kit/authenticate.ts';
import { readFlag } from '../kit/protocol-parameters.ts';
import { readJson, reasonShape } from '../kit/read-body.ts';
import { createRouter, findDistrict, idOf } from '../kit/router.ts';
import { requestByProgram } from '../support/request-action.ts';

interface DistrictRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Pick<Districts, 'find' | 'list'>;
  readonly putDistrict: PutDistrict;
  readonly staffActions: StaffActions;
  readonly readRosterState: ReadRosterState;
  readonly endSessionsBecause: EndSessionsBecause;
}

export function createDistrictRoutes(needs: DistrictRoutesNeeds): Router {
  const { guards } = needs;
  const router = createRouter();
  router.get('/districts', guards.support(list(needs)));
  router.get('/districts/:id', guards.support(show(needs)));
  router.put('/districts/:id', guards.admin(put(needs)));
  router.post('/districts/:id/sessions/end', guards.support(endSessions(needs)));
  return router;
}

function list({ districts }: DistrictRoutesNeeds): AuthenticatedHandler {
  return async (_request, response) => {
    const found = await districts.list();
    sendJson(response, { districts: found.map(describeDistrict) });
  };
}

function show({ districts, readRosterState }: DistrictRoutesNeeds): AuthenticatedHandler {
  return async (request, response) => {
    const district = await findDistrict(districts.find, request, response);
    if (district === undefined) return;
    const { district: _id, ...status } = describeStatus(await readRosterState(district));
    sendJson(response, { ...describeDistrict(district), ...status });
  };
}

function put(needs: DistrictRoutesNeeds): AuthenticatedHandler {
  const { districts, putDistrict, staffActions } = needs;
  return async (request, response, caller) => {
    const read = readDistrict(idOf(request), await readJson(request, response));
    if (read.kind === 'problems')
      return sendApiProblem(response, 'malformed_request', 'See problems.', { problems: read.problems });
    const approve = readFlag(request, 'approve');
    if (approve === undefined) return sendApiProblem(response, 'malformed_request', 'approve is true or false, once.');
    const isNew = (await districts.find(read.district.id)) === undefined;
    const action = { kind: 'put_district', district: read.district } as const;
    const waits = staffActions.waits(action);
    const result = await putDistrict(read.district, caller.id, { approve: approve && !waits });
    if (result.kind === 'held' && approve && waits) {
      const reason = readReason(request.get('reason') ?? '') ?? 'rostering method removed';
      return requestByProgram(needs, response, actorOf(caller), { district: read.district.id, action, reason });
    }
    if (result.kind === 'held') {
      const detail = `${heldRemovalLines(result.removed)} If this is right, put the district again with approve=true.`;
      return sendApiProblem(response, 'held', detail, { ...describeRemoved(result.removed), held: result.holds });
    }
    if (result.kind === 'refused') {
      const detail = 'One Clever district can be linked to one of ours only.';
      return sendApiProblem(response, result.code, detail, { by: result.by });
    }
    sendJson(response.status(isNew ? 201 : 200), {
      ...describeDistrict(result.district),
      ...describeRemoved(result.removed),
    });
  };
}

const endShape = z.strictObject({
  account: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  reason: reasonShape.optional(),
});

/** Ends the sessions of one account, or of the whole district. */
function endSessions({ guards, districts, endSessionsBecause }: DistrictRoutesNeeds): AuthenticatedHandler {
  return async (request, response, caller) => {
    const district = await findDistrict(districts.find, request, response);
    if (district === undefined) return;
    const body = endShape.safeParse(await readJson(request, response));
    if (!body.success)
      return sendApiProblem(response, 'malformed_request', 'Send JSON with account, reason, both or neither.');
    const { account, reason = '' } = body.data;
    // Support may end the sessions of one user; a whole district needs scope admin.
    if (account === undefined && caller.scope !== 'admin') return guards.refuseScope(response, 'admin', caller);
    if (!(await endSessionsBecause(district.id, account, { by: caller.id, reason })))
      return sendApiProblem(response, 'account_unknown', "No account of the district's roster has this id.");
    sendJson(response, { district: district.id, ended: account ?? 'all' });
  };
}
