// Routes of one action of staff: its preview or result, and the second person's decision. And the list of waiting ones.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import { describeKept, isActionId, type KeptAction, stateNow } from '../../admin/kept-actions.ts';
import { isSamePerson } from '../../admin/staff-action.ts';
import type { Decided } from '../../admin/staff-actions.ts';
import type { District } from '../../district/district.ts';
import { readReference } from '../../outcome/reference.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { findSupportDistrict } from './district-routes.ts';
import { type AboutAction, ActionPage, ApprovalsPage } from './pages/action-page.tsx';
import { actionPath, refuseDecision, removedPath } from './request-action.ts';
import { sendReasonAgain } from './send-form-again.ts';
import { sendSupportPage } from './send-support-page.ts';
import { givenReasonOf, type Visitor, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createActionRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  const at = '/support/districts/:id/actions/:action';
  router.get('/support/approvals', access('admin', listWaiting(needs)));
  router.get(at, access('support', showAction(needs)));
  router.post(`${at}/approve`, access('admin', approveAction(needs)));
  router.post(`${at}/decline`, access('support', declineAction(needs)));
  return router;
}

function listWaiting({ staffActions, clock }: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const waiting = await staffActions.listWaiting();
    if (wantsPage(request, response)) {
      const isOwn = (kept: KeptAction) => isSamePerson(kept, visitor);
      return sendSupportPage(response, 200, h(ApprovalsPage, { session: visitor.session, waiting, isOwn }));
    }
    return sendJson(response, { waiting: waiting.map((kept) => describeKept(kept, clock())) });
  };
}

interface FoundAction {
  readonly district: District;
  readonly kept: KeptAction;
}

async function findAction(
  needs: SupportRoutesNeeds,
  request: Request,
  response: Response,
): Promise<FoundAction | undefined> {
  const district = await findSupportDistrict(needs, request, response);
  if (district === undefined) return undefined;
  const kept = await needs.staffActions.find(district.id, String(request.params['action']));
  if (kept !== undefined) return { district, kept };
  refuseDecision(request, response, wantsPage(request, response), 'request_unknown');
  return undefined;
}

function showAction(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const found = await findAction(needs, request, response);
    if (found === undefined) return undefined;
    const { kept } = found;
    if (!wantsPage(request, response)) return sendJson(response, describeKept(kept, needs.clock()));
    const state = stateNow(kept, needs.clock());
    const about = state === 'waiting' || state === 'approved' ? await readAbout(needs, visitor, found) : undefined;
    const isOwn = isSamePerson(kept, visitor);
    return sendSupportPage(response, 200, h(ActionPage, { session: visitor.session, ...found, state, isOwn, about }));
  };
}

/** The affected users, for the second person: showing names is recorded before the response. */
async function readAbout(
  needs: SupportRoutesNeeds,
  { by }: Visitor,
  { district, kept }: FoundAction,
): Promise<AboutAction> {
  const { action, reference } = kept;
  if (action.kind === 'approve_roster' || action.kind === 'roll_back_roster') {
    const verb = action.kind === 'approve_roster' ? 'approve' : 'rollback';
    return { compared: await needs.compareKept(district.id, action.method, verb) };
  }
  if (action.kind !== 'release_link') return {};
  const person = { district: district.id, account: action.account };
  const why = 'opened from a request for a second person';
  await needs.staffAuditLog.record({ action: 'person_read', at: needs.clock(), by, why, ...person });
  const attempt = reference === undefined ? undefined : await needs.attempts.find(readReference(reference) ?? '');
  const [history, detail] = await Promise.all([
    needs.readPersonHistory(person),
    attempt === undefined ? undefined : needs.openAttempt(attempt),
  ]);
  return { history, detail };
}

function approveAction(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const asked = await readDecision(needs, request, response);
    if (asked === undefined) return;
    answer(needs, request, response, await needs.staffActions.approve(asked.district, asked.id, visitor));
  };
}

function declineAction(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const reason = givenReasonOf(request);
    const asked = await readDecision(needs, request, response);
    if (asked === undefined) return;
    if (reason === undefined) return declineAgain(request, response, visitor, actionPath(asked.district, asked.id));
    answer(needs, request, response, await needs.staffActions.decline(asked.district, asked.id, visitor, reason));
  };
}

async function readDecision(needs: SupportRoutesNeeds, request: Request, response: Response) {
  const district = await findSupportDistrict(needs, request, response);
  const id = String(request.params['action']);
  if (district === undefined) return undefined;
  if (isActionId(id)) return { district: district.id, id };
  refuseDecision(request, response, wantsPage(request, response), 'request_unknown');
  return undefined;
}

function answer({ clock }: SupportRoutesNeeds, request: Request, response: Response, decided: Decided): void {
  const isPage = wantsPage(request, response);
  if (decided.kind === 'refused') {
    refuseDecision(request, response, isPage, decided.code);
    return;
  }
  const { kept } = decided;
  if (!isPage) {
    sendJson(response, describeKept(kept, clock()));
    return;
  }
  const isRemoved = kept.action.kind === 'remove_district' && kept.state === 'done';
  sendRedirect(response, 303, isRemoved ? removedPath : actionPath(kept.district, kept.id));
}

function declineAgain(request: Request, response: Response, { session }: Visitor, back: string): void {
  if (wantsPage(request, response)) sendReasonAgain(request, response, { session, label: 'Decline or withdraw', back });
  else sendApiProblem(response, 'malformed_request', 'A form with reason is needed.');
}
