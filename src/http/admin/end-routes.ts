// Ends sessions for support and administration: of one account, or of a whole district.
import * as z from 'zod';
import type { Router } from 'express';
import type { EndSessionsBecause } from '../../admin/end-sessions-because.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import type { Guards } from '../kit/authenticate.ts';
import { createRouter } from '../kit/router.ts';
import { type FindDistrict, findDistrict } from '../kit/find-district.ts';
import { readJson, reasonShape } from '../kit/read-body.ts';

export interface EndRoutesNeeds {
  readonly guards: Guards;
  readonly findDistrict: FindDistrict;
  readonly endSessionsBecause: EndSessionsBecause;
}

const bodyShape = z.strictObject({
  account: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
  reason: reasonShape.optional(),
});

export function createEndRoutes({ guards, findDistrict: find, endSessionsBecause }: EndRoutesNeeds): Router {
  const router = createRouter();

  router.post(
    '/districts/:id/sessions/end',
    guards.support(async (request, response, caller) => {
      const district = await findDistrict(find, request, response);
      if (district === undefined) return;
      const body = bodyShape.safeParse(await readJson(request, response));
      if (!body.success) {
        return sendApiProblem(response, 'malformed_request', 'Send JSON with account, reason, both or neither.');
      }
      const { account, reason = '' } = body.data;
      // Support may end the sessions of one user; a whole district needs scope admin.
      if (account === undefined && caller.scope !== 'admin') return guards.refuseScope(response, 'admin', caller);
      if (!(await endSessionsBecause(district.id, account, { by: caller.id, reason }))) {
        return sendApiProblem(response, 'account_unknown', "No account of the district's roster has this id.");
      }
      sendJson(response, { district: district.id, ended: account ?? 'all' });
    }),
  );

  return router;
}
