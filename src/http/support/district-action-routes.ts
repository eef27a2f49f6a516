// What support may do to a district: release or move links, end sessions, approve a held roster or roll one back. Each with its
// reason, which goes into the audit log.
import type { Request, Response, Router } from 'express';
import type { District } from '../../district/district.ts';
import { readReference, showReference } from '../../outcome/reference.ts';
import { isAccountId, methods } from '../../roster/account.ts';
import { sendApiProblem } from '../kit/api-problem.ts';
import { createRouter } from '../kit/create-router.ts';
import { sendJson } from '../kit/send-json.ts';
import { sendRedirect } from '../kit/send-redirect.ts';
import { findSupportDistrict } from './district-routes.ts';
import { sendSupportDeadEnd } from './send-support-page.ts';
import { fieldOf, givenReasonOf, type Visitor, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createDistrictActionRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.post('/support/districts/:id/links/release', access('support', releaseLinks(needs)));
  router.post('/support/districts/:id/links/move', access('support', moveLink(needs)));
  router.post('/support/districts/:id/sessions/end', access('support', endSessions(needs)));
  router.post('/support/districts/:id/rosters/:method/approve', access('admin', decideRoster(needs, 'approve')));
  router.post('/support/districts/:id/rosters/:method/rollback', access('admin', decideRoster(needs, 'rollback')));
  return router;
}

function releaseLinks(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const district = await findSupportDistrict(needs, request, response);
    const [account, all] = [fieldOf(request, 'account'), fieldOf(request, 'all')];
    const reason = givenReasonOf(request);
    if (district === undefined) return undefined;
    if (reason === undefined || (account === undefined) === (all === undefined)) return malformed(request, response);
    // A store takes no name that no account can have.
    if (account !== undefined && !isAccountId(account)) return malformed(request, response);
    if (all !== undefined && visitor.scope !== 'admin') return refuseScope(needs, request, response, visitor);
    const because = { by: visitor.by, reason };
    if (account === undefined) await needs.releaseLinks.ofDistrict(district.id, because);
    else if (!(await needs.releaseLinks.ofAccount(district.id, account, because)))
      return refused(request, response, 'not_linked');
    return done(request, response, district);
  };
}

function moveLink(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const district = await findSupportDistrict(needs, request, response);
    const [from, to, reason] = [fieldOf(request, 'from'), fieldOf(request, 'to'), givenReasonOf(request)];
    if (district === undefined) return undefined;
    if (reason === undefined || from === undefined || to === undefined) return malformed(request, response);
    const moved = await needs.moveLinks.one(district.id, from, to, { by: visitor.by, reason });
    if (moved.kind !== 'refused') return done(request, response, district);
    const isNamed = moved.code === 'account_unknown' || moved.code === 'not_linked';
    return refused(request, response, isNamed ? moved.code : 'link_not_moved');
  };
}

function endSessions(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const district = await findSupportDistrict(needs, request, response);
    const account = fieldOf(request, 'account');
    const reason = givenReasonOf(request);
    if (district === undefined) return undefined;
    if (reason === undefined || account === undefined || !isAccountId(account)) return malformed(request, response);
    if (!(await needs.endSessionsBecause(district.id, account, { by: visitor.by, reason })))
      return refused(request, response, 'account_unknown');
    return done(request, response, district);
  };
}

function decideRoster(needs: SupportRoutesNeeds, verb: 'approve' | 'rollback'): VisitorHandler {
  return async (request, response, visitor) => {
    const district = await findSupportDistrict(needs, request, response);
    const method = methods.find((each) => each === request.params['method']);
    const reason = givenReasonOf(request);
    if (district === undefined) return undefined;
    if (method === undefined || reason === undefined) return malformed(request, response);
    const result = await needs.recordedPublisher[verb](district.id, method, visitor.by, reason);
    if (result.kind === 'refused') return refused(request, response, result.code);
    return done(request, response, district);
  };
}

function done(request: Request, response: Response, { id }: District): void {
  if (!wantsPage(request, response)) return void sendJson(response, { district: id, result: 'done' });
  const reference = readReference(fieldOf(request, 'reference') ?? '');
  const back = reference === undefined ? `districts/${id}` : `attempts/${showReference(reference)}`;
  sendRedirect(response, 303, `/support/${back}`);
}

function malformed(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'malformed');
  else sendApiProblem(response, 'malformed_request', 'A form with reason, and what it is about, is needed.');
}

function refuseScope(
  { onRefused }: SupportRoutesNeeds,
  request: Request,
  response: Response,
  { session }: Visitor,
): void {
  onRefused({ who: session === undefined ? 'program' : 'staff', reason: 'scope', needs: 'admin' });
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'not-admin');
  else sendApiProblem(response, 'insufficient_scope', 'This needs scope admin.');
}

function refused(request: Request, response: Response, code: Parameters<typeof sendApiProblem>[1]): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, code === 'account_unknown' ? 'not-found' : 'refused');
  else sendApiProblem(response, code, 'Nothing was done.');
}
