// Who may open a support route: a bearer credential, or a member of staff signed in with this browser. A form must in
// addition be one of that session's own pages.
import type { Request, RequestHandler, Response } from 'express';
import { isFormOf, type StaffSession, type StaffSignIn } from '../../support/staff-sign-in.ts';
import type { Actor } from '../../support/staff-trail.ts';
import type { OnAccessRefused } from '../access-refused.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Guards } from '../authenticate.ts';
import { markCredentialKnown } from '../known-credential.ts';
import { readForm } from '../read-form.ts';
import { isSameOrigin } from '../same-origin.ts';
import { sendSupportDeadEnd } from './send-support-page.ts';
import type { StaffCookie } from './staff-cookies.ts';

export interface Visitor extends Actor {
  /** Absent for a credential, which has no forms. */
  readonly session?: StaffSession;
}

export type VisitorHandler = (request: Request, response: Response, visitor: Visitor) => unknown;
export type StaffAccess = (scope: 'support' | 'admin', handler: VisitorHandler) => RequestHandler;

export interface StaffAccessNeeds {
  readonly guards: Pick<Guards, 'support' | 'admin'>;
  /** Undefined where no STAFF_ISSUER is set: the pages are closed. */
  readonly staff: StaffSignIn | undefined;
  readonly cookie: StaffCookie;
  readonly origin: string;
  readonly onRefused: OnAccessRefused;
}

export function createStaffAccess({ guards, staff, cookie, origin, onRefused }: StaffAccessNeeds): StaffAccess {
  return (scope, handler) => {
    const byCredential = guards[scope]((request, response, { id, scope: held }) =>
      handler(request, response, { by: id, scope: held === 'admin' ? 'admin' : 'support' }),
    );
    return async (request, response, next) => {
      response.vary('Cookie');
      if (request.method === 'POST') await readForm(request, response);
      const session = request.get('authorization') === undefined ? await staff?.find(cookie.read(request)) : undefined;
      if (session === undefined) {
        if (request.get('authorization') !== undefined || !wantsPage(request, response))
          return byCredential(request, response, next);
        sendSupportDeadEnd(response, staff === undefined ? 'closed' : 'signed-out', request.originalUrl);
        return undefined;
      }
      markCredentialKnown(response);
      if (scope === 'admin' && session.scope !== 'admin') {
        onRefused({ who: 'staff', reason: 'scope', needs: scope });
        return refuse(request, response, 'not-admin');
      }
      if (!isOwnRequest(request, session, origin)) {
        onRefused({ who: 'staff', reason: 'other_site' });
        return refuse(request, response, 'other-site');
      }
      return handler(request, response, { by: session.email, scope: session.scope, session });
    };
  };
}

/** A browser that shows pages; a program that takes anything gets JSON. */
export function wantsPage(request: Request, response: Response): boolean {
  response.vary('Accept');
  return request.accepts(['application/json', 'application/problem+json', 'text/html']) === 'text/html';
}

/** A cookie alone proves no will (CSRF): a form brings its session's token, JSON cannot be sent across sites unasked. */
function isOwnRequest(request: Request, session: StaffSession, origin: string): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const hasToken = isFormOf(session, formOf(request)['form']);
  if (!isSameOrigin(request, origin, hasToken)) return false;
  return hasToken || request.is('application/json') === 'application/json';
}

export const formOf = ({ body }: Request): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? body : {};

/** A field of a form: text without the white space around it, undefined if empty or sent twice. */
export function fieldOf(request: Request, name: string): string | undefined {
  const value = formOf(request)[name];
  return typeof value === 'string' && value.trim() !== '' && value.length <= 1000 ? value.trim() : undefined;
}

/**
 * Why somebody looks, for the trail: a field of what was posted, or the header Reason, because what stands in a URL stands
 * in logs as well.
 */
export function reasonOf(request: Request): string | undefined {
  const given = fieldOf(request, 'reason') ?? request.get('reason')?.trim().slice(0, 300);
  return given === '' ? undefined : given;
}

function refuse(request: Request, response: Response, why: 'not-admin' | 'other-site'): void {
  if (wantsPage(request, response)) sendSupportDeadEnd(response, why);
  else
    sendApiProblem(
      response,
      'insufficient_scope',
      why === 'not-admin' ? 'This needs scope admin.' : 'This was not sent by a page of ours.',
    );
}
