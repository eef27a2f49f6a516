// Access to support routes: a bearer credential, or a member of staff signed in with this browser. A form must also
// come from one of that session's pages.
import type { Request, RequestHandler, Response } from 'express';
import type { Actor } from '../../audit/audit-log.ts';
import { readReason } from '../../audit/reason.ts';
import { isFormOf, type StaffSession } from '../../staff/staff-sign-in.ts';
import { sendApiProblem } from '../kit/api-response.ts';
import type { Guards } from '../kit/authenticate.ts';
import { isSameOrigin } from '../kit/csrf.ts';
import { readForm } from '../kit/read-body.ts';
import { sendSupportDeadEnd } from './send-support-page.ts';
import { createStaffEntry, entryRefusedTexts, type StaffEntryNeeds, type StaffEntryRefused } from './staff-entry.ts';

export interface Visitor extends Actor {
  /** Absent for a credential, which has no forms. */
  readonly session?: StaffSession;
}

export type VisitorHandler = (request: Request, response: Response, visitor: Visitor) => unknown;
export type StaffAccess = (scope: 'support' | 'admin', handler: VisitorHandler) => RequestHandler;

export interface StaffAccessNeeds extends StaffEntryNeeds {
  readonly guards: Pick<Guards, 'support' | 'admin'>;
}

export function createStaffAccess({ guards, ...needs }: StaffAccessNeeds): StaffAccess {
  const enter = createStaffEntry(needs, isOwnRequest);
  return (scope, handler) => {
    const byCredential = guards[scope]((request, response, { id, scope: held, identities }) =>
      handler(request, response, { by: id, scope: held === 'admin' ? 'admin' : 'support', identities }),
    );
    return async (request, response, next) => {
      response.vary('Cookie');
      if (request.method === 'POST') await readForm(request, response);
      const entry = await enter(request, response, scope);
      if (entry.kind === 'refused') return refuse(request, response, entry.why);
      if (entry.kind === 'staff') {
        const { session } = entry;
        return handler(request, response, { ...staffActor(session), session });
      }
      if (request.get('authorization') !== undefined || !wantsPage(request, response))
        return byCredential(request, response, next);
      return sendSupportDeadEnd(response, needs.staff === undefined ? 'closed' : 'signed-out', {
        returnTo: request.originalUrl,
      });
    };
  };
}

/** A member of staff as an actor. */
export const staffActor = ({ email, scope, identities }: StaffSession): Actor => ({ by: email, scope, identities });

/** True for a browser that shows pages; a program that accepts anything gets JSON. */
export function wantsPage(request: Request, response: Response): boolean {
  response.vary('Accept');
  return request.accepts(['application/json', 'application/problem+json', 'text/html']) === 'text/html';
}

/** A form has its session's token; JSON cannot be sent across sites without a preflight. */
function isOwnRequest(request: Request, session: StaffSession, origin: string): boolean {
  const hasToken = isFormOf(session, formOf(request)['form']);
  if (!isSameOrigin(request, origin, hasToken)) return false;
  return hasToken || request.is('application/json') === 'application/json';
}

export const formOf = ({ body }: Request): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? body : {};

/** A form field: trimmed text, undefined if empty or sent twice. */
export function fieldOf(request: Request, name: string): string | undefined {
  const value = formOf(request)[name];
  return typeof value === 'string' && value.trim() !== '' && value.length <= 1000 ? value.trim() : undefined;
}

/** The required reason of an action, from the posted form. */
export const givenReasonOf = (request: Request): string | undefined => readReason(fieldOf(request, 'reason') ?? '');

/**
 * The reason for reading data, for the audit log: a field of the form, or the header Reason, because a URL would get
 * into logs.
 */
export function reasonOf(request: Request): string | undefined {
  const given = fieldOf(request, 'reason') ?? request.get('reason')?.trim().slice(0, 300);
  return given === undefined ? undefined : readReason(given);
}

function refuse(request: Request, response: Response, why: StaffEntryRefused): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, why);
  else sendApiProblem(response, 'insufficient_scope', entryRefusedTexts[why]);
}
