// Incidents for support, as JSON and as pages at the same URLs. The list names no users; one incident shows both values
// of a few, so reading it is recorded.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { isDistrictId } from '../../district/read-district.ts';
import { describeIncident, describeIncidentDetail } from '../../incidents/incident-document.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter } from '../kit/router.ts';
import { IncidentPage, IncidentsPage } from './pages/incident-pages.tsx';
import { sendSupportDeadEnd, sendSupportPage } from './send-support-page.ts';
import { reasonOf, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createIncidentRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/support/incidents', access('support', listIncidents(needs)));
  router.get('/support/incidents/:incident', access('support', showIncident(needs)));
  return router;
}

function listIncidents({ incidents, districts }: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { session }) => {
    const query = readProtocolParameters(request);
    const [district, state, cursor] = ['district', 'state', 'cursor'].map((name) => query?.get(name) || undefined);
    if (query === undefined || (state !== undefined && state !== 'open' && state !== 'closed'))
      return malformed(request, response);
    const only = district !== undefined && isDistrictId(district) ? await districts.find(district) : undefined;
    if (district !== undefined && only === undefined) {
      if (wantsPage(request, response)) return sendSupportDeadEnd(response, 'not-found');
      return sendJson(response, { incidents: [], cursor: null, unknown_district: true });
    }
    const filter = { district, state: state ?? 'open' } as const;
    const page = await incidents.list(filter, cursor);
    if (!wantsPage(request, response)) {
      return sendJson(response, { incidents: page.incidents.map(describeIncident), cursor: page.cursor ?? null });
    }
    const names = new Map((await districts.list()).map(({ id, name }) => [id, name]));
    return sendSupportPage(response, 200, h(IncidentsPage, { session, filter, page, names }), only);
  };
}

function showIncident({ readIncident, staffAuditLog, clock }: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, { by, session }) => {
    const found = await readIncident(String(request.params['incident']));
    if (found === undefined) {
      if (wantsPage(request, response)) return sendSupportDeadEnd(response, 'not-found');
      return sendApiProblem(
        response,
        'incident_unknown',
        'It may have been forgotten: incidents are kept as attempts are.',
      );
    }
    const { id, district } = found.incident;
    const why = reasonOf(request) ?? 'opened by id';
    await staffAuditLog.record({ action: 'incident_read', at: clock(), by, why, district, incident: id });
    if (!wantsPage(request, response)) return sendJson(response, describeIncidentDetail(found));
    return sendSupportPage(response, 200, h(IncidentPage, { session, found }), found.district);
  };
}

function malformed(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'malformed');
  else sendApiProblem(response, 'malformed_request', 'state is open or closed.');
}
