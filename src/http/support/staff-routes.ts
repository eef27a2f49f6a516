// Staff sign-in and sign-out. Without a provider these routes report that the pages are closed.
import type { Response, Router } from 'express';
import type { StaffAuditLog } from '../../audit/audit-log.ts';
import { readStaffAttempt, type StaffRefused, type StaffSignIn } from '../../staff/staff-sign-in.ts';
import type { OnAccessRefused } from '../kit/authenticate.ts';
import { callbackParameters, readProtocolParameters } from '../kit/protocol-parameters.ts';
import { createRouter } from '../kit/router.ts';
import { sendRedirect } from '../kit/send-page.ts';
import { sendSupportDeadEnd } from './send-support-page.ts';
import type { StaffAccess } from './staff-access.ts';
import type { StaffAttemptCookies, StaffCookie } from './staff-cookies.ts';

export interface StaffRoutesNeeds {
  readonly staff: StaffSignIn | undefined;
  readonly access: StaffAccess;
  readonly cookies: { readonly session: StaffCookie; readonly signIn: StaffAttemptCookies };
  readonly staffAuditLog: StaffAuditLog;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onRefused: OnAccessRefused;
}

export const staffCallbackPath = '/support/callback';

export function createStaffRoutes(needs: StaffRoutesNeeds): Router {
  const { staff, access, cookies, staffAuditLog, clock, onRefused } = needs;
  const router = createRouter();

  router.get('/support/login', async (request, response) => {
    if (staff === undefined) return sendSupportDeadEnd(response, 'closed');
    const begun = await staff.begin(readReturnTo(readProtocolParameters(request, ['return_to'])?.get('return_to')));
    if (begun.kind === 'refused') return refuse(response, begun);
    cookies.signIn.add(request, response, begun.attempt, begun.sealed);
    return redirect(response, begun.url.href);
  });

  // A HEAD request would spend the code.
  router.head(staffCallbackPath, (_request, response) => void response.set('Allow', 'GET').sendStatus(405));
  router.get(staffCallbackPath, async (request, response) => {
    if (staff === undefined) return sendSupportDeadEnd(response, 'closed');
    const parameters = readProtocolParameters(request, callbackParameters);
    if (parameters === undefined) return sendSupportDeadEnd(response, 'malformed');
    const attempt = readStaffAttempt(parameters.get('state'));
    const sealed = attempt && cookies.signIn.read(request, attempt);
    // Consumed in any case; those of other tabs stay.
    if (attempt !== undefined && sealed !== undefined) cookies.signIn.clear(response, attempt);
    const outcome = await staff.complete(sealed, parameters);
    // A reload, or the back button, after it was used: a signed-in user need not sign in again.
    const isUsed = outcome.kind === 'refused' && outcome.reason === 'expired';
    if (isUsed && (await staff.find(cookies.session.read(request))) !== undefined)
      return redirect(response, '/support');
    if (outcome.kind === 'refused') return refuse(response, outcome);
    await staffAuditLog.record({ action: 'signed_in', at: clock(), by: outcome.email, why: 'own OpenID provider' });
    await staff.end(cookies.session.read(request));
    cookies.session.set(response, outcome.token);
    return redirect(response, outcome.returnTo);
  });

  router.post(
    '/support/logout',
    access('support', async (request, response, { by }) => {
      await staff?.end(cookies.session.read(request));
      await staffAuditLog.record({ action: 'signed_out', at: clock(), by, why: 'asked for' });
      cookies.session.clear(response);
      redirect(response, '/support');
    }),
  );

  function refuse(response: Response, { reason, email }: StaffRefused): void {
    onRefused({ who: 'staff', reason });
    sendSupportDeadEnd(response, reason, { email });
  }

  return router;
}

const redirect = (response: Response, address: string) => sendRedirect(response, 303, address);

/**
 * Only a path of the bridge: one that begins with two slashes is another host's. Short, as it is stored in a cookie.
 */
const readReturnTo = (text: string | null | undefined): string =>
  /^\/(support|admin)(\/[\w.-]+)*$/.test(text ?? '') && (text ?? '').length <= 200 ? (text ?? '/support') : '/support';
