// Opens the administration routes to staff signed in with this browser: contract section 4. authenticate.ts
// authenticates programs.
import type { Request } from 'express';
import type { StaffSession } from '../../staff/staff-sign-in.ts';
import { sendApiProblem } from '../kit/api-response.ts';
import type { Guard, Guards } from '../kit/authenticate.ts';
import { isSameOrigin } from '../kit/csrf.ts';
import { createStaffEntry, entryRefusedTexts, type StaffEntryNeeds } from './staff-entry.ts';

export interface StaffGuardsNeeds extends StaffEntryNeeds {
  readonly guards: Guards;
}

/** The same guards; those for support and administration also accept a staff session. */
export function createStaffGuards({ guards, ...needs }: StaffGuardsNeeds): Guards {
  const enter = createStaffEntry(needs, isOwnRequest);
  const guard =
    (scope: 'support' | 'admin'): Guard =>
    (handler) => {
      const byCredential = guards[scope](handler);
      return async (request, response, next) => {
        const entry = await enter(request, response, scope);
        if (entry.kind === 'other') return byCredential(request, response, next);
        if (entry.kind === 'refused')
          return sendApiProblem(response, 'insufficient_scope', entryRefusedTexts[entry.why]);
        const { email, scope: held, identities } = entry.session;
        return handler(request, response, { id: email, scope: held, identities, isStaff: true });
      };
    };
  return { ...guards, support: guard('support'), admin: guard('admin') };
}

/**
 * No form of the bridge targets these routes, so there is no token: the origin headers decide, or the request is JSON,
 * which cannot be sent across sites without a preflight.
 */
function isOwnRequest(request: Request, _session: StaffSession, origin: string): boolean {
  if (!isSameOrigin(request, origin, false)) return false;
  const hasOrigin = (request.get('sec-fetch-site') ?? request.get('origin')) !== undefined;
  return hasOrigin || request.is('application/json') === 'application/json';
}
