// The routes of administration, opened to staff who signed in with this browser: contract section 4. Programs and their
// credentials stay authenticate.ts's.
import type { Request, Response } from 'express';
import type { StaffSession } from '../../support/staff-sign-in.ts';
import { sendApiProblem } from '../api-problem.ts';
import type { Guard, Guards } from '../authenticate.ts';
import { markCredentialKnown } from '../known-credential.ts';
import { isSameOrigin } from '../same-origin.ts';
import type { StaffAccessNeeds } from './staff-access.ts';

export interface StaffGuardsNeeds extends Omit<StaffAccessNeeds, 'guards'> {
  readonly guards: Guards;
}

/** The same guards; those for support and administration let in by a session of staff as well. */
export function createStaffGuards({ guards, staff, cookie, origin, onRefused }: StaffGuardsNeeds): Guards {
  const guard =
    (scope: 'support' | 'admin'): Guard =>
    (handler) => {
      const byCredential = guards[scope](handler);
      return async (request, response, next) => {
        response.vary('Cookie');
        const session =
          request.get('authorization') === undefined ? await staff?.find(cookie.read(request)) : undefined;
        if (session === undefined) return byCredential(request, response, next);
        markCredentialKnown(response);
        if (isRefused(request, response, scope, session)) return undefined;
        return handler(request, response, { id: session.email, scope: session.scope, isStaff: true });
      };
    };

  function isRefused(request: Request, response: Response, needs: 'support' | 'admin', { scope }: StaffSession) {
    if (needs === 'admin' && scope !== 'admin') {
      onRefused({ who: 'staff', reason: 'scope', needs });
      sendApiProblem(response, 'insufficient_scope', 'This needs scope admin.');
      return true;
    }
    if (isOwnRequest(request, origin)) return false;
    onRefused({ who: 'staff', reason: 'other_site' });
    sendApiProblem(response, 'insufficient_scope', 'This was not sent by a page of ours.');
    return true;
  }

  return { ...guards, support: guard('support'), admin: guard('admin') };
}

/**
 * A cookie alone proves no will (CSRF), and no form of ours leads here whose token could: the browser says where the
 * request comes from, or it is JSON, which cannot be sent across sites unasked.
 */
function isOwnRequest(request: Request, origin: string): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  if (!isSameOrigin(request, origin, false)) return false;
  const saysWhereFrom = (request.get('sec-fetch-site') ?? request.get('origin')) !== undefined;
  return saysWhereFrom || request.is('application/json') === 'application/json';
}
