// One failed sign-in and one user for support, as JSON and as pages at the same URLs. Each read is recorded before the
// response: what cannot be recorded is not shown.
import type { Request, Response, Router } from 'express';
import { h } from 'preact';
import type { District } from '../../district/district.ts';
import { isDistrictId } from '../../district/read-district.ts';
import { isMisheard, readReference, showReference } from '../../outcome/reference.ts';
import { isAccountId } from '../../roster/account.ts';
import type { Attempt } from '../../support/attempt.ts';
import { describeAttemptDetail } from '../../support/attempt-document.ts';
import { findDistrictOf } from '../../support/attempt-state.ts';
import { describePerson, failuresOf, type PersonKey } from '../../support/person-history.ts';
import { sendApiProblem, sendJson } from '../kit/api-response.ts';
import { createRouter } from '../kit/router.ts';
import { AttemptPage } from './pages/attempt-page.tsx';
import { PersonPage } from './pages/person-page.tsx';
import { sendSupportDeadEnd, sendSupportPage } from './send-support-page.ts';
import { reasonOf, type Visitor, type VisitorHandler, wantsPage } from './staff-access.ts';
import type { SupportRoutesNeeds } from './support-needs.ts';

export function createAttemptRoutes(needs: SupportRoutesNeeds): Router {
  const { access } = needs;
  const router = createRouter();
  router.get('/support/attempts/:reference', access('support', showAttempt(needs)));
  router.get('/support/attempts/:reference/person', access('support', showPersonOfAttempt(needs)));
  router.get('/support/districts/:id/accounts/:account', access('support', showPersonOfAccount(needs)));
  return router;
}

function showAttempt(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const attempt = await findAttempt(needs, request);
    if (attempt === undefined) return notFound(request, response);
    const reference = showReference(attempt.reference);
    await note(needs, visitor, 'attempt_read', reasonOf(request) ?? 'opened by reference', { reference });
    const found = await needs.openAttempt(attempt);
    if (!wantsPage(request, response)) return sendJson(response, describeAttemptDetail(found));
    return sendSupportPage(
      response,
      200,
      h(AttemptPage, { session: visitor.session, found, waits: needs.staffActions.hasFourEyes }),
      found.district,
    );
  };
}

function showPersonOfAttempt(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const attempt = await findAttempt(needs, request);
    if (attempt === undefined) return notFound(request, response);
    const district = await findDistrictOf(needs.districts, attempt);
    if (district === undefined || attempt.clever?.clever_id === undefined) return notFound(request, response);
    const reference = showReference(attempt.reference);
    await note(needs, visitor, 'person_read', reasonOf(request) ?? 'opened from an attempt', { reference });
    const key = { district: district.id, cleverId: attempt.clever.clever_id };
    return sendPerson(needs, request, response, visitor, { key, district });
  };
}

function showPersonOfAccount(needs: SupportRoutesNeeds): VisitorHandler {
  return async (request, response, visitor) => {
    const [id, account] = [String(request.params['id']), String(request.params['account'])];
    const district = isDistrictId(id) ? await needs.districts.find(id) : undefined;
    if (district === undefined || !isAccountId(account)) return notFound(request, response);
    const key = { district: id, account };
    await note(needs, visitor, 'person_read', reasonOf(request) ?? 'opened by account', key);
    return sendPerson(needs, request, response, visitor, { key, district });
  };
}

async function findAttempt({ attempts }: SupportRoutesNeeds, request: Request): Promise<Attempt | undefined> {
  const reference = readReference(String(request.params['reference'] ?? ''));
  return reference === undefined ? undefined : attempts.find(reference);
}

const note = (
  { staffAuditLog, clock }: SupportRoutesNeeds,
  { by }: Visitor,
  action: 'attempt_read' | 'person_read',
  why: string,
  facts: Readonly<Record<string, string>>,
) => staffAuditLog.record({ action, at: clock(), by, why, ...facts });

async function sendPerson(
  { readPersonHistory, judge, staffActions: { hasFourEyes: waits } }: SupportRoutesNeeds,
  request: Request,
  response: Response,
  { session }: Visitor,
  { key, district }: { readonly key: PersonKey; readonly district: District },
): Promise<void> {
  const history = await readPersonHistory(key);
  if (wantsPage(request, response))
    return sendSupportPage(response, 200, h(PersonPage, { session, history, district, waits }), district);
  return sendJson(response, describePerson(history, await judge(failuresOf(history))));
}

function notFound(request: Request, response: Response): void {
  if (isMisheard(String(request.params['reference'] ?? ''))) sendMisheard(request, response);
  else if (wantsPage(request, response)) sendSupportDeadEnd(response, 'not-found');
  else sendApiProblem(response, 'attempt_unknown', 'It may have been deleted: attempts are kept for a limited time.');
}

/** A reference whose check character does not match. */
export function sendMisheard(request: Request, response: Response): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, 'misheard');
  else sendApiProblem(response, 'reference_misheard', 'Its check character does not fit the others: ask for it again.');
}
