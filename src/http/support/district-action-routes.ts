// Actions of support on a district: release or move links, end sessions, approve a held roster or roll one back. Each
// has a reason, which goes into the audit log; some wait for a second person if configured.
import type { Request, Response, Router } from 'express';
import type { StaffAction } from '../../admin/staff-action.ts';
import { methods } from '../../identity/candidate.ts';
import { readReference, showReference } from '../../outcome/reference.ts';
import { isAccountId } from '../../roster/account.ts';
import { sendApiProblem } from '../kit/api-response.ts';
import { createRouter } from '../kit/router.ts';
import { findSupportDistrict } from './district-routes.ts';
import { requestByPage, requestByProgram } from './request-action.ts';
import { sendMoveAgain, sendReasonAgain } from './send-form-again.ts';
import { sendSupportDeadEnd } from './send-support-page.ts';
import { fieldOf, givenReasonOf, type Visitor, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createDistrictActionRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  const act = (read: ReadAction): VisitorHandler => requestOf(needs, read);
  router.post('/support/districts/:id/links/release', access('support', act(readRelease)));
  router.post('/support/districts/:id/links/move', access('support', act(readMove)));
  router.post('/support/districts/:id/sessions/end', access('support', act(readEnd)));
  router.post('/support/districts/:id/rosters/:method/approve', access('admin', act(readSwitch('approve_roster'))));
  router.post('/support/districts/:id/rosters/:method/rollback', access('admin', act(readSwitch('roll_back_roster'))));
  return router;
}

/** Undefined if the form lacks a required field. */
type ReadAction = (request: Request) => StaffAction | undefined;

function requestOf(needs: SupportRoutesNeeds, read: ReadAction): VisitorHandler {
  return async (request, response, visitor) => {
    const district = await findSupportDistrict(needs, request, response);
    const [action, reason] = [read(request), givenReasonOf(request)];
    if (district === undefined) return undefined;
    if (action === undefined || reason === undefined) {
      const isForm = action !== undefined || request.path.endsWith('/links/move');
      return isForm && wantsPage(request, response)
        ? sendAgain(needs, request, response, visitor, district.id, action)
        : malformed(request, response);
    }
    if (action.kind === 'release_links' && visitor.scope !== 'admin')
      return refuseScope(needs, request, response, visitor);
    const wanted = { district: district.id, action, reason, reference: referenceOf(request) };
    if (wantsPage(request, response)) return requestByPage(needs, response, visitor, wanted);
    return requestByProgram(needs, response, visitor, wanted);
  };
}

const labels: Readonly<Partial<Record<StaffAction['kind'], string>>> = {
  release_link: 'Release the link',
  release_links: 'Release all links',
  end_sessions: 'End the sessions',
  approve_roster: 'Approve it',
  roll_back_roster: 'Roll back',
};

function sendAgain(
  { staffActions }: SupportRoutesNeeds,
  request: Request,
  response: Response,
  { session }: Visitor,
  district: string,
  action: StaffAction | undefined,
): void {
  const reference = referenceOf(request);
  const back = reference === undefined ? `/support/districts/${district}` : `/support/attempts/${reference}`;
  const waits = action === undefined ? staffActions.hasFourEyes : staffActions.waits(action);
  const label = action && labels[action.kind];
  if (label === undefined) sendMoveAgain(request, response, { session, label: 'Move the link', back, waits, district });
  else sendReasonAgain(request, response, { session, label, back, waits });
}

/** Of the attempt whose page has the form. */
function referenceOf(request: Request): string | undefined {
  const reference = readReference(fieldOf(request, 'reference') ?? '');
  return reference && showReference(reference);
}

function readRelease(request: Request): StaffAction | undefined {
  const [account, all] = [fieldOf(request, 'account'), fieldOf(request, 'all')];
  if ((account === undefined) === (all === undefined)) return undefined;
  if (account === undefined) return { kind: 'release_links' };
  // The store rejects an invalid account id.
  return isAccountId(account) ? { kind: 'release_link', account } : undefined;
}

function readMove(request: Request): StaffAction | undefined {
  const [from, to] = [fieldOf(request, 'from'), fieldOf(request, 'to')];
  return from === undefined || to === undefined ? undefined : { kind: 'move_link', from, to };
}

function readEnd(request: Request): StaffAction | undefined {
  const account = fieldOf(request, 'account');
  return account !== undefined && isAccountId(account) ? { kind: 'end_sessions', account } : undefined;
}

const readSwitch =
  (kind: 'approve_roster' | 'roll_back_roster'): ReadAction =>
  (request) => {
    const method = methods.find((each) => each === request.params['method']);
    return method && { kind, method };
  };

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
