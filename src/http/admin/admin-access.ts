// Access to /admin: a member of staff with scope admin, signed in with this browser. Credentials are not accepted:
// programs have their own routes, and a credential must not create another one here.
import type { Request, RequestHandler, Response } from 'express';
import { isFormOf, type StaffSession } from '../../staff/staff-sign-in.ts';
import { readForm } from '../kit/read-body.ts';
import { isSameOrigin } from '../kit/csrf.ts';
import { sendSupportDeadEnd } from '../support/send-support-page.ts';
import { createStaffEntry, type IsOwnRequest, type StaffEntryNeeds } from '../support/staff-entry.ts';

export type AdminHandler = (request: Request, response: Response, session: StaffSession) => unknown;

export interface AdminAccess {
  (handler: AdminHandler): RequestHandler;
  /** For a form with files: its token follows in the body; the handler must check it. */
  readonly ofFiles: (handler: AdminHandler) => RequestHandler;
}

export function createAdminAccess(needs: StaffEntryNeeds): AdminAccess {
  const open = (isOwnRequest: IsOwnRequest, readsForm: boolean) => {
    const enter = createStaffEntry(needs, isOwnRequest);
    return (handler: AdminHandler): RequestHandler =>
      async (request, response) => {
        if (request.method === 'POST' && readsForm) await readForm(request, response);
        const entry = await enter(request, response, 'admin');
        if (entry.kind === 'refused') return sendSupportDeadEnd(response, entry.why);
        if (entry.kind === 'staff') return handler(request, response, entry.session);
        return sendSupportDeadEnd(response, needs.staff === undefined ? 'closed' : 'signed-out', {
          returnTo: request.originalUrl,
        });
      };
  };
  const isOwnForm: IsOwnRequest = (request, session, origin) => {
    const hasToken = isFormOf(session, request.body?.form);
    return hasToken && isSameOrigin(request, origin, hasToken);
  };
  const isNotForeign: IsOwnRequest = (request, _session, origin) => isSameOrigin(request, origin, true);
  return Object.assign(open(isOwnForm, true), { ofFiles: open(isNotForeign, false) });
}
