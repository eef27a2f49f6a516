// The main product's routes for a district: its whole roster, and the changes since a cursor.
import type { Request, Response, Router } from 'express';
import type { FollowRoster, ReadRoster } from '../../roster/product-roster.ts';
import { sendApiProblem } from '../kit/api-response.ts';
import type { Guards } from '../kit/authenticate.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter, type FindDistrict, findDistrict } from '../kit/router.ts';
import { behind, sendNdjson } from '../kit/send-stream.ts';

interface ProductRosterRoutesNeeds {
  readonly guards: Guards;
  readonly findDistrict: FindDistrict;
  readonly readRoster: ReadRoster;
  readonly followRoster: FollowRoster;
  /** Called with errors after the response began. */
  readonly onFailure: (failure: unknown) => void;
}

export function createProductRosterRoutes(needs: ProductRosterRoutesNeeds): Router {
  const { guards, readRoster, followRoster, onFailure } = needs;
  const router = createRouter();

  router.get(
    '/districts/:id/roster',
    guards.product(async (request, response) => {
      const district = await findDistrict(needs.findDistrict, request, response);
      if (district === undefined) return;
      await send(request, response, readRoster(district.id));
    }),
  );

  router.get(
    '/districts/:id/roster/changes',
    guards.product(async (request, response) => {
      const district = await findDistrict(needs.findDistrict, request, response);
      if (district === undefined) return;
      const after = readProtocolParameters(request, ['after'])?.get('after');
      if (after === undefined) {
        return sendApiProblem(response, 'malformed_request', 'A parameter is repeated or over-long.');
      }
      const followed = await followRoster(district.id, after ?? '');
      if (followed.kind === 'refused') return sendApiProblem(response, followed.code, cursorTexts[followed.code]);
      await send(request, response, followed.batches);
    }),
  );

  async function send(request: Request, response: Response, batches: AsyncGenerator<readonly object[]>): Promise<void> {
    // The first batch is read before the first byte: an unresponsive store can then still be reported by a status.
    const first = await batches.next();
    if (request.method !== 'HEAD') return sendNdjson(response, behind(first, batches), onFailure);
    await batches.return(undefined);
    response.set('Cache-Control', 'no-store').type('application/x-ndjson').end();
  }

  return router;
}

const cursorTexts = {
  cursor_malformed:
    'Give after= the cursor of the first line of the roster, or of the last line of the changes before.',
  cursor_gone: 'Read the whole roster again (GET /districts/{id}/roster) and go on from its cursor.',
} as const;
