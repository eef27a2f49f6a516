// Districts for support and administration: which there are, how their rosters stand, and who may change them.
import type { Router } from 'express';
import type { Districts } from '../../roster/district.ts';
import { readDistrict } from '../../roster/read-district.ts';
import type { ReadRosterState } from '../../roster/read-roster-state.ts';
import { describeDistrict, describeStatus } from '../../roster/roster-documents.ts';
import type { PutDistrict } from '../../support/put-district.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Guards } from '../authenticate.ts';
import { createRouter } from '../create-router.ts';
import { readJson } from '../read-json.ts';
import { sendJson } from '../send-json.ts';
import { findDistrict, idOf } from './find-district.ts';

export interface DistrictRoutesNeeds {
  readonly guards: Guards;
  readonly districts: Pick<Districts, 'find' | 'list'>;
  readonly putDistrict: PutDistrict;
  readonly readRosterState: ReadRosterState;
}

export function createDistrictRoutes({ guards, districts, putDistrict, readRosterState }: DistrictRoutesNeeds): Router {
  const router = createRouter();

  router.get(
    '/districts',
    guards.support(async (_request, response) => {
      const found = await districts.list();
      sendJson(response, { districts: found.map(describeDistrict) });
    }),
  );

  router.get(
    '/districts/:id',
    guards.support(async (request, response) => {
      const district = await findDistrict(districts.find, request, response);
      if (district === undefined) return;
      const { district: _id, ...status } = describeStatus(await readRosterState(district));
      sendJson(response, { ...describeDistrict(district), ...status });
    }),
  );

  router.put(
    '/districts/:id',
    guards.admin(async (request, response, { id: by }) => {
      const read = readDistrict(idOf(request), await readJson(request, response));
      if (read.kind === 'problems') {
        return sendApiProblem(response, 'malformed_request', 'See problems.', { problems: read.problems });
      }
      const isNew = (await districts.find(read.district.id)) === undefined;
      const result = await putDistrict(read.district, by);
      if (result.kind === 'refused') {
        const detail = 'One Clever district can be linked to one of ours only.';
        return sendApiProblem(response, result.code, detail, { by: result.by });
      }
      sendJson(response.status(isNew ? 201 : 200), describeDistrict(read.district));
    }),
  );

  return router;
}
