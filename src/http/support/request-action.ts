// Handles an action of staff requested by a form or as JSON: done, waiting for a second person, or refused. A page
// redirects to the action's own page, which can be reloaded without repeating the action.
import type { Request, Response } from 'express';
import type { ActionRefusal, StaffAction } from '../../admin/staff-action.ts';
import type { DecisionRefusal, Requested, StaffActions } from '../../admin/staff-actions.ts';
import type { Actor } from '../../audit/audit-log.ts';
import { type ApiProblemCode, sendApiProblem, sendJson } from '../kit/api-response.ts';
import { sendRedirect } from '../kit/send-page.ts';
import type { DeadEnd } from './pages/dead-end.tsx';
import { sendSupportDeadEnd } from './send-support-page.ts';

export const actionPath = (district: string, id: string): string => `/support/districts/${district}/actions/${id}`;

/** Shown to the user who removed a district, and with it its page. */
export const removedPath = '/admin?done=removed';

interface Wanted {
  readonly district: string;
  readonly action: StaffAction;
  readonly reason: string;
  readonly reference?: string | undefined;
}

/** As a page: an action done at once is stored, so that its page can show it. */
export async function requestByPage(
  { staffActions }: { readonly staffActions: StaffActions },
  response: Response,
  actor: Actor,
  { district, action, ...options }: Wanted,
): Promise<void> {
  const requested = await staffActions.request(district, action, actor, { ...options, isKept: true });
  if (requested.kind === 'refused') return sendSupportDeadEnd(response, deadEndOf(requested.code));
  const isRemoved = requested.kind === 'done' && action.kind === 'remove_district';
  const id = requested.kind === 'waiting' ? requested.kept.id : (requested.id ?? '');
  sendRedirect(response, 303, isRemoved ? removedPath : actionPath(district, id));
}

/** As JSON. @param describeDone the response if it was done at once */
export async function requestByProgram(
  { staffActions }: { readonly staffActions: StaffActions },
  response: Response,
  actor: Actor,
  { district, action, ...options }: Wanted,
  describeDone: (done: Extract<Requested, { readonly kind: 'done' }>) => object = () => ({ district, result: 'done' }),
): Promise<void> {
  const requested = await staffActions.request(district, action, actor, options);
  if (requested.kind === 'refused') return sendApiProblem(response, requested.code, problemTexts[requested.code]);
  if (requested.kind === 'done') return void sendJson(response, describeDone(requested));
  const { id, waitsUntil } = requested.kept;
  sendJson(response.status(202), {
    district,
    result: 'waiting',
    request: actionPath(district, id),
    expires_at: new Date(waitsUntil).toISOString(),
  });
}

const deadEndOf = (code: ApiProblemCode): DeadEnd =>
  code === 'account_unknown' || code === 'district_unknown'
    ? 'not-found'
    : code === 'too_many_waiting'
      ? 'too-many-waiting'
      : 'refused';

const decisionDeadEnds = {
  request_unknown: 'request-unknown',
  request_expired: 'request-expired',
  request_decided: 'request-decided',
  second_person_needed: 'second-person',
} as const satisfies Record<DecisionRefusal, DeadEnd>;

export function refuseDecision(request: Request, response: Response, isPage: boolean, code: DecisionRefusal): void {
  if (isPage) sendSupportDeadEnd(response, decisionDeadEnds[code], { returnTo: request.originalUrl });
  else sendApiProblem(response, code, problemTexts[code]);
}

/** Each as a sentence; also for the page of an action that was approved and failed. */
export const problemTexts = {
  account_unknown: 'The district’s roster has no such account.',
  not_linked: 'The account is linked to no Clever id: there is nothing to release or move.',
  link_changed_since:
    'The account was linked to another Clever id since this was asked for. Nothing was changed: look at the person again.',
  link_not_moved:
    'The link cannot be moved: the new account is linked to another person already, or it is one of the other kind.',
  nothing_held: 'Nothing is held.',
  nothing_to_roll_back_to: 'There is no former roster to go back to; it is kept from one publish to the next only.',
  roster_changed_since: 'Another roster was published since. Look at the rosters again.',
  clever_district_taken: 'The Clever district is linked to another district by now.',
  district_unknown: 'The district is not there any more.',
  too_many_waiting:
    'Too many requests wait for a second person. Have some of them approved, declined or withdrawn first.',
  request_unknown: 'Nothing of this id waits, and how it ended is kept for a day only. The audit log has it.',
  request_expired: 'It waited for a day and expired. Nothing was done; ask again.',
  request_decided: 'It is decided already. Open it again to see how.',
  second_person_needed: 'Who asked cannot approve it: a second person with scope admin is needed.',
} as const satisfies Record<ActionRefusal | DecisionRefusal | 'too_many_waiting', string>;
