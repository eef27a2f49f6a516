// Staff coming in and going out. Without a provider these addresses say that the pages are closed.
import type { Response, Router } from 'express';
import type { StaffRefused, StaffSignIn } from '../../support/staff-sign-in.ts';
import type { StaffTrail } from '../../support/staff-trail.ts';
import type { OnAccessRefused } from '../access-refused.ts';
import { createRouter } from '../create-router.ts';
import { readProtocolParameters } from '../protocol-parameters.ts';
import { sendRedirect } from '../send-redirect.ts';
import { sendSupportDeadEnd } from './send-support-page.ts';
import type { StaffAccess } from './staff-access.ts';
import type { StaffCookie } from './staff-cookies.ts';

export interface StaffRoutesNeeds {
  readonly staff: StaffSignIn | undefined;
  readonly access: StaffAccess;
  readonly cookies: { readonly session: StaffCookie; readonly signIn: StaffCookie };
  readonly staffTrail: StaffTrail;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly onRefused: OnAccessRefused;
}

export const staffCallbackPath = '/support/callback';

export function createStaffRoutes(needs: StaffRoutesNeeds): Router {
  const { staff, access, cookies, staffTrail, clock, onRefused } = needs;
  const router = createRouter();

  router.get('/support/login', async (request, response) => {
    if (staff === undefined) return sendSupportDeadEnd(response, 'closed');
    const begun = await staff.begin(readReturnTo(readProtocolParameters(request)?.get('return_to')));
    if (begun.kind === 'refused') return refuse(response, begun.reason);
    cookies.signIn.set(response, begun.sealed);
    return redirect(response, begun.url.href);
  });

  // A HEAD request would spend the code.
  router.head(staffCallbackPath, (_request, response) => void response.set('Allow', 'GET').sendStatus(405));
  router.get(staffCallbackPath, async (request, response) => {
    if (staff === undefined) return sendSupportDeadEnd(response, 'closed');
    const parameters = readProtocolParameters(request);
    if (parameters === undefined) return sendSupportDeadEnd(response, 'malformed');
    const sealed = cookies.signIn.read(request);
    // Used up, whatever comes of it.
    cookies.signIn.clear(response);
    const outcome = await staff.complete(sealed, parameters);
    if (outcome.kind === 'refused') return refuse(response, outcome.reason);
    await staffTrail.record({ action: 'signed_in', at: clock(), by: outcome.email, why: 'own OpenID provider' });
    await staff.end(cookies.session.read(request));
    cookies.session.set(response, outcome.token);
    return redirect(response, outcome.returnTo);
  });

  router.post(
    '/support/logout',
    access('support', async (request, response, { by }) => {
      await staff?.end(cookies.session.read(request));
      await staffTrail.record({ action: 'signed_out', at: clock(), by, why: 'asked for' });
      cookies.session.clear(response);
      redirect(response, '/support');
    }),
  );

  function refuse(response: Response, reason: StaffRefused['reason']): void {
    onRefused({ who: 'staff', reason });
    sendSupportDeadEnd(response, reason);
  }

  return router;
}

const redirect = (response: Response, address: string) => sendRedirect(response, 303, address);

/** Only a page of ours: an address that begins with two slashes is another host's. */
const readReturnTo = (text: string | null | undefined): string =>
  /^\/support(\/[\w.-]+)*$/.test(text ?? '') ? (text ?? '/support') : '/support';
